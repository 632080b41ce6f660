"""Every act of every kind has a sentence, in both languages, with gender, number, dates and names."""

from __future__ import annotations

import ast
import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation

from discussion import messages, sentences
from discussion.models import Audience, Subject, TimelineRow
from municipality.models import Organisation
from participation import workflow as participation
from reports import workflow
from reports.actions import act, add_words, note, turn
from reports.actions.move import Given
from reports.models import Category, Reason
from tests import factories

SPINE = [f"discussion/actions/{name}.py" for name in ("spine", "comments", "flags", "moderating")]
VERBS = ["reports/actions/submit.py", "reports/actions/amend.py", "reports/actions/moderate.py"]


def codes_in(*paths: str) -> set[str]:
    """Literal codes handed to `append`, and those that moderation hands on."""
    found = set()
    for path in paths:
        for call in ast.walk(ast.parse((Path(settings.BASE_DIR) / path).read_text())):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            position = {"append": 1, "_row": 1, "_set_visibility": 2}.get(name)
            if position is not None and len(call.args) > position:
                argument = call.args[position]
                found |= {node.value for node in ast.walk(argument) if isinstance(node, ast.Constant)}
                found |= {
                    "kept_awaiting_confirmation" if isinstance(node, ast.JoinedStr) else ""
                    for node in ast.walk(argument)
                } - {""}  # fmt: skip
    return {code for code in found if code not in ("kept_", "")}


SPINE_CODES = codes_in(*SPINE)
REPORT_CODES = codes_in(*VERBS) | {f"kept_{code}" for code in ("awaiting_confirmation", "awaiting_moderation")}


def test_the_codes_are_found():
    assert {
        "supported",
        "confirmation_asked",
        "comment_published",
        "comment_removed",
        "flag_settled",
        "comment_pinned",
    } <= SPINE_CODES
    assert {"submitted", "edited", "turned", "hidden", "restricted", "unrestricted", "redacted"} <= REPORT_CODES


@pytest.mark.parametrize("kind", [str(kind) for kind in Subject.Kind])
@pytest.mark.parametrize("code", sorted(SPINE_CODES))
def test_every_act_of_the_spine_has_a_sentence(kind, code):
    assert str(sentences.find(kind, code).words)


@pytest.mark.parametrize("kind", ["problem", "idea"])
@pytest.mark.parametrize("code", sorted(REPORT_CODES))
def test_every_verb_of_a_report_has_a_sentence(kind, code):
    assert str(sentences.find(kind, code).words)


@pytest.mark.parametrize(("kind", "name"), sorted(workflow.TRANSITIONS))
def test_every_transition_has_a_sentence(kind, name):
    assert str(sentences.find(kind, name).words)


def test_an_unknown_act_is_named():
    with pytest.raises(KeyError, match="problem danced"):
        sentences.find("problem", "danced")


def test_every_state_of_a_kind_has_words():
    assert {kind: set(states) for kind, states in sentences.STATUS.items()} == {
        str(kind): set(states) for kind, states in {**workflow.STATES_OF, **participation.STATES_OF}.items()
    }


def test_every_sentence_is_translated_and_differs():
    tables = [*sentences.TABLES.values(), sentences.EVERY]
    for words in [row.words for table in tables for row in table.values()] + list(sentences.OWN.values()):
        with translation.override("en"):
            english = str(words)
        with translation.override("bg"):
            assert str(words) != english
            assert sorted(placeholders(str(words)) - placeholders(english)) == []


def placeholders(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]}


@pytest.fixture
def town(db):
    return factories.town()


def described(row, language="bg", audience=Audience.PUBLIC) -> str:
    return messages.describe(row, language=language, audience=audience).headline


def test_gender_follows_the_kind(town):
    problem = factories.report()
    idea = factories.report(category="park-idea")
    due = problem.answer_due.strftime("%d.%m.%Y")
    assert described(problem.subject.timeline.get()) == f"Сигналът е получен в отдел „Пътища“. Отговор до {due}."
    assert described(idea.subject.timeline.get()) == "Идеята е публикувана и набира подкрепа."
    assert described(problem.subject.timeline.get(), audience="author").startswith("Сигналът Ви е получен")
    assert described(problem.subject.timeline.get(), "en") == f"The report was received by “roads”. An answer is due by {due}."


def test_reason_and_words(town):
    report = factories.report()
    given = Given(text="Пътят е държавен.", reason=Reason.objects.get(slug="not_ours"))
    row = act(report.pk, "refuse", by=factories.official(), given=given, tells=False, language="bg")
    message = messages.describe(row, language="bg")
    assert message.headline == "Сигналът е отказан с мотиви. Мотив: Не е наше."
    assert (message.text, message.text_language, message.sign) == ("Пътят е държавен.", "bg", "refused")
    assert (message.answer, message.say, message.by) == ("Пътят е държавен.", "", "Отдел „Пътища“")
    assert messages.describe(row, language="en").headline == "The report was declined. Reason: Not ours."


def test_person_is_named_to_staff_alone(town):
    report, worker = factories.report(), factories.official()
    row = act(report.pk, "assign", by=worker, given=Given(person=worker), tells=False)
    assert described(row) == "Сигналът е възложен на служител в отдел „Пътища“."
    assert described(row, audience="staff") == "Сигналът е възложен на служител в отдел „Пътища“. Служител: Иван Петров."
    assert messages.describe(row, language="bg").by == "Отдел „Пътища“"
    assert messages.describe(row, language="bg", audience="staff").by == "Иван Петров, Отдел „Пътища“"


def test_duplicate_names_a_public_original_only(town):
    original, report = factories.report(), factories.report()
    row = act(report.pk, "mark_duplicate", by=factories.official(), given=Given(duplicate_of=original), tells=False)
    number = messages.display(original.subject.reference)
    assert described(row) == f"Сигналът повтаря друг сигнал с номер {number}."
    assert messages.describe(row).link == original.subject.path
    Subject.objects.filter(pk=original.pk).update(is_public=False, visibility="restricted")
    assert described(row) == "Сигналът повтаря друг сигнал."
    assert messages.describe(row).link == ""
    assert described(row, audience="staff").endswith(f"{number}.")


def test_private_words_stay_with_author_and_staff(town):
    report, worker = factories.report(), factories.official()
    act(report.pk, "assign", by=worker, given=Given(person=worker), tells=False)
    row = act(report.pk, "ask", by=worker, given=Given(text="Къде точно?"), tells=False)
    assert messages.describe(row, language="bg").text == ""
    author = messages.describe(row, language="bg", audience="author")
    assert (author.headline, author.text) == ("Отдел „Пътища“ има въпрос към Вас по сигнала Ви.", "Къде точно?")
    internal = note(report.pk, text="Да се провери.", by=worker)
    assert messages.describe(internal, audience="author").text == ""
    assert messages.describe(internal, audience="staff").internal is True


def test_acts_before_a_turning_keep_their_gender(town):
    report = factories.report()
    category = Category.objects.get(slug="road-idea")
    turn(report.pk, category=category, text="Това е идея.", by=factories.official())
    rows = list(TimelineRow.objects.filter(subject=report.pk))
    first, second = (message.headline for message in messages.describe_all(rows, language="bg"))
    assert first.startswith("Сигналът е получен")
    assert second == "Сигналът стана идея и се разглежда от отдел „Пътища“."
    act(report.pk, "extend", by=factories.official(), tells=False, given=Given(
        text="Нужна е проверка.", notice="писмо", extended_to=timezone.localdate() + datetime.timedelta(days=400)))  # fmt: skip
    assert described(rows[0]).startswith(("Сигналът", "Идеята"))


def test_council_plan_and_forwarding(town):
    made = timezone.make_aware(datetime.datetime(2026, 10, 1, 12))
    idea, worker = factories.report(category="road-idea", at=made), factories.official()
    act(idea.pk, "take_up", by=worker, tells=False)
    filed = Given(number="17", filed_on=datetime.date(2026, 11, 2), body="Общински съвет Левка")
    row = act(idea.pk, "file_with_council", by=worker, given=filed, tells=False)
    assert described(row) == "Идеята е внесена за решение (Общински съвет Левка) с № 17 от 02.11.2026."
    decided = Given(text="Да.", decided_on=datetime.date(2026, 11, 20), source="Решение 45")
    row = act(idea.pk, "accept", by=worker, given=decided, tells=False)
    assert described(row) == "Идеята е приета. Решението е от 20.11.2026. Източник на решението: Решение 45."
    day = timezone.localdate() + datetime.timedelta(days=30)
    row = act(idea.pk, "plan", by=worker, given=Given(expected_on=day), tells=False)
    assert described(row) == f"Идеята е планирана. Очаква се до {day:%d.%m.%Y}."
    problem = factories.report()
    water = Organisation.objects.get(slug="water")
    row = act(problem.pk, "forward", by=worker, given=Given(forwarded_to=water, text="Там."), tells=False)
    assert described(row) == "Сигналът е препратен на „ВиК“."
    assert described(row, "en") == "The report was forwarded to “Water company”."


@pytest.mark.parametrize("count", [1, 3, 300])
def test_a_long_timeline_needs_the_same_few_queries(town, count, django_assert_num_queries):
    report, worker = factories.report(), factories.official()
    given = Given(text="Не.", reason=Reason.objects.get(slug="not_ours"))
    for number in range(count - 1):
        add_words(report.pk, text=f"Още {number}.", by=report.author)
    act(report.pk, "refuse", by=worker, given=given, tells=False)
    rows = list(TimelineRow.objects.filter(subject=report.pk))
    with django_assert_num_queries(5):
        assert len(messages.describe_all(rows, language="bg", audience="staff")) == count + 1


def test_the_photos_of_the_last_act_of_a_code_are_taken_out_and_earlier_ones_stay():
    told = [messages.Message("", code=code, photos=[number]) for number, code in enumerate(("hold", "hold", "comment"))]
    assert (messages.photos_out_of(told, "hold"), [each.photos for each in told]) == ([1], [[0], [], [2]])
    assert messages.photos_out_of(told, "finish") == []
