"""Services of the municipality: how one gets them, what was recommended, what has changed. Read only."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import service_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, filters, only
from api.v1.newest import newest
from api.v1.paging import listed, parameters
from geoportal.kernel.conditional import public
from geoportal.kernel.references import parse
from participation import filtering, recommended
from participation.models import Service
from reports.freshness import data_version
from reports.wording import state_name

USED = ("sector", "q", "cursor", "limit")
REFUSED = ("kind", "category", "status", "area", "bbox", "since", "until", "assigned", "overdue", "supported", "order")


def facts(service: Service) -> dict[str, Any]:
    """The fields of shapes.ServiceFacts; the service with its recommendations (querysets.with_recommendations)."""
    subject = service.subject
    return {name: getattr(service, name) for name in ("slug", "name", "what", "who", "how", "phone")} | {
        "reference": subject.reference, "link": service.url, "department": service.department.slug if service.department else None,
        "sector": subject.sector.slug, "recommendation_count": service.recommendations, "change_count": service.changes,
        "changed_at": service.changed_at, "comment_count": subject.comment_count, "url": absolute(f"/services/{service.slug}/"),
    }  # fmt: skip


class ServiceList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="services_list", parameters=parameters(*USED), responses={200: shapes.ServicePage},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Services, the latest added first, by keyset paging: follow `next`."""
        asked = filters(request, refused=REFUSED, limit=100)
        shown, following = newest(_rows(filtering.of_spine(Service, asked)), asked)
        return listed("services", map(facts, shown), absolute(f"{request.path}?{following}") if following else None)


class OneService(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="services_one", responses={200: shapes.ServiceDocument})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One service by its number or by its slug, with what was recommended (the most supported hundred) and what has changed."""
        only(request)
        rows = _rows(Service.objects.public())
        found = rows.filter(Q(slug=ref.replace("\0", "")) | Q(subject__reference=parse(ref) or "")).first()
        if found is None:
            raise Http404
        ideas = recommended.ideas(found.pk).select_related("subject")[: recommended.MOST]
        said = [
            {name: getattr(each, name) for name in ("at", "text", "text_language")} for each in recommended.changes(found.pk)
        ]
        return answer({**facts(found), "recommendations": [_idea(each) for each in ideas], "changes": said})


def _rows(found: Any) -> Any:
    return found.with_page_facts().select_related("department").with_recommendations()


def _idea(idea: Any) -> dict[str, Any]:
    subject = idea.subject
    return {
        "reference": subject.reference, "title": subject.title, "language": subject.language, "status": idea.status,
        "status_text": state_name(idea.kind, idea.status), "support_count": subject.support_count, "url": absolute(subject.path),
    }  # fmt: skip
