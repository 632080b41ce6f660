"""The gazetteer: names of settlements, quarters, streets, squares, landmarks and lamp posts. Read only."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from api.v1 import place_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import answer, bad_parameter, only
from api.v1.paging import PAGES, PAGING, listed, page_of, word
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import as_geojson
from layers.credit import TEXT
from layers.models import OSM, Place
from municipality.models import Area
from reports.freshness import data_version

SAME = ("slug", "kind", "name", "also", "number", "approximate", "example")


def facts(place: Place) -> dict[str, Any]:
    """The fields of shapes.PlaceFacts."""
    point = as_geojson(place.point) if place.point else None
    owed = TEXT if place.source == OSM else None
    return {name: getattr(place, name) for name in SAME} | {"area": place.area.slug, "point": point, "credit": owed}


class PlaceList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="places_list",
        parameters=[
            OpenApiParameter("kind", str, enum=Place.Kind.values),
            OpenApiParameter("area", str, description="slug of an area, with all below it"), *PAGES,
        ],
        responses={200: shapes.PlacePage},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Names of places in the order of their slugs. Follow `next`."""
        only(request, ("kind", "area", *PAGING))
        kind, area = (request.query_params.get(name) for name in ("kind", "area"))
        rows = Place.objects.select_related("area").defer("area__polygon")
        if kind is not None:
            if kind not in Place.Kind.values:
                raise bad_parameter("kind", _("There is no such value. See the schema for those that are."))
            rows = rows.filter(kind=kind)
        if area is not None:
            rows = rows.filter(area__path__startswith=_path(area))
        found, following = page_of(request, rows, {"slug": word})
        return listed("places", map(facts, found), following)


def _path(slug: str) -> str:
    """The path of the area with that slug."""
    found: str | None = Area.objects.filter(slug=slug.replace("\0", "")).values_list("path", flat=True).first()
    if found is None:
        raise bad_parameter("area", _("There is no such value here."))
    return found


class OnePlace(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="places_one", responses={200: shapes.PlaceFacts})
    @method_decorator(public(data_version))
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """One place."""
        only(request)
        found = Place.objects.select_related("area").defer("area__polygon").filter(slug=slug).first()
        if found is None:
            raise Http404
        return answer(facts(found))
