"""A report travels from pin to answer through the verbs."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.contrib.gis.geos import LineString
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.utils import timezone

from accounts.actions import set_roles
from discussion.actions import Stale
from discussion.models import Link, Subject, TimelineRow
from municipality.models import Sector
from reports import actions, workflow
from reports.actions.move import Given
from reports.filters import Filters
from reports.models import Category, Reason, Report, Tombstone
from reports.parameters import BadParameter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town():
    return factories.town()


def fresh(report):
    return Report.objects.select_related("subject").get(pk=report.pk)


def test_report_from_account_is_received_routed_and_public():
    report = fresh(factories.report())
    assert (report.status, report.department.slug, report.is_public) == ("received", "roads", True)
    assert report.area.slug == "levka"
    assert report.due_on is not None and report.due_on > timezone.localdate()
    assert list(TimelineRow.objects.values_list("code", flat=True)) == ["submitted"]


def test_report_resolved_leaves_one_row_an_act():
    report, ivan = factories.report(), factories.official()
    actions.act(report.pk, "assign", by=ivan, version=1, given=Given(person=ivan))
    actions.act(report.pk, "start", by=ivan, version=2)
    actions.act(report.pk, "resolve", by=ivan, version=3, given=Given(text="Запълнихме дупката."))
    found = fresh(report)
    assert (found.status, found.due_on, found.subject.version) == ("resolved", None, 4)
    assert list(TimelineRow.objects.values_list("code", flat=True)) == ["submitted", "assign", "start", "resolve"]


def test_act_with_an_old_version_is_stale():
    report, ivan = factories.report(), factories.official()
    actions.act(report.pk, "start", by=ivan, version=1)
    with pytest.raises(Stale):
        actions.act(report.pk, "resolve", by=ivan, version=1, given=Given(text="Готово"))


def test_act_names_the_missing_field():
    report, ivan = factories.report(), factories.official()
    with pytest.raises(ValidationError) as refused:
        actions.act(report.pk, "refuse", by=ivan)
    assert set(refused.value.message_dict) == {"reason", "text"}


def test_official_of_another_department_may_not():
    with pytest.raises(PermissionDenied):
        actions.act(factories.report().pk, "start", by=factories.official("parks"))


def test_guest_confirms_and_only_then_it_is_public():
    report = factories.report(author=None, email="guest@levka.test")
    assert (fresh(report).status, fresh(report).is_public) == ("awaiting_confirmation", False)
    actions.act(report.pk, "confirm", proven_author=True)
    assert (fresh(report).status, fresh(report).is_public) == ("received", True)


def test_unconfirmed_report_goes_and_leaves_a_tombstone():
    old = timezone.now() - datetime.timedelta(days=8)
    report = factories.report(author=None, email="guest@levka.test", at=old)
    client_uuid = Subject.objects.get().client_uuid
    assert actions.expire_unconfirmed() == 1
    assert (Report.objects.count(), Tombstone.objects.get().pk) == (0, client_uuid)
    with pytest.raises(actions.Expired):
        actions.submit(factories.submission(client_uuid=client_uuid))
    assert report.pk


def test_same_client_uuid_is_one_report():
    first = factories.submission(author=factories.resident())
    assert actions.submit(first).pk == actions.submit(first).pk
    assert Report.objects.count() == 1


def test_place_outside_is_refused_with_the_distance():
    with pytest.raises(ValidationError) as refused:
        actions.submit(factories.submission(at_point=factories.OUTSIDE, author=factories.resident()))
    error = refused.value.error_dict["point"][0]
    assert error.code == "outside"
    assert abs(error.params["border_lon"] - 24.0) < 1e-6


def test_report_no_longer_a_duplicate_loses_its_link():
    first, second, user = factories.report(), factories.report(), factories.official()
    actions.act(second.pk, "mark_duplicate", by=user, given=Given(duplicate_of=first))
    assert Link.objects.filter(source=second.pk).exists()
    actions.act(second.pk, "unmark_duplicate", by=user, given=Given(text="Друго е."))
    assert not Link.objects.filter(source=second.pk).exists()


def test_line_that_leaves_the_municipality_is_refused_and_one_inside_is_kept():
    (lon, lat), away = factories.CENTRE, factories.OUTSIDE
    inside = LineString((lon, lat), (lon + 0.001, lat), srid=4326)
    with pytest.raises(ValidationError) as refused:
        out = LineString((lon, lat), away, srid=4326)
        actions.submit(factories.submission(author=factories.resident(), line=out))
    assert list(refused.value.error_dict) == ["place"]
    assert actions.submit(factories.submission(author=factories.resident(), line=inside)).line == inside


def test_relocating_changes_area_department_and_sector_together():
    report, maria = factories.report(), factories.dispatcher()
    point = factories.submission(at_point=(23.9, 42.9)).point
    actions.relocate(report.pk, category=Category.objects.get(slug="tree"), point=point, by=maria, version=1)
    found = fresh(report)
    assert (found.area.slug, found.department.slug, found.subject.area.slug) == ("dabrava", "parks", "dabrava")


def test_a_sector_that_comes_to_lead_is_no_further_one():
    health = Sector.objects.get(slug="health")
    Category.objects.filter(slug__in=["tree", "road-idea"]).update(sector=health)
    for act in (
        lambda pk: actions.relocate(pk, category=Category.objects.get(slug="tree"), by=factories.dispatcher()),
        lambda pk: actions.turn(pk, category=Category.objects.get(slug="road-idea"), text="Идея е.", by=factories.official()),
    ):
        report = factories.report()
        report.subject.further_sectors.add(health)
        act(report.pk)
        assert fresh(report).subject.sector == health
        assert not fresh(report).subject.further_sectors.exists()


def test_idea_goes_under_review_at_the_threshold():
    report = factories.report(category="park-idea")
    for _number in range(3):
        actions.support(report.pk, factories.guest())
    assert fresh(report).status == "under_review"
    assert fresh(report).subject.support_count == 3


def test_official_filing_gives_register_numbers_without_gaps():
    numbers = []
    for _number in range(3):
        report = factories.report(official=True, name="Рада Колева Илиева", address="ул. Първа 1")
        numbers.append(report.register_number.serial)
    assert numbers == [1, 2, 3]


def test_hidden_report_leaves_the_public_set_and_comes_back():
    report, stoyan = factories.report(), factories.moderator()
    from reports.models import Reason

    actions.hide(report.pk, reason=Reason.objects.get(slug="spam"), by=stoyan)
    assert not fresh(report).is_public
    assert not Report.objects.visible_to(factories.resident()).filter(pk=report.pk).exists()
    actions.publish_again(report.pk, by=stoyan, text="Погледнахме отново.")
    assert fresh(report).is_public


def test_problem_turned_into_an_idea_and_back():
    report, ivan = factories.report(), factories.official()
    actions.turn(report.pk, category=Category.objects.get(slug="road-idea"), text="Това е предложение.", by=ivan)
    assert (fresh(report).kind, fresh(report).status) == ("idea", "under_review")
    actions.turn(report.pk, category=Category.objects.get(slug="pothole"), text="Все пак е сигнал.", by=ivan)
    assert (fresh(report).kind, fresh(report).status) == ("problem", "received")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("kind=wish", "kind"), ("sector=none", "sector"), ("status=lost", "status"), ("area=%00", "area"), ("bbox=1,2", "bbox"),
        ("since=2026-13-01", "since"), ("since=2026-02-01&until=2026-01-01", "until"), ("order=best", "order"),
        ("cursor=x", "cursor"), ("limit=0", "limit"), ("limit=99999", "limit"), ("assigned=me", "assigned"),
        ("assigned=nobody", "assigned"), ("overdue=yes", "overdue"), ("supported=me", "supported"), ("fbclid=1", "fbclid"),
    ],
)  # fmt: skip
def test_bad_parameter_is_named(query, name):
    from django.contrib.auth.models import AnonymousUser

    with pytest.raises(BadParameter) as refused:
        Filters.from_query(QueryDict(query), AnonymousUser(), strict=True)
    assert refused.value.name == name


@pytest.mark.parametrize("order", ["newest", "oldest", "due", "support"])
def test_pages_follow_each_other_without_gap_or_double(order, rf):
    from django.contrib.auth.models import AnonymousUser

    made = [factories.report(author=None, email="", entered_by=None) for _number in range(0)]
    rada = factories.resident()
    made = [factories.report(author=rada) for _number in range(7)]
    seen, cursor = [], ""
    while True:
        query = QueryDict(f"order={order}&limit=3&cursor={cursor}".replace("+", "%2B"))
        filters = Filters.from_query(query, AnonymousUser(), strict=True)
        rows, cursor = filters.page(filters.apply(Report.objects.public()).select_related("subject"))
        seen += [row.pk for row in rows]
        if cursor is None:
            break
    assert sorted(seen) == sorted(report.pk for report in made)
    assert len(seen) == len(set(seen)) == 7


def test_search_finds_another_form_of_the_word_and_the_reference():
    from django.contrib.auth.models import AnonymousUser

    report = factories.report()
    for text in ("дупката", "дупки", "училището", fresh(report).subject.reference):
        query = QueryDict(mutable=True)
        query["q"] = text
        found = Filters.from_query(query, AnonymousUser(), strict=True).apply(Report.objects.public())
        assert [row.pk for row in found] == [report.pk], text


def test_a_photo_that_never_arrived_is_refused_at_the_field():
    report, ivan = factories.report(), factories.official()
    actions.act(report.pk, "start", by=ivan)
    with pytest.raises(ValidationError) as refused:
        actions.act(report.pk, "resolve", by=ivan, given=Given(text="Готово.", photo=[uuid.uuid4()]))
    assert list(refused.value.message_dict) == ["photo"]
    assert fresh(report).status == "in_progress"


def test_the_same_words_sent_twice_are_one_note_and_one_addition():
    rada, ivan = factories.resident(), factories.official()
    report = factories.report(author=rada)
    for _click in range(2):
        actions.note(report.pk, text="Утре отиваме.", by=ivan)
        actions.add_words(report.pk, text="Вече е по-голяма.", by=rada)
    actions.note(report.pk, text="Отидохме.", by=ivan)
    codes = list(report.subject.timeline.order_by("pk").values_list("code", flat=True))
    assert codes == ["submitted", "noted", "added", "noted"]


def test_coming_back_to_a_question_keeps_what_the_question_left():
    rada, ivan = factories.resident(), factories.official()
    report, original = factories.report(author=rada), factories.report(author=rada)
    actions.act(report.pk, "assign", by=ivan, given=Given(person=ivan))
    actions.act(report.pk, "ask", by=ivan, given=Given(text="Къде точно?"))
    actions.act(report.pk, "mark_duplicate", by=ivan, given=Given(duplicate_of=original))
    actions.act(report.pk, "unmark_duplicate", by=ivan, given=Given(text="Друга е."))
    assert fresh(report).status == "waiting_for_reporter"
    actions.act(report.pk, "answer", by=rada, given=Given(text="Пред входа."))
    assert fresh(report).status == "assigned"


def test_a_duplicate_that_stays_closed_can_still_be_taken_apart():
    rada, ivan = factories.resident(), factories.official()
    report, original = factories.report(author=rada), factories.report(author=rada)
    actions.act(report.pk, "mark_duplicate", by=ivan, given=Given(duplicate_of=original))
    actions.act(report.pk, "request_reopen", by=rada, given=Given(text="Не е същата."))
    actions.act(report.pk, "keep_closed", by=ivan, given=Given(text="Същата е."))
    actions.act(report.pk, "unmark_duplicate", by=ivan, given=Given(text="Все пак не е."))
    assert fresh(report).status == "received"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Обади се на 0888 123 456 днес.", "Обади се на днес.", "Обади се на […] днес."),
        ("Обади се на 0888 123 456 днес.", "Обади се на […] днес.", "Обади се на […] днес."),
        ("Иван краде.", "", "[…]"),
        ("Дупка пред Иван", "Дупка", "Дупка […]"),
    ],
)
def test_cut_words_leave_their_mark(before, after, shown):
    assert actions.moderate.marked(before, after) == shown


def test_a_cut_that_cuts_nothing_is_refused():
    report, moderator = factories.report(), factories.moderator()
    with pytest.raises(ValidationError) as refused:
        actions.redact(
            report.pk, title=report.subject.title, text=report.words.text, reason=Reason.objects.get(slug="spam"), by=moderator
        )
    assert list(refused.value.message_dict) == ["words"]


def _leaves(person):
    membership = person.memberships.get()
    set_roles(membership.pk, [], by=factories.administrator())


@pytest.mark.parametrize("act", ["assign", "start", "plan", "ask", "reopen"])
def test_open_work_of_who_leaves_waits_to_be_assigned_anew(act):
    rada, ivan = factories.resident(), factories.official()
    report = factories.report(author=rada)
    actions.act(report.pk, "assign", by=ivan, given=Given(person=ivan))
    day = timezone.localdate() + datetime.timedelta(days=9)
    if act == "reopen":
        actions.act(report.pk, "resolve", by=ivan, given=Given(text="Готово."))
        actions.act(report.pk, "request_reopen", by=rada, given=Given(text="Пак е там."))
    if act != "assign":
        actions.act(report.pk, act, by=ivan, given=Given(text="Питаме.", expected_on=day if act == "plan" else None))
    before = fresh(report).status
    _leaves(ivan)
    assert fresh(report).assignee is None
    assert fresh(report).status == workflow.without_person(before)
    assert report.subject.timeline.order_by("pk").last().code == "unassigned"


def test_an_answer_to_who_left_meanwhile_comes_to_the_department():
    rada, ivan = factories.resident(), factories.official()
    report = factories.report(author=rada)
    actions.act(report.pk, "assign", by=ivan, given=Given(person=ivan))
    actions.act(report.pk, "ask", by=ivan, given=Given(text="Къде точно?"))
    _leaves(ivan)
    actions.act(report.pk, "answer", by=rada, given=Given(text="Пред входа."))
    assert (fresh(report).status, fresh(report).assignee) == ("received", None)


def test_a_duplicate_taken_apart_does_not_come_back_to_who_left():
    rada, ivan = factories.resident(), factories.official()
    report, original = factories.report(author=rada), factories.report(author=rada)
    actions.act(report.pk, "assign", by=ivan, given=Given(person=ivan))
    actions.act(report.pk, "mark_duplicate", by=ivan, given=Given(duplicate_of=original))
    _leaves(ivan)
    actions.act(report.pk, "unmark_duplicate", by=factories.person("head"), given=Given(text="Друга е."))
    assert (fresh(report).status, fresh(report).assignee) == ("received", None)


def test_the_author_does_not_move_what_was_filed_officially():
    rada = factories.resident()
    report = factories.report(author=rada, official=True, name="Рада Колева Илиева", address="ул. Първа 1")
    with pytest.raises(PermissionDenied):
        actions.relocate(report.pk, place="другаде", by=rada)


def test_the_mark_of_a_cut_has_to_fit_the_title():
    report, moderator = factories.report(title=f"{'а' * 148} И"), factories.moderator()
    with pytest.raises(ValidationError) as refused:
        actions.redact(report.pk, title="а" * 148, text="…", reason=Reason.objects.get(slug="spam"), by=moderator)
    assert list(refused.value.message_dict) == ["title"]


def test_a_cut_adds_no_words_of_the_moderator():
    report, moderator = factories.report(text="Добре е така."), factories.moderator()
    common = {"title": report.subject.title, "reason": Reason.objects.get(slug="spam"), "by": moderator}
    with pytest.raises(ValidationError) as refused:
        actions.redact(report.pk, text="Добре е така. И добавено.", **common)
    assert list(refused.value.message_dict) == ["words"]
    actions.redact(report.pk, text="Добре […].", **common)
    actions.redact(report.pk, text="Добре е така.", **common)
    assert Report.objects.get(pk=report.pk).words.text == "Добре е така."
