"""A whole draft is divided at its headings and articles, looked at, and made into sections at once or not at all."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from discussion.models import TimelineRow
from participation.actions import sections
from participation.draft_text import divided
from participation.models import Section
from tests import factories
from tests.participation import consultation_world as asking
from tests.participation.test_event_pages import signed_in

DRAFT = """Мотиви в две думи.

Раздел I
Общи положения
Чл. 1. Предмет
Тази наредба пази градините.
(2) И дърветата.
Чл. 2. (1) Забранява се сеченето
на липи.

Разрешава се поливането.
## Заключение
§ 1. Наредбата влиза в сила.
Приложение 1"""


def parts(text: str) -> list[tuple[str, str]]:
    with override("bg"):
        return [(part.title, part.text) for part in divided(text)]


def test_a_draft_is_divided_and_nothing_of_it_is_lost() -> None:
    assert parts(DRAFT) == [
        ("Въведение", "Мотиви в две думи."),
        ("Раздел I. Общи положения – Чл. 1. Предмет", "Тази наредба пази градините.\n\n(2) И дърветата."),
        ("Чл. 2.", "(1) Забранява се сеченето\nна липи.\n\nРазрешава се поливането."),
        ("Заключение – § 1.", "Наредбата влиза в сила."),
        ("Приложение 1", "Приложение 1"),
    ]  # fmt: skip
    told = " ".join(f"{title} {text}" for title, text in parts(DRAFT))
    assert {word for word in DRAFT.replace("#", "").split() if word.rstrip(".") not in told} == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Само думи.", [("Въведение", "Само думи.")]),
        ("Част от хората казват така.", [("Въведение", "Част от хората казват така.")]),
        ("Част в собственост на общината.", [("Въведение", "Част в собственост на общината.")]),
        ("Глава I от устава остава.", [("Въведение", "Глава I от устава остава.")]),
        ("Част А. Правила\nОпазва се.", [("Част А. Правила", "Опазва се.")]),
        ("Прилага се\nчл. 62 от закона.", [("Въведение", "Прилага се\nчл. 62 от закона.")]),
        ("Чл. 7. Кметът определя\nреда за това.", [("Чл. 7.", "Кметът определя\nреда за това.")]),
        ("Чл. 5а. Ако стане.", [("Чл. 5а.", "Ако стане.")]),
        ("# " + "я" * 300, [("я" * 199 + "…", "я" * 300 + "\n\n" + "я" * 300)]),
    ],
)
def test_what_is_unusual_is_divided_too(text: str, found: list[tuple[str, str]]) -> None:
    assert parts(text) == found


def test_it_is_looked_at_before_it_is_made(town: None) -> None:
    made, owner = asking.prepared(), signed_in(factories.official("parks"))
    page = f"/consultations/{made.subject.reference}/"
    assert "sections/paste/" in owner.get(page).content.decode()
    looked = owner.post(f"{page}sections/paste/", {"text": DRAFT, "version": made.subject.version})
    assert (looked.status_code, Section.objects.count()) == (200, 0)
    assert "Създайте 5 раздела" in looked.content.decode() and "Раздел I. Общи положения" in looked.content.decode()
    seen = looked.context["form"]["seen"].value()
    other = owner.post(f"{page}sections/paste/", {"text": f"{DRAFT}\nОще.", "seen": seen})
    assert (other.status_code, Section.objects.count()) == (200, 0)  # other words are looked at again
    sent = {"text": DRAFT, "seen": seen, "version": made.subject.version}
    assert owner.post(f"{page}sections/paste/", sent).status_code == 302
    assert owner.post(f"{page}sections/paste/", sent).status_code == 422  # an old version
    rows = list(Section.objects.order_by("order").values_list("number", "title", "marks"))
    assert [(number, marks) for number, _title, marks in rows] == [(1, [1]), (2, [1, 2]), (3, [1, 2]), (4, [1]), (5, [1])]
    assert TimelineRow.objects.filter(subject=made.pk, code="change").count() == 1


def test_all_sections_are_made_or_none_and_only_before_it_opens(town: None) -> None:
    by = factories.official("parks")
    made = asking.prepared(by)
    long = "\n\n".join(["Абзац."] * 201)
    with pytest.raises(ValidationError) as refused:
        sections.add_sections(made.pk, [("Чл. 1.", "Добре."), ("Чл. 2.", long)], by=by)
    assert refused.value.messages[0].startswith("Чл. 2.: ")
    with pytest.raises(ValidationError):
        sections.add_sections(made.pk, [("Чл. 1.", "Добре.")] * 201, by=by)
    assert Section.objects.count() == 0
    open_one = asking.opened(by)
    assert signed_in(by).get(f"/consultations/{open_one.subject.reference}/sections/paste/").status_code == 409
