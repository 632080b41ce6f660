"""Gazetteer and base map from an extract of OpenStreetMap: what it names comes, what it names no more goes, what the municipality
entered stays; the map is written whole."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.db import connection, transaction
from django.utils.translation import gettext as _

from geoportal.kernel.postgis import BBox
from layers import osm, osm_merge, osm_tiles
from layers.actions.layers import new_edition
from layers.importing import ImportRefused
from layers.models import BaseMap
from municipality.models import Area

LOCK = 7_480_048
"""One extract or file at a time."""
SLUG = "own-map"
NAMES = {"bg": "Карта", "en": "Map"}
EVERY = 100_000
"""Things read between two words about how far it is."""
PIECE = 1 << 20
Tell = Callable[[str, int], None]
"""Hears of progress: ("read", things so far), ("gazetteer", 0), ("zoom 8", tiles so far)."""


@dataclass(frozen=True)
class Taken:
    """`read`: things of the extract by kind; `outside`: of them outside the municipality; `kept`: places by kind, as they now stand.

    `drawn`: how many things the base map has, `map`: its file (None of a dry run, and where nothing is to be drawn); seconds of both
    halves, reading in the first.
    """

    read: dict[str, int]
    outside: int
    new: int
    changed: int
    gone: int
    kept: dict[str, int]
    drawn: int
    map: osm_tiles.BaseMapFile | None
    seconds: tuple[float, float]
    refused: ImportRefused | None
    """Why it is not done without force."""


def import_osm(
    path: Path, box: BBox | None = None, tell: Tell = lambda what, count: None, *, force: bool = False, dry: bool = False
) -> Taken:
    """Takes streets, houses, landmarks, quarters and the base map of the extract in `box` (else of the municipality).

    More than half of the streets of earlier extracts go with `force` alone. A `dry` run counts, and writes nothing, no map either.
    Raises ImportRefused; then, and after any error, gazetteer and map are as they were.
    """
    before = set(BaseMap.objects.exclude(file="").values_list("file", flat=True))
    written: list[str] = []
    try:
        with transaction.atomic():
            transaction.on_commit(written.clear)  # first of all that follows: what is committed is never taken back
            taken = _taken(path, box, tell, written, dry)
            if taken.refused and not (force or dry):
                raise taken.refused
            if dry:
                transaction.set_rollback(True)
            else:
                _offered(taken.map, before)
                new_edition()
            return taken
    except BaseException:
        for name in {*written} - before:
            osm_tiles.remove_one(name)
        raise


def _taken(path: Path, box: BBox | None, tell: Tell, written: list[str], dry: bool) -> Taken:
    box = box or Area.objects.filter(parent=None).aggregate(box=Extent("polygon"))["box"]
    begun = time.monotonic()
    with connection.cursor() as cursor:
        prepare(cursor)
        cursor.execute("DROP TABLE IF EXISTS osm_read, osm_drawn")
        cursor.execute(osm_tiles.TABLE)
        read, drawn = _read(cursor, path, box, tell)
        drawing = time.monotonic()  # before the gazetteer, whose rows nobody else can change until all is done
        made = None if dry else osm_tiles.write(cursor, box, lambda zoom, count: tell(f"zoom {zoom}", count))
        written += [made.name] if made else []
        drawn_in = time.monotonic() - drawing
        tell("gazetteer", 0)
        outside, new, changed, gone, kept, refused = _merged(cursor, read.total())
        if not kept and (gone or not drawn):
            raise ImportRefused("beside")
    seconds = time.monotonic() - begun - drawn_in, drawn_in
    return Taken(dict(read), outside, new, changed, gone, kept, drawn, made, seconds, refused)


def prepare(cursor: Any) -> None:
    """As long as it takes, one at a time, with the tables of layers.osm_merge."""
    cursor.execute(
        "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = 0"
    )
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    cursor.execute(osm_merge.TABLES)


def _read(cursor: Any, path: Path, box: BBox | None, tell: Tell) -> tuple[Counter[str], int]:
    """Things of the gazetteer by kind, and how many are drawn: what is drawn waits in a file, as the database takes one COPY at a time."""
    read: Counter[str] = Counter()
    drawn = 0
    with tempfile.TemporaryFile() as waiting:
        with cursor.copy(osm_merge.COPY) as copy:
            for thing in osm.read(path, box):
                name = orjson.dumps(thing["name"]).decode()
                if layer := thing.get("drawn"):
                    drawn += 1
                    escaped = name.replace("\\", "\\\\")  # as COPY reads text
                    waiting.write(f"{layer}\t{thing['kind']}\t{thing['first']}\t{escaped}\t{thing['e']}\n".encode())
                else:
                    read[thing["kind"]] += 1
                    copy.write_row(
                        (thing["kind"], thing["key"], name, thing["spelt"], thing["number"], thing["e"], thing["town"])
                    )
                if (drawn + read.total()) % EVERY == 0:
                    tell("read", drawn + read.total())
        waiting.seek(0)
        with cursor.copy(osm_tiles.COPY) as copy:
            while piece := waiting.read(PIECE):
                copy.write(piece)
    return read, drawn


def _merged(cursor: Any, read: int) -> tuple[int, int, int, int, dict[str, int], ImportRefused | None]:
    """How many lie outside, are new, changed and gone, what the gazetteer has of the extract by kind, and why too many go."""
    for statement in osm_merge.PLACED:
        cursor.execute(statement)
    cursor.execute("SELECT count(*) FROM osm_thing")
    outside = read - cursor.fetchone()[0]
    cursor.execute("ANALYZE osm_thing")
    for statement in (*osm_merge.STREETS, osm_merge.HOUSES, osm_merge.OTHERS, *osm_merge.OWN_STREETS):
        cursor.execute(statement)
    cursor.execute("ANALYZE osm_place")
    cursor.execute(osm_merge.KNOWN)
    known = cursor.fetchone()[0]
    cursor.execute(osm_merge.GONE)
    gone = Counter(kind for (kind,) in cursor.fetchall())
    written: Counter[bool] = Counter()
    for houses in (False, True):
        cursor.execute(osm_merge.WRITTEN, [houses])
        written.update(new for (new,) in cursor.fetchall())
    cursor.execute(osm_merge.COUNTED)
    return outside, written[True], written[False], gone.total(), dict(cursor.fetchall()), _too_many(gone, known)


def _too_many(gone: Counter[str], streets: int) -> ImportRefused | None:
    """Of a piece of the municipality, or of the extract of a neighbour, the streets of the rest would go."""
    if gone["street"] * 2 <= streets:
        return None
    words = _("streets: %(gone)s of %(known)s; places in all: %(all)s")
    return ImportRefused("fewer_streets", words % {"gone": gone["street"], "known": streets, "all": gone.total()})


def _offered(made: osm_tiles.BaseMapFile | None, before: set[str]) -> None:
    """The map among the base maps, first of them until an administrator orders them otherwise. One that draws nothing leaves that
    of before; the file of before goes with the import after this one, as open pages still read it."""
    if made is None:
        return
    slug = made.name[:20] if BaseMap.objects.filter(slug=SLUG, file="").exists() else SLUG
    if not BaseMap.objects.exclude(file="").update(file=made.name, max_zoom=made.zoom):
        BaseMap.objects.create(
            slug=slug, name={code: NAMES.get(code, NAMES["en"]) for code, _name in settings.LANGUAGES}, file=made.name,
            max_zoom=made.zoom, attribution="© OpenStreetMap contributors",
            attribution_url="https://www.openstreetmap.org/copyright",
        )  # fmt: skip
    transaction.on_commit(lambda: osm_tiles.remove({made.name, *before}), robust=True)
