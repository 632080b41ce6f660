"""Comparisons: what can be chosen between; one with its alternatives as GeoJSON, what they would mean and what was chosen."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import comparison_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import GEOJSON, absolute, answer, filters, only, page
from api.v1.newest import newest
from api.v1.paging import PAGES, PAGING, number, page_of, parameters
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import as_geojson
from geoportal.kernel.references import parse
from participation import drawing, effects, filtering
from participation.models import Alternative, Comparison
from participation.stances import Stances, stances
from participation.wording_alternatives import sent_by
from reports.freshness import data_version

USED = ("sector", "area", "bbox", "since", "until", "q", "cursor", "limit")
REFUSED = ("kind", "category", "status", "assigned", "overdue", "supported", "order")


def facts(comparison: Comparison) -> dict[str, Any]:
    """The fields of shapes.ComparisonFacts."""
    subject = comparison.subject
    return {
        "reference": subject.reference, "status": comparison.status, "takes_part": comparison.takes_part,
        "takes_own": comparison.takes_own, "title": comparison.title, "introduction": comparison.introduction,
        "opened_at": comparison.opened_at, "closes_at": comparison.closes_at,
        "organisation": comparison.organisation.slug if comparison.organisation else None, "sector": subject.sector.slug,
        "area": subject.area.slug, "comment_count": subject.comment_count, "url": absolute(subject.path),
    }  # fmt: skip


class ComparisonList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="comparisons_list", parameters=parameters(*USED),
        responses={(200, "application/geo+json"): shapes.ComparisonCollection},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Comparisons, the latest opened first, by keyset paging: follow `next`. `since` and `until` are days on which it runs."""
        asked = filters(request, refused=REFUSED, limit=100)
        found = filtering.comparisons(asked).with_page_facts()
        shown, following = newest(found, asked)
        features = [
            {"type": "Feature", "id": each.subject.reference, "geometry": as_geojson(each.point) if each.point else None,
             "properties": facts(each)}
            for each in shown
        ]  # fmt: skip
        return page(request, features, following)


class OneComparison(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="comparisons_one", parameters=PAGES, responses={200: shapes.ComparisonDocument})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One with its alternatives, the municipality's first, then those of residents by pages: follow `next`. What was
        withdrawn does not count and is not among them. What people think of one is read and written at
        `/subjects/<reference>/comments/` of that alternative."""
        only(request, PAGING)
        found = Comparison.objects.public().with_page_facts().filter(subject__reference=parse(ref)).first()
        if found is None:
            raise Http404
        compared = Alternative.objects.compared().filter(comparison=found).with_page_facts().in_order()
        further, following = page_of(request, compared.filter(own=False), {"order": number, "pk": number})
        rows = [*([] if "cursor" in request.query_params else compared.filter(own=True)), *further]
        said = stances(each.pk for each in rows)
        told = [_feature(each, said[each.variant.pk], found) for each in effects.effects(rows)]
        chosen = compared.filter(pk=found.preferred_id).first() if found.preferred_id else None
        return answer(
            {
                **facts(found), "border": as_geojson(found.border) if found.border is not None else None, "alternatives": told,
                "next": following,
                "preferred": chosen.subject.reference if chosen else None, "why": found.why, "method": effects.method(),
                "source": effects.source(), "caveat": effects.caveat(),
            }
        )  # fmt: skip


class OneAlternative(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="alternatives_one", responses={(200, GEOJSON): shapes.AlternativeDocument})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One alternative that can be compared, as a GeoJSON feature; `comparison` is what it belongs to."""
        only(request)
        rows = Alternative.objects.compared().with_page_facts().select_related("comparison__subject")
        found = rows.filter(subject__reference=parse(ref), comparison__subject__is_public=True).first()
        if found is None:
            raise Http404
        (effect,) = effects.effects([found])
        feature = _feature(effect, stances([found.pk])[found.pk], found.comparison)
        return answer({**feature, "comparison": found.comparison.subject.reference}, kind=GEOJSON)


def _feature(effect: effects.Effect, said: Stances, comparison: Comparison) -> dict[str, Any]:
    each = effect.variant
    same = ("own", "title", "description", "place", "cost_from", "cost_to", "cost_source", "months_from", "months_to")
    properties = {name: getattr(each, name) for name in same} | {
        "reference": each.subject.reference, "code": each.code, "preferred": comparison.preferred_id == each.pk,
        "by": "" if each.own else sent_by(each), "comment_count": each.subject.comment_count, "stances": said,
        "effects": _effects(effect), "url": absolute(each.subject.path),
    }  # fmt: skip
    return {"type": "Feature", "id": each.subject.reference, "geometry": drawing.geometry_of(each), "properties": properties}


def _effects(effect: effects.Effect) -> dict[str, Any]:
    numbers = {
        "length_m": effect.length, "area_m2": effect.area, "people_300_m": effect.near, "people_500_m": effect.far,
        "euros_per_person_500_m": effect.cost_per_person,
    }  # fmt: skip
    rounded = {name: None if value is None else round(value, 1) for name, value in numbers.items()}
    return {**rounded, "reports_and_ideas": effect.inside}
