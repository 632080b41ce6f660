"""The land of the world, decoded from its package: real outlines, closed, where towns and seas are."""

from __future__ import annotations

import re

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from layers.world import land


def rings() -> list[list[tuple[float, float]]]:
    parts = re.findall(r"M([^Z]*)Z", land())
    return [[tuple(map(float, pair.split(","))) for pair in part.split("L")] for part in parts]  # type: ignore[misc]


def test_the_outlines_are_whole_and_lie_on_the_globe():
    assert re.fullmatch(r"(M[-\d.,L]+Z)+", land())
    found = rings()
    assert len(found) > 100
    assert all(-540 <= x <= 540 and -90 <= y <= 60 for ring in found for x, y in ring)
    steps = [abs(a[0] - b[0]) for ring in found for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)]
    assert max(steps) < 60  # no line runs from one edge of the map to the other
    assert len(land()) < 70_000


def test_towns_lie_on_land_and_the_middle_of_the_sea_does_not():
    shape = MultiPolygon(*[Polygon([*ring, ring[0]]) for ring in rings()]).buffer(0)
    towns, seas = [(23.8, 42.9), (-74.1, 4.7), (13.9, 45.9), (151.0, -33.7)], [(-30.0, 30.0), (34.0, 43.5), (80.0, -30.0)]
    assert [shape.contains(Point(x, -y)) for x, y in towns] == [True] * 4
    assert [shape.contains(Point(x, -y)) for x, y in seas] == [False] * 3
