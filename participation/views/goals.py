"""`/goals/`: what is to be reached until when; one goal with what serves it and the figure by which it is measured."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discussion import messages
from discussion.conversation import conversation
from discussion.models import Audience, TimelineRow
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import parse
from municipality.site import sectors
from participation import filtering, policy_wording, series, wording
from participation.models import Goal
from participation.progress import toward
from participation.views.begun import begin
from participation.views.policies import UNUSED
from reports.cards import card, card_rows
from reports.filters import Filters
from reports.freshness import data_version
from reports.models import Report
from reports.querysets import today


@require_safe
@public(data_version)
def goal_list(request: HttpRequest) -> HttpResponseBase:
    """All goals with how far they are; `sector`, `area` and `q` as everywhere."""
    filters, bad = Filters.readable(request.GET, request.user, refused=UNUSED)
    rows = list(filtering.of_spine(Goal, filters).with_page_facts().order_by("by_year", "pk"))
    far = toward([goal.pk for goal in rows], today())
    context = {
        "goals": [wording.goal_card(goal, policy_wording.done_words(far[goal.pk].percent)) for goal in rows],
        "bad": bad, "given": filters.given, "filtered": bool(filters.given), "sectors": sectors(),
    }  # fmt: skip
    return render(request, "participation/goals/list.html", context)


@require_safe
@public(data_version)
def goal_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    reference = parse(ref)
    rows = Goal.objects.visible_to(request.user).with_page_facts().select_related("indicator__area")
    goal = rows.filter(subject__reference=reference).first() if reference else None
    if goal is None:
        raise Http404
    if ref != goal.subject.reference:
        return redirect("goal", goal.subject.reference)
    return render(request, "participation/goals/page.html", _context(request, goal))


def _context(request: HttpRequest, goal: Goal) -> dict[str, Any]:
    subject, far = goal.subject, toward([goal.pk], today())[goal.pk]
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[Audience.PUBLIC]).order_by("pk")
    ideas = (
        card_rows(Report.objects.public().filter(pk__in=far.ideas)).order_by("-subject__support_count", "-pk")
        if far.ideas
        else ()
    )
    indicator, talk = goal.indicator, conversation(subject, request)
    talk.related = []  # what serves it stands above, with how far it is
    return {
        "goal": goal, "subject": subject, "title": text_in(goal.title), "percent": far.percent,
        "done": policy_wording.done_words(far.percent), "policies": [policy_wording.card(node) for node in far.nodes],
        "projects": [policy_wording.project_line(one) for one in far.projects], "ideas": [card(row, today()) for row in ideas],
        "shown": series.shown(indicator, indicator.figures.all(), target=goal.target) if indicator else None,
        "rows": messages.describe_all(rows), "talk": talk,
    }  # fmt: skip


@never_cache
@require_safe
def propose(request: HttpRequest, ref: str) -> HttpResponse:
    """A begun idea that is linked to the goal once it is sent."""
    reference = parse(ref)
    goal = (
        Goal.objects.visible_to(request.user).with_page_facts().filter(subject__reference=reference).first()
        if reference
        else None
    )
    if goal is None:
        raise Http404
    return begin(request, goal.subject)
