"""Visions and surveys with their questions and, once everyone may read them, results. Answers and persons are told to nobody."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import survey_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, filters, only, page
from api.v1.newest import newest
from api.v1.paging import parameters
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import as_geojson
from geoportal.kernel.references import parse
from participation import filtering, results
from participation.models import Question, Survey
from reports.freshness import data_version
from reports.planning.suppression import LEAST

USED = ("sector", "q", "cursor", "limit")
REFUSED = ("kind", "category", "status", "assigned", "overdue", "supported", "order", "area", "bbox", "since", "until")


def facts(survey: Survey) -> dict[str, Any]:
    """The fields of shapes.SurveyFacts."""
    subject = survey.subject
    return {
        "reference": subject.reference, "form": survey.form, "status": survey.status, "title": survey.title,
        "introduction": survey.introduction, "opened_at": survey.opened_at, "closes_at": survey.closes_at, "once": survey.once,
        "sector": subject.sector.slug, "organisation": survey.organisation.slug if survey.organisation else None,
        "url": absolute(subject.path),
    }  # fmt: skip


def question(each: Question) -> dict[str, Any]:
    scale = each.kind == Question.Kind.SCALE
    return {
        "kind": each.kind, "text": each.text, "help": each.help, "required": each.required, "options": each.options,
        "least": each.least if scale else None, "most": each.most if scale else None,
        "area": as_geojson(each.area) if each.area else None,
    }  # fmt: skip


def told(survey: Survey) -> dict[str, Any] | None:
    """What the page of results says; null while it is not public, no questions under five responses."""
    if not survey.shows_results:
        return None
    n = results.number_of(survey)
    if n < LEAST:
        return {"responses": None, "questions": []}
    found = [
        {"question": each.result.title, "kind": each.question.kind, "n": None if each.few else each.result.n,
         "rows": [{key: value for key, value in row.items() if key != "weight"} for row in each.result.rows], "words": each.words}
        for each in results.results(survey)
    ]  # fmt: skip
    return {"responses": n, "questions": found}


class SurveyList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="surveys_list", parameters=parameters(*USED),
        responses={(200, "application/geo+json"): shapes.SurveyCollection},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Visions and surveys that were opened, the latest first, by keyset paging: follow `next`."""
        asked = filters(request, refused=REFUSED, limit=100)
        found = filtering.surveys(asked).with_page_facts()
        shown, following = newest(found, asked)
        features = [
            {"type": "Feature", "id": each.subject.reference, "geometry": None, "properties": facts(each)} for each in shown
        ]
        return page(request, features, following)


class OneSurvey(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="surveys_one", responses={200: shapes.SurveyDocument})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One with its questions and results (null while they are not public). Numbers under five are null."""
        only(request)
        survey = Survey.objects.public().with_page_facts().filter(subject__reference=parse(ref)).first()
        if survey is None:
            raise Http404
        return answer(
            {**facts(survey), "questions": [question(each) for each in survey.questions.all()], "results": told(survey)}
        )
