"""The one filter language over events, practices and initiatives: what of it speaks of them, and how."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from discussion.search import query
from geoportal.kernel.postgis import box
from layers.models import Feature
from participation.models import Comparison, Consultation, Event, Indicator, Initiative, Policy, Practice, Question, Survey
from reports.filters import Filters

SAYS_NOTHING = ("category", "status", "assigned", "overdue", "supported", "order", "cursor", "limit")
"""Parameters of the language that speak of reports alone."""


def events(filters: Filters) -> Any:
    """Public events of these sectors, areas and words; `since` and `until` are days of the event, not of its announcing."""
    found = _here(Event.objects.public(), filters)
    if filters.since:
        found = found.filter(ends_at__gte=_midnight(filters.since))
    if filters.until:
        found = found.filter(starts_at__lt=_midnight(filters.until + datetime.timedelta(days=1)))
    return found


def initiatives(filters: Filters) -> Any:
    """Public initiatives of these sectors, areas and words; `since` and `until` are the day on which people meet."""
    found = _here(Initiative.objects.public(), filters)
    if filters.since:
        found = found.filter(starts_on__gte=filters.since)
    if filters.until:
        found = found.filter(starts_on__lte=filters.until)
    return found


def _here(found: Any, filters: Filters) -> Any:
    """Those of the sectors, areas, words and the box."""
    if filters.sector:
        found = found.in_sectors(filters.sector)
    found = in_areas(found, filters, "point__coveredby")
    if filters.q and (words := query(filters.q)):
        found = found.filter(subject__search=words)
    if filters.bbox:
        found = found.filter(point__bboverlaps=box(filters.bbox))
    return found


def in_areas(found: Any, filters: Filters, *placed: str, area: str = "subject__area") -> Any:
    """Those of the areas, and those whose point or border (`placed`: field and lookup) lies in one of the polygons of layers. What
    has an area alone lies in no polygon."""
    if not (filters.area or filters.zone):
        return found
    inside = Q(**{f"{area}__in": filters.area})
    polygons = Feature.objects.filter(pk__in=filters.zone).values_list("polygon", flat=True) if placed else ()
    for polygon in polygons:
        for lookup in placed:
            inside |= Q(**{lookup: polygon})
    return found.filter(inside)


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def practices(filters: Filters) -> Any:
    """Public practices of these sectors and words."""
    found = Practice.objects.public()
    if filters.sector:
        found = found.in_sectors(filters.sector)
    if filters.q and (words := query(filters.q)):
        found = found.filter(subject__search=words)
    return found


def policies(filters: Filters) -> Any:
    """Public programmes and measures of these sectors, areas and words."""
    found = Policy.objects.public()
    if filters.sector:
        found = found.in_sectors(filters.sector)
    found = in_areas(found, filters, "point__coveredby")
    if filters.q and (words := query(filters.q)):
        found = found.filter(subject__search=words)
    return found


def programmes(filters: Filters) -> Any:
    """Public programmes that are, or have a measure, of these sectors, areas and words."""
    found = Policy.objects.public().programmes()
    if not (filters.sector or filters.area or filters.zone or filters.q):
        return found
    fitting = policies(filters)
    return found.filter(Q(pk__in=fitting.values("pk")) | Q(pk__in=fitting.values("parent")))


def of_spine(model: Any, filters: Filters) -> Any:
    """Public goals or services of these sectors, areas and words."""
    found = model.objects.public()
    if filters.sector:
        found = found.in_sectors(filters.sector)
    found = in_areas(found, filters)
    if filters.q and (words := query(filters.q)):
        found = found.filter(subject__search=words)
    return found


def indicators(filters: Filters) -> Any:
    """Indicators of these sectors and areas, by sector."""
    found = Indicator.objects.public().order_by("sector__order", "order", "pk")
    if filters.sector:
        found = found.filter(sector__in=filters.sector)
    return in_areas(found, filters, area="area")


def consultations(filters: Filters, kind: str = "") -> Any:
    """Public consultations of these sectors, areas and words, of the kind with that slug; `since` and `until` are days on which it runs."""
    found = Consultation.objects.public()
    if kind:
        found = found.filter(kind__slug=kind)
    if filters.sector:
        found = found.in_sectors(filters.sector)
    found = in_areas(found, filters, "within__intersects", "point__coveredby")
    if filters.since:
        found = found.filter(closes_on__gte=filters.since)
    if filters.until:
        found = found.filter(opens_on__lte=filters.until)
    if filters.q and (words := query(filters.q)):
        found = found.filter(subject__search=words)
    return found


def surveys(filters: Filters) -> Any:
    """Public visions and surveys of these sectors, areas and words; where the marks of one of their questions must lie is theirs."""
    found = Survey.objects.public()
    if filters.sector:
        found = found.in_sectors(filters.sector)
    if filters.area or filters.zone:
        asked = Question.objects.filter(area__isnull=False)
        marks = in_areas(asked, filters, "area__intersects", area="survey__subject__area").values("survey")
        found = in_areas(found, filters, "point__coveredby") | found.filter(pk__in=marks)
    if filters.q and (words := query(filters.q)):
        found = found.filter(subject__search=words)
    return found


def comparisons(filters: Filters) -> Any:
    """Public comparisons of these sectors, areas and words; `since` and `until` are days on which they run."""
    found = _here(Comparison.objects.public(), filters)
    if filters.since:
        found = found.filter(closes_at__gt=_midnight(filters.since))
    if filters.until:
        found = found.filter(opened_at__lt=_midnight(filters.until + datetime.timedelta(days=1)))
    return found
