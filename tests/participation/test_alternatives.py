"""Comparisons and their variants: who may, when, what stays, what residents submit, what is chosen."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Membership, User
from discussion import actions as spine
from discussion.models import Subject, TimelineRow
from municipality.models import Organisation
from notifications import alerts
from notifications.alerts import Where
from notifications.models import Alert
from notifications.recipients import recipients_of
from participation import person, stances
from participation.actions import alternative as variants
from participation.actions import comparison as actions
from participation.actions.move import NotAllowed, matter_of
from participation.models import Alternative, Comparison
from participation.views.found import acts
from reports.models import Reason
from tests import factories
from tests.participation.compared import (
    LAT,
    LINE,
    LON,
    SPOT,
    SQUARE,
    again,
    opened,
    over,
    own,
    prepared,
    question,
    sent,
    variant,
)

pytestmark = pytest.mark.usefixtures("town")


def association() -> Organisation:
    made: Organisation = Organisation.objects.create(
        slug="lipa", kind="association", name={"bg": "Липа"}, verified_at=timezone.now()
    )
    return made


def fresh(made: Alternative) -> Alternative:
    return Alternative.objects.select_related("subject", "comparison__subject").get(pk=made.pk)


def codes(pk: int) -> list[str]:
    return list(TimelineRow.objects.filter(subject=pk).order_by("pk").values_list("code", flat=True))


def test_only_officials_and_planners_prepare_for_their_own_department() -> None:
    for by in (factories.resident(), factories.official("parks"), factories.moderator()):
        with pytest.raises(PermissionDenied):
            actions.prepare(question(), by=by, client_uuid=uuid.uuid4())
    made, key = factories.official(), uuid.uuid4()
    first = actions.prepare(question(), by=made, client_uuid=key)
    assert actions.prepare(question(), by=made, client_uuid=key) == first
    assert (Comparison.objects.count(), first.status, first.subject.is_public) == (1, "preparing", False)


def test_the_draft_is_seen_by_the_department_alone() -> None:
    by = factories.official()
    made = prepared(by)
    for who, seen in ((by, 1), (factories.official(), 1), (factories.official("parks"), 0), (factories.resident(), 0)):
        assert (Comparison.objects.visible_to(who).count(), Alternative.objects.visible_to(who).count()) == (seen, 2 * seen)
    assert [each.code for each in own(made)] == ["a", "b"]


def test_it_opens_with_two_to_four_variants_which_are_public_from_then_on() -> None:
    by = factories.official()
    made = prepared(by, variant())
    with pytest.raises(ValidationError) as few:
        actions.open_it(made.pk, by=by)
    assert few.value.code == "few"
    for _each in range(3):
        variants.add(made.pk, variant(), by=by, client_uuid=uuid.uuid4())
    with pytest.raises(ValidationError) as many:
        variants.add(made.pk, variant(), by=by, client_uuid=uuid.uuid4())
    assert many.value.code == "many"
    actions.open_it(made.pk, by=by)
    shown = own(made)
    assert [(each.status, each.subject.is_public) for each in shown] == [("published", True)] * 4
    assert [codes(each.pk)[-1] for each in shown] == ["show"] * 4
    assert (again(made).point.coords[1], codes(made.pk)) == (LAT, ["kept_preparing", "open"])


def test_what_is_dropped_is_not_compared_and_the_next_move_up() -> None:
    by = factories.official()
    made = prepared(by, variant(), variant(title={"bg": "Мост"}), variant(title={"bg": "Кей"}))
    gone = own(made)[1]
    variants.drop(gone.pk, by=by)
    assert [(each.order, each.title["bg"]) for each in own(made)] == [(1, "Алея"), (2, "Кей")]
    assert Alternative.objects.get(pk=gone.pk).status == "taken_back"


def test_after_it_is_open_nothing_of_the_municipality_changes() -> None:
    by = factories.official()
    made = opened(by)
    first = own(made)[0]
    for act in (
        lambda: variants.change(first.pk, variant(), by=by),
        lambda: variants.drop(first.pk, by=by),
        lambda: variants.add(made.pk, variant(), by=by, client_uuid=uuid.uuid4()),
        lambda: actions.change(made.pk, question(), by=by),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(IntegrityError, match="people have seen the variant"), transaction.atomic():
        Alternative.objects.filter(pk=first.pk).update(cost_from=1, cost_to=2)


def test_variants_lie_within_the_border_in_verb_and_database() -> None:
    by = factories.official()
    border = factories.box(LON - 0.001, LAT - 0.001, LON + 0.003, LAT + 0.003)
    made = actions.prepare(question(border=border), by=by, client_uuid=uuid.uuid4())
    with pytest.raises(ValidationError) as outside:
        variants.add(made.pk, variant(LINE), by=by, client_uuid=uuid.uuid4())
    assert list(outside.value.error_dict) == ["places"]
    inside = variants.add(made.pk, variant(SQUARE, SPOT), by=by, client_uuid=uuid.uuid4())
    assert [shape.geom_type for shape in inside.shapes] == ["MultiPolygon", "MultiPoint"]
    with (
        pytest.raises(IntegrityError, match="the variant lies outside the border"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE participation_alternative SET points = ST_SetSRID(ST_GeomFromText('MULTIPOINT(23.7 42.9)'), 4326)"
        )
    smaller = factories.box(LON - 0.001, LAT - 0.001, LON + 0.001, LAT + 0.001)
    with pytest.raises(ValidationError) as left_out:
        actions.change(made.pk, question(border=smaller), by=by)
    assert list(left_out.value.error_dict) == ["border"]
    with pytest.raises(IntegrityError, match="a variant lies outside the border"), transaction.atomic():
        Comparison.objects.filter(pk=made.pk).update(border=smaller)


def test_costs_and_times_are_ranges_or_one_number() -> None:
    by = factories.official()
    made = actions.prepare(question(), by=by, client_uuid=uuid.uuid4())
    with pytest.raises(ValidationError) as wrong:
        variants.add(made.pk, variant(cost_from=9, cost_to=1, months_from=5, months_to=2), by=by, client_uuid=uuid.uuid4())
    assert sorted(wrong.value.error_dict) == ["cost_to", "months_to"]
    kept = variants.add(made.pk, variant(cost_from=500, months_to=3), by=by, client_uuid=uuid.uuid4())
    assert (kept.cost_from, kept.cost_to, kept.months_from, kept.months_to) == (500, 500, 3, 3)


def test_a_residents_variant_is_read_first_and_gets_a_number_of_its_own() -> None:
    made, moderator = opened(), factories.moderator()
    first, second, third = (sent(made) for _each in range(3))
    assert not Alternative.objects.public().filter(own=False).exists()
    with pytest.raises(PermissionDenied):
        variants.publish(first.pk, by=factories.resident())
    variants.settle(first.pk, "reject", by=moderator, reason=Reason.objects.get(slug="spam"))
    variants.publish(third.pk, by=moderator)
    variants.publish(second.pk, by=moderator)
    public = Alternative.objects.public().filter(own=False).order_by("order")
    assert [(each.pk, each.code) for each in public] == [(third.pk, "1"), (second.pk, "2")]


def test_no_variant_is_taken_before_after_or_where_none_is_asked_for() -> None:
    by = factories.official()
    for made, error in (
        (prepared(by), PermissionDenied),
        (opened(by, takes_own=False), ValidationError),
        (over(opened(by)), ValidationError),
    ):
        with pytest.raises(error):
            sent(made)
    made, resident = opened(by), factories.resident()
    for _each in range(variants.MOST_WAITING):
        sent(made, resident)
    with pytest.raises(ValidationError) as often:
        sent(made, resident)
    assert often.value.code == "often"


def test_who_sent_it_changes_it_and_takes_it_back_until_it_was_read() -> None:
    made, resident = opened(), factories.resident()
    mine = sent(made, resident)
    variants.change(mine.pk, variant(SQUARE, title={"bg": "Мостче"}), by=resident)
    mine.refresh_from_db()
    assert (mine.points, mine.polygons.num_geom, Subject.objects.get(pk=mine.pk).title) == (None, 1, "Мостче")
    over(made)
    with pytest.raises(ValidationError) as late:
        variants.change(mine.pk, variant(SQUARE), by=resident)
    assert (late.value.code, "change" in acts(resident, fresh(mine))) == ("closed", False)
    variants.settle(mine.pk, "take_back", by=resident)
    with pytest.raises(NotAllowed):
        variants.publish(mine.pk, by=factories.moderator())


def test_one_says_what_one_thinks_of_each_variant_while_it_is_open() -> None:
    made = opened()
    first, second = own(made)
    people, moderator = [factories.guest() for _each in range(3)], factories.moderator()
    for who, said in ((people[0], "for"), (people[0], "against"), (people[1], "for"), (people[2], "neutral")):
        kept = spine.comment(
            first.pk, text=f"Мисля {said} {who.pk}", client_uuid=uuid.uuid4(), correspondent=who, by=None, stance=said
        )
        spine.settle_comment(kept.pk, publish=True, by=moderator)
    for body in (Organisation.objects.get(slug="roads"), association()):  # neither of them is a person
        spokesman = factories.resident()
        Membership.objects.create(user=spokesman, organisation=body, roles=["representative"])
        kept = spine.comment(
            first.pk, text=f"За {body}.", client_uuid=uuid.uuid4(), correspondent=spokesman.correspondent, by=spokesman, stance="for",
            organisation=body,
        )  # fmt: skip
        spine.settle_comment(kept.pk, publish=True, by=moderator)
    counted = stances.stances([first.pk, second.pk])
    assert counted == {first.pk: {"for": 1, "neutral": 1, "against": 1}, second.pk: {"for": 0, "neutral": 0, "against": 0}}
    over(made)
    for subject in (first.pk, made.pk):
        with pytest.raises(ValidationError, match="приключи"):
            spine.comment(subject, text="Късно е.", client_uuid=uuid.uuid4(), correspondent=people[0], by=None)


def test_the_clock_closes_it_and_one_public_variant_is_preferred_with_a_reason() -> None:
    by = factories.official()
    made = opened(by)
    other, mine = opened(by), sent(made)
    with pytest.raises(NotAllowed):
        actions.decide(made.pk, own(made)[0], by=by, text="Така.", language="bg")
    assert actions.close_over() == 0
    closed = over(made)
    assert closed.status == "closed"
    for wrong in (None, mine, own(other)[0]):
        with pytest.raises(ValidationError) as refused:
            actions.decide(made.pk, wrong, by=by, text="", language="bg")
        assert sorted(refused.value.error_dict) == ["preferred", "text"]
    first, second = own(made)
    actions.decide(made.pk, second, by=by, text="Най-евтино е.", language="bg")
    decided = again(made)
    assert (decided.status, decided.preferred_id, decided.why) == ("decided", second.pk, {"bg": "Най-евтино е."})
    assert [codes(each)[-1] for each in (made.pk, first.pk, second.pk)] == ["decide", "pass_over", "prefer"]
    (lapsed,) = TimelineRow.objects.filter(subject=mine.pk, code="lapse")
    assert (Alternative.objects.get(pk=mine.pk).status, lapsed.actor) == ("rejected", by)
    assert [who.correspondent for who in recipients_of(lapsed)] == [mine.author.correspondent]
    with pytest.raises(NotAllowed):
        variants.publish(mine.pk, by=factories.moderator())


def test_the_database_keeps_choice_and_reason_together_and_of_its_own_variants() -> None:
    made, other = over(opened()), opened()
    with pytest.raises(IntegrityError, match="comparison_decided_with_reason"), transaction.atomic():
        Comparison.objects.filter(pk=made.pk).update(status="decided", preferred=own(made)[0])
    with pytest.raises(IntegrityError, match="comparison_prefers_its_own"), transaction.atomic():
        Comparison.objects.filter(pk=made.pk).update(status="decided", preferred=own(other)[0], why={"bg": "Така."})
        connection.check_constraints()


def test_time_is_only_made_longer_and_stopping_says_why() -> None:
    by = factories.official()
    made = opened(by)
    later = made.closes_at + datetime.timedelta(days=3)
    with pytest.raises(ValidationError) as earlier:
        actions.prolong(made.pk, timezone.now(), by=by, text="Така.")
    assert list(earlier.value.error_dict) == ["day"]
    actions.prolong(made.pk, later, by=by, text="Малко хора писаха.")
    with pytest.raises(ValidationError):
        actions.stop(made.pk, by=by, text="")
    mine = sent(made)
    actions.stop(made.pk, by=by, text="Няма пари.")
    assert (codes(mine.pk)[-1], Alternative.objects.get(pk=mine.pk).status) == ("lapse", "rejected")
    assert (again(made).closes_at, again(made).status, codes(made.pk)[-2:]) == (later, "stopped", ["prolong", "stop"])


def test_variants_of_a_hidden_comparison_are_not_found() -> None:
    made, spam = opened(), Reason.objects.get(slug="spam")
    Subject.objects.filter(pk=made.pk).update(visibility="hidden", is_public=False)
    assert spam and not Alternative.objects.public().exists()
    assert not Alternative.objects.visible_to(factories.resident()).exists()


def test_a_person_takes_a_copy_along_and_leaves_no_name_behind() -> None:
    made, resident = opened(), factories.resident()
    mine = sent(made, resident, public_name="Рада К.")
    variants.publish(mine.pk, by=factories.moderator())
    known = resident.correspondent
    assert person.copy_of(known)["organised"] == [{"reference": mine.subject.reference, "kind": "alternative"}]
    person.erase(known)
    mine.refresh_from_db()
    assert (mine.author, mine.public_name, mine.status) == (None, "", "published")
    assert codes(mine.pk)[-1] == "name_erased"


def test_an_alert_around_a_place_hears_of_a_residents_variant_there() -> None:
    for name, lon in (("near", LON), ("far", LON + 0.2)):
        where = Where(centre=Point(lon, LAT, srid=4326), metres=200)
        alerts.save(
            where, correspondent=factories.guest(f"{name}@levka.test"), name=name, frequency="instant", kinds=["alternative"]
        )
    row = _published(opened())
    met = [pk for match in alerts.matching_of(row, matter_of(row.subject)) for pk in match.alerts]
    assert list(Alert.objects.filter(pk__in=met).values_list("name", flat=True)) == ["near"]


def test_a_moderator_mends_words_and_leaves_in_whose_name_it_stands() -> None:
    company = association()
    made, resident = opened(), factories.resident()
    Membership.objects.create(user=resident, organisation=company, roles=["representative"])
    mine = sent(made, resident, organisation=company, public_name="Мария")
    mended = variant(SPOT, description={"bg": "Без грешка."}, public_name="Друга")
    variants.change(mine.pk, mended, by=factories.moderator())
    kept = fresh(mine)
    assert (kept.organisation, kept.public_name, kept.description["bg"]) == (company, "Мария", "Без грешка.")
    Membership.objects.filter(user=resident).update(active=False)
    gone = User.objects.get(pk=resident.pk)
    for said in (variant(SPOT, organisation=company), variant(SPOT)):  # who left changes nothing of it any more
        with pytest.raises(PermissionDenied):
            variants.change(mine.pk, said, by=gone)
    assert fresh(mine).organisation == company


def test_areas_that_share_an_edge_are_one() -> None:
    west, east = (Polygon.from_bbox((LON + x, LAT, LON + x + 0.001, LAT + 0.001)) for x in (0, 0.001))
    west.srid = east.srid = 4326
    (made, *_rest) = own(opened(None, variant(west, east), variant()))
    assert (made.polygons.num_geom, made.polygons.extent) == (1, pytest.approx((LON, LAT, LON + 0.002, LAT + 0.001)))


def test_who_sent_the_preferred_one_hears_so_and_so_does_who_sent_another() -> None:
    by, people = factories.official(), [factories.resident(), factories.resident()]
    made = opened(by)
    first, second = (sent(made, who) for who in people)
    for each in (first, second):
        variants.publish(each.pk, by=factories.moderator())
    actions.decide(over(made).pk, second, by=by, text="Така.", language="bg")
    for each, code, who in ((first, "pass_over", people[0]), (second, "prefer", people[1])):
        row = TimelineRow.objects.get(subject=each.pk, code=code)
        assert [found.correspondent for found in recipients_of(row)] == [who.correspondent]


def test_an_alert_hears_of_a_comparison_where_any_shape_of_a_variant_lies() -> None:
    far = Point(LON + 0.1, LAT, srid=4326)
    alerts.save(
        Where(centre=far, metres=200), correspondent=factories.guest("far@levka.test"), name="far", frequency="instant",
        kinds=["comparison"],
    )  # fmt: skip
    made = opened(None, variant(), variant(SQUARE, far))
    row = TimelineRow.objects.get(subject=made.pk, code="open")
    assert [len(match.alerts) for match in alerts.matching_of(row, matter_of(row.subject))] == [1]


def _published(made: Comparison) -> TimelineRow:
    return variants.publish(sent(made).pk, by=factories.moderator())
