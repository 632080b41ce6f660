"""What variants would touch, against numbers computed by hand: a square, a line, people by the share of their settlement's circle."""

from __future__ import annotations

import csv
import io
import math

import pytest
from django.contrib.gis.geos import LineString, Polygon
from django.utils import translation

from municipality.models import Area
from participation import effects
from reports.models import Report
from tests import factories
from tests.participation.compared import LAT, LON, SPOT, opened, own, variant

pytestmark = pytest.mark.usefixtures("town")
# Metres of a degree on the WGS84 spheroid at this latitude.
A, E2 = 6_378_137.0, 0.00669437999014
SINE = math.sin(math.radians(LAT))
NORTH = math.radians(1) * A * (1 - E2) / (1 - E2 * SINE**2) ** 1.5
EAST = math.radians(1) * A / math.sqrt(1 - E2 * SINE**2) * math.cos(math.radians(LAT))


def metres(east: float, north: float) -> tuple[float, float]:
    """The position so far from the middle of the town."""
    return LON + east / EAST, LAT + north / NORTH


def line(length: float) -> LineString:
    return LineString(metres(-length / 2, 0), metres(length / 2, 0), srid=4326)


def square(side: float) -> Polygon:
    west, east = -side / 2, side / 2
    corners = [metres(west, west), metres(east, west), metres(east, east), metres(west, east)]
    return Polygon([*corners, corners[0]], srid=4326)


def test_length_area_and_people_by_the_share_of_the_circle(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    radius = 150 + 9 * 200
    density = 40_000 / (math.pi * radius**2)
    Area.objects.filter(slug="levka").update(population=200**2, point=SPOT)
    rows = own(opened(None, variant(line(1000), cost_from=900, cost_to=1100), variant(square(200)), variant(SPOT)))
    with django_assert_num_queries(1):
        path, park, spot = effects.effects(rows)
    assert path.length == pytest.approx(1000, rel=0.001) and path.area is None
    assert park.area == pytest.approx(40_000, rel=0.001) and park.length is None
    assert (spot.area, spot.length) == (None, None)
    for found, near, far in (
        (path, 2 * 300 * 1000 + math.pi * 300**2, 2 * 500 * 1000 + math.pi * 500**2),
        (park, 200**2 + 4 * 200 * 300 + math.pi * 300**2, 200**2 + 4 * 200 * 500 + math.pi * 500**2),
        (spot, math.pi * 300**2, math.pi * 500**2),
    ):
        assert (found.near, found.far) == (pytest.approx(near * density, rel=0.01), pytest.approx(far * density, rel=0.01))
    assert path.cost_per_person == pytest.approx(1000 / path.far)
    assert park.cost_per_person is None


def test_people_are_those_of_the_circles_that_are_reached() -> None:
    """Half of what is near the edge of the circle lies in it; who is known to live nowhere near is nobody, who is not known is not known."""
    Area.objects.filter(kind="settlement").update(population=None)
    Area.objects.filter(slug="levka").update(population=200**2, point=SPOT)
    edge = LineString(metres(1950, 0), metres(1951, 0), srid=4326)
    far = LineString(metres(2600, 0), metres(2601, 0), srid=4326)
    rows = own(opened(None, variant(SPOT), variant(edge), variant(far)))
    here, there, away = effects.effects(rows)
    assert there.near == pytest.approx(here.near / 2, rel=0.08)
    assert (away.near, away.far, away.cost_per_person) == (0, 0, None)
    Area.objects.update(population=None)
    unknown = effects.effects(rows)[0]
    assert (unknown.near, unknown.far, unknown.cost_per_person) == (None, None, None)


def test_contributions_inside_areas_and_within_fifty_metres_of_lines_and_places() -> None:
    by = factories.resident()
    for east, north in ((0, 0), (0, 45), (0, 60), (90, 90), (300, 0)):
        factories.report(author=by, at_point=metres(east, north))
    factories.report(author=by, at_point=metres(0, 1), restricted=True)
    unclear = factories.report(author=by, at_point=metres(0, 1))
    Report.objects.filter(pk=unclear.pk).update(approximate=True)  # its settlement's point is no place in the variant
    for state in ("duplicate", "withdrawn"):
        gone = factories.report(category="park-idea", author=by, at_point=metres(0, 2))
        Report.objects.filter(pk=gone.pk).update(status=state)
    rows = own(opened(None, variant(line(400)), variant(square(190)), variant(SPOT), variant(square(190), line(700))))
    assert [each.inside for each in effects.effects(rows)] == [2, 4, 2, 5]


def test_what_is_not_known_says_so_and_numbers_are_grouped() -> None:
    rows = own(opened(None, variant(line(1234), cost_from=120000, cost_to=150000, months_to=1), variant(square(120))))
    with translation.override("bg"):
        told = {row.label: row.cells for row in effects.rows(effects.effects(rows))}
    assert told["Разходи"] == ("120\xa0000 – 150\xa0000 €", "не е известно")
    assert told["Срок"] == ("1 месец", "не е известно")
    assert [told["Дължина"], told["Площ"]] == [("1\xa0234 м", "–"), ("–", "1,44 ха")]
    with translation.override("en"):
        head, first, *_rest = list(csv.reader(io.StringIO(effects.as_csv(effects.effects(rows)).decode("utf-8-sig"))))
    assert (head[0], first[:2], first[3:5], first[7]) == ("Alternative", ["A", "Алея"], ["120000", "150000"], "1234")
