"""The one door through which a report changes its state."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import Correspondent, User
from discussion.models import Audience, Link, Subject, TimelineRow, Visibility
from municipality.models import Organisation
from municipality.site import installation, support_needed
from reports import clocks, rules, workflow
from reports.actions import council
from reports.actions.filing import register
from reports.actions.writer import require_free_author, require_publishable
from reports.models import Photo, Reason, Report
from reports.workflow import LEFT, STAYS, Transition, Who

PRIVATE = frozenset({"ask", "answer", "answer_lapsed", "withdraw"})
"""Acts whose words are between the author and the administration."""
INTERNAL = frozenset({"reassign"})
"""Acts of the administration alone, unless another department has the report by them."""
ENTERS = frozenset({"confirm", "publish"})
"""Acts by which a kept report comes into force."""


class NotAllowed(Exception):
    """The workflow has no such edge from the present state; `report` is the fresh one."""

    def __init__(self, report: Report, name: str) -> None:
        super().__init__(name)
        self.report, self.name = report, name


FURTHEST = datetime.timedelta(days=3653)


@dataclass
class Given:
    """What an act was given. Objects are already found and visible to the person; `photo` holds photos of a draft."""

    text: str = ""
    reason: Reason | None = None
    person: User | None = None
    department: Organisation | None = None
    forwarded_to: Organisation | None = None
    duplicate_of: Report | None = None
    project: Subject | None = None
    expected_on: datetime.date | None = None
    extended_to: datetime.date | None = None
    notice: str = ""
    photo: list[uuid.UUID] = field(default_factory=list)
    number: str = ""
    filed_on: datetime.date | None = None
    body: str = ""
    decided_on: datetime.date | None = None
    source: str = ""
    link: str = ""
    claim: int | None = None
    document: uuid.UUID | None = None
    decision_number: str = ""
    done_on: datetime.date | None = None
    amount: Decimal | None = None

    def data(self) -> dict[str, Any]:
        """Ids, codes, numbers and dates for the timeline row; the words go elsewhere."""
        found: dict[str, Any] = {
            "reason": self.reason and self.reason.slug,
            "person": self.person and self.person.pk,
            "to_department": self.department and self.department.pk,
            "forwarded_to": self.forwarded_to and self.forwarded_to.pk,
            "duplicate_of": self.duplicate_of and self.duplicate_of.pk,
            "project": self.project and self.project.pk,
            "claim": self.claim,
            "document": self.document and str(self.document),
            "amount": None if self.amount is None else str(self.amount),
        }
        for name in ("expected_on", "extended_to", "filed_on", "decided_on", "done_on"):
            found[name] = getattr(self, name) and getattr(self, name).isoformat()
        for name in ("notice", "number", "body", "source", "link", "decision_number"):
            found[name] = getattr(self, name)
        return {name: value for name, value in found.items() if value}


def locked(report_id: int, *, version: int | None = None) -> tuple[Subject, Report]:
    """Subject locked first, then its report; Stale when the version given is not the present one."""
    subject = discussion.actions.lock(report_id, version=version)
    report = Report.objects.select_related("category__regime", "department").get(pk=report_id)
    report.subject = subject
    return subject, report


def _wrong_days(report: Report, given: Given) -> dict[str, str]:
    """Days that cannot be, by field."""
    wrong: dict[str, str] = {}
    today = timezone.localdate()
    if given.expected_on and given.expected_on < today:
        wrong["expected_on"] = _("The date has passed. Choose today or a later day.")
    for name in ("filed_on", "decided_on", "done_on"):
        if (day := getattr(given, name)) and day > today:
            wrong[name] = _("The day lies in the future.")
    for name in ("expected_on", "extended_to"):
        if (day := getattr(given, name)) and day > today + FURTHEST:
            wrong[name] = _("The day lies too far ahead: at most ten years.")
    if given.extended_to and report.answer_due and given.extended_to <= report.answer_due:
        wrong["extended_to"] = _("Choose a day after the present due date.")
    return wrong


def check_given(edge: Transition, report: Report, given: Given) -> None:
    """ValidationError naming each field that the edge requires and was not given."""
    wrong: dict[str, str] = {}
    required = workflow.required(edge, report.status)
    if edge.name == "resolve" and report.category.photo_on_resolve:
        required = (*required, "photo")
    for name in required:
        if not getattr(given, name):
            wrong[name] = _("This is needed here.")
    if edge.one_of and not any(getattr(given, name) for name in edge.one_of):
        wrong[edge.one_of[0]] = _("Give at least one of these.")
    wrong |= _wrong_days(report, given)
    if given.duplicate_of and (refused := _no_original(report, given.duplicate_of)):
        wrong["duplicate_of"] = refused
    wrong |= council.wrong(edge, report, given)
    if given.person and not _works_in(given.person, given.department or report.department):
        wrong["person"] = _("This person does not work in the department that has the report.")
    if given.photo and Photo.objects.filter(client_uuid__in=given.photo, report=None).count() < len(set(given.photo)):
        wrong["photo"] = _("This photo did not arrive, or belongs to something else. Send it again.")
    if given.reason and edge.name not in given.reason.serves:
        wrong["reason"] = _("This reason does not fit here.")
    if wrong:
        raise ValidationError(wrong)


def _no_original(report: Report, original: Report) -> str:
    """Why a report cannot be the original of this one; "" when it can."""
    if original.pk == report.pk:
        return _("It cannot repeat itself. Name another number.")
    if Link.objects.filter(source=original.pk, target=report.pk, kind=Link.Kind.DUPLICATE_OF).exists():
        return _("That one is itself marked as a duplicate of this one. Take that back first, or name another.")
    if original.status == "duplicate":
        return _("Name another report that is not itself a duplicate.")
    if report.kind == workflow.Kind.IDEA and not (original.kind == report.kind and original.is_public):
        return _("Name an idea that everyone can read.")
    return ""


def _works_in(person: User, department: Organisation) -> bool:
    return person.is_active and person.memberships.filter(organisation=department, active=True).exists()


def check_reopening(report: Report, at: datetime.datetime) -> None:
    """Once, and within the installation's days after the end."""
    days = installation().reopen_days
    if report.reopen_used:
        raise ValidationError(_("Reopening can be asked for once; it was."), code="reopen_used")
    if at > report.status_at + datetime.timedelta(days=days):
        raise ValidationError(
            _("Reopening can be asked for within %(days)s days; they have passed.") % {"days": days}, code="reopen_late"
        )


@transaction.atomic
def act(
    report_id: int, name: str, *, by: User | None = None, version: int | None = None, given: Given | None = None,
    proven_author: bool = False, system: bool = False, language: str = "", at: datetime.datetime | None = None,
    tells: bool = True,
) -> TimelineRow:  # fmt: skip
    """Takes the edge `name`: law, permission, required fields, effects, one timeline row.

    Raises Stale (another act came first), NotAllowed (no such edge), PermissionDenied, ValidationError (per field).
    `system`: the clock or a threshold acts, nobody's permission is asked.
    """
    given, at = given or Given(), at or timezone.now()
    if given.duplicate_of:  # both, in their order: A into B and B into A at once are one after the other
        list(Subject.objects.select_for_update(of=("self",)).filter(pk__in=[report_id, given.duplicate_of.pk]).order_by("pk"))
        given = replace(given, duplicate_of=Report.objects.select_related("subject").get(pk=given.duplicate_of.pk))
    subject, report = locked(report_id, version=version)
    edge = workflow.TRANSITIONS.get((workflow.Kind(report.kind), name))
    if edge is None or report.status not in edge.sources:
        raise NotAllowed(report, name)
    capacity = _capacity(edge, by, report, proven_author=proven_author, system=system)
    _require_writer(edge, report, given, by, capacity)
    check_given(edge, report, given)
    if given.department and given.department.pk == report.department_id:
        given = replace(given, department=None)
    if name == "request_reopen":
        check_reopening(report, at)
    before = report.status
    _effects(edge, report, given, at)
    save_state(subject, report)
    if name in ENTERS and report.official:
        register(report, timezone.localdate(at).year)
    data = given.data() | (due(report) if edge.restarts or name in ENTERS else {})
    row = discussion.actions.append(
        subject, name, by=by, capacity=capacity, audience=_audience(edge, report, moved=given.department is not None), at=at,
        before=before, after=report.status, department=report.department, data=data, text=given.text, language=language,
        tells=tells,
    )  # fmt: skip
    attach_to_row(given.photo, report, row)
    link_to(subject, name, given)
    council.record(edge, report, given, row, before=before)
    return row


def _require_writer(edge: Transition, report: Report, given: Given, by: User | None, capacity: str) -> None:
    """Whoever is kept from writing says and sends nothing, and no moderator publishes it; a problem they withdraw all the same,
    with a reason that nobody outside reads."""
    withdraws = edge.name == "withdraw" and report.kind == workflow.Kind.PROBLEM
    if capacity == Who.AUTHOR and not withdraws and (given.text or given.photo or edge.name == "confirm"):
        require_free_author(report, by)
    if edge.name == "publish":
        require_publishable(report)


def _capacity(edge: Transition, by: User | None, report: Report, *, proven_author: bool, system: bool) -> str:
    """The capacity used; PermissionDenied when the person has none that the edge allows."""
    if system:
        return Who.SYSTEM
    shared = edge.who & rules.capacities(by, report, proven_author=proven_author)
    if not shared:
        raise PermissionDenied
    return next(who for who in Who if who in shared)


def _audience(edge: Transition, report: Report, *, moved: bool) -> str:
    if edge.name in INTERNAL and not moved:
        return Audience.STAFF
    if (
        (edge.name in PRIVATE and not (edge.name == "withdraw" and report.in_public_state))
        or report.status in workflow.DRAFTS
        or report.status == "rejected"
    ):
        return Audience.AUTHOR
    return Audience.PUBLIC


def _effects(edge: Transition, report: Report, given: Given, at: datetime.datetime) -> None:
    """What taking the edge does to the row, in memory."""
    day = timezone.localdate(at)
    if edge.name in ("answer", "answer_lapsed") and report.answer_due and clocks.stops_on_question(report):
        report.answer_due += day - timezone.localdate(report.status_at)
    if given.department and given.department.pk != report.department_id:
        report.department, report.assignee = given.department, None
    if edge.name == "hand_over":
        report.assignee = None
    if given.person:
        report.assignee = given.person
    if edge.name == "plan":
        report.expected_on = given.expected_on
    if given.extended_to:
        report.answer_due = given.extended_to
    if edge.name == "request_reopen":
        report.reopen_used = True
    if edge.target == LEFT:
        _come_back(report, at)
    elif edge.target != STAYS:
        _enter(report, edge.target, at)
    if edge.name in ENTERS:
        report.status = workflow.entry_state(report.kind, official=report.official)
    if edge.restarts or (edge.name in ENTERS and report.official):
        restart_clock(report, day)


def _come_back(report: Report, at: datetime.datetime) -> None:
    """To the state that was left; who had it and works there no more has it no longer."""
    if report.assignee and not _works_in(report.assignee, report.department):
        report.assignee = None
    before = state_left(report)
    _enter(report, before if report.assignee else workflow.without_person(before), at)


def state_left(report: Report) -> str:
    """From which state the present one was first entered: coming back to a question or a duplicate is not entering it."""
    entering = [
        name for (kind, name), edge in workflow.TRANSITIONS.items() if kind == report.kind and edge.target == report.status
    ]
    rows = TimelineRow.objects.filter(subject_id=report.pk, code__in=entering, after=report.status).order_by("-pk")
    return rows.values_list("before", flat=True).first() or report.left_status


def _enter(report: Report, status: str, at: datetime.datetime) -> None:
    """The new state; its dates follow: an answered state meets the clock, going back to an open one undoes that."""
    report.left_status, report.status, report.status_at = report.status, status, at
    if report.state.answered:
        report.answered_on = report.answered_on or timezone.localdate(at)
    elif workflow.STATES[report.left_status].ends:
        report.answered_on = None


def restart_clock(report: Report, since: datetime.date) -> None:
    """The answer clock begins anew on `since`."""
    due_on = clocks.answer_due(report.category, official=report.official, kind=report.kind, since=since)
    report.answer_due = due_on if clocks.owes_answer(report) else None
    report.answered_on = report.expected_on = None


def due(report: Report) -> dict[str, str]:
    """The due date that an act set, for its timeline row."""
    return {"answer_due": report.answer_due.isoformat()} if report.answer_due else {}


def save_state(subject: Subject, report: Report) -> None:
    """Writes the row's workflow columns, and whether the subject is in the public set (the row's copy follows)."""
    public = subject.visibility == Visibility.PUBLIC and report.in_public_state
    if subject.is_public != public and not public:
        _set_public(subject, report, public)
    report.save(
        update_fields=[
            "status", "left_status", "status_at", "answer_due", "answered_on", "expected_on", "department", "assignee",
            "reopen_used",
        ]
    )  # fmt: skip
    if subject.is_public != public:
        _set_public(subject, report, public)


def _set_public(subject: Subject, report: Report, public: bool) -> None:
    subject.is_public = report.is_public = public
    Subject.objects.filter(pk=subject.pk).update(is_public=public)


def attach_to_row(photo_ids: list[uuid.UUID], report: Report, row: TimelineRow) -> None:
    """Uploaded photos become this act's. Those already attached elsewhere are left alone."""
    Photo.objects.filter(client_uuid__in=photo_ids, report=None).update(report=report, row=row, draft=None)


def link_to(subject: Subject, name: str, given: Given) -> None:
    """The links that the edge makes, or takes away again."""
    if name == "unmark_duplicate":
        Link.objects.filter(source=subject, kind=Link.Kind.DUPLICATE_OF).delete()
    for kind, target in (
        (Link.Kind.DUPLICATE_OF, given.duplicate_of and given.duplicate_of.pk),
        (Link.Kind.PLANNED_BY, given.project and given.project.pk),
    ):
        if target:
            Link.objects.get_or_create(source=subject, target_id=target, kind=kind)


@transaction.atomic
def support(report_id: int, correspondent: Correspondent) -> bool:
    """Support of a report; an idea that reaches the threshold goes under review in the same transaction.

    Raises ValidationError where nobody new supports it any more.
    """
    discussion.actions.lock(report_id)
    if Report.objects.filter(pk=report_id, kind=workflow.Kind.IDEA, status__in=workflow.OVER_FOR_SUPPORT).exists():
        raise ValidationError(_("Nobody new supports it here any more. Look at its page."), code="closed")
    new = discussion.actions.support(report_id, correspondent)
    if new:
        subject, report = locked(report_id)
        edge = workflow.TRANSITIONS.get((workflow.Kind(report.kind), "reach_threshold"))
        reached = subject.support_count >= support_needed(report.area_id)
        if edge and report.status in edge.sources and reached:
            act(report_id, edge.name, system=True)
    return new


def withdraw_support(report_id: int, correspondent: Correspondent) -> bool:
    return discussion.actions.unsupport(report_id, correspondent)
