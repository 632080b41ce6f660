"""The answer as a file: CSV, GeoJSON, GeoPackage."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from geoportal.kernel.problems import Problem
from reports.filters import BadParameter
from reports.planning import asking, carry
from reports.planning.question import Question
from reports.views.planning.entrance import planner


@require_safe
@planner
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """`/planning/answer.csv`, `.geojson`, `.gpkg`, with the question of the page."""
    if kind not in carry.MADE:
        raise Http404
    question = asked(request)
    address = request.build_absolute_uri(f"{reverse('planning')}?{question.as_query()}")
    now = timezone.localtime()
    response = HttpResponse(carry.MADE[kind](asking.answered(question), address, now), content_type=carry.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{question.analysis.slug}-{now:%Y-%m-%d}.{kind}"'
    return response


def asked(request: HttpRequest) -> Question:
    """The question of the address, answerable; a bad parameter is 400 with its name."""
    try:
        question = Question.from_query(request.GET, request.user)
    except BadParameter as bad:
        raise Problem(bad.sentence, status=400, code="parameter") from bad
    if question.analysis.answer is None:
        raise Http404
    return question
