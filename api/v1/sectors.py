"""The spheres of the municipality's work."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import shapes
from api.v1.access import Open, Resource
from api.v1.answers import only
from api.v1.paging import PAGING, SET_UP, listed, number, page_of
from geoportal.kernel.conditional import public
from municipality.models import Sector
from reports.freshness import data_version
from reports.parameters import MOST

FIELDS = ("slug", "name", "short_name", "icon")


class SectorList(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="sectors_list", parameters=SET_UP, responses={200: shapes.Sectors})
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """All sectors in their order."""
        only(request, PAGING)
        rows = Sector.objects.values("pk", "order", *FIELDS)
        found, following = page_of(request, rows, {"order": number, "pk": number}, usual=MOST)
        return listed("sectors", [{name: row[name] for name in FIELDS} for row in found], following)
