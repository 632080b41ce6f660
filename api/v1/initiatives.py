"""Initiatives as GeoJSON: what, where, when, numbers of who joined, what came of them. Who joined is told to nobody."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import participation_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, filters, only, page
from api.v1.events import REFUSED, USED
from api.v1.newest import newest
from api.v1.paging import parameters
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import as_geojson
from geoportal.kernel.references import parse
from participation import filtering
from participation.actions import joining
from participation.actions.linking import others_of
from participation.models import Initiative
from reports.freshness import data_version


def facts(initiative: Initiative) -> dict[str, Any]:
    """The fields of shapes.InitiativeFacts."""
    subject = initiative.subject
    return {
        "reference": subject.reference, "title": subject.title, "text": initiative.text, "language": subject.language,
        "status": initiative.status, "starts_on": initiative.starts_on, "place": initiative.place,
        "people": initiative.people, "people_needed": initiative.people_needed,
        "organisation": initiative.organisation.slug if initiative.organisation else None, "sector": subject.sector.slug,
        "area": subject.area.slug, "url": absolute(subject.path),
    }  # fmt: skip


def geometry(initiative: Initiative) -> dict[str, Any] | None:
    return as_geojson(initiative.point) if initiative.point else None


class InitiativeList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="initiatives_list", parameters=parameters(*USED),
        responses={(200, "application/geo+json"): shapes.InitiativeCollection},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Initiatives, the latest begun first, by keyset paging: follow `next`. `since` and `until` are the day of meeting."""
        asked = filters(request, refused=REFUSED, limit=100)
        found = filtering.initiatives(asked).with_page_facts().with_people()
        shown, following = newest(found, asked)
        features = [
            {"type": "Feature", "id": each.subject.reference, "geometry": geometry(each), "properties": facts(each)}
            for each in shown
        ]
        return page(request, features, following)


class OneInitiative(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="initiatives_one", responses={200: shapes.InitiativeDocument})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One initiative with its tasks and their free places, what it belongs to, and its result ("" before it is finished)."""
        only(request)
        rows = Initiative.objects.public().with_page_facts().with_people()
        initiative = rows.filter(subject__reference=parse(ref)).first()
        if initiative is None:
            raise Http404
        taken = joining.counts(initiative)["tasks"]
        tasks = [
            {"title": each.title, "needed": each.needed, "taken": taken[each.pk], "until": each.until}
            for each in initiative.tasks.all()
        ]
        belongs = [each.reference for each in others_of(initiative.subject)]
        more = {"result": initiative.result, "result_link": initiative.result_link}
        return answer({**facts(initiative), "geometry": geometry(initiative), "tasks": tasks, "belongs_to": belongs, **more})
