"""The answer as a file or on paper: CSV, GeoJSON, GeoPackage, PDF, a page for the printer."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from geoportal.kernel import child
from municipality.site import installation
from reports.parameters import BadParameter
from reports.planning import asking, carry, chart, pdf, picture, stored, table
from reports.planning.kept import Run
from reports.planning.question import Question
from reports.planning.result import Result
from reports.views.asked import refused
from reports.views.planning.entrance import planner

MOST_PRINTED, MOST_IN_PDF = 1000, 300
UNMADE: dict[child.Why, Any] = {
    "busy": _("Many files are being made right now. Ask for this one again in a minute."),
    "slow": _("Making this file took too long. Ask for fewer rows, or take the table as CSV."),
    "killed": _("This file needs more room than there is. Ask for fewer rows, or take the table as CSV."),
    "failed": _("Something broke while this file was made; it is on record. Take the table as CSV meanwhile."),
}
log = logging.getLogger("reports.planning")


@require_safe
@planner
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """`/planning/answer.csv`, `.geojson`, `.gpkg`, `.pdf`, with the question of the page or `?run=` of a long one."""
    if kind not in carry.TYPES:
        raise Http404
    result, address = answer_of(request)
    now = timezone.localtime()
    try:
        if kind == "pdf":
            body = pdf.of("planning/pdf.html", {**on_paper(result, address, MOST_IN_PDF), "installation": installation()})
        else:
            body = carry.MADE[kind](result, address, now)
    except child.Unanswered as failed:
        return _unmade(request, kind, address, failed)
    response = HttpResponse(body, content_type=carry.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{result.analysis}-{now:%Y-%m-%d}.{kind}"'
    return response


def _unmade(request: HttpRequest, kind: str, address: str, failed: child.Unanswered) -> HttpResponse:
    """503 that says why there is no file and leads back to the answer; the log has what the program said."""
    log.error("no %s: %s %s", kind, failed.why, failed)
    context = {"sentence": UNMADE[failed.why], "kind": kind, "address": address, "carried": request.GET.urlencode()}
    response = render(request, "planning/unmade.html", context, status=503)
    response["Retry-After"] = "60"
    return response


@require_safe
@planner
def printed(request: HttpRequest) -> HttpResponse:
    """`/planning/print/`: drawing, method, table and caveats for paper."""
    result, address = answer_of(request)
    return render(request, "planning/print.html", {**on_paper(result, address), "carried": request.GET.urlencode()})


def on_paper(result: Result, address: str, most: int = MOST_PRINTED) -> dict[str, Any]:
    """Context of the printed page."""
    lines = table.lines(result)
    key_name, key = table.key(result)
    return {
        "result": result, "facts": table.facts(result), "heads": table.heads(result), "lines": lines[:most],
        "more": max(0, len(lines) - most), "picture": picture.svg(result, words=result.title), "key_name": key_name,
        "key": key, "chart": chart.svg(result), "address": address, "now": timezone.localtime(),
    }  # fmt: skip


def answer_of(request: HttpRequest) -> tuple[Result, str]:
    """(the answer, the address under which it is seen). A bad parameter is 400 with its name."""
    if key := request.GET.get("run"):
        found = Run.objects.filter(pk=_uuid(key), state=Run.State.DONE).first()
        if found is None:
            raise Http404
        return stored.from_json(found.result or {}), request.build_absolute_uri(reverse("planning_run", args=[found.pk]))
    question = asked(request.GET, request.user)
    address = request.build_absolute_uri(f"{reverse('planning')}?{question.as_query()}")
    result = asking.in_time(question)
    if result is None:
        raise Http404
    return result, address


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def asked(query: QueryDict, user: Any) -> Question:
    """The question of the address, which can be answered at once."""
    try:
        question = Question.from_query(query, user)
    except BadParameter as bad:
        raise refused(bad) from bad
    if asking.is_long(question):
        raise Http404
    return question
