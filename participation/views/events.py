"""`/events/`: what comes and what was, as a list, a month and a calendar file; one event with its minutes."""

from __future__ import annotations

import calendar as months
import datetime
import itertools
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.browser import correspondent_of
from accounts.models import Correspondent
from discussion import messages
from discussion.conversation import conversation
from discussion.models import Audience, Follow, TimelineRow
from geoportal.kernel.conditional import public
from municipality.models import Area
from municipality.site import sectors
from participation import calendar, filtering, rules, wording
from participation.actions import taking_part
from participation.discussed import listed
from participation.freshness import event_version
from participation.models import Event, Rewording, TakingPart
from participation.views.found import acts, found
from participation.workflow import Who
from reports.filters import Filters
from reports.freshness import data_version
from reports.parameters import BadParameter, readable
from reports.views.asked import refused

MOST = 100


def _filters(request: HttpRequest) -> tuple[Filters, list[Any]]:
    return Filters.readable(request.GET, request.user, refused=filtering.SAYS_NOTHING)


@require_safe
@public(event_version)
def event_list(request: HttpRequest) -> HttpResponseBase:
    """The next events, then those of the last months; `month=2026-12` as a month; unreadable filters are named."""
    filters, bad = _filters(request)
    first, bad_month = readable(request.GET, _first_day)
    events = filtering.events(filters).with_page_facts()
    query = filters.as_query()
    context = {
        "filters": filters, "bad": [*bad, *bad_month], "given": filters.given, "filtered": bool(filters.given), "query": query,
        "sectors": sectors(), "areas": Area.objects.settlements().defer("polygon", "point").order_by("path"),
        "ics_url": reverse("events_ics") + (f"?{query}" if query else ""), "month": _month(first, bool(request.GET.get("month")), events, filters),
        "to_come": [wording.card(event) for event in events.to_come()[:MOST]],
        "over": [wording.card(event) for event in events.over()[:MOST]],
    }  # fmt: skip
    return render(request, "participation/events.html", context)


def _month(first: datetime.date, asked: bool, events: Any, filters: Filters) -> dict[str, Any]:
    """The month as weeks of days, each with its events."""
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    begin, end = weeks[0][0], weeks[-1][-1] + datetime.timedelta(days=1)
    rows = list(events.between(_midnight(begin), _midnight(end)).order_by("starts_at", "pk")[:MOST])
    by_day: dict[datetime.date, list[dict[str, Any]]] = {}
    for event in rows:
        day, last = timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
        while day <= min(last, weeks[-1][-1]):
            by_day.setdefault(day, []).append({"at": timezone.localtime(event.starts_at), **wording.card(event)})
            day += datetime.timedelta(days=1)
    days = [[{"day": day, "out": day.month != first.month, "events": by_day.get(day, [])} for day in week] for week in weeks]
    return {
        "name": date_format(first, "F Y"), "weeks": days, "asked": asked, "today": timezone.localdate(),
        "week_days": [date_format(day, "D") for day in weeks[0]],
        "before": _month_url(filters, first - datetime.timedelta(days=1)),
        "after": _month_url(filters, first + datetime.timedelta(days=31)),
    }  # fmt: skip


def _first_day(query: QueryDict) -> datetime.date:
    """Of the month that is asked for; of the present one where none is. Raises BadParameter for what is no month."""
    text = str(query.get("month", ""))
    try:
        found = datetime.date.fromisoformat(f"{text[:7]}-01") if text else timezone.localdate()
    except ValueError as error:
        raise BadParameter("month", _("Write the month as 2026-12.")) from error
    return min(max(found, datetime.date(2000, 1, 1)), datetime.date(2099, 12, 1)).replace(day=1)


def _month_url(filters: Filters, day: datetime.date) -> str:
    return f"?{urlencode({**filters.given, 'month': f'{day:%Y-%m}'})}#month"


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


@require_safe
@public(event_version)
def event_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One event: when, where, the agenda, who comes as a number, what came of it."""
    event = found(request, ref)
    if ref != event.subject.reference:
        return redirect("event", event.subject.reference)
    return render(request, "participation/event.html", _context(request, event))


def _context(request: HttpRequest, event: Event) -> dict[str, Any]:
    subject, known, numbers = event.subject, correspondent_of(request), taking_part.counts(event)
    organises = bool(rules.capacities(request.user, event))
    audience = Audience.AUTHOR if organises else Audience.PUBLIC
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[audience]).order_by("at", "pk")
    mine = TakingPart.objects.in_force().filter(subject=event.pk, correspondent=known).first() if known else None
    minutes, told = getattr(event, "minutes", None), messages.describe_all(rows, audience=audience)
    return {
        "event": event, "subject": subject, "when": wording.when(event), "mark": wording.mark(event), "status": wording.status(event),
        "form_name": wording.FORM_NAMES[event.form], "sectors": [subject.sector, *subject.further_sectors.all()],
        "agenda": event.agenda.select_related("subject"), "minutes": minutes,
        "decisions": minutes.decisions.all() if minutes else (), "came": minutes.organisations.all() if minutes else (),
        "discussing": listed(event), "minutes_photos": messages.photos_out_of(told, "hold"), "rows": told, "seats": wording.seats(event, **numbers),
        "open": event.registration and event.status == "announced" and event.starts_at > timezone.now() and subject.is_public,
        "mine": mine, "waits": organises and not event.state.ends and Rewording.objects.filter(subject=subject).exists(),
        "place": taking_part.place_of(mine) if mine else 0, "makes": Who.ORGANISER in rules.makers(request.user, event),
        "full": event.capacity is not None and numbers["going"] >= event.capacity,
        "talk": conversation(subject, request), "acts": acts(request.user, event), "begun": event.starts_at <= timezone.now(), "organises": organises,
        "lon": event.point.x if event.point else None, "lat": event.point.y if event.point else None,
        "map_query": f"?at={event.point.x:.6f},{event.point.y:.6f},16" if event.point else "",
    }  # fmt: skip


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


@require_safe
@public(data_version)
def event_ics(request: HttpRequest, ref: str) -> HttpResponse:
    event = found(request, ref)
    if not event.subject.is_public:
        raise Http404
    return _file(calendar.calendar([event], event.subject.title), slugify(event.subject.reference))


@require_safe
@public(data_version)
def events_ics(request: HttpRequest) -> HttpResponse:
    """`/events.ics`: what the filters let through, the next events first; a filter that cannot be read is refused."""
    try:
        filters = Filters.from_query(request.GET, request.user, strict=False, refused=filtering.SAYS_NOTHING)
    except BadParameter as bad:
        raise refused(bad) from bad
    events = filtering.events(filters).with_page_facts()
    half = calendar.MOST // 2
    return _file(calendar.calendar(itertools.chain(events.to_come()[:half], events.over()[:half])), "events")


@never_cache
@require_safe
def my_events_ics(request: HttpRequest, token: str) -> HttpResponse:
    """Those that this person comes to, waits for or follows."""
    try:
        pk = signing.loads(token, salt=calendar.SALT)
    except signing.BadSignature:
        raise Http404 from None
    who = Correspondent.objects.filter(pk=pk).exclude(email="").first()
    if who is None:
        raise Http404
    mine = TakingPart.objects.in_force().filter(correspondent=who).values("subject")
    followed = Follow.objects.filter(correspondent=who, subject__kind="event").values("subject")
    events = Event.objects.public().with_page_facts().filter(pk__in=mine.union(followed)).order_by("-starts_at")
    return _file(calendar.calendar(events[: calendar.MOST]), "events")
