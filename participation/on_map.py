"""What of this app stands on the map, each kind as one of its own: events to come, initiatives that are not over,
consultations, surveys and comparisons that are open."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.contrib.gis.db.models import PointField
from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, DateTimeField, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.query import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from discussion import sentences
from discussion.models import Subject
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import box, latitude, longitude
from participation import everything, filtering, wording, workflow
from participation.models import Comparison, Consultation, Event, Initiative, Question, Survey
from reports.beside import Card, Kind, Source
from reports.filters import Filters
from reports.wording import place_in_words

MOST = 200
COLUMNS = (
    "sort", "reference", "heading", "language", "sector_slug", "sector_icon", "further", "area_prefix", "area_name", "place",
    "status", "first", "last", "how", "lon", "lat",
)  # fmt: skip


def _events(count: int) -> str:
    return ngettext("%(n)s event", "%(n)s events", count) % {"n": number_format(count)}


def _initiatives(count: int) -> str:
    return ngettext("%(n)s initiative", "%(n)s initiatives", count) % {"n": number_format(count)}


def _consultations(count: int) -> str:
    return ngettext("%(n)s consultation", "%(n)s consultations", count) % {"n": number_format(count)}


def _comparisons(count: int) -> str:
    return ngettext("%(n)s comparison of alternatives", "%(n)s comparisons of alternatives", count) % {
        "n": number_format(count)
    }


def _surveys(count: int) -> str:
    return ngettext("%(n)s survey", "%(n)s surveys", count) % {"n": number_format(count)}


KINDS = {
    "event": Kind(gettext_lazy("Events"), pgettext_lazy("one", "event"), _events),
    "initiative": Kind(gettext_lazy("Common action"), pgettext_lazy("one", "initiative"), _initiatives),
    "consultation": Kind(gettext_lazy("Consultations"), pgettext_lazy("one", "consultation"), _consultations),
    "comparison": Kind(gettext_lazy("Alternatives"), pgettext_lazy("one", "comparison of alternatives"), _comparisons),
    "survey": Kind(gettext_lazy("Visions and surveys"), pgettext_lazy("one", "survey"), _surveys),
}
NO_TIME = Cast(Value(None), DateTimeField())
PLAIN = Value("", CharField())


def rows(found: QuerySet[Any], first: Any, last: Any, how: Any, at: str = "point") -> QuerySet[Any, dict[str, Any]]:
    """The same columns of every kind, so that one query answers for all."""
    further = Subject.further_sectors.through.objects.filter(subject=OuterRef("pk")).values("sector__slug")
    subject = {
        "sort": F("subject__kind"), "reference": F("subject__reference"), "heading": F("subject__title"),
        "language": F("subject__language"), "sector_slug": F("subject__sector__slug"), "sector_icon": F("subject__sector__icon"),
        "area_prefix": F("subject__area__prefix"), "area_name": F("subject__area__name"),
    }  # fmt: skip
    return found.annotate(
        **subject,
        further=ArraySubquery(further),
        first=first,
        last=last,
        how=how,
        lon=longitude(at),
        lat=latitude(at),
    ).values(*COLUMNS)


def shown(filters: Filters) -> QuerySet[Any, dict[str, Any]]:
    """What stands on the map now, what has a time first and in its order; one query."""
    anywhere = replace(filters, bbox=None)
    events = _timed(_within(_held_at(filtering.events(anywhere).to_come().order_by()), filters))
    going_on = filtering.initiatives(anywhere).exclude(status__in=workflow.ENDS).order_by()
    initiatives = _begun(_within(_about(going_on), filters))
    asked = filtering.consultations(filters).filter(status="open").order_by()
    open_now = filtering.comparisons(filters).filter(status="open", point__isnull=False).order_by()
    if filters.bbox:
        asked = asked.filter(within__bboverlaps=box(filters.bbox))
    return events.union(initiatives, _bordered(asked), _compared(open_now), _surveyed(filters), all=True).order_by(
        F("first").asc(nulls_last=True), "reference"
    )[:MOST]


def _bordered(found: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    """Consultations stand within their border; without one they are of no place."""
    return _spotted(found.annotate(spot=PointOnSurface("within")))


def _within(found: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    return found.filter(spot__bboverlaps=box(filters.bbox)) if filters.bbox else found


def _part() -> Case:
    """Where the settlement or quarter of a subject lies; nothing for the whole municipality."""
    part = Coalesce(F("subject__area__point"), PointOnSurface("subject__area__polygon"))
    return Case(When(subject__area__parent__isnull=False, then=part), output_field=PointField())


def _about(found: QuerySet[Any]) -> QuerySet[Any]:
    """At their own point, else in their settlement, so that what the list names has its sign."""
    return found.annotate(spot=Coalesce(F("point"), _part(), output_field=PointField()))


def _held_at(found: QuerySet[Any]) -> QuerySet[Any]:
    """The same of events; one that is online alone is in no settlement."""
    around = Case(When(form=Event.Form.ONLINE, then=None), default=_part(), output_field=PointField())
    return found.annotate(spot=Coalesce(F("point"), around, output_field=PointField()))


def _timed(found: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    return rows(found, F("starts_at"), F("ends_at"), F("form"), "spot")


def _begun(found: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    return rows(found, Cast("starts_on", DateTimeField()), NO_TIME, PLAIN, "spot")


def _surveyed(filters: Filters) -> QuerySet[Any, dict[str, Any]]:
    """Open surveys where their marks must lie or what they ask about is; of the whole municipality they are of no place."""
    return _spotted(_within(_asking(filtering.surveys(filters).open().order_by()), filters))


def _asking(found: QuerySet[Any]) -> QuerySet[Any]:
    """Their own point, or within the first border of a question, or in the settlement or quarter that they are about."""
    borders = Question.objects.filter(survey=OuterRef("pk"), area__isnull=False).order_by("order", "pk")
    border = Subquery(borders.annotate(spot=PointOnSurface("area")).values("spot")[:1], output_field=PointField())
    return found.annotate(spot=Coalesce(F("point"), border, _part(), output_field=PointField()))


def _spotted(found: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    return rows(found, NO_TIME, NO_TIME, PLAIN, "spot")


def _compared(found: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    """Comparisons stand on their border's surface or on their variants'; the sign was put there at opening."""
    return rows(found, NO_TIME, NO_TIME, PLAIN)


def cards(filters: Filters) -> list[Card]:
    return [_card(row) for row in shown(filters)]


def card(reference: str) -> Card | None:
    """The same of one, whatever its state."""
    mine = {"subject__reference": reference}
    events = _timed(_held_at(Event.objects.public().filter(**mine)))
    initiatives = _begun(_about(Initiative.objects.public().filter(**mine)))
    consultations = _bordered(Consultation.objects.public().filter(**mine))
    comparisons = _compared(Comparison.objects.public().filter(**mine))
    surveys = _spotted(_asking(Survey.objects.public().filter(**mine)))
    row = next(iter(events.union(initiatives, consultations, comparisons, surveys, all=True)), None)
    return _card(row) if row else None


def _card(row: dict[str, Any]) -> Card:
    area = f"{text_in(row['area_prefix'])} {text_in(row['area_name'])}".strip()
    phase = workflow.STATES[row["status"]].phase
    return {
        "ref": row["reference"], "url": reverse(row["sort"], args=[row["reference"]]), "kind": row["sort"],
        "sector": row["sector_slug"], "sectors": {row["sector_slug"], *row["further"]}, "icon": row["sector_icon"],
        "mark": wording.MARKS.get(phase, str(phase)), "title": row["heading"], "lang": row["language"], "photo": "",
        "place": " · ".join(part for part in (_time(row["first"], row["last"]), place(row, area)) if part),
        "status": str(sentences.STATUS[row["sort"]][row["status"]]), "lon": row["lon"], "lat": row["lat"],
    }  # fmt: skip


def place(row: dict[str, Any], area: str) -> str:
    return str(wording.FORM_NAMES["online"]) if row["how"] == "online" else place_in_words(row["place"], area)


def _time(first: datetime.datetime | None, last: datetime.datetime | None) -> str:
    """A time with both ends, or the day alone; "" where nothing is set."""
    if first is None:
        return ""
    if last is None:  # the database makes midnight UTC of a day
        return wording.day_in_words(first.astimezone(datetime.UTC).date())
    return wording.between(timezone.localtime(first), timezone.localtime(last))


SOURCE = Source(KINDS, cards, card, everything.of_organisation)
