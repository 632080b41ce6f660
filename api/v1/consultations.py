"""Consultations: what is asked, until when, of whom; one with its text, papers and the table that answers it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import consultation_shapes as shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, filters, only, page
from api.v1.newest import newest
from api.v1.paging import parameters
from discussion.conversation import counts_by_anchor
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import as_geojson
from geoportal.kernel.references import parse
from participation import filtering, table
from participation.actions.table import ideas_of
from participation.models import Consultation
from reports.freshness import data_version

USED = ("sector", "area", "since", "until", "q", "cursor", "limit")
REFUSED = ("kind", "category", "status", "assigned", "overdue", "supported", "order", "bbox")


def facts(consultation: Consultation) -> dict[str, Any]:
    """The fields of shapes.ConsultationFacts."""
    subject = consultation.subject
    return {
        "reference": subject.reference, "title": subject.title, "text": consultation.text, "language": subject.language,
        "kind": consultation.kind.slug, "status": consultation.status, "takes_part": consultation.takes_part,
        "level": consultation.level, "who_may": consultation.who_may, "opens_on": consultation.opens_on,
        "closes_on": consultation.closes_on, "short_reason": consultation.short_reason,
        "organisation": consultation.organisation.slug if consultation.organisation else None,
        "questions_to": _asked_of(consultation),
        "sector": subject.sector.slug, "area": subject.area.slug, "comment_count": subject.comment_count,
        "adopted_title": consultation.adopted_title, "adopted_url": consultation.adopted_url,
        "adopted_on": consultation.adopted_on, "url": absolute(subject.path),
    }  # fmt: skip


def _asked_of(consultation: Consultation) -> str:
    return " · ".join(filter(None, (consultation.contact_name, consultation.contact_email, consultation.contact_phone)))


class ConsultationList(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="consultations_list", parameters=parameters(*USED),
        responses={(200, "application/geo+json"): shapes.ConsultationCollection},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Consultations, the latest opened first, by keyset paging: follow `next`. `since` and `until` are days on which it runs."""
        asked = filters(request, refused=REFUSED, limit=100)
        found = filtering.consultations(asked).with_page_facts()
        shown, following = newest(found, asked)
        features = [
            {"type": "Feature", "id": each.subject.reference, "geometry": None, "properties": facts(each)} for each in shown
        ]
        return page(request, features, following)


class OneConsultation(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="consultations_one", responses={200: shapes.ConsultationDocument})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One consultation with its sections, papers, ideas and, once it is answered, its table (null before).

        `geometry`: the border within which ideas are taken. What is said of a part is read at `/subjects/<reference>/comments/`
        with `about` = its anchor, and written there.
        """
        only(request)
        rows = Consultation.objects.public().with_page_facts().filter(subject__reference=parse(ref))
        found = rows.first()
        if found is None:
            raise Http404
        border = found.within
        return answer(
            {
                **facts(found), "geometry": as_geojson(border) if border is not None else None, "sections": _sections(found),
                "papers": _papers(found), "ideas": list(ideas_of(found).values_list("reference", flat=True)),
                "table": _table(found) if found.state.answered else None,
            }
        )  # fmt: skip


def _sections(found: Consultation) -> list[dict[str, Any]]:
    counts = counts_by_anchor(found.subject)
    return [
        {
            "anchor": section.anchor, "title": section.title, "version": section.version, "changed_at": section.changed_at,
            "comment_count": counts.get(section.anchor, 0),
            "paragraphs": [
                {"anchor": anchor, "text": words, "comment_count": counts.get(anchor, 0)} for anchor, words in section.paragraphs
            ],
        }
        for section in found.sections.all()
    ]  # fmt: skip


def _papers(found: Consultation) -> list[dict[str, Any]]:
    path = f"{found.subject.path}papers/"
    return [
        {"kind": one.kind, "title": one.title, "url": one.link or absolute(f"{path}{one.pk}/"), "size": one.size or None}
        for one in found.papers.all()
    ]


def _table(found: Consultation) -> list[dict[str, Any]]:
    return [
        {
            "number": line.number, "proposal": line.said, "who": line.who, "about": line.about,
            "verdict": line.proposal.verdict, "reason": line.proposal.reason,
            "urls": [absolute(one.url) for one in line.sources if one.url],
        }
        for line in table.lines(found)
    ]  # fmt: skip
