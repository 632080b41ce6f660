"""The one place where a planner's reports go into SQL of PostGIS: the ORM filters, the database aggregates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from reports.querysets import ReportQuerySet


def read(sql: str, reports: ReportQuerySet, columns: Mapping[str, str], params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of `sql`, which begins with `WITH {reports}`: the relation `r` of these reports.

    `columns`: name in `r` → field or annotation of `reports`. The database sees through the WITH, so indexes serve as in the
    ORM. `params` are those after it. Nothing is asked, and nothing found, where the filters already exclude every report.
    """
    try:
        inner, inner_params = reports.order_by().values_list(*columns.values()).query.sql_with_params()
    except EmptyResultSet:
        return []
    relation = f"r ({', '.join(columns)}) AS ({inner})"
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{reports}", relation, 1), [*inner_params, *params])
        return cursor.fetchall()
