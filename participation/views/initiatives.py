"""`/initiatives/`: what people do together, by state, sector, settlement and words; one initiative."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.browser import correspondent_of
from discussion import messages, sentences
from discussion.conversation import conversation
from discussion.models import Audience, TimelineRow
from geoportal.kernel.conditional import public
from municipality.models import Area
from municipality.site import sectors
from participation import filtering, rules, wording, workflow
from participation.actions import joining
from participation.models import Initiative, Joining, Rewording
from participation.views.found import acts, found
from reports.filters import Filters
from reports.freshness import data_version
from reports.parameters import one_of, readable

MOST = 100
STATES = tuple(state for state in workflow.STATES_OF[workflow.Kind.INITIATIVE] if workflow.STATES[state].public)


@require_safe
@public(data_version)
def initiative_list(request: HttpRequest) -> HttpResponseBase:
    """Those that go on, then finished and stopped ones; `status` as a chip; unreadable filters are named."""
    status, bad_status = readable(request.GET, lambda left: one_of(left, "status", STATES))
    query = request.GET.copy()
    query.pop("status", None)
    filters, bad = Filters.readable(query, request.user, refused=filtering.SAYS_NOTHING)
    initiatives = filtering.initiatives(filters).with_page_facts().with_people()
    if status:
        initiatives = initiatives.filter(status=status)
    context = {
        "bad": [*bad_status, *bad], "given": filters.given, "filtered": bool(filters.given or status),
        "status": status, "sectors": sectors(), "chips": _chips(filters, status),
        "areas": Area.objects.settlements().defer("polygon", "point").order_by("path"),
        "alive": [wording.initiative_card(each) for each in initiatives.alive()[:MOST]],
        "over": [wording.initiative_card(each) for each in initiatives.over()[:MOST]],
    }  # fmt: skip
    return render(request, "participation/initiatives.html", context)


def _chips(filters: Filters, status: str) -> list[dict[str, Any]]:
    names = [("", _("All")), *((code, str(sentences.STATUS["initiative"][code])) for code in STATES)]
    address = lambda code: "?" + urlencode({**filters.given, **({"status": code} if code else {})})  # noqa: E731
    return [{"name": name, "url": address(code), "on": code == status, "count": None} for code, name in names]


@require_safe
@public(data_version)
def initiative_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One initiative: its way, tasks with free places, numbers of people, news of the organisers, the result."""
    initiative = found(request, ref, Initiative)
    if ref != initiative.subject.reference:
        return redirect("initiative", initiative.subject.reference)
    return render(request, "participation/initiative.html", _context(request, initiative))


def _context(request: HttpRequest, initiative: Initiative) -> dict[str, Any]:
    subject, known, numbers = initiative.subject, correspondent_of(request), joining.counts(initiative)
    organises = bool(rules.capacities(request.user, initiative))
    audience = Audience.AUTHOR if organises else Audience.PUBLIC
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[audience]).order_by("at", "pk")
    told = messages.describe_all(rows, audience=audience)
    mine = (
        set(Joining.objects.going().filter(initiative=initiative, correspondent=known).values_list("task", flat=True))
        if known
        else set()
    )
    return {
        "initiative": initiative, "subject": subject, "mark": wording.mark(initiative), "steps": wording.steps(initiative),
        "status": sentences.STATUS["initiative"][initiative.status], "organises": organises, "acts": acts(request.user, initiative),
        "makes": workflow.Who.ORGANISER in rules.makers(request.user, initiative),
        "day": wording.day_in_words(initiative.starts_on) if initiative.starts_on else "",
        "sectors": [subject.sector, *subject.further_sectors.all()],
        "people": wording.people(numbers["people"], None if initiative.state.ends else initiative.people_needed),
        "tasks": [_task(task, numbers["tasks"][task.pk], task.pk in mine) for task in initiative.tasks.all()],
        "result_photos": messages.photos_out_of(told, "finish"),
        "waits": organises and not initiative.state.ends and Rewording.objects.filter(subject=subject).exists(),
        "joined": bool(mine), "open": joining.is_open(initiative), "rows": [row for row in told if row.code != "message"],
        "news": [row for row in reversed(told) if row.code == "message"], "talk": conversation(subject, request),
        "lon": initiative.point.x if initiative.point else None, "lat": initiative.point.y if initiative.point else None,
        "map_query": f"?at={initiative.point.x:.6f},{initiative.point.y:.6f},16" if initiative.point else "",
    }  # fmt: skip


def _task(task: Any, taken: int, mine: bool) -> dict[str, Any]:
    return {"task": task, "taken": taken, "left": max(0, task.needed - taken), "mine": mine}
