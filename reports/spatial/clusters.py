"""The one reader of sums over the grid: from a summary where one holds what is asked, from the live points elsewhere.

Both branches are exact at COMMIT: a summary is read together with the changes that no worker has folded yet, and late ones
are those whose date in force lies before today, whatever day the summary was turned to.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from geoportal.kernel.postgis import prepared
from reports.filters import Filters
from reports.models import Report
from reports.querysets import today
from reports.spatial import grid
from reports.spatial.summary import DETAIL, PERIOD, PLAIN, Grain, turned
from reports.spatial.wanted import Place, Wanted

TURNED = turned("z.day", "%(today)s")
FIRST_YEAR = 1990
Sql = tuple[str, dict[str, Any]]


ALL, SECTOR, SECTORS = 0, 1, 2
"""What must be told apart, as ranks of reports_class: nothing, kind and leading sector, kind and all sectors."""


@dataclass(frozen=True)
class Source:
    """A relation of sums: cell (of the place's level), class_id, late, n, sx, sy, sid; negative rows take others back.
    `parts`: SQL of the relations that make it up. `live`: read from the points, class_id then of rank 3."""

    parts: tuple[str, ...]
    parameters: dict[str, Any]
    live: bool

    @property
    def sql(self) -> str:
        return " UNION ALL ".join(self.parts)


def grain_of(wanted: Wanted, level: int) -> Grain | None:
    """The summary that holds what is asked at this level; None: only the points do."""
    if wanted.live_only:
        return None
    by_class = bool(wanted.category) or wanted.department is not None
    if wanted.since or wanted.until:
        grain = None if by_class or not whole_months(wanted.since, wanted.until) else PERIOD
    else:
        grain = DETAIL if by_class or wanted.status else PLAIN
    return grain if grain and level <= grain.deepest else None


def held_level(wanted: Wanted, level: int, most: int) -> int:
    """`level`, or the finest of the `most` levels above it that a summary holds; `level` itself when none does."""
    return next((each for each in range(level, level - most - 1, -1) if grain_of(wanted, each)), level)


def whole_months(since: datetime.date | None, until: datetime.date | None) -> bool:
    """True when the range begins on a first and ends on a last day of a month, or not before today."""
    begins = since is None or since.day == 1
    ends = until is None or until >= today() or (until + datetime.timedelta(days=1)).day == 1
    return begins and ends


def periods(since: datetime.date | None, until: datetime.date | None) -> list[int]:
    """The fewest codes of reports_cell_period that make up the range: whole years and months at its ends."""
    first = since or datetime.date(FIRST_YEAR, 1, 1)
    last = datetime.date(today().year + 1, 12, 31) if until is None or until >= today() else until
    found = []
    month, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    while month <= end:
        if month % 12 == 0 and month + 11 <= end:
            found.append(-(month // 12))
            month += 12
        else:
            found.append(month)
            month += 1
    return found


def source(wanted: Wanted, place: Place, apart: int) -> Source:
    """The sums of what is asked, by cell, class and lateness. `apart`: ALL, SECTOR or SECTORS."""
    grain = grain_of(wanted, place.cells_level)
    parameters = {**wanted.parameters, "shift": 56 - 2 * place.level, "level": place.level}
    points, more = _in_points(place)
    parameters |= more
    if grain is None:
        return Source((_live(wanted, points),), parameters, live=True)
    cells, more = _in_cells(place, grain)
    parameters |= more
    if grain is PERIOD:
        parameters["periods"] = periods(wanted.since, wanted.until)
    rank = _rank(wanted, grain, apart)
    parts = (_summed(wanted, cells, grain, rank), *_changed(wanted, points, rank))
    if wanted.late:
        parts = tuple(f"SELECT * FROM ({part}) s WHERE late" for part in parts)
    return Source(parts, parameters, live=False)


def _rank(wanted: Wanted, grain: Grain, apart: int) -> int:
    """The coarsest rank of classes by which the filter can be told and the answer taken apart."""
    if grain is DETAIL:
        return 3
    rank = max(apart, SECTORS if wanted.sector else SECTOR if wanted.kind else ALL)
    if grain is PERIOD:
        return SECTORS if rank or wanted.status else ALL
    return rank


Reach = tuple[str, dict[str, int]]


def _ranges(by_level: dict[int, grid.Ranges], most: int, name: str) -> Reach:
    """Relation `q (level, a, b, exact)` of the ranges that an index is asked for, `exact` where they hold more than is meant.

    Several are written out, so that the planner knows how few they are: whole numbers of our own, nothing that anybody sent.
    One, as of a tile, stands in parameters, so that one plan serves all tiles.
    """
    rows, parameters = [], {}
    for level, codes in by_level.items():
        wide = grid.cover(codes, most)
        rows += [f"({level}, {a}::bigint, {b}::bigint, {_exact(codes, a, b)}::int8multirange)" for a, b in wide]
        if wide:
            parameters = {f"{name}_level": level, f"{name}_first": wide[0][0], f"{name}_last": wide[0][1]}
    if len(rows) > 1:
        return f"(VALUES {', '.join(rows)}) q (level, a, b, exact) CROSS JOIN ", {}
    one = f"%({name}_level)s::int, %({name}_first)s::bigint, %({name}_last)s::bigint, NULL::int8multirange"
    return f"(VALUES ({one})) q (level, a, b, exact) CROSS JOIN ", parameters


def _exact(codes: grid.Ranges, first: int, last: int) -> str:
    """SQL of those of the codes that lie in the range; NULL where they fill it."""
    within = [f"[{a},{b}]" for a, b in codes if first <= a and b <= last]
    return "'{" + ",".join(within) + "}'" if len(within) > 1 else "NULL"


def _in_points(place: Place) -> Reach:
    """The ranges in which the points and changes of the place lie."""
    if place.cells is None:
        return "", {}
    codes = grid.finer(grid.ranges(place.cells, place.cells_level), grid.UNITS_LEVEL - place.cells_level)
    return _ranges({grid.UNITS_LEVEL: codes}, 12, "m")


def _in_cells(place: Place, grain: Grain) -> Reach:
    """The same as squares of the grain's levels."""
    if place.cells is None:
        return "", {"grain_level": next(level for level in grain.levels if level >= place.level)}
    deepest = next(level for level in grain.levels if level >= place.cells_level)
    levels = [level for level in grain.levels if place.level <= level <= deepest]
    return _ranges(grid.squares(place.cells, place.cells_level, levels), grain.spans, "s")


INSIDE = ["p.m BETWEEN q.a AND q.b", "(q.exact IS NULL OR p.m <@ q.exact)"]


def _where(*conditions: list[str]) -> str:
    return " AND ".join(condition for several in conditions for condition in several) or "true"


def _each(ranges: str, rows: str) -> str:
    """The rows of each range by itself, so that each is one look into the index: left alone, the planner adds up what the
    ranges might hold together and reads the whole table instead (measured at a million reports: 340 ms for 20)."""
    return f"SELECT e.* FROM {ranges}LATERAL ({rows} OFFSET 0) e" if ranges else rows


def _live(wanted: Wanted, ranges: str) -> str:
    rows = f"""SELECT p.m >> %(shift)s AS cell, p.class_id, coalesce(p.due < %(today)s, false) AS late,
      1 AS n, p.x::float8 AS sx, p.y::float8 AS sy, p.id::float8 AS sid
      FROM reports_point p WHERE {_where(INSIDE if ranges else [], wanted.over_points("p"))}"""
    return _each(ranges, rows)


def _summed(wanted: Wanted, ranges: str, grain: Grain, rank: int) -> str:
    """The summary's own rows."""
    own = ["s.public = ANY (%(public)s)"]
    if ranges:
        own += ["s.level = q.level", "s.cell BETWEEN q.a AND q.b", "(q.exact IS NULL OR s.cell <@ q.exact)"]
    else:
        own.append("s.level = %(grain_level)s")
    if grain is PLAIN:
        own.append(f"s.rank = {rank}")
    if grain is PERIOD:
        own.append("s.period = ANY (%(periods)s)")
        own.append("s.status = ANY (%(status)s::reports_status[])" if wanted.status else "s.status IS NULL")
    if grain is DETAIL and wanted.status:
        own.append("s.status = ANY (%(status)s::reports_status[])")
    if grain is not PLAIN or wanted.over_classes("k"):
        own.append(f"s.class_id = ANY ({wanted.classes(rank)})")
    rows = f"""SELECT s.cell >> (2 * (s.level - %(level)s)) AS cell, s.class_id, s.late, s.n, s.sx, s.sy, s.sid
      FROM {grain.table} s WHERE {_where(own)}"""
    return _each(ranges, rows)


_DAY = "(SELECT day FROM reports_summary)"
_WAITING = "reports_delta p", f"coalesce(p.due < {_DAY}, false)", "p.sign::int"
_TURNED = (
    # Fenced off, so that the few are found by their date and not by looking through the whole place.
    f"""(SELECT p.*, t.late, t.sign FROM reports_point p {turned(_DAY, "%(today)s")}
      WHERE p.due >= least({_DAY}, %(today)s) AND p.due < greatest({_DAY}, %(today)s) OFFSET 0) p""",
    "p.late",
    "p.sign",
)


def _changed(wanted: Wanted, ranges: str, rank: int) -> tuple[str, ...]:
    """What no worker has folded yet, and what turned late since the day that the summaries are of."""
    column = ("c.all_id", "c.top_id", "c.coarse_id", "p.class_id")[rank]
    inside = INSIDE if ranges else []
    return tuple(
        f"""SELECT p.m >> %(shift)s AS cell, {column} AS class_id, {late} AS late, {sign} AS n, {sign} * p.x::float8 AS sx,
          {sign} * p.y::float8 AS sy, {sign} * p.id::float8 AS sid
        FROM {ranges}{table} JOIN reports_class c ON c.id = p.class_id
        WHERE {_where(inside, wanted.over_changes("p"), wanted.over_classes("c"))}"""
        for table, late, sign in (_WAITING, _TURNED)
    )


def _all(sql: str, parameters: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@dataclass(frozen=True)
class Part:
    """One cell and leading sector: how many, how many late, sums of coordinates (grid units) and keys, and their extent."""

    cell: int
    sector: int
    n: int
    late: int
    sx: float
    sy: float
    sid: float
    x0: float
    x1: float
    y0: float
    y1: float


def parts(wanted: Wanted, place: Place) -> tuple[list[Part], bool]:
    """(sums by cell and leading sector, whether they are live: then the extents are exact); one query."""
    found = source(wanted, place, SECTOR)
    rows = _all(
        f"""SELECT g.cell, k.sector_id, sum(g.n), sum(g.late), sum(g.sx), sum(g.sy), sum(g.sid),
          min(g.x0), max(g.x1), min(g.y0), max(g.y1)
        FROM (
          SELECT cell, class_id, sum(n) AS n, coalesce(sum(n) FILTER (WHERE late), 0) AS late, sum(sx) AS sx, sum(sy) AS sy,
            sum(sid) AS sid, min(sx / n) AS x0, max(sx / n) AS x1, min(sy / n) AS y0, max(sy / n) AS y1
          FROM ({found.sql}) every WHERE n <> 0 GROUP BY 1, 2
        ) g JOIN reports_class k ON k.id = g.class_id GROUP BY 1, 2 HAVING sum(g.n) > 0""",
        found.parameters,
    )
    return [Part(cell, sector, int(n), int(late), *sums) for cell, sector, n, late, *sums in rows], found.live


@dataclass(frozen=True)
class Count:
    """How many of one kind and set of sectors (keys), late or not."""

    kind: str
    sectors: tuple[int, ...]
    late: bool
    n: int


def counts(wanted: Wanted, place: Place) -> list[Count]:
    """What is in the place in all, by kind, sectors and lateness; one query, a few dozen rows."""
    whole = Place(0, place.cells, place.cells_level)
    found = source(wanted, whole if place.cells is not None else place, SECTORS)
    rows = _all(
        f"""SELECT k.kind, k.sectors, g.late, sum(g.n) FROM (
          SELECT class_id, late, sum(n) AS n FROM ({found.sql}) every GROUP BY 1, 2
        ) g JOIN reports_class k ON k.id = g.class_id GROUP BY 1, 2, 3 HAVING sum(g.n) > 0""",
        found.parameters,
    )
    return [Count(kind, tuple(sectors), late, int(n)) for kind, sectors, late, n in rows]


MOST_COUNTED = 1_000


def how_many(filters: Filters, user: Any) -> tuple[int, bool]:
    """(how many public reports the filters let through, whether there are more): exact where a summary holds what is asked,
    else counted up to MOST_COUNTED. No answer waits for a table."""
    wanted = Wanted.public_set(filters, user)
    if filters.bbox is None and grain_of(wanted, 0) is not None:
        return sum(count.n for count in counts(wanted, Place(0))), False
    rows = filters.apply(Report.objects.public(), user)
    counted = rows.order_by()[: MOST_COUNTED + 1].count()
    return min(counted, MOST_COUNTED), counted > MOST_COUNTED


# As a segment from (cell, n) to (x, y): four numbers are packed by one call a row. A cell's number is exact to level 26.
_PACKED = "string_agg(lseg_send(lseg(point(cell, n), point(sx, sy))), '')"


def middles(wanted: Wanted, place: Place) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """(how many, mean x, mean y in grid units) of each cell of the place that holds anything; one query.

    Tens of thousands of rows come packed in a string for each part of the sums, and that as its bytes: brought together first,
    written as text and read one by one they would cost more than the search.
    """
    found = source(wanted, place, ALL)
    with prepared(binary=True) as cursor:
        sql = " UNION ALL ".join(f"SELECT {_PACKED} FROM ({part}) every" for part in found.parts)
        cursor.execute(sql, found.parameters)
        packed = b"".join(part for [part] in cursor.fetchall() if part)
    cells, *sums = np.frombuffer(packed, ">f8").reshape(-1, 4).T.astype(float, order="C")
    # They come in the order of the index, by lateness and range: a sort that knows what is in order already is quicker.
    order = np.argsort(cells, kind="stable")
    first = np.flatnonzero(np.diff(cells[order], prepend=-1))
    n, x, y = (np.add.reduceat(each[order], first) if len(first) else each for each in sums)
    held = n > 0
    return n[held].astype(np.int64), x[held] / n[held], y[held] / n[held]
