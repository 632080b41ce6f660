"""Due dates and states in words, in both languages, with gender and number."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from discussion.words import due_sentence, mark_of, status_sentence
from reports import workflow


@pytest.mark.parametrize(
    ("kind", "days", "language", "sentence"),
    [
        ("problem", -1, "bg", "Просрочен с 1 ден"),
        ("problem", -3, "bg", "Просрочен с 3 дни"),
        ("idea", -21, "bg", "Просрочена с 21 дни"),
        ("problem", -1, "en", "1 day late"),
        ("problem", 0, "bg", "отговор до 25.11.2026, днес е последният ден"),
        ("problem", 1, "bg", "отговор до 26.11.2026, остава 1 ден"),
        ("idea", 19, "bg", "отговор до 14.12.2026, остават 19 дни"),
        ("problem", 19, "en", "answer due by 14.12.2026, 19 days remain"),
    ],
)
def test_due_date_in_words(kind, days, language, sentence):
    today = datetime.date(2026, 11, 25)
    state = workflow.STATES["received" if kind == "problem" else "under_review"]
    report = SimpleNamespace(kind=kind, due_on=today + datetime.timedelta(days=days), expected_on=None, state=state)
    assert due_sentence(report, today, language) == sentence


def test_without_a_due_date():
    today = datetime.date(2026, 11, 25)
    gathering = SimpleNamespace(kind="idea", due_on=None, expected_on=None, state=workflow.STATES["gathering_support"])
    resolved = SimpleNamespace(kind="problem", due_on=None, expected_on=None, state=workflow.STATES["resolved"])
    assert due_sentence(gathering, today, "bg") == "без определен срок"
    assert due_sentence(resolved, today, "bg") == ""
    assert [mark_of(report, today) for report in (gathering, resolved)] == ["new", "done"]


def test_a_state_in_words():
    assert status_sentence(SimpleNamespace(kind="idea", status="refused"), "bg") == "Отказана"
    assert status_sentence(SimpleNamespace(kind="problem", status="refused"), "bg") == "Отказан"
    assert status_sentence(SimpleNamespace(kind="problem", status="in_progress"), "en") == "In progress"
