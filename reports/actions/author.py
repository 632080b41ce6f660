"""What only the author says of the own report: under what name it is shown, whether the problem is gone."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.models import Audience, TimelineRow
from municipality.site import installation
from reports import rules, workflow
from reports.actions.move import NotAllowed, locked
from reports.models import Report
from reports.workflow import Who


def own_name(report: Report) -> str:
    """The name that the author gave to the administration, or the account's; "" when there is none."""
    contact = getattr(report, "contact", None)
    return (contact.name if contact else "") or (report.author.name if report.author else "")


@transaction.atomic
def show_name(
    report_id: int,
    public_name: str,
    *,
    by: User | None = None,
    proven_author: bool = False,
    at: datetime.datetime | None = None,
) -> TimelineRow | None:
    """Under what name everyone reads the report from now on; "" is „a resident“. None when it is so already.

    Only the author's own name or its first word can be shown: nobody signs with another's.
    """
    subject, report = locked(report_id)
    if Who.AUTHOR not in rules.capacities(by, report, proven_author=proven_author):
        raise PermissionDenied
    name = own_name(report)
    if public_name and public_name not in (name, name.partition(" ")[0]):
        raise ValidationError({"public_name": _("Choose one of the three.")})
    if report.public_name == public_name:
        return None
    Report.objects.filter(pk=report.pk).update(public_name=public_name)
    return discussion.actions.append(
        subject, "name_shown" if public_name else "name_hidden", by=by, capacity=Who.AUTHOR, audience=Audience.AUTHOR, at=at,
        department=report.department, before=report.status, after=report.status, tells=False,
    )  # fmt: skip


def solution_of(report: Report) -> TimelineRow | None:
    """The act by which the report counts as resolved now; None while it does not."""
    holds = report.status == workflow.TRANSITIONS[(workflow.Kind.PROBLEM, "resolve")].target
    return last_solution(report) if holds else None


def may_judge(report: Report, solution: TimelineRow | None, at: datetime.datetime | None = None) -> bool:
    """The author may say whether this solved it: while it holds, within the days of reopening, once."""
    if solution is None or (at or timezone.now()) > report.status_at + datetime.timedelta(days=installation().reopen_days):
        return False
    return not confirmed(solution)


def confirmed(solution: TimelineRow) -> bool:
    """The author has said that this solved it."""
    later = TimelineRow.objects.filter(subject_id=solution.subject_id, pk__gt=solution.pk)
    return later.filter(code="confirmed_solved").exists()


def last_solution(report: Report) -> TimelineRow | None:
    """The latest act by which it was resolved, whether that holds still or not."""
    edge = workflow.TRANSITIONS[(workflow.Kind.PROBLEM, "resolve")]
    return TimelineRow.objects.filter(subject_id=report.pk, code=edge.name).order_by("-pk").first()


def said_already(solution: TimelineRow, *, yes: bool, text: str = "") -> bool:
    """The author has answered just so since, and no official has answered that: a second click says nothing new."""
    if yes:
        return confirmed(solution)
    later = TimelineRow.objects.filter(subject_id=solution.subject_id, pk__gt=solution.pk)
    kept = later.filter(code="keep_closed").order_by("-pk").values_list("pk", flat=True).first()
    asked = later.filter(code="request_reopen", capacity=Who.AUTHOR, words__text=text)
    return asked.filter(pk__gt=kept or 0).exists()


@transaction.atomic
def confirm_solved(
    report_id: int, *, by: User | None = None, proven_author: bool = False, at: datetime.datetime | None = None
) -> TimelineRow | None:
    """The author says that the problem is gone; said twice it is said once (None). NotAllowed when it is too late."""
    subject, report = locked(report_id)
    if Who.AUTHOR not in rules.capacities(by, report, proven_author=proven_author):
        raise PermissionDenied
    solution = solution_of(report)
    if solution is not None and confirmed(solution):
        return None
    if not may_judge(report, solution, at):
        raise NotAllowed(report, "confirm_solved")
    return discussion.actions.append(
        subject, "confirmed_solved", by=by, capacity=Who.AUTHOR, at=at, department=report.department,
        before=report.status, after=report.status, tells=False,
    )  # fmt: skip
