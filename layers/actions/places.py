"""Places of a file of the municipality into the gazetteer: a later file of a kind takes the place of the earlier one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction

from geoportal.kernel.multilingual import text_in
from layers import osm_merge, place_merge
from layers.actions.layers import new_edition
from layers.actions.osm import prepare
from layers.importing import ImportRefused, Mapping, read
from layers.models import Place
from layers.place_rows import NOTED, Columns, Row, Things
from municipality.models import Area


@dataclass(frozen=True)
class PlacesTaken:
    """`head`: of the file, as layers.import_child tells it; `rows`: how many it has. `report`: what is wrong first, what is noted last.

    `held`: streets that the file lacks and that stay as houses stand on them; `kept`: places of this kind from files, as they now stand;
    `gave_way`: rows of OpenStreetMap that these replace.
    """

    head: dict[str, Any]
    rows: int
    report: list[Row]
    new: int
    changed: int
    gone: int
    held: int
    gave_way: int
    kept: int


class PlacesRefused(ImportRefused):
    """A file that leaves nothing; `report` says of each row why."""

    def __init__(self, code: str, report: list[Row], about: str = "") -> None:
        super().__init__(code, about)
        self.report = report


def import_places(
    path: Path, kind: str, mapping: Mapping, columns: Columns, *, force: bool = False, dry_run: bool = False
) -> PlacesTaken:
    """More than half of the places of earlier files go with `force` alone.

    Raises ImportRefused; then, after any error and with `dry_run`, the gazetteer is as it was."""
    with transaction.atomic(), connection.cursor() as cursor:
        prepare(cursor)
        head, rows, report = _read(cursor, path, kind, mapping, columns)
        used = rows - len(report)
        report += _placed(cursor)
        if used and not _count(cursor, "SELECT count(*) FROM osm_thing"):
            raise PlacesRefused("not_inside", report)
        report += _merged(cursor, kind)
        report.sort(key=lambda row: (row[1] in NOTED, row))
        if not any(code == "own" for _n, code, _about in report) and not _count(cursor, "SELECT count(*) FROM osm_place"):
            raise PlacesRefused("no_places", report)
        known = _count(cursor, place_merge.COUNTED, kind)
        new, changed, gone, held, gave_way = _written(cursor, kind)
        if gone * 2 > known and not force:
            raise PlacesRefused("fewer_places", report, f"{gone} / {known}")
        kept = _count(cursor, place_merge.COUNTED, kind)
        if dry_run:
            transaction.set_rollback(True)
        else:
            new_edition()
    return PlacesTaken(head, rows, report, new, changed, gone, held, gave_way, kept)


def _read(cursor: Any, path: Path, kind: str, mapping: Mapping, columns: Columns) -> tuple[dict[str, Any], int, list[Row]]:
    """The file's head, how many rows it has and which of them are no things."""
    told = read(path, mapping)
    head = next(told)
    things, rows, report = Things(kind, mapping, columns, head), 0, list[Row]()
    with cursor.copy(osm_merge.COPY) as copy:
        for row in told:
            rows += 1
            thing = things.thing(row)
            if isinstance(thing, tuple):
                report.append(thing)
                continue
            name = orjson.dumps(thing["name"]).decode()
            copy.write_row((kind, thing["key"], name, thing["spelt"], thing["number"], thing["e"], False))
    return head, rows, report


def _placed(cursor: Any) -> list[Row]:
    """Each thing in its settlement; those that lie in none."""
    before = _keys(cursor)
    for statement in osm_merge.PLACED:
        cursor.execute(statement)
    cursor.execute("ANALYZE osm_thing")
    after = _keys(cursor)
    return [(int(key), "left_out", text_in(orjson.loads(name))) for key, name in before.items() if key not in after]


def _keys(cursor: Any) -> dict[str, str]:
    cursor.execute("SELECT key, name::text FROM osm_thing")
    return dict(cursor.fetchall())


def _merged(cursor: Any, kind: str) -> list[Row]:
    """What becomes of the things, into osm_place; rows that become nothing of their own."""
    if kind == Place.Kind.HOUSE:
        return _houses(cursor)
    if kind == Place.Kind.STREET:
        for statement in place_merge.STREETS:
            cursor.execute(statement)
        return _about(cursor, place_merge.OWN_STREETS, "own")
    cursor.execute(place_merge.OTHERS)
    own = _about(cursor, place_merge.OWN_OTHERS, "own")
    known = {number for number, _code, _name in own}
    same = [row for row in _about(cursor, place_merge.NOT_ENTERED, "same") if row[0] not in known]
    cursor.execute(place_merge.NAMED)
    return own + same


def _houses(cursor: Any) -> list[Row]:
    cursor.execute(place_merge.STREET_OF_HOUSE)
    cursor.execute(place_merge.NO_STREET)
    lost = cursor.fetchall()
    homes = {area.pk: area.full_name for area in Area.objects.filter(kind=Area.Kind.SETTLEMENT).defer("polygon")}
    report = [(int(key), "no_street", f"{_name(name)}, {homes[area]}") for key, name, area in lost]
    cursor.execute(place_merge.SAME_HOUSE)
    report += [(int(key), "same_house", f"{_name(name)} {number}") for key, name, number in cursor.fetchall()]
    cursor.execute(place_merge.HOUSES, [settings.LANGUAGES[0][0]])
    return report


def _about(cursor: Any, statement: str, code: str) -> list[Row]:
    cursor.execute(statement)
    return [(int(key), code, _name(name)) for key, name in cursor.fetchall()]


def _name(name: Any) -> str:
    return text_in(orjson.loads(name) if isinstance(name, str) else name)


def _written(cursor: Any, kind: str) -> tuple[int, int, int, int, int]:
    """How many are new, changed, gone, held, and how many of OpenStreetMap gave way."""
    cursor.execute("ANALYZE osm_place")
    held = _count(cursor, place_merge.HELD, kind)
    cursor.execute(place_merge.GONE_HOUSES, [kind])
    cursor.execute(place_merge.GONE, [kind])
    gone = cursor.rowcount
    cursor.execute(place_merge.WRITTEN, [kind == Place.Kind.HOUSE])
    written = Counter(new for (new,) in cursor.fetchall())
    for statement in place_merge.GIVE_WAY:
        cursor.execute(statement)
    gave_way = 0
    for statement in place_merge.GIVEN:
        cursor.execute(statement)
        gave_way += cursor.rowcount
    return written[True], written[False], gone, held, gave_way


def _count(cursor: Any, statement: str, *values: str) -> int:
    cursor.execute(statement, values)
    found: int = cursor.fetchone()[0]
    return found
