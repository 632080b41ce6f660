"""What staff does with goals: sets them, also from a vision, changes them, says that they are reached or given up."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.addresses import page_of
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import parse
from participation import rules, workflow
from participation.actions import goal as actions
from participation.forms.goal import GoalEndForm, GoalForm
from participation.models import Goal, Survey
from participation.views.goals import found
from participation.views.organise import done, page
from reports.views.acknowledged import acknowledge
from reports.views.said import typed

METHODS = ["GET", "HEAD", "POST"]
YEARS = 5
"""So far ahead the form proposes a goal."""


@never_cache
@login_required
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """`?from=<number>`: of a vision whose results are public; it is filled in from it and linked with it."""
    if not rules.sets_goals(request.user):
        raise Http404
    vision = _vision(request)
    first: dict[str, Any] = {"client_uuid": uuid.uuid4(), "by_year": timezone.localdate().year + YEARS}
    if vision is not None:
        area = vision.subject.area
        first |= {
            "title": text_in(vision.title),
            "sector": vision.subject.sector,
            "settlement": area if area.parent_id else None,
        }
    form = GoalForm(typed(request), vision=vision, initial=first)
    key = lambda: form.cleaned_data["client_uuid"]  # noqa: E731
    made = done(request, form, lambda: actions.aim_at(form.said(), by=request.user, client_uuid=key()))  # type: ignore[arg-type]
    if made is not None:
        acknowledge(request, _("The goal is public. Link to it what serves it, on the page of each."))
        return redirect("goal", made.subject.reference)
    say = _("It is public at once. What serves it (policies, projects, ideas) is linked to it afterwards.")
    if vision is not None:
        say = _("A vision ends in goals. This one comes from “%(vision)s”; both pages will say so.") % {
            "vision": text_in(vision.title)
        }
    return page(request, form, _("Set a goal"), _("Publish"), kind="goal", say=say)


def _vision(request: HttpRequest) -> Survey | None:
    """The vision that the address names; None without one. 404 for what is no vision with public results."""
    text = request.GET.get("from", "")[:20]
    if not text:
        return None
    rows = Survey.objects.public().with_page_facts().filter(form=Survey.Form.VISION, status="reported")
    vision: Survey | None = rows.filter(subject__reference=parse(text) or "").first()
    if vision is None:
        raise Http404
    return vision


def _kept(request: HttpRequest, ref: str) -> Goal:
    """The goal, when this person keeps it; 404 else."""
    goal = found(request, ref)
    if not rules.keeps_goal(request.user, goal):
        raise Http404
    return goal


def _over(request: HttpRequest, goal: Goal, name: str) -> HttpResponse | None:
    """The page that says that it is over."""
    if goal.status in workflow.GOALS[name].sources:
        return None
    context = {"event": goal, "page_url": page_of(goal.subject)}
    return render(request, "participation/over.html", context, status=409)


@never_cache
@login_required
@require_http_methods(METHODS)
def change(request: HttpRequest, ref: str) -> HttpResponse:
    goal = _kept(request, ref)
    form = GoalForm(typed(request), goal=goal, initial=GoalForm.first(goal))

    def do() -> Goal:
        data = form.cleaned_data
        actions.change(goal.pk, form.said(), by=request.user, why=data["why"], version=data["version"])  # type: ignore[arg-type]
        return goal

    return _over(request, goal, "change") or _act(request, goal, form, do, _("Change the goal"), _("Save"))


@never_cache
@login_required
@require_http_methods(METHODS)
def finish(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """`reach` and `end`, each with words."""
    titles = {
        "reach": (_("The goal is reached"), _("Say so"), _("Say by what one sees it.")),
        "end": (_("The goal is not aimed at any more"), _("Say so"), _("It stays in the list, with what you write.")),
    }
    goal = _kept(request, ref)
    if name not in titles:
        raise Http404
    form = GoalEndForm(typed(request), initial={"version": goal.subject.version})

    def do() -> Goal:
        data = form.cleaned_data
        actions.finish(goal.pk, name, by=request.user, text=data["text"], version=data["version"])  # type: ignore[arg-type]
        return goal

    title, button, say = titles[name]
    return _over(request, goal, name) or _act(request, goal, form, do, title, button, say=say)


def _act(request: HttpRequest, goal: Goal, form: Form, do: Any, title: str, button: str, **more: Any) -> HttpResponse:
    if done(request, form, do):
        return redirect("goal", goal.subject.reference)
    return page(request, form, title, button, event=goal, **more)
