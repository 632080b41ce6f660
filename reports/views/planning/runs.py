"""Long analyses: asked for, watched, cancelled, looked at, asked again."""

from __future__ import annotations

import uuid
from html import unescape

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_safe

from geoportal.kernel.problems import Problem
from reports.actions import planning as verbs
from reports.parameters import BadParameter
from reports.planning import asking, stored
from reports.planning.kept import LONGEST_QUERY, Run, longer_than_kept
from reports.planning.question import Question
from reports.views.planning.entrance import person, planner
from reports.views.planning.form import form_of
from reports.views.planning.page import shown

MOST = 50
SECONDS = 5
"""How often the page looks again."""


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def runs(request: HttpRequest) -> HttpResponse:
    """The person's runs; a POST with `query` starts one, or finds the one that waits already."""
    if request.method == "POST":
        asked = _whole(request.POST.get("query", ""))
        try:
            query = _whole(Question.from_query(QueryDict(asked), person(request)).as_query())
        except BadParameter as bad:
            raise Problem(bad.sentence, status=400, code="parameter") from bad
        return redirect("planning_run", _started(request, query).pk)
    rows = Run.objects.of(person(request)).defer("result").order_by("-created_at")[:MOST]
    return render(request, "planning/runs.html", {"runs": asking.listed(rows), "days": verbs.KEPT_DAYS})


def _whole(query: str) -> str:
    """The query; Problem (400) where it cannot be kept whole: cut it would ask something else."""
    if len(query) > LONGEST_QUERY:
        raise Problem(longer_than_kept(), status=400, code="parameter")
    return query


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def run(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Progress, then the result; colleagues see what the link shows them, the owner may cancel and ask again."""
    found = get_object_or_404(Run, pk=pk)
    if request.method == "POST":
        return _acted(request, found)
    context = {"run": found, "mine": found.owner_id == person(request).pk, "seconds": SECONDS, "waited": _waited(found)}
    if found.state != Run.State.DONE:
        return render(request, "planning/run.html", context)
    query = QueryDict(found.query)
    question, bad = Question.readable(query, person(request))
    result = stored.from_json(found.result or {})
    context |= {**shown(question, result, every="rows" in request.GET), "form": form_of(question, query, bad)}
    context["carried"] = f"run={found.pk}"
    return render(request, "planning/page.html", context)


def _started(request: HttpRequest, query: str) -> Run:
    """Raises Problem (409) while too many of the person have not ended."""
    try:
        return verbs.start_run(person(request), query, translation.get_language() or "")
    except ValidationError as refused:
        raise Problem(refused.messages[0], status=409, code="too_many") from refused


def _acted(request: HttpRequest, found: Run) -> HttpResponse:
    if found.owner_id != person(request).pk:
        raise PermissionDenied
    if request.POST.get("do") == "again":
        found = _started(request, found.query)
    else:
        verbs.cancel_run(found)
    return redirect("planning_run", found.pk)


def _waited(found: Run) -> int:
    """Seconds since it was asked for, or how long it took."""
    return round(((found.finished_at or timezone.now()) - found.created_at).total_seconds())


@require_safe
@planner
def state(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the page's script asks every few seconds: {state, done, of, words, url}."""
    found = get_object_or_404(Run.objects.defer("result"), pk=pk)
    words = " ".join(unescape(render_to_string("planning/_progress.html", {"run": found})).split())
    at = reverse("planning_run", args=[found.pk])
    return JsonResponse({"state": found.state, "done": found.done, "of": found.of, "words": words, "url": at})
