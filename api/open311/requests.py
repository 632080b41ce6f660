"""Reports as service requests: rows come as tuples of one statement; only the public set is ever read."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from api.open311.answers import absolute, when
from api.open311.asked import Wanted
from discussion.models import Audience, TimelineRow
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import latitude, longitude
from reports import workflow
from reports.filters import Filters, midnight
from reports.models import Report
from reports.querysets import ReportQuerySet
from reports.wording import place_in_words, state_name

COLUMNS = (
    "pk", "kind", "status", "status_at", "created_at", "due_on", "place", "near", "approximate", "reference", "title", "language", "text",
    "support", "comments", "category_slug", "category_name", "sector_slug", "department_name", "area_slug", "area_prefix", "area_name",
    "updated_at", "first_photo", "lon", "lat", "object",
)  # fmt: skip


def chosen(asked: Wanted) -> ReportQuerySet:
    """The public reports that are asked for, the newest first."""
    reports: ReportQuerySet = Report.objects.public()
    if asked.references is not None:
        return _newest(reports.filter(subject__reference__in=asked.references))
    if asked.around:
        reports = reports.near(*asked.around)
    if asked.bbox:
        reports = reports.in_box(asked.bbox)
    if asked.categories:
        reports = reports.filter(category__in=asked.categories)
    if asked.states:
        reports = reports.filter(status__in=asked.states)
    if asked.words:
        reports = Filters(q=asked.words).apply(reports)
    reports = _between(reports, "created_at", asked.created)
    return _newest(_changed(reports, *asked.updated))


def _newest(reports: ReportQuerySet) -> ReportQuerySet:
    return reports.order_by("-created_at", "-pk")


def _between(reports: ReportQuerySet, column: str, bounds: Any) -> ReportQuerySet:
    first, last = bounds
    if first is not None:
        reports = reports.filter(**{f"{column}__gte": first})
    return reports.filter(**{f"{column}__lte": last}) if last is not None else reports


def _changed(reports: ReportQuerySet, first: Any, last: Any) -> ReportQuerySet:
    """By the last act that everyone reads: one since `first` and none after `last`. Acts lie in the order of their times, so both are
    found among few."""
    acts = TimelineRow.objects.filter(audience=Audience.PUBLIC)
    if first is not None:
        reports = reports.filter(pk__in=acts.filter(at__gte=first).values("subject"))
    if last is not None:
        reports = reports.filter(~Exists(acts.filter(subject=OuterRef("pk"), at__gt=last)), created_at__lte=last)
    return reports


def _last_act() -> Coalesce:
    acts = TimelineRow.objects.filter(subject=OuterRef("pk"), audience=Audience.PUBLIC).order_by("-at")
    return Coalesce(Subquery(acts.values("at")[:1]), F("created_at"), output_field=DateTimeField())


def page(reports: ReportQuerySet, first: int, size: int) -> Any:
    """Rows `first` to `first + size` of `chosen`: they are picked before anything is joined to them, all in one statement."""
    return rows(_newest(Report.objects.filter(pk__in=reports.values("pk")[first : first + size])))


def rows(reports: ReportQuerySet) -> Any:
    """Named tuples with COLUMNS; one statement."""
    return (
        reports.with_first_photo()
        .annotate(
            reference=F("subject__reference"), title=F("subject__title"), language=F("subject__language"), text=F("words__text"),
            support=F("subject__support_count"), comments=F("subject__comment_count"), category_slug=F("category__slug"),
            category_name=F("category__name"), sector_slug=F("sector__slug"), department_name=F("department__name"),
            area_slug=F("area__slug"), area_prefix=F("area__prefix"), area_name=F("area__name"), updated_at=_last_act(),
            lon=longitude("geom"), lat=latitude("geom"), object=F("picked__address"),
        )
        .values_list(*COLUMNS, named=True)
    )  # fmt: skip


def told(row: Any) -> dict[str, Any]:
    """One row as a service request. What is not known is None."""
    return {
        "service_request_id": row.reference,
        "status": workflow.STATES[row.status].open311,
        "status_notes": state_name(row.kind, row.status),
        "service_name": text_in(row.category_name),
        "service_code": row.category_slug,
        "description": description(row),
        "agency_responsible": text_in(row.department_name),
        "service_notice": None,
        "requested_datetime": when(row.created_at),
        "updated_datetime": when(row.updated_at),
        "expected_datetime": when(_end_of(row.due_on)),
        "address": place_in_words(row.place, f"{text_in(row.area_prefix)} {text_in(row.area_name)}".strip()),
        "address_id": row.object,
        "zipcode": None,
        "lat": None if row.lat is None else round(row.lat, 6),
        "long": None if row.lon is None else round(row.lon, 6),
        "media_url": absolute(f"/media/{row.first_photo}/large.jpg") if row.first_photo else None,
    }


def _end_of(day: datetime.date | None) -> datetime.datetime | None:
    """The last second of the day that is still in time."""
    return midnight(day + datetime.timedelta(days=1)) - datetime.timedelta(seconds=1) if day else None


def description(row: Any) -> str:
    """Title and words as one text; `sending.titled` takes it apart in the same way."""
    text = "" if row.status in workflow.WORDLESS else row.text or ""
    return text if text.startswith(row.title.removesuffix("…")) else f"{row.title}\n{text}".strip()
