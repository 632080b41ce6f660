"""Events stand on the map as a kind of their own: sign, chip, legend, list, pile, card; hidden and past ones do not."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client
from django.utils import timezone, translation

from discussion.models import Subject
from municipality.models import Area, Sector
from participation.actions import questions
from participation.actions.survey import open_it
from participation.models import Consultation, Event, Initiative, Survey
from reports import beside
from reports.filters import Filters
from tests import factories
from tests.participation.asked import asked, prepared
from tests.participation.asked import opened as surveyed
from tests.participation.conftest import event, past
from tests.participation.consultation_world import opened
from tests.participation.test_initiatives import initiative

pytestmark = pytest.mark.usefixtures("town")
BOX = "23.5,42.8,23.8,43.0"


def features(**query: str) -> Any:
    return Client().get("/map.json", {"bbox": BOX, "zoom": "15", **query}).json()


def chips(**query: str) -> dict[str, int]:
    return {chip["key"]: chip["count"] for chip in Client().get("/", {"bbox": BOX, **query}).context["kinds"]}


def test_an_event_to_come_has_a_sign_a_chip_and_a_row() -> None:
    made = event()
    found = features()
    [pin] = found["pins"]
    assert (pin["ref"], pin["kind"], pin["title"]) == (made.subject.reference, "event", "Среща за градината")
    assert "Среща за градината" in found["parts"]["map-list"]
    assert chips()["kind-event"] == 1
    assert chips()["kind-"] == 1


def test_kind_and_sector_let_it_through_or_not() -> None:
    event().subject.further_sectors.add(Sector.objects.get(slug="health"))
    factories.report()
    for query, kinds in (
        ({"kind": "event"}, ["event"]),
        ({"kind": "problem"}, ["problem"]),
        ({"sector": "health"}, ["event"]),
        ({"kind": "event", "sector": "other"}, []),
        ({"overdue": "1"}, []),
        ({"kind": "event", "q": "градината"}, ["event"]),
        ({"kind": "event", "q": "пералня"}, []),
    ):
        page = Client().get("/", {"bbox": BOX, **query})
        shown = [item["kind"] for item in [*page.context["cards"], *page.context["beside"]]]
        assert (shown, page.context["total"]) == (kinds, len(kinds)), query
    sectors = {entry["key"]: entry["count"] for entry in Client().get("/", {"bbox": BOX}).context["legend"]}
    assert (sectors["sector-health"], sectors["sector-urban"]) == (1, 2)


def test_no_chip_without_events_and_none_of_those_that_are_over_hidden_or_unread() -> None:
    over = past(event())
    Event.objects.filter(pk=over.pk).update(ends_at=timezone.now() - datetime.timedelta(minutes=1))
    event(by=factories.resident())
    hidden = event()
    Subject.objects.filter(pk=hidden.pk).update(visibility="hidden", is_public=False)
    assert features()["pins"] == []
    assert "kind-event" not in chips()
    assert chips(kind="event")["kind-event"] == 0


def test_a_group_says_what_it_is_made_of_and_its_list_holds_it() -> None:
    for _each in range(2):
        event()
    factories.report(at_point=factories.CENTRE)
    [group] = features(bbox="23.599,42.899,23.601,42.901", zoom="18")["clusters"]
    assert (group["count"], group["name"]) == (3, "3: 1 сигнал или идея, 2 събития")
    page = Client().get("/map/here/", {"bbox": group["here"]}).content.decode()
    assert page.count("Среща за градината") == 2


def test_the_card_of_its_sign_leads_to_its_page() -> None:
    made = event()
    page = Client().get(f"/map/{made.subject.reference}/").content.decode()
    assert f'href="/events/{made.subject.reference}/"' in page
    assert "/support/" not in page


def test_everything_beside_is_one_query(django_assert_num_queries: Any) -> None:
    for _each in range(3):
        event()
    with django_assert_num_queries(1), translation.override("bg"):
        assert len(beside.cards(Filters())) == 3
    with django_assert_num_queries(0):
        assert beside.cards(Filters(overdue=True)) == beside.cards(Filters(kind=("problem",))) == []


def test_initiatives_that_are_not_over_stand_there_too_in_the_same_query(django_assert_num_queries: Any) -> None:
    day = datetime.date(2099, 5, 6)
    made = initiative(starts_on=day)
    over = initiative(title="Свърши")
    Initiative.objects.filter(pk=over.pk).update(status="stopped")
    event()
    with django_assert_num_queries(1), translation.override("bg"):
        found = beside.cards(Filters())
    assert [(card["kind"], card["ref"]) for card in found if card["kind"] == "initiative"] == [
        ("initiative", made.subject.reference)
    ]
    assert len(found) == 2
    assert "6 май 2099" in next(card["place"] for card in found if card["kind"] == "initiative")
    assert f'href="/initiatives/{made.subject.reference}/"' in Client().get(f"/map/{made.subject.reference}/").content.decode()


def test_what_has_a_settlement_alone_stands_there_and_in_the_list_what_is_online_nowhere() -> None:
    meeting, online, action, everywhere = event(), event(form="online", link="https://levka.test/"), initiative(), event()
    village = Area.objects.exclude(parent=None).exclude(point=None)[0]
    Subject.objects.filter(pk__in=[meeting.pk, online.pk, action.pk]).update(area=village)
    Subject.objects.filter(pk=everywhere.pk).update(area=Area.objects.get(parent=None))
    Event.objects.update(point=None)
    Initiative.objects.update(point=None)
    x, y = village.point.coords
    near, far = (x - 0.01, y - 0.01, x + 0.01, y + 0.01), (x + 1, y + 1, x + 2, y + 2)
    here = {meeting.subject.reference, action.subject.reference}
    cards = {card["ref"]: card for card in beside.cards(Filters(bbox=near))}
    assert set(cards) == here
    assert {(round(card["lon"], 6), round(card["lat"], 6)) for card in cards.values()} == {(round(x, 6), round(y, 6))}
    assert beside.cards(Filters(bbox=far)) == []
    assert {card["ref"] for card in beside.cards(Filters())} == here | {online.subject.reference, everywhere.subject.reference}


def test_an_open_consultation_with_a_border_stands_within_it() -> None:
    made = opened()
    assert [card["kind"] for card in beside.cards(Filters())] == ["consultation"]
    assert features()["pins"] == []
    Consultation.objects.filter(pk=made.pk).update(within=MultiPolygon(Polygon.from_bbox((23.59, 42.89, 23.61, 42.91))))
    [pin] = features()["pins"]
    assert (pin["kind"], pin["ref"]) == ("consultation", made.subject.reference)
    assert features(bbox="23.7,42.8,23.8,42.85")["pins"] == []


def test_an_open_survey_stands_where_it_asks_and_one_of_the_whole_municipality_nowhere(django_assert_num_queries: Any) -> None:
    border = Polygon.from_bbox((23.59, 42.89, 23.61, 42.91))
    by = factories.official()
    made = prepared(by, ("point",))
    questions.ask(made.pk, asked(kind="area", area=border), by=by)
    open_it(made.pk, by=by)
    everywhere, prepared_only = surveyed(by, ("text",)), prepared(by, ("point",))
    [pin] = features()["pins"]
    assert (pin["kind"], pin["ref"], border.contains(Point(pin["lon"], pin["lat"]))) == ("survey", made.subject.reference, True)
    assert features(bbox="23.7,42.8,23.8,42.85")["pins"] == features(kind="event")["pins"] == []
    assert f'href="/surveys/{made.subject.reference}/"' in Client().get(f"/map/{made.subject.reference}/").content.decode()
    assert chips()["kind-survey"] == 1
    with django_assert_num_queries(1), translation.override("bg"):
        found = {card["ref"] for card in beside.cards(Filters())}
    assert found == {made.subject.reference, everywhere.subject.reference}

    spot = Point(23.605, 42.905, srid=4326)
    Survey.objects.filter(pk=prepared_only.pk).update(point=spot)
    open_it(prepared_only.pk, by=by)
    Subject.objects.filter(pk=everywhere.pk).update(area=Area.objects.get(slug="levka"))
    places = {card["ref"]: (card["lon"], card["lat"]) for card in beside.cards(Filters(bbox=(23.0, 42.0, 24.5, 43.5)))}
    assert places[prepared_only.subject.reference] == (spot.x, spot.y)
    assert places.keys() == {one.subject.reference for one in (made, prepared_only, everywhere)}
