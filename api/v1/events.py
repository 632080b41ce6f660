"""Events as GeoJSON: when and how, numbers of who comes, what came of them. Who comes is told to nobody."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import participation_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, filters, only, page
from api.v1.newest import newest
from api.v1.paging import parameters
from discussion.models import Subject
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import as_geojson
from geoportal.kernel.references import parse
from participation import discussed, filtering
from participation.actions.taking_part import counts
from participation.models import Event
from reports.freshness import data_version

USED = ("sector", "area", "bbox", "since", "until", "q", "cursor", "limit")
REFUSED = ("kind", "category", "status", "assigned", "overdue", "supported", "order")


def facts(event: Event) -> dict[str, Any]:
    """The fields of shapes.EventFacts."""
    subject = event.subject
    return {
        "reference": subject.reference, "title": subject.title, "text": event.text, "language": subject.language,
        "status": event.status, "form": event.form, "starts_at": event.starts_at, "ends_at": event.ends_at,
        "place": event.place, "link": event.link, "registration": event.registration, "capacity": event.capacity,
        "organisation": event.organisation.slug if event.organisation else None, "sector": subject.sector.slug,
        "area": subject.area.slug, "url": absolute(subject.path),
    }  # fmt: skip


def geometry(event: Event) -> dict[str, Any] | None:
    return as_geojson(event.point) if event.point else None


class EventList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="events_list", parameters=parameters(*USED),
        responses={(200, "application/geo+json"): shapes.EventCollection},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Events, the latest announced first, by keyset paging: follow `next`. `since` and `until` are days of the event."""
        asked = filters(request, refused=REFUSED, limit=100)
        found = filtering.events(asked).with_page_facts()
        shown, following = newest(found, asked)
        features = [
            {"type": "Feature", "id": each.subject.reference, "geometry": geometry(each), "properties": facts(each)}
            for each in shown
        ]
        return page(request, features, following)


class OneEvent(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="events_one", responses={200: shapes.EventDocument})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One event with its agenda, how many come, what is being discussed while it goes on, and what came of it: its minutes
        (null before they are written) and what was discussed (nothing before it was held)."""
        only(request)
        event = Event.objects.public().with_page_facts().filter(subject__reference=parse(ref)).first()
        if event is None:
            raise Http404
        agenda = list(event.agenda.values_list("title", flat=True))
        return answer(
            {
                **facts(event), "geometry": geometry(event), "agenda": agenda, **counts(event),
                "discussing": [{"at": one.at, **_link(one.subject)} for one in discussed.listed(event)],
                "minutes": _minutes(event), "discussed": [_link(one) for one in discussed.told(event)],
            }
        )  # fmt: skip


def _link(subject: Subject) -> dict[str, Any]:
    return {
        "reference": subject.reference, "subject_kind": subject.kind, "title": subject.title, "language": subject.language,
        "url": absolute(subject.path),
    }  # fmt: skip


def _minutes(event: Event) -> dict[str, Any] | None:
    minutes = getattr(event, "minutes", None)
    if minutes is None:
        return None
    return {
        "text": minutes.text, "attendance": minutes.attendance,
        "organisations": list(minutes.organisations.values_list("slug", flat=True)),
        "decisions": list(minutes.decisions.values("text", "who", "until")),
    }  # fmt: skip
