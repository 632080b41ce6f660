"""The summaries over the grid: what they hold, how changes are folded in, how they are counted again.

`GRAINS` is the one description; folding, rebuilding and checking are written from it, `clusters` reads by it.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

SUMS = ("n", "sx", "sy", "sid")


@dataclass(frozen=True)
class Grain:
    """One table of sums. `keys`: its columns besides public, level, cell and late, with their expression over a change `p`
    and its class `c`; `index`: the order of its key; `spans`: into how few ranges of cells a box is drawn together for it (where
    the class comes before the cell, every range costs once a class); `spread`: further rows that each change makes."""

    table: str
    levels: tuple[int, ...]
    keys: dict[str, str]
    index: tuple[str, ...]
    spans: int
    spread: str = ""

    @property
    def deepest(self) -> int:
        return self.levels[-1]

    @property
    def columns(self) -> tuple[str, ...]:
        return ("public", "level", "cell", "late", *self.keys)


PLAIN = Grain(
    "reports_cell",
    tuple(range(4, 19, 2)),
    {"rank": "t.rank", "class_id": "t.class_id"},
    ("public", "level", "rank", "cell", "class_id", "late"),
    64,
    " CROSS JOIN LATERAL (VALUES (0, c.all_id), (1, c.top_id), (2, c.coarse_id)) t (rank, class_id)",
)
DETAIL = Grain(
    "reports_cell_detail",
    tuple(range(4, 15, 2)),
    {"class_id": "p.class_id", "status": "p.status"},
    ("public", "level", "class_id", "status", "cell", "late"),
    4,
)
PERIOD = Grain(
    "reports_cell_period",
    tuple(range(4, 13, 2)),
    {"class_id": "u.class_id", "period": "t.period", "status": "u.status"},
    ("public", "level", "period", "status", "class_id", "cell", "late"),
    4,
    " CROSS JOIN LATERAL (VALUES (extract(year FROM p.received)::int * 12 + extract(month FROM p.received)::int - 1),"
    " (-extract(year FROM p.received)::int)) t (period)"
    " CROSS JOIN LATERAL (VALUES (p.status, c.coarse_id), (NULL, c.coarse_id), (NULL, c.all_id)) u (status, class_id)",
)
GRAINS = (PLAIN, DETAIL, PERIOD)
_CHANGES = "p.sign::int AS n, p.sign * p.x::float8 AS sx, p.sign * p.y::float8 AS sy, p.sign * p.id::float8 AS sid"
_FACTS = "p.public, p.m, p.class_id, p.status, p.received"


def _sums(grain: Grain, source: str) -> str:
    """SELECT of the grain's columns and SUMS over the relation `source` of changes, at each of its levels."""
    keys = ", ".join(f"{expression} AS {name}" for name, expression in grain.keys.items())
    levels = ", ".join(str(level) for level in grain.levels)
    return f"""SELECT p.public, l.level::smallint AS level, p.m >> (56 - 2 * l.level) AS cell, p.late, {keys}, {_SUMMED}
      FROM {source} p JOIN reports_class c ON c.id = p.class_id CROSS JOIN unnest(ARRAY[{levels}]) l (level){grain.spread}
      GROUP BY {_first(len(grain.columns))}"""


_SUMMED = ", ".join(f"sum(p.{name}) AS {name}" for name in SUMS)


def _first(count: int) -> str:
    return ", ".join(str(number) for number in range(1, count + 1))


def _write(grain: Grain, source: str) -> str:
    """INSERT that adds the changes in `source` to the grain's rows."""
    columns = ", ".join((*grain.columns, *SUMS))
    added = ", ".join(f"{name} = {grain.table}.{name} + excluded.{name}" for name in SUMS)
    changed = " OR ".join(f"sum(p.{name}) <> 0" for name in SUMS)
    return f"""INSERT INTO {grain.table} ({columns}) {_sums(grain, source)} HAVING {changed}
      ON CONFLICT ({", ".join(grain.columns)}) DO UPDATE SET {added}"""


def turned(day: str, today: str) -> str:
    """Join `t (late, sign)`: what a point changes in the sums when the day they are of turns to `today` over its date in force."""
    onwards = f"CASE WHEN {today} >= {day} THEN 1 ELSE -1 END"
    return f"CROSS JOIN LATERAL (VALUES (false, -({onwards})), (true, {onwards})) t (late, sign)"


_FOLD = f"""
WITH gone AS (DELETE FROM reports_delta RETURNING *),
changes AS MATERIALIZED (
  SELECT {_FACTS}, coalesce(p.due < %(was)s, false) AS late, {_CHANGES} FROM gone p
  UNION ALL
  SELECT {_FACTS}, t.late, t.sign AS n, t.sign * p.x::float8, t.sign * p.y::float8, t.sign * p.id::float8
  FROM reports_point p {turned("%(was)s", "%(today)s")}
  WHERE p.due >= least(%(was)s, %(today)s) AND p.due < greatest(%(was)s, %(today)s)
),
{", ".join(f"into_{grain.table} AS ({_write(grain, 'changes')})" for grain in GRAINS)}
SELECT (SELECT count(*) FROM gone)
"""
"""One statement, so one snapshot: what it takes from the delta, what turned late and what it leaves for others fit together."""


@transaction.atomic
def fold(today: datetime.date) -> int:
    """Takes the appended changes into the summaries and turns them to `today`; answers how many changes. One at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("SELECT day FROM reports_summary FOR UPDATE")
        was = cursor.fetchone()[0]
        cursor.execute(_FOLD, {"was": was, "today": today})
        folded: int = cursor.fetchone()[0]
        if folded or was != today:
            cursor.execute("UPDATE reports_summary SET day = %s, folded = folded + %s", [today, folded])
    return folded


def waiting() -> int:
    """How many changes wait for the worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_delta")
        return int(cursor.fetchone()[0])


@transaction.atomic
def sweep() -> None:
    """Removes cells that have become empty. Reads the tables of sums from end to end; never beside a fold."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("SELECT day FROM reports_summary FOR UPDATE")
        for grain in GRAINS:
            cursor.execute(f"DELETE FROM {grain.table} WHERE n = 0 AND sx = 0 AND sy = 0 AND sid = 0")


def _as_changes(points: str) -> str:
    """The table `points` as if each of its rows had just come in."""
    return f"""(
  SELECT {_FACTS}, coalesce(p.due < z.day, false) AS late, 1 AS n, p.x::float8 AS sx, p.y::float8 AS sy, p.id::float8 AS sid
  FROM {points} p CROSS JOIN reports_summary z
)"""


TABLES = (*(grain.table for grain in GRAINS), "reports_point")
"""In the order in which readers ask for them: who locks them in this order waits, and nobody waits in a circle."""


@transaction.atomic
def rebuild(today: datetime.date, zone: str) -> int:
    """Makes points and summaries anew from the reports; answers the number of points.

    Nobody writes meanwhile; all read the old tables until the new ones, made beside them, take their places at the end.
    Sums add up, so each level is made from the next finer one and only the finest from the points.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        # Of tables that were just loaded nothing is known: then rows are looked up one by one, which takes minutes.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("SELECT day FROM reports_summary FOR UPDATE")  # as every fold begins: before anything else is locked
        cursor.execute("LOCK TABLE reports_report, discussion_subject_further_sectors IN SHARE MODE")
        cursor.execute("UPDATE reports_summary SET day = %s, zone = %s, folded = folded + 1", [today, zone])
        cursor.execute("SELECT reports_new_classes(NULL)")
        cursor.execute("ANALYZE reports_class")
        with _made_beside(cursor, "reports_point") as new_points:
            cursor.execute(f"INSERT INTO {new_points} SELECT * FROM reports_point_now ORDER BY public, m")
            points = int(cursor.rowcount)
        for grain in GRAINS:
            with _made_beside(cursor, grain.table) as table:
                for level in reversed(grain.levels):
                    cursor.execute(_fill(replace(grain, table=table), level, new_points))
        cursor.execute("DELETE FROM reports_delta")
        for table in TABLES:
            _take_place(cursor, table)
    return points


NEW = "_new"
"""Ends the names of tables and indexes that are being made."""


@contextlib.contextmanager
def _made_beside(cursor: CursorWrapper, table: str) -> Iterator[str]:
    """Makes an empty table like this one and names it; when it is filled it gets the keys and indexes, which then cost a fraction."""
    new = table + NEW
    cursor.execute(
        """SELECT format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', %(new)s, conname || %(end)s, pg_get_constraintdef(oid))
           FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype IN ('p', 'u')
           UNION ALL SELECT regexp_replace(pg_get_indexdef(indexrelid), ' INDEX (\\S+) ON \\S+ ',
             format(' INDEX \\1%%s ON %%I ', %(end)s, %(new)s))
           FROM pg_index WHERE indrelid = %(table)s::regclass
             AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
           UNION ALL SELECT format('ALTER TABLE %%I SET (%%s)', %(new)s, array_to_string(reloptions, ', '))
           FROM pg_class WHERE oid = %(table)s::regclass AND reloptions IS NOT NULL""",
        {"table": table, "new": new, "end": NEW},
    )
    makes = [row[0] for row in cursor.fetchall()]
    cursor.execute(f"CREATE TABLE {new} (LIKE {table} INCLUDING DEFAULTS)")
    yield new
    for statement in makes:
        cursor.execute(statement)
    # Without statistics of what was just made, the first readers get bad plans.
    cursor.execute(f"ANALYZE {new}")


def _take_place(cursor: CursorWrapper, table: str) -> None:
    """The table made beside becomes this one, under its name and with its indexes' names."""
    cursor.execute(f"DROP TABLE {table}")
    cursor.execute(f"ALTER TABLE {table}{NEW} RENAME TO {table}")
    cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass", [table])
    for (index,) in cursor.fetchall():
        cursor.execute(f"ALTER INDEX {index} RENAME TO {index.removesuffix(NEW)}")


def _fill(grain: Grain, level: int, points: str) -> str:
    """INSERT of one level: the deepest from the table of points, every other one from the level below it."""
    columns = ", ".join((*grain.columns, *SUMS))
    if level == grain.deepest:
        rows = _sums(replace(grain, levels=(level,)), _as_changes(points))
    else:
        finer = min(deeper for deeper in grain.levels if deeper > level)
        kept = ", ".join(f"p.{name}" for name in grain.columns[3:])
        rows = f"""SELECT p.public, {level}::smallint, p.cell >> {2 * (finer - level)}, {kept}, {_SUMMED}
          FROM {grain.table} p WHERE p.level = {finer} GROUP BY {_first(len(grain.columns))}"""
    order = ", ".join(str(grain.columns.index(name) + 1) for name in grain.index)
    return f"INSERT INTO {grain.table} ({columns}) {rows} ORDER BY {order}"


_POINT_FAULTS = """SELECT count(*) FROM (
  (SELECT * FROM reports_point_now EXCEPT SELECT * FROM reports_point)
  UNION ALL (SELECT * FROM reports_point EXCEPT SELECT * FROM reports_point_now)
) wrong"""


def faults() -> dict[str, int]:
    """{table: rows that are not as a recount says}; the changes not yet folded are counted in. Empty: all is true."""
    found = {}
    with transaction.atomic(), connection.cursor() as cursor:
        # Each question is one statement, so it sees one state of the database.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(_POINT_FAULTS)
        found["reports_point"] = cursor.fetchone()[0]
        for grain in GRAINS:
            cursor.execute(_faults_of(grain))
            found[grain.table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


def _faults_of(grain: Grain) -> str:
    """Number of rows of the grain whose sums differ from the recount of all points."""
    keys = ", ".join(grain.columns)
    kept = ", ".join((*grain.columns, *SUMS))
    waiting = f"""(SELECT {_FACTS}, coalesce(p.due < z.day, false) AS late, {_CHANGES}
      FROM reports_delta p CROSS JOIN reports_summary z)"""
    negated = ", ".join((*grain.columns, *(f"-{name}" for name in SUMS)))
    return f"""SELECT count(*) FROM (
      SELECT {keys} FROM (
        SELECT {kept} FROM {grain.table} UNION ALL SELECT {kept} FROM ({_sums(grain, waiting)}) d
        UNION ALL SELECT {negated} FROM ({_sums(grain, _as_changes("reports_point"))}) r
      ) every GROUP BY {keys} HAVING {" OR ".join(f"sum({name}) <> 0" for name in SUMS)}
    ) wrong"""
