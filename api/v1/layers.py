"""Published layers: what each holds, and where its features are read. Read only."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.ogc.collections import OWN
from api.v1 import place_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, only
from api.v1.paging import PAGING, SET_UP, listed, number, page_of
from geoportal.kernel.conditional import public
from layers.models import Layer
from reports.freshness import data_version
from reports.parameters import MOST

SAME = (
    "slug", "name", "group", "points", "lines", "polygons", "areas", "ground", "pickable", "source", "licence", "licence_url",
    "dated_on", "updated_every",
)  # fmt: skip


def _rows() -> Any:
    return Layer.objects.public().held().counted().select_related("sector")


def facts(layer: Any) -> dict[str, Any]:
    """The fields of shapes.LayerFacts; `layer` is counted."""
    return {name: getattr(layer, name) for name in SAME} | {
        "fields": layer.popup, "sector": layer.sector.slug if layer.sector else None,
        "tiles": absolute(f"/tiles/{layer.slug}.json"),
        "collection": None if layer.slug in OWN else absolute(f"/ogc/collections/{layer.slug}"),
    }  # fmt: skip


class LayerList(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="layers_list", parameters=SET_UP, responses={200: shapes.LayerList})
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """All layers that everyone may look at, in their order. Features are read as tiles or at `/ogc/`."""
        only(request, PAGING)
        found, following = page_of(request, _rows(), {"order": number, "pk": number}, usual=MOST)
        return listed("layers", map(facts, found), following)


class OneLayer(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="layers_one", responses={200: shapes.LayerFacts})
    @method_decorator(public(data_version))
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """One layer."""
        only(request)
        found = _rows().filter(slug=slug).first()
        if found is None:
            raise Http404
        return answer(facts(found))
