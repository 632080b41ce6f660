"""Promises, people's cards, organisations and links: what people and things have to do with each other. Read only."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from api.v1 import together_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, bad_parameter, only
from api.v1.comments import find_subject
from api.v1.paging import PAGES, PAGING, SET_UP, key, listed, number, page_of
from discussion.links import not_yet, public_links, words_of
from discussion.models import Comment
from geoportal.kernel.conditional import public
from municipality.models import Area, Organisation, Sector
from participation.models import Pledge, Profile
from reports.freshness import data_version
from reports.parameters import MOST
from reports.querysets import today


class PledgeList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="pledges_list",
        parameters=[OpenApiParameter("state", str, enum=shapes.PROMISED), OpenApiParameter("subject", str), *PAGES],
        responses={200: shapes.PledgePage},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Public promises in the order in which they were made. Follow `next`."""
        only(request, ("state", "subject", *PAGING))
        state, subject, day = request.query_params.get("state", ""), request.query_params.get("subject"), today()
        if state and state not in shapes.PROMISED:
            raise bad_parameter("state", _("There is no such value. See the schema for those that are."))
        rows = Pledge.objects.public().with_page_facts()
        rows = rows.by_state(state, day) if state else rows
        if subject is not None:
            rows = rows.filter(subject=find_subject(subject))
        found, following = page_of(request, rows, {"pk": number})
        return listed("pledges", [_pledge(row, day) for row in found], following)


def _pledge(one: Pledge, day: Any) -> dict[str, Any]:
    words = {"done": "kept", "withdrawn": "withdrawn"}
    return {
        "id": one.pk, "subject": one.subject.reference, "what": one.what, "language": one.language,
        "state": words.get(one.state) or ("slipped" if one.slipped(day) else "open"), "until": one.until,
        "ended_on": one.ended_on, "note": one.note, "name": one.public_name or None,
        "organisation": one.organisation.slug if one.organisation else None, "created_at": one.created_at,
        "url": absolute(f"{one.subject.path}#pledge-{one.pk}"),
    }  # fmt: skip


class PeopleList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="people_list",
        parameters=[OpenApiParameter("sector", str), OpenApiParameter("area", str), *PAGES],
        responses={200: shapes.CardPage},
    )
    @method_decorator(never_cache)
    def get(self, request: Request) -> HttpResponseBase:
        """Cards that people made public by choice, in no order that says anything; a card is gone at once when its owner wishes."""
        only(request, ("sector", "area", *PAGING))
        rows = Profile.objects.public().select_related("area").prefetch_related("sectors").defer("area__polygon")
        if (slug := request.query_params.get("sector")) is not None:
            rows = rows.filter(sectors=_known(Sector, "sector", slug))
        if (slug := request.query_params.get("area")) is not None:
            rows = rows.filter(Q(area=_known(Area, "area", slug)) | Q(area=None))
        found, following = page_of(request, rows, {"key": key})
        return listed("people", map(_card, found), following)


def _known(model: Any, name: str, slug: str) -> int:
    """The key of the row with that slug."""
    found: int | None = model.objects.filter(slug=slug.replace("\0", "")).values_list("pk", flat=True).first()
    if found is None:
        raise bad_parameter(name, _("There is no such value here."))
    return found


def _card(one: Profile) -> dict[str, Any]:
    return {
        "key": one.key, "name": one.name, "about": one.about, "helps": one.helps, "language": one.language,
        "area": one.area.slug if one.area else None, "sectors": [sector.slug for sector in one.sectors.all()],
        "url": absolute(f"/people/{one.key}/"),
    }  # fmt: skip


class OrganisationList(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="organisations_list", parameters=SET_UP, responses={200: shapes.OrganisationList})
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Departments, bodies and all organisations that take part under an own name."""
        only(request, PAGING)
        found, following = page_of(request, _organisations(), {"order": number, "pk": number}, usual=MOST)
        return listed("organisations", map(_organisation, found), following)


class OneOrganisation(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="organisations_one", responses={200: shapes.OrganisationFacts})
    @method_decorator(public(data_version))
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """One organisation."""
        only(request)
        found = _organisations().filter(slug=slug).first()
        if found is None:
            raise Http404
        return answer(_organisation(found))


def _organisations() -> Any:
    said = Count("comments", filter=Q(comments__state=Comment.State.PUBLISHED, comments__subject__is_public=True))
    return Organisation.objects.filter(active=True).annotate(said=said).prefetch_related("sectors")


def _organisation(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("slug", "kind", "name", "about", "website")} | {
        "verified": one.trusted, "sectors": [sector.slug for sector in one.sectors.all()], "comment_count": one.said,
        "url": absolute(f"/organisations/{one.slug}/"),
    }  # fmt: skip


class SubjectLinks(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="links_list", parameters=PAGES, responses={200: shapes.LinkList})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """What the subject is linked with, from either end, the latest first; only what everyone may see."""
        only(request, PAGING)
        subject = find_subject(ref)
        found = []
        links, following = page_of(request, public_links(subject), {"-pk": number})
        early = not_yet(links)
        for link in links:
            out = link.source_id == subject.pk
            other = link.target if out else link.source
            found.append({
                "kind": link.kind, "direction": "out" if out else "in", "words": str(words_of(link, out, early)),
                "reference": other.reference, "subject_kind": other.kind, "title": other.title, "url": absolute(other.path),
            })  # fmt: skip
        return listed("links", found, following)
