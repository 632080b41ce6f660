"""Reports as GeoJSON: rows come as tuples with coordinates in columns; no geometry object is made on the way."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F

from api.v1.answers import absolute
from geoportal.kernel.postgis import latitude, longitude
from reports import workflow
from reports.querysets import ReportQuerySet

COLUMNS = (
    "pk", "kind", "status", "created_at", "status_at", "due_on", "expected_on", "place", "approximate", "photo_count",
    "reference", "title", "language", "support", "comments", "sector_slug", "category_slug", "area_slug", "department_slug",
    "lon", "lat",
)  # fmt: skip
PHASES = {code: state.phase.value for code, state in workflow.STATES.items()}


def rows(reports: ReportQuerySet, *more: str) -> ReportQuerySet:
    """The query's rows as named tuples with COLUMNS (and `more`); one query."""
    return reports.annotate(
        reference=F("subject__reference"), title=F("subject__title"), language=F("subject__language"),
        support=F("subject__support_count"), comments=F("subject__comment_count"), sector_slug=F("sector__slug"),
        category_slug=F("category__slug"), area_slug=F("area__slug"), department_slug=F("department__slug"),
        lon=longitude("geom"), lat=latitude("geom"),
    ).values_list(*COLUMNS, *more, named=True)  # type: ignore[return-value]  # fmt: skip


def facts(row: Any, day: datetime.date) -> dict[str, Any]:
    """The fields of shapes.ReportFacts."""
    return {
        "reference": row.reference,
        "kind": row.kind,
        "status": row.status,
        "phase": PHASES[row.status],
        "late": row.due_on is not None and row.due_on < day,
        "title": row.title,
        "language": row.language,
        "sector": row.sector_slug,
        "category": row.category_slug,
        "area": row.area_slug,
        "department": row.department_slug,
        "place": row.place,
        "approximate": row.approximate,
        "created_at": row.created_at,
        "status_at": row.status_at,
        "due_on": row.due_on,
        "expected_on": row.expected_on,
        "support_count": row.support,
        "comment_count": row.comments,
        "photo_count": row.photo_count,
        "url": absolute(f"/reports/{row.reference}/"),
    }


def point(row: Any) -> dict[str, Any] | None:
    """GeoJSON with six decimals, or None where the report has no place."""
    if row.lon is None:
        return None
    return {"type": "Point", "coordinates": [round(row.lon, 6), round(row.lat, 6)]}


def feature(row: Any, day: datetime.date) -> dict[str, Any]:
    """One GeoJSON feature; its id is the public reference."""
    return {"type": "Feature", "id": row.reference, "geometry": point(row), "properties": facts(row, day)}
