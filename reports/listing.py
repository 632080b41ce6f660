"""Pages of reports for programs: the filter language as one SQL statement over two tables, rows as tuples of plain values.

The same filters as `Filters.apply` and `Filters.page`, without the ORM's cost for each request (measured: 6 of 10 ms);
tests hold the two against each other.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection

from geoportal.kernel.postgis import keys_of, numbered
from reports.filters import Filters, midnight
from reports.inside import inside
from reports.models import Report
from reports.querysets import FAR_FUTURE, FAR_PAST, today

MOMENT = """to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
_ORDERS = {
    "newest": ("r.created_at", "r.subject_id", "<", "DESC"),
    "oldest": ("r.created_at", "r.subject_id", ">", "ASC"),
    "due": ("r.due_on", "r.subject_id", ">", "ASC"),
    "support": ("s.support_count", "s.id", "<", "DESC"),
}


def page(filters: Filters, user: Any, columns: str) -> tuple[list[tuple[Any, ...]], str | None]:
    """(rows, cursor of the next page or None) of the public set: keyset, one row more than the limit is read, nothing counted.

    `columns`: SQL over `r` (reports_report) and `s` (its subject); each row begins with the key and the order's value.
    """
    conditions, parameters = _conditions(filters, user)
    column, own, ahead, direction = _ORDERS[filters.order]
    if filters.order == "due":
        conditions.append("r.due_on IS NOT NULL")
    if filters.cursor:
        value, key = filters.cursor
        parameters |= {"value": value, "key": key}
        # The pair lets an index over both begin right there, among equals too.
        conditions.append(f"({column}, {own}) {ahead} (%(value)s, %(key)s)")
    order = f"{column} {direction}, r.subject_id {direction}"
    boxed = filters.bbox is not None and column == "r.created_at"
    if boxed:
        if filters.cursor:  # the index over places knows no pairs
            conditions.append(f"{column} {ahead}= %(value)s")
        order = "r.created_at <-> %(far)s"
        parameters["far"] = FAR_FUTURE if direction == "DESC" else FAR_PAST
    shown = MOMENT if column == "r.created_at" else f"{column}::text"
    where = " AND ".join(conditions)
    chosen = f"SELECT r.* FROM reports_report r WHERE {where}"  # noqa: S608  our own words; values are parameters
    if filters.order == "support":
        chosen = f"SELECT r.* FROM reports_report r JOIN discussion_subject s ON s.id = r.subject_id WHERE {where}"  # noqa: S608
    # The page is chosen before its subjects are joined: otherwise whole tables may be joined and sorted for it.
    sql = f"""SELECT r.subject_id, {shown}, {columns} FROM ({chosen} {{more}} ORDER BY {{order}} LIMIT {{limit}}) r
      JOIN discussion_subject s ON s.id = r.subject_id ORDER BY {{order}}"""  # noqa: S608
    rows = _all(sql.format(more="", order=order, limit=filters.limit + 1), parameters)
    if boxed:
        rows = _in_order(rows, sql, parameters, filters.limit, newest=direction == "DESC")
    if len(rows) <= filters.limit:
        return rows, None
    last = rows[filters.limit - 1]
    return rows[: filters.limit], f"{last[1]}~{last[0]}"


def _in_order(rows: list[Any], sql: str, parameters: dict[str, Any], limit: int, *, newest: bool) -> list[Any]:
    """The index gives those of one microsecond in any order: the key decides, a page of them being read once more by it."""
    if len(rows) > limit and rows[-1][1] == (last := rows[-2][1]):
        by_key = f"r.subject_id {'DESC' if newest else 'ASC'}"
        same = sql.format(more="AND r.created_at = %(moment)s", order=by_key, limit=limit + 1)
        ties = _all(same, {**parameters, "moment": datetime.datetime.fromisoformat(last)})
        rows = [row for row in rows if row[1] != last] + ties
    return sorted(rows, key=lambda row: (row[1], row[0]), reverse=newest)


def _all(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _conditions(filters: Filters, user: Any) -> tuple[list[str], dict[str, Any]]:
    """`Filters.apply` over the public set."""
    found = ["r.is_public"]
    values: dict[str, Any] = {}
    for name, column in (("kind", "kind"), ("category", "category_id"), ("status", "status")):
        if chosen := getattr(filters, name):
            found.append(f"r.{column} = ANY (%({name})s)")
            values[name] = list(chosen)
    if filters.sector:
        values["sector"] = list(filters.sector)
        found.append(
            "(r.sector_id = ANY (%(sector)s) OR r.subject_id IN (SELECT f.subject_id FROM discussion_subject_further_sectors f"
            " WHERE f.sector_id = ANY (%(sector)s)))"
        )
    if filters.since:
        values["since"] = midnight(filters.since)
        found.append("r.created_at >= %(since)s")
    if filters.until:
        values["until"] = midnight(filters.until + datetime.timedelta(days=1))
        found.append("r.created_at < %(until)s")
    if filters.overdue:
        values["today"] = today()
        found.append("r.due_on < %(today)s")
    if filters.assigned == "none":
        found.append("r.assignee_id IS NULL")
    elif filters.department:
        values["department"] = filters.department
        found.append("r.department_id = %(department)s")
    further = [_place(filters)]
    if filters.q or filters.supported or filters.assigned == "me":
        further.append(_rare(filters, user))
    for conditions, more in further:
        found += conditions
        values |= more
    return found, values


def _place(filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """Areas, polygons of layers, the box."""
    found: list[str] = []
    values: dict[str, Any] = {}
    values |= {"area": list(filters.area), "zone": list(filters.zone)}
    if filters.zone:
        found.append(inside("r.subject_id", "r.area_id", areas=bool(filters.area)))
    elif filters.area:
        found.append("r.area_id = ANY (%(area)s)")
    if filters.bbox:
        values |= dict(zip(("west", "south", "east", "north"), filters.bbox, strict=True))
        found.append(
            "r.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)"
            # Exact, where the index compares single-precision boxes; in a CASE, because the planner takes four bounds for hardly
            # any row, and then sorts what it finds.
            " AND CASE WHEN ST_X(r.geom) BETWEEN %(west)s AND %(east)s AND ST_Y(r.geom) BETWEEN %(south)s AND %(north)s"
            " THEN true ELSE false END"
        )
    return found, values


def _rare(filters: Filters, user: Any) -> tuple[list[str], dict[str, Any]]:
    """Words and a number; what a person supports or has, by the keys that `Filters.apply` finds."""
    found: list[str] = []
    values: dict[str, Any] = {}
    asked: dict[str, Any] = {"word": filters.holding()} if filters.q else {}
    if filters.supported or filters.assigned == "me":
        asked["own"] = filters.only("supported", "assigned").apply(Report.objects.all(), user)
    for name, keys in asked.items():
        if isinstance(keys, list):
            found.append(f"r.subject_id = ANY (%({name})s::bigint[])")
            values[name] = keys
        else:
            sql, parameters = keys_of(keys)
            found.append(f"r.subject_id IN ({numbered(sql, name)})")
            values |= {f"{name}{number}": value for number, value in enumerate(parameters)}
    return found, values
