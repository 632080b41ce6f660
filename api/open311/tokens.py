"""What became of a request that got a token: its number once everyone may read it."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponseBase

from api.open311.answers import Resource, answer
from api.open311.asked import parameters
from reports import workflow
from reports.models import Report


class Token(Resource):
    def get(self, request: HttpRequest, token: str, kind: str) -> HttpResponseBase:
        """The number is empty while the report waits. What was refused, withdrawn or hidden has none: 404."""
        parameters(request, ())
        try:
            found = Report.objects.filter(subject__client_uuid=uuid.UUID(token)).select_related("subject").first()
        except ValueError:
            raise Http404 from None
        if found is None:
            raise Http404
        waits = found.status in workflow.DRAFTS and found.subject.visibility == "public"
        if not (found.is_public or waits):
            raise Http404
        number = found.subject.reference if found.is_public else None
        return answer("service_requests", [{"service_request_id": number, "token": token}], kind)
