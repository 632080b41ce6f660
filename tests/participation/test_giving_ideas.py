"""Ideas given to a call: from within its border only, in the form, through the API and in the database; carried into a later phase."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, Point
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from discussion.models import Link
from municipality.models import Area
from participation.actions import consultation as actions
from participation.actions import giving, table
from participation.models import Consultation, Proposal
from reports.actions import relocate, submit
from reports.models import Report
from tests import factories
from tests.api.test_sending import body
from tests.participation import consultation_world as world
from tests.participation.test_event_pages import signed_in

pytestmark = pytest.mark.usefixtures("town")


def call(by: Any = None, **fields: Any) -> Consultation:
    return world.opened(by, **{"kind": "call", "within": world.within(), **fields})


def idea(**fields: Any) -> Report:
    return submit(factories.submission(**{"category": "park-idea", "author": factories.resident(), **fields}))


def given(made: Consultation) -> list[int]:
    return list(Link.objects.filter(target=made.pk, kind="given_to").order_by("source").values_list("source", flat=True))


def test_an_idea_within_the_border_is_given_and_shown() -> None:
    made = call()
    sent = idea(point=Point(*world.INSIDE), given_to=made.subject, title="Пейка до чешмата")
    assert given(made) == [sent.pk]
    assert "Пейка до чешмата" in Client().get(f"/consultations/{made.subject.reference}/").content.decode()
    assert "Дадена към" in Client().get(f"/reports/{sent.subject.reference}/").content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"point": Point(*world.BESIDE)}, "point"),
        ({"point": Point(*world.INSIDE), "line": LineString(world.INSIDE, world.BESIDE)}, "place"),
        ({"category": "pothole", "kind": "problem"}, "given_to"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason_and_nothing_is_kept(fields: dict[str, Any], field: str) -> None:
    made = call()
    with pytest.raises(ValidationError) as refused:
        idea(**{"point": Point(*world.INSIDE), "given_to": made.subject, **fields})
    assert list(refused.value.message_dict) == [field]
    assert (Report.objects.count(), given(made)) == (0, [])


def test_a_place_known_by_its_settlement_alone_lies_in_the_border_only_with_all_of_it() -> None:
    made = call()
    settlement = Area.objects.get(slug="dabrava")
    for fields in ({"settlement": settlement, "place": "до чешмата"}, {}):
        with pytest.raises(ValidationError) as refused:
            idea(**{"point": None, "given_to": made.subject, **fields})
        assert list(refused.value.message_dict) == ["place"]
    assert Report.objects.count() == 0
    loose = idea(point=None, settlement=settlement, place="до чешмата")
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(source=loose.subject, target=made.subject, kind="given_to")
    wide = call(within=settlement.polygon, title="За Дъбрава")
    sent = idea(point=None, settlement=settlement, place="до чешмата", given_to=wide.subject)
    assert (given(made), given(wide)) == ([], [sent.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=wide.pk).update(within=world.within())


def test_the_form_asks_for_the_place_on_the_map_when_the_settlement_lies_outside() -> None:
    made, client = call(), signed_in(factories.resident())
    draft = client.get(f"/consultations/{made.subject.reference}/give/")["Location"].split("draft=")[1].split("&")[0]
    step = {"client_uuid": draft, "step": "place", "go": "next", "given_to": made.subject.reference}
    for place in ({"settlement": "dabrava", "place": "до чешмата"}, {"whole": "on"}):
        refused = client.post("/reports/new/", {**step, **place})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["place"])
        assert (
            "Посочете мястото на картата" in str(refused.context["form"].errors)
            and "Посочете мястото на картата" in refused.content.decode()
        )


def test_a_closed_call_and_one_that_takes_no_ideas_refuse() -> None:
    by = factories.official("parks")
    for made in (world.over(call(by)), world.opened(by)):
        with pytest.raises(ValidationError) as refused:
            idea(point=Point(*world.INSIDE), given_to=made.subject)
        assert list(refused.value.message_dict) == ["given_to"]
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("who_may", "taken"), [("anyone", [True, True, True]), ("email", [False, True, True]), ("account", [False, False, True])]
)
def test_who_may_give_is_asked_too(who_may: str, taken: list[bool]) -> None:
    made, found = call(who_may=who_may), []
    for fields in ({"author": None}, {"author": None, "email": "rada@levka.test"}, {}):
        try:
            idea(point=Point(*world.INSIDE), given_to=made.subject, **fields)
        except ValidationError:
            found.append(False)
        else:
            found.append(True)
    assert found == taken


def test_the_database_refuses_what_lies_outside() -> None:
    made = call()
    inside, beside = idea(point=Point(*world.INSIDE), given_to=made.subject), idea(point=Point(*world.BESIDE))
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(source=beside.subject, target=made.subject, kind="given_to")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=inside.pk).update(geom=Point(*world.BESIDE))
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=made.pk).update(within=factories.box(23.5, 42.8, 23.55, 42.85))
    Report.objects.filter(pk=beside.pk).update(geom=Point(23.71, 42.96))
    assert given(made) == [inside.pk]


def test_an_idea_that_was_given_is_not_moved_outside() -> None:
    made = call()
    sent = idea(point=Point(*world.INSIDE), given_to=made.subject)
    with pytest.raises(ValidationError) as refused:
        relocate(sent.pk, point=Point(*world.BESIDE), by=sent.author)
    assert list(refused.value.message_dict) == ["point"]
    assert Report.objects.get(pk=sent.pk).geom.equals(Point(*world.INSIDE, srid=4326))


def test_the_form_names_the_call_shows_its_border_and_refuses_a_place_outside() -> None:
    made, client = call(), signed_in(factories.resident())
    opened = client.get(f"/consultations/{made.subject.reference}/give/")
    page = client.get(opened["Location"]).content.decode()
    assert "Давате тази идея към:" in page and made.subject.title in page
    assert "Мястото трябва да е в граница; картата я показва. Границата е в землищата на: гр. Левка." in page
    assert page.count("MultiPolygon") == 1 and "data-within" in page
    draft = opened["Location"].split("draft=")[1].split("&")[0]
    step = {"client_uuid": draft, "step": "place", "go": "next"}
    lon, lat = world.BESIDE
    refused = client.post("/reports/new/", {**step, "lon": lon, "lat": lat})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["lon"])
    assert "приема идеи само в границата си" in refused.content.decode()
    lon, lat = world.INSIDE
    assert client.post("/reports/new/", {**step, "lon": lon, "lat": lat}).status_code == 302
    what = {"kind": "idea", "category": "park-idea", "title": "Сянка", "text": "До спирката.", "terms": "on",
            "given_to": made.subject.reference}  # fmt: skip
    client.post("/reports/new/", {**step, **what, "step": "what"})
    client.post("/reports/new/", {**step, "step": "photos"})
    client.post("/reports/new/", {**step, **what, "step": "send", "go": "send"})
    assert given(made) == [Report.objects.get().pk]


def test_the_api_takes_the_number_and_refuses_a_place_outside() -> None:
    made, client = call(), signed_in(factories.resident())
    sent = body(kind="idea", category="park-idea", given_to=made.subject.reference)

    def post(place: tuple[float, float], **fields: Any) -> Any:
        point = {"type": "Point", "coordinates": list(place)}
        return client.post(
            "/api/v1/reports/", {**sent, "point": point, **fields}, content_type="application/json",
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )  # fmt: skip

    refused = post(world.BESIDE)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["point"])
    assert list(post(world.INSIDE, given_to="0000000000").json()["errors"]) == ["given_to"]
    assert (post(world.INSIDE).status_code, len(given(made))) == (201, 1)


def test_ideas_that_are_there_already_are_given_by_the_organiser() -> None:
    by = factories.official("parks")
    made, inside, beside = call(by), idea(point=Point(*world.INSIDE)), idea(point=Point(*world.BESIDE))
    page, client = f"/consultations/{made.subject.reference}/ideas/", signed_in(by)
    refused = client.post(page, {"ideas": f"{inside.subject.reference}\n{beside.subject.reference}"})
    assert (refused.status_code, list(refused.context["form"].errors), given(made)) == (422, ["ideas"], [])
    assert client.post(page, {"ideas": inside.subject.reference}).status_code == 302
    assert given(made) == [inside.pk]


def test_ideas_are_answered_in_the_table_and_carried_into_the_next_phase() -> None:
    by = factories.official("parks")
    made = call(by)
    good, bad, far = (idea(point=Point(*world.INSIDE), given_to=made.subject) for _each in range(3))
    Report.objects.filter(pk=far.pk).update(geom=Point(23.581, 42.881))
    world.over(made)
    assert table.collect(made.pk, by=by) == 3
    for report, verdict in ((good, "accepted"), (bad, "refused"), (far, "partly")):
        row = Proposal.objects.get(sources__idea=report.pk)
        table.write_row(made.pk, row.pk, by=by, verdict=verdict, reason="Така.")
    table.answer(made.pk, by=by)
    earlier = Consultation.objects.get(pk=made.pk)
    later = world.written(
        by, kind="call", within=factories.box(23.59, 42.89, 23.61, 42.91), earlier=earlier, title="Втори етап"
    )
    assert (giving.carry(later.pk, by=by), giving.carry(later.pk, by=by), given(later)) == (1, 0, [good.pk])
    smaller = world.terms("call", within=factories.box(23.602, 42.902, 23.61, 42.91))
    with pytest.raises(ValidationError) as refused:
        actions.change(later.pk, smaller, by=by)
    assert (list(refused.value.message_dict), good.subject.title in str(refused.value)) == (["within"], True)
    assert Link.objects.filter(source=later.pk, target=made.pk, kind="inspired_by").count() == 1
    actions.open_to_all(later.pk, by=by)
    assert "Втори етап" in Client().get(f"/consultations/{made.subject.reference}/").content.decode()
