"""The spheres of the municipality's work."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import shapes
from api.v1.access import Open, Resource
from api.v1.answers import answer, only
from geoportal.kernel.conditional import public
from municipality.models import Sector
from reports.freshness import data_version


class SectorList(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="sectors_list", responses={200: shapes.Sectors})
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """All sectors in their order."""
        only(request)
        return answer({"sectors": list(Sector.objects.values("slug", "name", "short_name", "icon"))})
