"""Consultations: the clock, the papers, who may write, the text with its versions, the table without which nothing is answered."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from discussion import actions as spine
from discussion.models import Comment, Subject, TimelineRow
from municipality.models import Organisation
from notifications import alerts
from notifications.recipients import recipients_of
from participation.actions import consultation as actions
from participation.actions import papers, sections, table
from participation.actions.move import NotAllowed, act
from participation.actions.sections import marks_for
from participation.models import Consultation, Proposal, Section
from participation.wording_text import diff
from tests import factories
from tests.participation import consultation_world as world

pytestmark = pytest.mark.usefixtures("town")


def day(number: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=number)


def codes(subject_id: int) -> list[str]:
    return list(TimelineRow.objects.filter(subject=subject_id).order_by("pk").values_list("code", flat=True))


def test_a_prepared_one_is_seen_by_its_department_alone() -> None:
    by = factories.official("parks")
    made = world.prepared(by)
    assert (made.status, made.subject.is_public, codes(made.pk)) == ("preparing", False, ["kept_preparing"])
    seen = [user for user in (by, factories.official("parks"), factories.official("roads"), factories.resident(), None)
            if Consultation.objects.visible_to(user).exists()]  # fmt: skip
    assert [user.departments for user in seen if user] == [by.departments, by.departments]


@pytest.mark.parametrize(
    ("kind", "days", "reason", "refused"),
    [
        ("ordinance", 30, "", False),
        ("ordinance", 29, "", True),
        ("ordinance", 14, "Сесията е по-рано.", False),
        ("ordinance", 14, "", True),
        ("ordinance", 13, "Сесията е по-рано.", True),
        ("call", 14, "", False),
        ("call", 13, "Бързаме.", True),
    ],
)
def test_the_clock_is_never_under_the_least(kind: str, days: int, reason: str, refused: bool) -> None:
    if not refused:
        made = world.prepared(kind=kind, closes_on=day(days), short_reason=reason)
        assert made.least_days <= days
        return
    with pytest.raises(ValidationError) as error:
        world.prepared(kind=kind, closes_on=day(days), short_reason=reason)
    assert list(error.value.message_dict) == ["closes_on"]
    assert (Consultation.objects.count(), Subject.objects.count()) == (0, 0)


def test_the_database_holds_the_clock_and_its_reason() -> None:
    made = world.opened()
    for changed in ({"closes_on": day(29)}, {"least_days": 14}, {"opens_on": None}, {"status": "adopted"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consultation.objects.filter(pk=made.pk).update(**changed)
    Consultation.objects.filter(pk=made.pk).update(least_days=14, short_reason="Бързо.", closes_on=day(14))


def test_it_does_not_open_without_draft_motives_and_impact_assessment() -> None:
    by = factories.official("parks")
    made = world.prepared(by)
    with pytest.raises(ValidationError, match=r"мотивите|motives"):
        actions.open_to_all(made.pk, by=by)
    sections.add_section(made.pk, title="Чл. 1", text="Текст.", by=by)
    papers.add_paper(made.pk, kind="motives", title="Мотиви", link="https://example.org/m", by=by)
    with pytest.raises(ValidationError) as refused:
        actions.open_to_all(made.pk, by=by)
    assert (refused.value.code, Subject.objects.get(pk=made.pk).is_public) == ("papers", False)
    papers.add_paper(made.pk, kind="impact", title="Оценка", link="https://example.org/o", by=by)
    actions.open_to_all(made.pk, by=by)
    found = Consultation.objects.get(pk=made.pk)
    assert (found.status, found.opens_on, found.subject.is_public) == ("open", timezone.localdate(), True)


def test_the_clock_counts_from_the_day_of_opening() -> None:
    by = factories.official("parks")
    made = world.written(by, closes_on=day(30))
    with pytest.raises(ValidationError) as refused:
        actions.open_to_all(made.pk, by=by, at=timezone.now() + datetime.timedelta(days=2))
    assert (refused.value.code, Consultation.objects.get(pk=made.pk).status) == ("clock", "preparing")


def test_strangers_prepare_and_open_nothing() -> None:
    made = world.written(factories.official("parks"))
    for by in (factories.resident(), factories.official("roads")):
        with pytest.raises(PermissionDenied):
            actions.open_to_all(made.pk, by=by)
        with pytest.raises(PermissionDenied):
            world.prepared(by)
        with pytest.raises(PermissionDenied):
            sections.add_section(made.pk, title="Чл. 3", text="Мое.", by=by)
    assert Consultation.objects.count() == 1


def test_time_is_only_made_longer() -> None:
    by = factories.official("parks")
    made = world.opened(by)
    for other in (made.closes_on, day(5)):
        with pytest.raises(ValidationError) as refused:
            actions.prolong(made.pk, other, by=by, text="Молба на хората.")
        assert list(refused.value.message_dict) == ["closes_on"]
    actions.prolong(made.pk, day(60), by=by, text="Молба на хората.")
    assert Consultation.objects.get(pk=made.pk).closes_on == day(60)
    assert codes(made.pk)[-1] == "prolong"


@pytest.mark.parametrize(
    ("who_may", "refused"), [("anyone", "--"), ("email", "--"), ("account", "guest"), ("organisation", "guest resident")]
)
def test_who_may_take_part_is_asked_where_comments_are_written(who_may: str, refused: str) -> None:
    made = world.opened(who_may=who_may)
    resident, found = factories.resident(), []
    for name, who, by in (("guest", factories.guest(), None), ("resident", spine.correspondent_of(resident), resident)):
        try:
            spine.comment(made.pk, text="Съгласен.", client_uuid=uuid.uuid4(), correspondent=who, by=by)
        except ValidationError:
            found.append(name)
    assert " ".join(found) == refused.replace("--", "")
    assert Comment.objects.count() == 2 - len(found)


def test_a_comment_names_a_part_that_there_is() -> None:
    made = world.opened()
    assert world.said(made, anchor="s1p2").anchor == "s1p2"
    for anchor in ("s1p3", "s3", "variant"):
        with pytest.raises(ValidationError) as refused:
            world.said(made, anchor=anchor)
        assert list(refused.value.message_dict) == ["anchor"]
    assert Comment.objects.count() == 1


def test_after_the_last_day_nothing_is_written() -> None:
    by = factories.official("parks")
    made = world.opened(by)
    kept = world.said(made, by=factories.resident())
    ended = world.over(made)
    assert (ended.status, codes(made.pk)[-1]) == ("closed", "close")
    with pytest.raises(ValidationError, match=r".+") as refused:
        world.said(made)
    assert refused.value.code == "closed"
    with pytest.raises(ValidationError):
        spine.edit_comment(kept.pk, text="Друго.", correspondent=kept.correspondent)
    with pytest.raises(NotAllowed):
        sections.change_section(made.pk, 1, title="Чл. 1", text="Друго.", why="Така.", by=by)
    assert actions.close_over() == 0


def test_a_changed_section_keeps_its_former_words_and_its_paragraphs_their_numbers() -> None:
    by = factories.official("parks")
    made = world.opened(by)
    with pytest.raises(ValidationError) as refused:
        sections.change_section(made.pk, 1, title="Чл. 1. Дървета", text="Ново.", by=by)
    assert list(refused.value.message_dict) == ["why"]
    text = "Цел.\n\nДърветата се пазят.\n\nСечта иска разрешение и протокол."
    changed = sections.change_section(made.pk, 1, title="Чл. 1. Дървета", text=text, why="По предложение.", by=by)
    assert (changed.version, changed.marks) == (2, [3, 1, 2])
    (before,) = changed.versions.all()
    assert (before.text, before.why) == ("Дърветата се пазят.\n\nСечта иска разрешение.", "По предложение.")
    below = world.said(made, anchor=changed.paragraphs[1][0])
    again = sections.change_section(made.pk, 1, title="Чл. 1. Дървета", text=text, why="Пак.", by=by)
    assert (again.version, again.versions.count()) == (2, 1)
    sections.change_section(made.pk, 1, title="Чл. 1. Дървета", text="Цел.", why="По предложение.", by=by)
    assert world.said(made, "А защо?", parent_id=below.pk).anchor == below.anchor
    with pytest.raises(ValidationError):
        world.said(made, "Само под това, което го има.", anchor=below.anchor)


@pytest.mark.parametrize(
    ("before", "after", "marks"),
    [("а б", "а б", [1, 2]), ("а б", "б", [2]), ("а б", "а в", [1, 2]), ("а", "а б в", [1, 3, 4]), ("а б", "в", [1])],
)
def test_paragraphs_keep_their_numbers(before: str, after: str, marks: list[int]) -> None:
    old = before.split()
    assert marks_for(old, list(range(1, len(old) + 1)), after.split(), 3)[0] == marks


def test_changes_are_told_word_by_word() -> None:
    told = diff("Срокът е десет дни.\n\nСтаро.", "Срокът е двадесет дни.")
    assert told == [[("same", "Срокът е "), ("out", "десет"), ("in", "двадесет"), ("same", " дни.")], [("out", "Старо.")]]


def test_while_it_is_prepared_no_versions_are_kept() -> None:
    by = factories.official("parks")
    made = world.written(by)
    changed = sections.change_section(made.pk, 1, title="Чл. 1", text="Друго.", by=by)
    assert (changed.version, changed.versions.count()) == (1, 0)
    sections.drop_section(made.pk, 2, by=by)
    assert list(Section.objects.values_list("number", flat=True)) == [1]


def test_the_table_closes_it_and_nothing_else_does() -> None:
    by = factories.official("parks")
    made = world.opened(by)
    first, second = world.said(made, "Да има липи."), world.said(made, "Липи, моля.", kind="argument")
    remark = world.said(made, "Хубаво.", kind="remark")
    official = Organisation.objects.get(slug="parks")
    world.said(made, "Ще видим.", by=by, organisation=official, kind="argument")
    with pytest.raises(NotAllowed):
        table.answer(made.pk, by=by)
    world.over(made)
    with pytest.raises(ValidationError) as refused:
        table.answer(made.pk, by=by)
    assert refused.value.code == "outside"
    assert (table.collect(made.pk, by=by, more=[remark.pk]), table.collect(made.pk, by=by)) == (3, 0)
    rows = list(Proposal.objects.order_by("order"))
    with pytest.raises(ValidationError) as refused:
        table.write_row(made.pk, rows[0].pk, by=by, verdict="refused", reason="")
    assert list(refused.value.message_dict) == ["reason"]
    table.write_row(made.pk, rows[0].pk, by=by, verdict="partly", reason="На две улици.", joined=[rows[1].pk])
    with pytest.raises(ValidationError) as refused:
        table.answer(made.pk, by=by)
    assert (refused.value.code, Consultation.objects.get(pk=made.pk).status) == ("table", "closed")
    table.write_row(made.pk, rows[2].pk, by=by, verdict="accepted", reason="Благодарим.")
    table.answer(made.pk, by=by)
    assert Consultation.objects.get(pk=made.pk).status == "answered"
    joined = Proposal.objects.get(pk=rows[0].pk)
    assert {source.comment_id for source in joined.sources.all()} == {first.pk, second.pk}
    assert codes(made.pk)[-1] == "answer"
    public = TimelineRow.objects.filter(subject=made.pk, audience="public").order_by("pk").values_list("code", flat=True)
    assert list(public) == ["open", "close", "answer"]


def test_followers_hear_of_each_public_step_and_alerts_of_its_opening() -> None:
    by, follower, reader = factories.official("parks"), factories.guest(), factories.guest()
    made = world.opened(by)
    spine.follow(made.pk, follower)
    alerts.save(
        alerts.Where(), correspondent=reader, name="обсъждания", frequency="instant", kinds=["consultation"],
        organisations=[made.organisation_id],
    )  # fmt: skip
    actions.prolong(made.pk, day(60), by=by, text="Молба на хората.")
    heard = {
        row.code: [who.correspondent for who in recipients_of(row)]
        for row in TimelineRow.objects.filter(subject=made.pk, tells=True).select_related("subject").order_by("pk")
    }
    assert heard == {"open": [follower, reader], "prolong": [follower]}


def test_without_proposals_the_empty_table_answers() -> None:
    by = factories.official("parks")
    made = world.over(world.opened(by))
    table.answer(made.pk, by=by)
    actions.adopt(made.pk, by=by, title="Наредба № 7", url="https://example.org/7")
    assert Consultation.objects.get(pk=made.pk).status == "adopted"


def test_what_was_adopted_needs_its_address() -> None:
    by = factories.official("parks")
    made = world.over(world.opened(by))
    table.answer(made.pk, by=by)
    with pytest.raises(ValidationError) as refused:
        actions.adopt(made.pk, by=by, title="Наредба № 7", url="")
    assert list(refused.value.message_dict) == ["adopted_url"]
    assert Consultation.objects.get(pk=made.pk).status == "answered"


def test_it_is_stopped_with_words_alone() -> None:
    by = factories.official("parks")
    made = world.opened(by)
    with pytest.raises(ValidationError):
        act(Consultation, made.pk, "stop", by=by)
    act(Consultation, made.pk, "stop", by=by, text="Законът се промени.")
    assert Consultation.objects.get(pk=made.pk).status == "stopped"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"contact_email": ""}, "contact_email"), ({"within": "box"}, "within")],
)
def test_a_bad_value_is_named_and_nothing_is_kept(fields: dict[str, Any], field: str) -> None:
    given = {name: world.within() if value == "box" else value for name, value in fields.items()}
    with pytest.raises(ValidationError) as refused:
        world.prepared(**given)
    assert list(refused.value.message_dict) == [field]
    assert Consultation.objects.count() == 0


def test_who_has_left_the_administration_does_not_read_what_they_prepared_there() -> None:
    by = factories.official("parks")
    made = world.prepared(by)
    assert list(Consultation.objects.visible_to(by)) == [made]
    by.memberships.update(active=False)
    assert list(Consultation.objects.visible_to(User.objects.get(pk=by.pk))) == []
