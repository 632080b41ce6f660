"""The one place where a planner's reports go into SQL of PostGIS: the ORM filters, the database aggregates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from reports.querysets import ReportQuerySet


def read(sql: str, reports: ReportQuerySet, columns: Sequence[Any], params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of `sql`, which begins with `WITH r AS ({reports})`: these columns of these reports, under their own names.

    `columns`: names of fields or aliased annotations of `reports`. The planner sees through the WITH, so indexes serve as in
    the ORM. `params` are those after it. Nothing is asked, and nothing found, where the filters already exclude every report.
    """
    try:
        inner, inner_params = reports.order_by().values_list(*columns).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{reports}", inner, 1), [*inner_params, *params])
        return cursor.fetchall()
