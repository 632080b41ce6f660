"""Pages of what has a Subject: the latest made first, from where the page before ended."""

from __future__ import annotations

from typing import Any

from reports.filters import Filters


def newest(rows: Any, asked: Filters) -> tuple[list[Any], str | None]:
    """(rows of the page, query of the next page or None at the end); one row more than `limit` is read, nothing is counted."""
    if asked.cursor:
        value, pk = asked.cursor
        rows = rows.filter(subject__created_at__lte=value).exclude(subject__created_at=value, pk__gte=pk)
    ordered = list(rows.order_by("-subject__created_at", "-pk")[: asked.limit + 1])
    shown = ordered[: asked.limit]
    if len(ordered) <= asked.limit:
        return shown, None
    last = shown[-1]
    return shown, asked.as_query(cursor=f"{last.subject.created_at.isoformat()}~{last.pk}", limit=str(asked.limit))
