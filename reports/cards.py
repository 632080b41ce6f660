"""Reports as cards: what a list row, a map sign and a neighbour show. Rows come as tuples; no geometry object is made."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import latitude, longitude
from municipality.site import support_needed
from reports.querysets import ReportQuerySet, today
from reports.wording import mark, place_in_words, status_sentence, support_words

COLUMNS = (
    "pk", "kind", "status", "due_on", "expected_on", "created_at", "place", "reference", "title", "language",
    "sector_slug", "sector_icon", "area_id", "area_prefix", "area_name", "support", "photo", "lon", "lat",
)  # fmt: skip


def card_rows(reports: ReportQuerySet, **more: Any) -> ReportQuerySet:
    """The query's rows as named tuples with COLUMNS and `more` (name → expression); one query."""
    return (
        reports.with_first_photo()
        .annotate(
            reference=F("subject__reference"), title=F("subject__title"), language=F("subject__language"),
            sector_slug=F("sector__slug"), sector_icon=F("sector__icon"), area_prefix=F("area__prefix"), area_name=F("area__name"),
            support=F("subject__support_count"), photo=F("first_photo"), lon=longitude("geom"), lat=latitude("geom"), **more,
        )
        .values_list(*COLUMNS, *more, named=True)
    )  # type: ignore[return-value]  # fmt: skip


def place_of(row: Any) -> str:
    """„ул. Рила 4, с. Дъбрава“."""
    area = f"{text_in(row.area_prefix)} {text_in(row.area_name)}".strip()
    return place_in_words(row.place, area)


def card(row: Any, day: datetime.date | None = None, extra: str = "") -> dict[str, Any]:
    """Context of components/_card.html, with lon and lat; `extra`: words after the place, else how many it affects."""
    day = day or today()
    more = extra or support_words(row.kind, row.support)
    return {
        "ref": row.reference,
        "url": reverse("report", args=[row.reference]),
        "kind": row.kind,
        "sector": row.sector_slug,
        "icon": row.sector_icon,
        "mark": mark(row.status, row.due_on, day),
        "title": row.title,
        "lang": row.language,
        "place": " · ".join(part for part in (place_of(row), more) if part),
        "status": status_sentence(
            row.kind, row.status, row.due_on, day, expected=row.expected_on is not None,
            support=row.support, threshold=support_needed(row.area_id) if row.kind == "idea" else 0,
        ),
        "photo": f"/media/{row.photo}/small.jpg" if row.photo else "",
        "lon": row.lon,
        "lat": row.lat,
    }  # fmt: skip
