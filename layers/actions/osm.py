"""The gazetteer from an extract of OpenStreetMap: what it names comes, what it names no more goes, what the municipality entered stays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import orjson
from django.contrib.gis.db.models import Extent
from django.db import connection, transaction

from geoportal.kernel.postgis import BBox
from layers import osm, osm_merge
from layers.actions.layers import new_edition
from municipality.models import Area

LOCK = 7_480_048
"""One extract at a time."""


@dataclass(frozen=True)
class Taken:
    """`read`: things of the extract by kind; `outside`: of them outside the municipality; `kept`: places by kind, as they now stand."""

    read: dict[str, int]
    outside: int
    new: int
    changed: int
    gone: int
    kept: dict[str, int]


@transaction.atomic
def import_osm(path: Path, box: BBox | None = None) -> Taken:
    """Takes the streets, houses, landmarks and quarters of the extract in `box` (else of the municipality). Raises ImportRefused."""
    box = box or Area.objects.filter(parent=None).aggregate(box=Extent("polygon"))["box"]
    read: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("DROP TABLE IF EXISTS osm_thing, osm_place")
        cursor.execute(osm_merge.TABLES)
        with cursor.copy(osm_merge.COPY) as copy:
            for thing in osm.read(path, box):
                read[thing["kind"]] += 1
                name = orjson.dumps(thing["name"]).decode()
                copy.write_row((thing["kind"], thing["key"], name, thing["spelt"], thing["number"], thing["e"], thing["town"]))
        for statement in osm_merge.PLACED:
            cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM osm_thing")
        outside = read.total() - cursor.fetchone()[0]
        cursor.execute("ANALYZE osm_thing")
        for statement in (*osm_merge.STREETS, osm_merge.HOUSES, osm_merge.OTHERS, *osm_merge.OWN_STREETS):
            cursor.execute(statement)
        cursor.execute("ANALYZE osm_place")
        cursor.execute(osm_merge.GONE)
        gone = len(cursor.fetchall())
        written: Counter[bool] = Counter()
        for houses in (False, True):
            cursor.execute(osm_merge.WRITTEN, [houses])
            written.update(new for (new,) in cursor.fetchall())
        cursor.execute(osm_merge.COUNTED)
        kept = dict(cursor.fetchall())
    new_edition()
    return Taken(dict(read), outside, written[True], written[False], gone, kept)
