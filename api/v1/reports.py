"""Reports: list, one, sending, support."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

import discussion.actions
from accounts.browser import correspondent_of
from accounts.models import Correspondent, User
from api.v1 import shapes
from api.v1.access import Open, Resource, is_staff
from api.v1.answers import answer, creator, filters, is_repeat, only, page, version_tag
from api.v1.paging import LIMIT, parameters
from api.v1.report_document import document, find
from api.v1.report_rows import LISTED, listed, slugs
from api.v1.sending import Sent, Supporter
from api.v1.warnings import warnings_of
from discussion.models import Support
from geoportal.kernel import idempotency, throttle
from geoportal.kernel.conditional import public
from geoportal.kernel.problems import Problem
from municipality.site import installation
from reports import actions, listing, workflow
from reports.freshness import data_version
from reports.models import Report
from reports.parameters import NAMES
from reports.querysets import today

KEY = OpenApiParameter(
    "Idempotency-Key",
    uuid.UUID,
    OpenApiParameter.HEADER,
    description="becomes the report's client UUID; a repeat answers the first",
)


class ReportList(Resource):
    permission_classes = [Open]
    keeps_answers = True
    scope = "report"

    @extend_schema(
        operation_id="reports_list",
        parameters=parameters(*NAMES),
        responses={(200, "application/geo+json"): shapes.ReportCollection},
    )
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """Public problems and ideas as GeoJSON, by keyset paging: follow `next`."""
        asked = filters(request, limit=LIMIT)
        found, cursor = listing.page(asked, request.user, LISTED)
        day, names = today().isoformat(), slugs(installation().edition)
        following = asked.as_query(cursor=cursor, limit=str(asked.limit)) if cursor else None
        response = page(request, [listed(row, day, names) for row in found], following)
        if asked.private:
            response["Cache-Control"] = "private, no-store"
        return response

    @extend_schema(
        operation_id="reports_create", parameters=[KEY], request=Sent,
        responses={201: shapes.Received, 202: shapes.Received},
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponseBase:
        """Sends a report. 201: received. 202: kept until its author confirms by mail or a moderator has read it."""
        only(request)
        key = idempotency.parse_key(request.headers.get("Idempotency-Key"))
        sent = Sent(data=request.data, context={"request": request})
        if not is_repeat(request):
            sent.is_valid(raise_exception=True)
            self._count(request, sent.validated_data)
        with idempotency.once(key, verb="submit", creator=creator(request), payload=request.data) as slot:
            if slot.is_first:
                submission = sent.submission(key or uuid.uuid4(), proven=_proven(request))
                sent.check_photos(key)
                body, status, reference = _outcome(_submit(submission))
                body["warnings"] = warnings_of(sent.validated_data)
                slot.keep(status=status, body=body, reference=reference)
        kept = slot.answer
        return answer(kept.body, status=kept.status, headers={"Location": kept.body["url"]} if kept.body.get("url") else None)

    def _count(self, request: Request, given: dict[str, Any]) -> None:
        point = given.get("point")
        throttle.limit(
            request,
            "report",
            contact=given.get("email", ""),
            point=(point.x, point.y) if point else None,
            exempt=is_staff(request),
        )


def _proven(request: Request) -> Correspondent | None:
    """A guest's confirmed address in this browser, unless so many posts come in that every guest confirms anew."""
    guest = not isinstance(request.user, User)
    return correspondent_of(request) if guest and not throttle.breaker_is_on("report") else None


def _submit(submission: actions.Submission) -> Report:
    try:
        return actions.submit(submission)
    except actions.Expired:
        sentence = _("This was never confirmed and is gone. Send it again under a new Idempotency-Key.")
        raise Problem(sentence, status=410, code="expired") from None


def _outcome(report: Report) -> tuple[dict[str, Any], int, str]:
    """(body, status, public reference): a draft has no reference to tell yet."""
    draft = report.status in workflow.DRAFTS
    confirm = report.status == "awaiting_confirmation"
    last_day = timezone.localdate(report.created_at) + datetime.timedelta(days=installation().unconfirmed_days)
    reference = "" if draft else report.subject.reference
    body = {
        "client_uuid": str(report.subject.client_uuid),
        "status": report.status,
        "reference": reference or None,
        "department": None if draft else report.department.slug,
        "due_on": None if draft or report.due_on is None else report.due_on.isoformat(),
        "kept_until": last_day.isoformat() if confirm else None,
        "url": None if draft else f"/api/v1/reports/{reference}/",
    }
    return body, 202 if draft else 201, reference


def is_known(request: Request) -> bool:
    """An account, or a browser whose guest has confirmed an address."""
    return isinstance(request.user, User) or correspondent_of(request) is not None


TOLD = PolymorphicProxySerializer(
    component_name="ReportTold", serializers=[shapes.ReportDocument, shapes.ReportStub], resource_type_field_name=None
)


class OneReport(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="reports_one", responses={200: TOLD})
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One report with its timeline; its ETag is the version for If-Match."""
        only(request)
        report = find(request, ref)
        return answer(document(request, report), headers={"ETag": version_tag(report.subject.version)})


class ReportSupport(Resource):
    permission_classes = [Open]
    scope = "report"
    throttle_verb = "support"

    @extend_schema(operation_id="reports_support_state", responses={200: shapes.SupportState})
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """Whether the asker supports it, and how many do."""
        only(request)
        return self._state(request, find(request, ref))

    @extend_schema(
        operation_id="reports_support", request=Supporter, responses={200: shapes.SupportState, 202: shapes.SupportState}
    )
    def put(self, request: Request, ref: str) -> HttpResponseBase:
        """Supports an idea, or says „affects me too“ of a problem; once however often it is sent.

        A stranger sends an `email`: 202, a link goes there, and the support counts once it was followed.
        """
        only(request)
        report = find(request, ref)
        sent = Supporter(data=request.data or {})
        sent.is_valid(raise_exception=True)
        if (email := sent.validated_data.get("email")) and not is_known(request):
            if not discussion.actions.is_asked(report.pk, email, "support"):
                throttle.count(throttle.hits("support", {"contact": email.casefold()}))
            asked = discussion.actions.correspondent_for(email, get_language() or "")
            discussion.actions.ask_to_confirm(report.pk, asked, "support")
            return self._state(request, report, status=202)
        actions.support(report.pk, self._own(request))
        return self._state(request, report)

    @extend_schema(operation_id="reports_support_withdraw", responses={200: shapes.SupportState})
    def delete(self, request: Request, ref: str) -> HttpResponseBase:
        """Takes the support back."""
        only(request)
        report = find(request, ref)
        actions.withdraw_support(report.pk, self._own(request))
        return self._state(request, report)

    def _own(self, request: Request) -> Correspondent:
        if isinstance(request.user, User):
            return discussion.actions.correspondent_of(request.user)
        if known := correspondent_of(request):
            return known
        raise NotAuthenticated(_("Sign in, send a token, or send your email: a link that confirms it comes by mail."))

    def _state(self, request: Request, report: Report, status: int = 200) -> HttpResponseBase:
        known = correspondent_of(request)
        report.subject.refresh_from_db(fields=["support_count"])
        supported = known is not None and Support.objects.filter(subject=report.pk, correspondent=known).exists()
        count = report.subject.support_count if report.is_public else 0
        return answer({"supported": supported, "support_count": count}, status=status)


__all__ = ["OneReport", "ReportList", "ReportSupport"]
