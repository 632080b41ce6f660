"""The area tree: municipality, settlements, quarters; each names the one above it."""

from __future__ import annotations

import orjson
from django.db.models import F, TextField, Value
from django.http import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from api.v1 import shapes
from api.v1.access import Open, Resource
from api.v1.answers import bad_parameter, only
from api.v1.paging import PAGING, SET_UP, listed, page_of, path
from geoportal.kernel.conditional import public
from geoportal.kernel.postgis import as_geojson
from municipality.models import Area
from municipality.site import support_needed
from reports.freshness import data_version
from reports.parameters import MOST

FIELDS = ("slug", "kind", "code", "prefix", "name", "population", "population_year", "schematic")


class AreaTree(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="areas_list",
        parameters=[OpenApiParameter("polygons", int, enum=[0, 1], description="1: with their outlines"), *SET_UP],
        responses={200: shapes.Areas},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """All areas, each after the one above it."""
        only(request, ("polygons", *PAGING))
        wanted = request.query_params.get("polygons", "0")
        if wanted not in ("0", "1"):
            raise bad_parameter("polygons", _("Write 0 or 1."))
        shape = as_geojson("polygon") if wanted == "1" else Value(None, output_field=TextField())
        found = Area.objects.annotate(above=F("parent__slug"), spot=as_geojson("point"), outline=shape)
        rows, following = page_of(
            request, found.values("pk", "path", *FIELDS, "above", "spot", "outline"), {"path": path}, usual=MOST
        )
        areas = [
            {
                **{name: row[name] for name in FIELDS},
                "parent": row["above"],
                "support_needed": support_needed(row["pk"]),
                "point": orjson.Fragment(row["spot"]) if row["spot"] else None,
                "polygon": orjson.Fragment(row["outline"]) if row["outline"] else None,
            }
            for row in rows
        ]
        return listed("areas", areas, following)
