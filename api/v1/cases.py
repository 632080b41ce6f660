"""Officially filed cases for a document system: listed, taken as JSON and as PDF; its register number comes back."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken
from api.v1 import case_shapes as shapes
from api.v1.access import Open, Resource, is_staff
from api.v1.answers import answer, bad_parameter, only
from api.v1.paging import PAGES, PAGING, listed, number, page_of
from api.v1.sending import Strict
from geoportal.kernel import child
from geoportal.kernel.problems import Problem
from geoportal.kernel.references import parse
from geoportal.kernel.text import CleanSerializerField
from reports import actions
from reports.cases import document
from reports.cases.rows import Case

PRIVATE = {"Cache-Control": "private, no-store"}


class Taker(BasePermission):
    """Who works here, or a program of theirs with a token that was given `cases`, for reading too."""

    message = Open.message

    def has_permission(self, request: Request, view: Any) -> bool:
        return is_staff(request) and (not isinstance(request.auth, ApiToken) or "cases" in request.auth.scopes)


class CaseResource(Resource):
    """Base: those of the asker's own work; of others' it is said that they are not there."""

    permission_classes = [Taker]

    def one(self, request: Request, ref: str) -> Case:
        found = Case.objects.worked_by(request.user).select_related(*document.WITH)
        case = found.filter(report__subject__reference=parse(ref) or "").first()
        if case is None:
            raise Http404
        return case


class CaseList(CaseResource):
    @extend_schema(
        operation_id="cases_list",
        parameters=[OpenApiParameter("state", str, enum=Case.State.values), *PAGES],
        responses={200: shapes.CasePage},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Cases in the order in which they got their register numbers; `state=waiting` are those to be taken. Follow `next`."""
        only(request, ("state", *PAGING))
        state = request.query_params.get("state")
        if state is not None and state not in Case.State.values:
            raise bad_parameter("state", _("There is no such value. See the schema for those that are."))
        rows = Case.objects.worked_by(request.user).select_related(
            "report__subject", "report__department", "report__register_number"
        )
        rows = rows.filter(state=state) if state else rows
        # Not by report: a guest's that is confirmed later is a case only then.
        found, following = page_of(request, rows, {"report__register_number__pk": number})
        response = listed("cases", map(document.summary, found), following)
        response["Cache-Control"] = PRIVATE["Cache-Control"]
        return response


class OneCase(CaseResource):
    @extend_schema(operation_id="cases_retrieve", responses={200: shapes.CaseDocument})
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """One case with its words and who filed it."""
        only(request)
        return answer(document.whole(self.one(request, ref)), headers=PRIVATE)


class CasePdf(CaseResource):
    @extend_schema(operation_id="cases_pdf", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """The same on paper."""
        only(request)
        case = self.one(request, ref)
        try:
            body = document.paper(case)
        except child.Unanswered as failed:
            words = _("Too many papers are being made right now. Try again in a minute.")
            raise Problem(words, status=503, code="busy", headers={"Retry-After": "60"}) from failed
        name = f"case-{case.report.subject.reference}.pdf"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', **PRIVATE}
        return HttpResponse(body, content_type="application/pdf", headers=headers)


class Registered(Strict):
    """Under what number the document system has a case."""

    number = CleanSerializerField(max_length=60)
    registered_on = serializers.DateField(required=False, allow_null=True, help_text="else today")
    link = serializers.URLField(
        max_length=300, required=False, allow_blank=True, default="", help_text="its address there, https"
    )

    def validate_registered_on(self, value: datetime.date | None) -> datetime.date | None:
        if value and value.year < 1990:
            raise serializers.ValidationError(_("The day lies too far back. Check the year."))
        if value and value > timezone.localdate():
            raise serializers.ValidationError(_("The day lies in the future."))
        return value

    def validate_link(self, value: str) -> str:
        if value and not value.startswith("https://"):
            raise serializers.ValidationError(_("Write an address that begins with https://."))
        return value


class CaseRegister(CaseResource):
    @extend_schema(operation_id="cases_register", request=Registered, responses={200: shapes.CaseSummary})
    def post(self, request: Request, ref: str) -> HttpResponseBase:
        """Says the number once; the same number again changes nothing, another one is 409."""
        only(request)
        case = self.one(request, ref)
        said = Registered(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            actions.register_outside(case.pk, by=request.user, **said.validated_data)  # type: ignore[arg-type]
        except PermissionDenied:
            raise Http404 from None
        except ValidationError as refused:
            raise Problem(refused.messages[0], status=409, code="registered") from refused
        return answer(document.summary(self.one(request, ref)), headers=PRIVATE)
