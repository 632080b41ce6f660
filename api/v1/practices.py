"""Practices of other places as GeoJSON: what, where, from which source. Only published ones. Read only."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import service_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, filters, only, page
from api.v1.newest import newest
from api.v1.paging import parameters
from api.v1.services import REFUSED, USED
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import as_geojson
from geoportal.kernel.references import parse
from participation import filtering
from participation.models import Practice
from reports.freshness import data_version

SAME = ("title", "city", "country", "year", "what", "result", "lesson", "cost", "cost_note", "source_name", "source_url",
        "further_sources")  # fmt: skip


def facts(practice: Practice) -> dict[str, Any]:
    """The fields of shapes.PracticeFacts."""
    subject = practice.subject
    return {name: getattr(practice, name) for name in SAME} | {
        "reference": subject.reference, "ended": practice.until, "name": practice.public_name or None,
        "organisation": practice.organisation.slug if practice.organisation else None, "sector": subject.sector.slug,
        "comment_count": subject.comment_count, "url": absolute(subject.path),
    }  # fmt: skip


def geometry(practice: Practice) -> dict[str, Any] | None:
    return as_geojson(practice.point) if practice.point else None


class PracticeList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="practices_list", parameters=parameters(*USED),
        responses={(200, "application/geo+json"): shapes.PracticeCollection},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Practices of other places, the latest told first, by keyset paging: follow `next`."""
        asked = filters(request, refused=REFUSED, limit=100)
        shown, following = newest(filtering.practices(asked).with_page_facts(), asked)
        features = [
            {"type": "Feature", "id": each.subject.reference, "geometry": geometry(each), "properties": facts(each)}
            for each in shown
        ]
        return page(request, features, following)


class OnePractice(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="practices_one", responses={200: shapes.PracticeDocument})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One practice. What was begun from it is read at `/subjects/<reference>/links/`."""
        only(request)
        found = Practice.objects.public().with_page_facts().filter(subject__reference=parse(ref)).first()
        if found is None:
            raise Http404
        further = list(found.subject.further_sectors.order_by("order").values_list("slug", flat=True))
        return answer({**facts(found), "geometry": geometry(found), "further_sectors": further})
