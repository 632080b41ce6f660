"""What may be done with a report now, and doing it under the version that was seen."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import User
from api.v1 import shapes
from api.v1.access import Open, Resource
from api.v1.answers import answer, creator, only, seen_version, version_tag
from api.v1.report_document import document, find
from api.v1.sending import NO_UUID, UNKNOWN, Slug, Strict
from discussion.actions import Stale
from discussion.models import Subject
from geoportal.kernel import idempotency
from geoportal.kernel.problems import Problem
from geoportal.kernel.references import parse
from geoportal.kernel.text import CleanSerializerField
from municipality.models import Organisation
from reports import actions, rules, workflow
from reports.access import proven_author
from reports.actions.move import Given
from reports.actions.submit import MOST_PHOTOS
from reports.models import Reason, Report
from reports.workflow import Transition

VERSION = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="the ETag of the report that was seen"
)
NAMES = sorted({edge.name for edge in workflow.TRANSITIONS.values()})


class Reference(CleanSerializerField):
    """A public reference in any spacing; answers the row that this reader may see."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        reference = parse(super().to_internal_value(data))
        found = self._find(reference) if reference else None
        if found is None:
            raise serializers.ValidationError(_("There is no such number here."), code="unknown")
        return found

    def _find(self, reference: str) -> Any:
        if self.kind == "project":
            return Subject.objects.filter(kind="project", is_public=True, reference=reference).first()
        reports = Report.objects.visible_to(self.context["request"].user)
        return reports.filter(subject__reference=reference).select_related("subject").first()


class Act(Strict):
    """An act by the name of its transition, with what it asks for."""

    name = serializers.ChoiceField(NAMES, error_messages=UNKNOWN)
    text = CleanSerializerField(lines=True, max_length=4_000, required=False, allow_blank=True)
    reason = Slug(Reason, required=False)
    person = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    department = Slug(Organisation, required=False)
    forwarded_to = Slug(Organisation, required=False)
    duplicate_of = Reference("report", required=False)
    project = Reference("project", required=False)
    expected_on = serializers.DateField(required=False)
    extended_to = serializers.DateField(required=False)
    notice = CleanSerializerField(max_length=200, required=False)
    photo = serializers.ListField(child=serializers.UUIDField(error_messages=NO_UUID), max_length=MOST_PHOTOS, required=False)
    number = CleanSerializerField(max_length=60, required=False)
    filed_on = serializers.DateField(required=False)
    body = CleanSerializerField(max_length=120, required=False)
    decided_on = serializers.DateField(required=False)
    decision_number = CleanSerializerField(max_length=60, required=False)
    source = CleanSerializerField(max_length=300, required=False)
    document = serializers.UUIDField(required=False, error_messages=NO_UUID, help_text="the id that /documents/ answered")
    done_on = serializers.DateField(required=False)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0, required=False, help_text="euros")
    link = serializers.URLField(max_length=300, required=False)

    def validate_person(self, value: int) -> User:
        found = User.objects.filter(pk=value, is_active=True).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such person here."))
        return found

    def validate_department(self, value: Organisation) -> Organisation:
        return _of_kind(value, "department")

    def validate_forwarded_to(self, value: Organisation) -> Organisation:
        return _of_kind(value, "body")

    def given(self, edge: Transition | None) -> Given:
        """The values of the fields that the edge has; others are refused by name."""
        values = {name: value for name, value in self.validated_data.items() if name != "name"}
        if edge is not None and (odd := sorted(set(values) - set(edge.fields) - {"photo"})):
            raise serializers.ValidationError({odd[0]: [_("This act has no such field.")]})
        return Given(**values)


def _of_kind(found: Organisation, kind: str) -> Organisation:
    if found.kind != kind or not found.active:
        raise serializers.ValidationError(_("There is no such value here."))
    return found


class ReportTransitions(Resource):
    permission_classes = [Open]
    keeps_answers = True
    scope = "work"

    @extend_schema(operation_id="reports_transitions", responses={200: shapes.Transitions})
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """The acts that the asker may do now, with their fields."""
        only(request)
        report = find(request, ref)
        edges = allowed(request, report)
        body = {"version": report.subject.version, "transitions": [_edge(edge, report) for edge in edges]}
        return answer(body, headers={"ETag": version_tag(report.subject.version)})

    @extend_schema(operation_id="reports_act", parameters=[VERSION], request=Act, responses={200: shapes.ReportDocument})
    def post(self, request: Request, ref: str) -> HttpResponseBase:
        """Does one act.

        428 without If-Match; 412 with the fresh report when somebody acted meanwhile; 409 when it is not possible now.
        """
        only(request)
        report = find(request, ref)
        if not may_act_at_all(request, report):
            raise Http404 if not report.is_public else Problem(status=403, code="permission_denied")
        version = seen_version(request)
        sent = Act(data=request.data, context={"request": request})
        sent.is_valid(raise_exception=True)
        edge = workflow.TRANSITIONS.get((workflow.Kind(report.kind), sent.validated_data["name"]))
        key = idempotency.parse_key(request.headers.get("Idempotency-Key"))
        payload = {"ref": report.subject.reference, "version": version, "sent": request.data}
        try:
            with idempotency.once(key, verb="act", creator=creator(request), payload=payload) as slot:
                if slot.is_first:
                    self._act(request, report, sent, edge, version)
                    slot.keep(reference=report.subject.reference)
        except Stale:
            raise _stale(request, ref) from None
        fresh = find(request, ref)
        return answer(document(request, fresh), headers={"ETag": version_tag(fresh.subject.version)})

    def _act(self, request: Request, report: Report, sent: Act, edge: Transition | None, version: int) -> None:
        by = request.user if isinstance(request.user, User) else None
        try:
            actions.act(
                report.pk, sent.validated_data["name"], by=by, version=version, given=sent.given(edge),
                proven_author=proven_author(request, report), language=get_language() or "",
            )  # fmt: skip
        except actions.NotAllowed:
            failed = Problem(_("This cannot be done in the present state."), status=409, code="not_allowed")
            failed.members = {"allowed": [edge.name for edge in allowed(request, report)]}
            raise failed from None


def may_act_at_all(request: Request, report: Report) -> bool:
    """The asker has some capacity on this report."""
    return bool(rules.capacities(request.user, report, proven_author=proven_author(request, report)))


def allowed(request: Request, report: Report) -> list[Transition]:
    """The edges from the present state that the asker may take."""
    proven = proven_author(request, report)
    edges = workflow.allowed(report.kind, report.status)
    return [edge for edge in edges if rules.may(request.user, report, edge, proven_author=proven)]


def _edge(edge: Transition, report: Report) -> dict[str, Any]:
    required = set(workflow.required(edge, report.status))
    if edge.name == "resolve" and report.category.photo_on_resolve:
        required.add("photo")
    fields = [{"name": name, "required": name in required, "choices": _choices(name, edge, report)} for name in edge.fields]
    return {"name": edge.name, "target": edge.target, "one_of": list(edge.one_of), "fields": fields}


def _choices(name: str, edge: Transition, report: Report) -> list[dict[str, Any]]:
    """Values to choose from: reasons, persons of the department, departments, bodies."""
    match name:
        case "reason":
            return [{"value": row.slug, "name": str(row)} for row in Reason.objects.filter(serves__contains=[edge.name])]
        case "person":
            people = User.objects.filter(memberships__organisation=report.department, memberships__active=True, is_active=True)
            return [{"value": row.pk, "name": str(row)} for row in people.distinct().order_by("pk")]
        case "department":
            return [{"value": row.slug, "name": str(row)} for row in Organisation.objects.departments()]
        case "forwarded_to":
            return [{"value": row.slug, "name": str(row)} for row in Organisation.objects.bodies()]
    return []


def _stale(request: Request, ref: str) -> Problem:
    """412 with the report as it is now, for whoever may still read it."""
    fresh = find(request, ref)
    sentence = _("Somebody changed this meanwhile. Look at the present state and decide anew.")
    failed = Problem(sentence, status=412, code="stale", headers={"ETag": version_tag(fresh.subject.version)})
    failed.members = {"report": document(request, fresh)}
    return failed


__all__ = ["ReportTransitions"]
