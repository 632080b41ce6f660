"""What becomes of an officially filed case towards the document system: told, not told, told again, registered there."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.actions.spine import SENT_TWICE
from discussion.models import Audience, Subject, TimelineRow
from reports import rules
from reports.cases.rows import Case
from reports.models import Report
from reports.workflow import Who

AGAIN = "case_again"
TOLD_BY = frozenset({"submitted", "confirm", "publish", AGAIN})
"""Acts after which the document system is told of a case that waits."""
State = Case.State


def _locked(report_id: int) -> tuple[Subject, Report, Case]:
    """With the subject locked first. Case.DoesNotExist where nothing was filed officially."""
    subject = discussion.actions.lock(report_id)
    case = Case.objects.select_for_update(of=("self",)).get(pk=report_id)
    return subject, Report.objects.select_related("department").get(pk=report_id), case


def _save(case: Case, state: str, **what: Any) -> None:
    case.state, case.error, case.changed_at = state, "", timezone.now()
    for name, value in what.items():
        setattr(case, name, value)
    case.save()


@transaction.atomic
def passed_on(report_id: int) -> TimelineRow | None:
    """The document system was told; None when it was told before, or has it registered."""
    subject, report, case = _locked(report_id)
    if case.state in (State.SENT, State.REGISTERED):
        return None
    _save(case, State.SENT)
    return _note(subject, report, "case_sent")


@transaction.atomic
def not_passed_on(report_id: int, error: str) -> TimelineRow | None:
    """It could not be told, because of `error`; None when another way had told it."""
    subject, report, case = _locked(report_id)
    if case.state != State.WAITING:
        return None
    _save(case, State.FAILED, error=error[:80])
    return _note(subject, report, "case_failed", data={"error": error[:80]})


@transaction.atomic
def waits_again(report_id: int) -> TimelineRow | None:
    """A message that could not be sent is under way once more; None where the case had not failed."""
    subject, report, case = _locked(report_id)
    if case.state != State.FAILED:
        return None
    _save(case, State.WAITING)
    return _note(subject, report, "case_retried")


def _note(subject: Subject, report: Report, code: str, data: dict[str, Any] | None = None) -> TimelineRow:
    return discussion.actions.append(
        subject, code, capacity=Who.SYSTEM, audience=Audience.STAFF, department=report.department, before=report.status,
        after=report.status, data=data, tells=False, bumps=False,
    )  # fmt: skip


@transaction.atomic
def send_again(report_id: int, *, by: User) -> TimelineRow:
    """Whoever works on the case has the document system told once more. A form sent twice is one act.

    Raises PermissionDenied; ValidationError when it is registered there already.
    """
    subject, report, case = _locked(report_id)
    if not rules.may_note(by, report):
        raise PermissionDenied
    if case.state == State.REGISTERED:
        raise ValidationError(_("It is registered in the document system already."), code="registered")
    last = TimelineRow.objects.filter(subject=subject, code=AGAIN, actor=by).order_by("-pk").first()
    if last is not None and last.at > timezone.now() - SENT_TWICE and case.state == State.WAITING:
        return last
    _save(case, State.WAITING)
    return discussion.actions.append(
        subject, AGAIN, by=by, capacity=Who.OFFICIAL, audience=Audience.STAFF, department=report.department,
        before=report.status, after=report.status, bumps=False,
    )  # fmt: skip


@transaction.atomic
def register_outside(
    report_id: int, *, number: str, registered_on: datetime.date | None = None, link: str = "", by: User
) -> TimelineRow | None:
    """The document system has the case under this number; None when that was said before.

    Raises PermissionDenied; ValidationError with code "registered" when it stands under another number.
    """
    subject, report, case = _locked(report_id)
    if not rules.may_note(by, report):
        raise PermissionDenied
    if case.state == State.REGISTERED:
        if case.number == number:
            return None
        message = _("It is registered already, under number %(number)s.") % {"number": case.number}
        raise ValidationError(message, code="registered")
    _save(case, State.REGISTERED, number=number, registered_on=registered_on or timezone.localdate(), link=link)
    return discussion.actions.append(
        subject, "case_registered", by=by, capacity=Who.OFFICIAL, audience=Audience.AUTHOR, department=report.department,
        before=report.status, after=report.status, data={"number": number}, tells=False, bumps=False,
    )  # fmt: skip
