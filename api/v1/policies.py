"""Policies with their promises, as trees; figures by sector and area. Read only."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import policy_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, filters, only
from api.v1.paging import listed, number, page_of, parameters
from geoportal.kernel.conditional import public
from geoportal.kernel.references import parse
from participation import filtering
from participation.models import Figure, Indicator, Policy
from participation.progress import Node, percent, trees
from reports.freshness import data_version
from reports.querysets import today

USED = ("sector", "area", "q", "cursor", "limit")
REFUSED = ("kind", "category", "status", "bbox", "since", "until", "assigned", "overdue", "supported", "order")


def facts(node: Node) -> dict[str, Any]:
    """The fields of PolicyFacts."""
    policy, subject = node.policy, node.policy.subject
    plain = {
        name: getattr(policy, name)
        for name in ("level", "title", "what", "status", "weight", "adopted_on", "act", "act_url", "money", "until", "example")
    }
    return plain | {
        "reference": subject.reference, "progress": node.percent, "budget": None if policy.budget is None else float(policy.budget),
        "organisation": policy.organisation.slug, "sector": subject.sector.slug,
        "area": subject.area.slug, "url": absolute(subject.path),
        "promises": [
            {name: getattr(one, name) for name in ("text", "due_on", "first_due_on", "done_on", "evidence_url", "note", "weight")}
            | {"state": str(one.state(node.day))}
            for one in node.promises
        ],
        "projects": [
            {"reference": one.reference, "title": one.title, "stage": one.stage, "progress": percent(one.share), "weight": one.weight}
            for one in node.projects
        ],
    }  # fmt: skip


def tree(node: Node) -> dict[str, Any]:
    return facts(node) | {"measures": [facts(below) for below in node.measures]}


class PolicyList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="policies_list",
        parameters=parameters(*USED),
        responses={200: shapes.PolicyList},
    )
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """The programmes that fit, or have a measure that does, each with all of its measures."""
        asked = filters(request, refused=REFUSED, own_keys=True)
        rows, following = page_of(request, filtering.programmes(asked).with_page_facts(), {"pk": number})
        return listed("policies", map(tree, trees(rows, today())), following)


class OnePolicy(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="policies_one", responses={200: shapes.PolicyTree})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """A programme with its measures, or one measure."""
        only(request)
        rows = Policy.objects.public().with_page_facts()
        policy = rows.filter(subject__reference=parse(ref)).first()
        if policy is None:
            raise Http404
        root = policy if policy.parent_id is None else rows.filter(pk=policy.parent_id).first()
        nodes = [node for top in trees([root] if root else [], today()) for node in (top, *top.measures)]
        found = next((node for node in nodes if node.policy.pk == policy.pk), None)
        if found is None:
            raise Http404
        return answer(tree(found))


class IndicatorList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="indicators_list",
        parameters=parameters("sector", "area", "cursor", "limit"),
        responses={200: shapes.IndicatorList},
    )
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """All figures with their sources."""
        asked = filters(request, refused=(*REFUSED, "q"), own_keys=True)
        order = {"sector__order": number, "order": number, "pk": number}
        found, following = page_of(request, filtering.indicators(asked), order)
        return listed("indicators", _told(found), following)


class OneIndicator(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="indicators_one", responses={200: shapes.IndicatorShape})
    @method_decorator(public(data_version))
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """One figure with its source, through the years."""
        only(request)
        rows = list(Indicator.objects.public().filter(slug=slug))
        if not rows:
            raise Http404
        return answer(_told(rows)[0])


def _told(rows: list[Indicator]) -> list[dict[str, Any]]:
    figures: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in rows}
    for figure in Figure.objects.filter(indicator__in=rows):
        figures[figure.indicator_id].append({"on": figure.on, "value": float(figure.value)})
    return [_indicator(one) | {"figures": figures[one.pk]} for one in rows]


def _indicator(one: Indicator) -> dict[str, Any]:
    plain = {
        name: getattr(one, name) for name in ("slug", "name", "unit", "yearly", "source_name", "source_url", "note", "example")
    }
    return plain | {"sector": one.sector.slug, "area": one.area.slug if one.area else None}
