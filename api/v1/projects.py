"""Planned projects as GeoJSON: what the source does not say is null."""

from __future__ import annotations

from typing import Any

import orjson
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, filters, only, page
from api.v1.paging import parameters
from geoportal.kernel.conditional import public
from geoportal.kernel.postgis import as_geojson
from geoportal.kernel.references import parse
from layers.models import Milestone, Project
from reports.freshness import data_version
from reports.mapping import projects

COLUMNS = (
    "pk", "title", "summary", "stage", "stage_note", "as_of_year", "starts_year", "ends_year", "amount", "currency",
    "amount_note", "funding", "spent", "participation", "approximate", "example", "source_url", "reference", "sector_slug",
    "area_slug", "department_slug", "created_at", "shape",
)  # fmt: skip
USED = ("sector", "area", "bbox", "q", "cursor", "limit")
REFUSED = ("kind", "category", "status", "since", "until", "assigned", "overdue", "supported", "order")


def rows(found: Any) -> Any:
    """Named tuples with COLUMNS; the most extensive shape as GeoJSON text written by the database."""
    return found.annotate(
        reference=F("subject__reference"), sector_slug=F("subject__sector__slug"), area_slug=F("subject__area__slug"),
        department_slug=F("department__slug"), created_at=F("subject__created_at"),
        shape=Coalesce(as_geojson("polygon"), as_geojson("line"), as_geojson("points"), as_geojson("point")),
    ).values_list(*COLUMNS, named=True)  # fmt: skip


def facts(row: Any) -> dict[str, Any]:
    """The fields of shapes.ProjectFacts."""
    plain = (
        "reference", "title", "summary", "stage", "stage_note", "as_of_year", "starts_year", "ends_year", "currency",
        "amount_note", "funding", "participation", "approximate", "example", "source_url",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in plain},
        "amount": None if row.amount is None else float(row.amount),
        "spent": None if row.spent is None else float(row.spent),
        "department": row.department_slug,
        "sector": row.sector_slug,
        "area": row.area_slug,
        "url": absolute(f"/projects/{row.reference}/"),
    }


def geometry(row: Any) -> Any:
    return orjson.Fragment(row.shape) if row.shape else None


class ProjectList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="projects_list", parameters=parameters(*USED),
        responses={(200, "application/geo+json"): shapes.ProjectCollection},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Planned projects, the newest first, by keyset paging: follow `next`."""
        asked = filters(request, refused=REFUSED, limit=100)
        found = rows(projects(asked, request.user))
        if asked.cursor:
            value, pk = asked.cursor
            found = found.filter(created_at__lte=value).exclude(created_at=value, pk__gte=pk)
        ordered = list(found.order_by("-created_at", "-pk")[: asked.limit + 1])
        shown = ordered[: asked.limit]
        following = None
        if len(ordered) > asked.limit:
            last = shown[-1]
            following = asked.as_query(cursor=f"{last.created_at.isoformat()}~{last.pk}", limit=str(asked.limit))
        features = [
            {"type": "Feature", "id": row.reference, "geometry": geometry(row), "properties": facts(row)} for row in shown
        ]
        return page(request, features, following)


class OneProject(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="projects_one", responses={200: shapes.ProjectDocument})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One planned project with its milestones."""
        only(request)
        row = rows(Project.objects.visible_to(request.user).filter(subject__reference=parse(ref))).first()
        if row is None:
            raise Http404
        milestones = list(Milestone.objects.filter(project=row.pk).values("name", "due_on", "done_on"))
        return answer({**facts(row), "geometry": geometry(row), "milestones": milestones})
