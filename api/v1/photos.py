"""Photos come before their report: each by its own request, to the draft whose UUID the report will carry."""

from __future__ import annotations

import uuid
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from api.v1 import shapes
from api.v1.access import Open, Resource
from api.v1.answers import answer, only
from geoportal.kernel import idempotency
from geoportal.kernel.photos import MOST_BYTES, PhotoRefused
from geoportal.kernel.problems import Problem
from reports import actions

KEY = OpenApiParameter(
    "Idempotency-Key", uuid.UUID, OpenApiParameter.HEADER, description="the photo's client UUID, which the report names"
)
BINARY = {"type": "string", "format": "binary"}


class RawPhoto(BaseParser):
    """The body is the photo; what it really is, its bytes tell."""

    media_type = "image/*"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        return {"photo": stream.read(MOST_BYTES + 1)}


class RawBytes(RawPhoto):
    media_type = "application/octet-stream"


class DraftPhotos(Resource):
    permission_classes = [Open]
    scope = "report"
    parser_classes = [RawPhoto, RawBytes, MultiPartParser]
    throttle_verb = "photo"

    @extend_schema(
        operation_id="drafts_photos_create", parameters=[KEY],
        request={
            "image/jpeg": BINARY,
            "multipart/form-data": {
                "type": "object", "required": ["photo"],
                "properties": {"photo": BINARY, "client_uuid": {"type": "string", "format": "uuid"}},
            },
        },
        responses={201: shapes.Uploaded},
    )  # fmt: skip
    def post(self, request: Request, draft: uuid.UUID) -> HttpResponseBase:
        """Takes one JPEG, PNG, WebP or HEIC of at most 12 MB; only its picture is kept. Raw body, or `photo` in multipart."""
        only(request)
        client_uuid = self._client_uuid(request)
        try:
            photo = actions.keep_photo(draft, client_uuid, self._bytes(request))
        except PhotoRefused as refused:
            raise _refused(refused, refused.status) from refused
        except ValidationError as refused:
            raise _refused(refused, 409 if refused.code == "conflict" else 400) from refused
        return answer({"client_uuid": photo.client_uuid, "width": photo.width, "height": photo.height}, status=201)

    def _client_uuid(self, request: Request) -> uuid.UUID:
        named = request.headers.get("Idempotency-Key") or str(request.data.get("client_uuid", ""))
        return idempotency.parse_key(named) or uuid.uuid4()

    def _bytes(self, request: Request) -> bytes:
        sent = request.data.get("photo")
        if isinstance(sent, bytes):
            return sent
        if not hasattr(sent, "read"):
            raise _named(_("Send the photo as the body, or as the file `photo` of a form."), "missing", 400)
        content: bytes = sent.read(MOST_BYTES + 1)
        return content


def _refused(refused: ValidationError, status: int) -> Problem:
    return _named(refused.messages[0], str(refused.code or "invalid"), status)


def _named(sentence: str, code: str, status: int) -> Problem:
    failed = Problem(sentence, status=status, code=code)
    failed.members = {"errors": {"photo": [sentence]}}
    return failed
