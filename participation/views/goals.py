"""`/goals/`: what is to be reached until when; one goal with what serves it and the figure by which it is measured."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discussion import messages
from discussion.conversation import conversation
from discussion.links import without
from discussion.models import Audience, Link, TimelineRow
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import parse
from municipality.site import sectors
from participation import filtering, policy_wording, rules, series, wording
from participation.models import Goal
from participation.progress import toward
from participation.sentences import GOAL_STATUS
from participation.views.begun import begin
from participation.views.policies import UNUSED
from participation.workflow import GOAL_FIRST
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
        "may_set": rules.sets_goals(request.user),
    }  # fmt: skip
    return render(request, "participation/goals/list.html", context)


def found(request: HttpRequest, ref: str) -> Goal:
    """The goal that this request may open; 404, the same for hidden and missing, else."""
    reference = parse(ref)
    rows = Goal.objects.visible_to(request.user).with_page_facts().select_related("indicator__area", "organisation")
    goal: Goal | None = rows.filter(subject__reference=reference).first() if reference else None
    if goal is None:
        raise Http404
    return goal


@require_safe
@public(data_version)
def goal_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    goal = found(request, ref)
    if ref != goal.subject.reference:
        return redirect("goal", goal.subject.reference)
    return render(request, "participation/goals/page.html", _context(request, goal))


def _context(request: HttpRequest, goal: Goal) -> dict[str, Any]:
    subject, far = goal.subject, toward([goal.pk], today())[goal.pk]
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[Audience.PUBLIC]).order_by("at", "pk")
    ideas = (
        card_rows(Report.objects.public().filter(pk__in=far.ideas)).order_by("-subject__support_count", "-pk")
        if far.ideas
        else ()
    )
    indicator, talk = goal.indicator, conversation(subject, request)
    above = {one.policy.pk for one in far.nodes} | {one.pk for one in far.projects} | set(far.ideas)
    talk.related = without(talk.related, Link.Kind.SERVES, above)  # they stand above, with how far it is
    return {
        "goal": goal, "subject": subject, "title": text_in(goal.title), "percent": far.percent,
        "done": policy_wording.done_words(far.percent), "policies": [policy_wording.card(node) for node in far.nodes],
        "projects": [policy_wording.project_line(one) for one in far.projects], "ideas": [card(row, today()) for row in ideas],
        "shown": series.shown(indicator, indicator.figures.all(), target=goal.target) if indicator else None,
        "rows": messages.describe_all(rows), "talk": talk, "keeps": rules.keeps_goal(request.user, goal),
        "open": goal.status == GOAL_FIRST, "mark": wording.GOAL_MARKS[goal.status], "status": GOAL_STATUS[goal.status],
    }  # fmt: skip


@never_cache
@require_safe
def propose(request: HttpRequest, ref: str) -> HttpResponse:
    """A begun idea that is linked to the goal once it is sent."""
    return begin(request, found(request, ref).subject)
