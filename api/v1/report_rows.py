"""Reports as GeoJSON: rows come as tuples with coordinates in columns; no geometry object is made on the way."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import F

from api.v1.answers import absolute
from geoportal.kernel.postgis import latitude, longitude
from municipality.models import Area, Organisation, Sector
from reports import workflow
from reports.listing import MOMENT
from reports.models import Category
from reports.querysets import ReportQuerySet

COLUMNS = (
    "pk", "kind", "status", "created_at", "status_at", "due_on", "expected_on", "place", "near", "object", "approximate", "photo_count",
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
        lon=longitude("geom"), lat=latitude("geom"), object=F("picked__address"),
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
        "near": (row.near or {}).get(settings.LANGUAGE_CODE, ""),
        "object": row.object or "",
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


_OBJECT = "coalesce((SELECT p.address FROM reports_pickedobject p WHERE p.report_id = r.subject_id), '')"
LISTED = f"""{MOMENT}, r.kind, r.status, s.reference, s.title, s.language, r.sector_id, r.category_id, r.area_id, r.department_id, r.place,
  coalesce(r.near->>'{settings.LANGUAGE_CODE}', ''), {_OBJECT}, r.approximate, {MOMENT.replace("created_at", "status_at")}, r.due_on::text,
  r.expected_on::text, s.support_count, s.comment_count, r.photo_count, ST_X(r.geom), ST_Y(r.geom)"""
"""The columns of `listed`, in its order, for reports.listing.page; dates come as text, which costs nothing to write out."""


def listed(row: tuple[Any, ...], day: str, names: Slugs) -> dict[str, Any]:
    """One GeoJSON feature of a row of reports.listing with LISTED, its id the public reference; `day`: today, ISO 8601."""
    (
        _pk, _order, moment, kind, status, reference, title, language, sector, category, area, department, place, near, thing, approximate,
        status_at, due, expected, support, comments, photos, lon, lat,
    ) = row  # fmt: skip
    return {
        "type": "Feature",
        "id": reference,
        "geometry": None if lon is None else {"type": "Point", "coordinates": (round(lon, 6), round(lat, 6))},
        "properties": {
            "reference": reference, "kind": kind, "status": status, "phase": PHASES[status], "late": due is not None and due < day,
            "title": title, "language": language, "sector": names[Sector, sector], "category": names[Category, category],
            "area": names[Area, area], "department": names[Organisation, department], "place": place, "near": near,
            "object": thing, "approximate": approximate,
            "created_at": moment, "status_at": status_at, "due_on": due, "expected_on": expected, "support_count": support,
            "comment_count": comments, "photo_count": photos, "url": f"{settings.SITE_URL}/reports/{reference}/",
        },
    }  # fmt: skip


class Slugs(dict[tuple[type[Any], int], str]):
    """Slugs of set-up rows by model and key; one that is not here yet is looked up."""

    def __missing__(self, key: tuple[type[Any], int]) -> str:
        model, _pk = key
        self.update({(model, pk): name for pk, name in model._default_manager.values_list("pk", "slug")})  # type: ignore[attr-defined]
        return self[key]


@lru_cache(maxsize=1)
def slugs(edition: int) -> Slugs:
    """Those of one edition of the installation's data: every change of it begins a new one."""
    return Slugs()
