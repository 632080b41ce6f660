"""Ideas filed with a body and what became of them; papers come before the act that names them."""

from __future__ import annotations

from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from api.v1 import council_shapes as shapes
from api.v1.access import Open, Person, Resource, is_staff
from api.v1.answers import absolute, answer, bad_parameter, only, page
from api.v1.paging import LIMIT, PAGES
from geoportal.kernel.conditional import public
from geoportal.kernel.documents import MOST_BYTES
from geoportal.kernel.postgis import latitude, longitude
from geoportal.kernel.problems import Problem
from reports import actions
from reports.council import outcomes
from reports.council.rows import Document, Filing
from reports.freshness import data_version
from reports.parameters import BadParameter

ASKED = [
    OpenApiParameter("outcome", str, enum=list(outcomes.OUTCOMES)), OpenApiParameter("year", int, description="of filing"),
    OpenApiParameter("body", str, description="name of the body, as it was written"), *PAGES,
]  # fmt: skip


class CouncilIdeas(Resource):
    permission_classes = [Open]

    @extend_schema(
        operation_id="ideas_council", parameters=ASKED, responses={(200, "application/geo+json"): shapes.FilingCollection},
    )  # fmt: skip
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Every filing of an idea with its decision and result, the newest first, by keyset paging: follow `next`."""
        only(request, outcomes.NAMES)
        try:
            asked = outcomes.asked(request.query_params, rows=LIMIT)
        except BadParameter as bad:
            raise bad_parameter(bad.name, bad.messages[0]) from bad
        rows, cursor = outcomes.page(
            asked, lon=longitude("report__geom"), lat=latitude("report__geom"), sector=F("report__sector__slug")
        )
        following = asked.query(cursor=cursor, limit=asked.limit) if cursor else None
        return page(request, [_feature(row) for row in rows], following)


def _feature(row: Any) -> dict[str, Any]:
    point = None if row.lon is None else {"type": "Point", "coordinates": [round(row.lon, 6), round(row.lat, 6)]}
    return {"type": "Feature", "id": row.report.subject.reference, "geometry": point, "properties": _facts(row)}


def _facts(row: Filing) -> dict[str, Any]:
    project = row.project if row.project and row.project.is_public else None
    return {
        "reference": row.report.subject.reference,
        "title": row.report.subject.title,
        "status": row.report.status,
        "area": row.report.area.slug,
        "sector": row.sector,  # type: ignore[attr-defined]
        "number": row.number,
        "filed_on": row.filed_on,
        "body": row.body,
        "document": _paper(row.document, row.link),
        "outcome": row.outcome or "waiting",
        "decided_on": row.decided_on,
        "decision_number": row.decision_number,
        "source": row.source,
        "decision_document": _paper(row.decision_document, row.decision_link),
        "project": project.reference if project else None,
        "done_on": row.done_on,
        "amount": None if row.amount is None else float(row.amount),
        "url": absolute(row.report.subject.path),
    }


def _paper(document: Document | None, link: str) -> str | None:
    return absolute(document.path) if document else link or None


class RawPdf(BaseParser):
    """The body is the document."""

    media_type = "application/pdf"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        return {"document": stream.read(MOST_BYTES + 1)}


class Documents(Resource):
    permission_classes = [Person]
    scope = "work"
    parser_classes = [RawPdf, MultiPartParser]

    @extend_schema(
        operation_id="documents_create",
        parameters=[OpenApiParameter("name", str, description="the file's name, with a raw body")],
        request={
            "application/pdf": {"type": "string", "format": "binary"},
            "multipart/form-data": {
                "type": "object", "required": ["document"], "properties": {"document": {"type": "string", "format": "binary"}},
            },
        },
        responses={201: shapes.UploadedDocument},
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponseBase:
        """Takes one PDF of at most 10 MB from staff; the act that files or decides an idea names its id within a day."""
        only(request, ["name"])
        if not is_staff(request):
            raise PermissionDenied
        sent = request.data.get("document")
        name = str(getattr(sent, "name", "") or request.query_params.get("name", ""))
        if not isinstance(sent, bytes) and not hasattr(sent, "read"):
            raise _refused(_("Send the document as the body, or as the file `document` of a form."), "missing")
        try:
            kept = actions.keep_document(name, sent)
        except ValidationError as refused:
            raise _refused(refused.messages[0], str(refused.code or "invalid")) from refused
        return answer({"id": kept.pk, "name": kept.name, "size": kept.size}, status=201)


def _refused(sentence: str, code: str) -> Problem:
    failed = Problem(sentence, status=507 if code == "no_room" else 400, code=code)
    failed.members = {"errors": {"document": [sentence]}}
    return failed
