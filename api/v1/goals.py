"""Goals with what serves them. Read only."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import together_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, filters, only
from api.v1.paging import listed, number, page_of, parameters
from api.v1.policies import REFUSED, USED
from discussion.models import Subject
from geoportal.kernel.conditional import public
from geoportal.kernel.references import parse
from participation import filtering
from participation.models import Goal
from participation.progress import Toward, toward
from reports.freshness import data_version
from reports.querysets import today


class GoalList(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="goals_list", parameters=parameters(*USED), responses={200: shapes.GoalList})
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """All goals, the nearest year first."""
        asked = filters(request, refused=REFUSED, own_keys=True)
        rows = filtering.of_spine(Goal, asked).with_page_facts().select_related("indicator", "organisation")
        goals, following = page_of(request, rows, {"by_year": number, "pk": number})
        return listed("goals", _told(goals), following)


class OneGoal(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="goals_one", responses={200: shapes.GoalFacts})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One goal."""
        only(request)
        rows = Goal.objects.public().with_page_facts().select_related("indicator", "organisation")
        found = rows.filter(subject__reference=parse(ref)).first()
        if found is None:
            raise Http404
        return answer(_told([found])[0])


def _told(goals: list[Goal]) -> list[dict[str, Any]]:
    far = toward([goal.pk for goal in goals], today())
    ideas = Subject.objects.in_bulk({pk for one in far.values() for pk in one.ideas})
    return [_goal(goal, far[goal.pk], ideas) for goal in goals]


def _goal(goal: Goal, far: Toward, ideas: dict[int, Subject]) -> dict[str, Any]:
    subject = goal.subject
    return {name: getattr(goal, name) for name in ("title", "measure", "by_year", "status", "ended_on", "example")} | {
        "reference": subject.reference, "progress": far.percent, "target": None if goal.target is None else float(goal.target),
        "indicator": goal.indicator.slug if goal.indicator else None,
        "policies": [node.policy.subject.reference for node in far.nodes], "projects": [one.reference for one in far.projects],
        "ideas": [ideas[pk].reference for pk in far.ideas],
        "organisation": goal.organisation.slug if goal.organisation else None, "sector": subject.sector.slug,
        "area": subject.area.slug, "url": absolute(subject.path),
    }  # fmt: skip
