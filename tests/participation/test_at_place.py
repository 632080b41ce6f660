"""`/search/` by coordinates and plus codes: the place, and what is public within 200 m of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.test import Client

from layers.models import Place
from layers.plus_codes import encoded
from municipality.models import Area
from reports.freshness import data_version
from reports.models import Report
from tests import factories
from tests.participation.conftest import event

pytestmark = pytest.mark.usefixtures("town")
LON, LAT = factories.CENTRE


def at(x: float, y: float) -> Point:
    """Metres east and north of the town's centre, nearly."""
    return Point(LON + x / 81_500, LAT + y / 111_100, srid=4326)


def spot(query: str, **more: str) -> Any:
    return Client().get("/search/", {"q": query, **more}).context["spot"]


def test_coordinates_and_plus_codes_are_a_place_with_what_lies_close_to_it(django_assert_max_num_queries: Any) -> None:
    home = Area.objects.get(slug="levka")
    way = MultiLineString(LineString(at(-100, 0), at(100, 0)))
    Place.objects.create(
        slug="gurko", kind="street", area=home, name=factories.texts("ул. Гурко", "Gurko Street"), folded="gurko", line=way
    )
    for title, x in (("Далече", 260), ("Близо", 20), ("По-далече", 150)):
        factories.report(title=title, point=at(x, 0))
    vague = factories.report(title="Някъде в града", point=at(0, 0))
    Report.objects.filter(pk=vague.pk).update(approximate=True)
    event(title="Среща", point=at(0, 90))
    data_version.forget()
    typed = f"{LAT:.6f}, {LON:.6f}"
    with django_assert_max_num_queries(24):
        found = spot(typed)
    assert (found.inside, found.name) == (True, f"{typed}, гр. Левка")
    assert found.near == "до ул. Гурко"
    link = f"https://www.google.com/maps/place/Library/@{LAT:.7f},{LON:.7f},15z/data=!8m2!3d{LAT:.7f}!4d{LON:.7f}"
    assert spot(link).name == found.name
    assert [(card["title"], str(card["kind_name"])) for card in found.cards] == [
        ("Близо", "сигнал"), ("Среща", "събитие"), ("По-далече", "сигнал"),
    ]  # fmt: skip
    assert found.cards[0]["place"].endswith("на 20 м")
    page = Client().get("/search/", {"q": encoded(LON, LAT)})
    assert page.context["spot"].inside and "Това е място на картата" in page.content.decode()
    assert f"at={page.context['spot'].query.partition('at=')[2]}" in page.content.decode().replace("&amp;", "&")
    assert "Нищо не е намерено" not in page.content.decode()


def test_words_are_no_place_one_outside_is_said_to_be_outside_and_filters_stay_filters() -> None:
    assert spot("градина") is None
    assert spot("") is None
    assert spot(f"{LAT}, {LON}", kind="event") is None
    beyond = spot("0.00001, 0.00001")
    assert (beyond.inside, beyond.name, beyond.cards) == (False, "0.000010, 0.000010", ())
    page = Client().get("/search/", {"q": "0.00001, 0.00001"}).content.decode()
    assert "Това място е извън общината" in page
