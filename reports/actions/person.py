"""A person and all that is theirs: claimed by an account, given out as a copy, erased."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

import discussion.actions
from accounts.actions import end_sessions
from accounts.models import Correspondent, Invitation, User
from discussion.models import Audience, Comment, Follow, Subject, Support, TimelineRow
from reports import workflow
from reports.actions.move import locked, save_state
from reports.actions.planning import forget_planner
from reports.models import Consent, Contact, Report, Revision
from reports.workflow import Who


def claim(user: User, addresses: list[str]) -> int:
    """What these verified addresses sent as guests becomes the account's; answers how many reports.

    What still waits for its confirmation stays the mail's: signing in is not the button in that mail.
    """
    theirs = Report.objects.filter(author=None, contact__correspondent__email__in=addresses)
    unconfirmed = workflow.TRANSITIONS[(workflow.Kind.PROBLEM, "confirm")].sources
    return sum(_claim(pk, user) for pk in theirs.exclude(status__in=unconfirmed).values_list("pk", flat=True))


@transaction.atomic
def _claim(report_id: int, user: User) -> bool:
    subject = discussion.actions.lock(report_id)
    if not Report.objects.filter(pk=report_id, author=None).update(author=user):
        return False
    discussion.actions.append(
        subject, "claimed", by=user, capacity=Who.AUTHOR, audience=Audience.STAFF, tells=False, bumps=False
    )
    return True


def give_on(user: User, organisations: list[int], by: User) -> None:
    """The person works there no more: what is open and theirs waits to be assigned anew, and the department is told."""
    theirs = Report.objects.open().filter(assignee=user, department__in=organisations)
    for pk in theirs.order_by("pk").values_list("pk", flat=True):
        subject, report = locked(pk)
        if report.assignee_id != user.pk or report.department_id not in organisations:
            continue  # somebody else had it meanwhile
        before, report.assignee = report.status, None
        report.status = workflow.without_person(before)
        save_state(subject, report)
        discussion.actions.append(
            subject, "unassigned", by=by, capacity=Who.SYSTEM, audience=Audience.STAFF, department=report.department,
            data={"person": user.pk}, before=before, after=report.status,
        )  # fmt: skip


def copy_of(user: User) -> dict[str, Any]:
    """Everything that the site keeps about the person, ready for JSON."""
    theirs = Correspondent.objects.filter(user=user)
    reports = Report.objects.filter(author=user).select_related("subject", "words", "contact", "category").order_by("pk")
    return {
        "account": {"email": user.email, "name": user.name, "language": user.language, "since": user.created_at},
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified")),
        "reports": [_report_copy(report) for report in reports],
        "added": list(
            TimelineRow.objects.filter(actor=user, words__isnull=False).order_by("pk")
            .values("subject__reference", "code", "at", "words__text")
        ),
        "comments": list(
            Comment.objects.filter(correspondent__in=theirs).values("subject__reference", "text", "state", "created_at")
        ),
        "supports": list(Support.objects.filter(correspondent__in=theirs).values("subject__reference", "created_at")),
        "follows": list(Follow.objects.filter(correspondent__in=theirs).values("subject__reference", "created_at")),
        "analyses": list(user.saved_analyses.values("name", "query", "shared", "created_at")),
        "areas": list(user.saved_areas.values("name", "created_at")),
        "roles": list(user.memberships.values("organisation__slug", "roles", "active")),
    }  # fmt: skip


def _report_copy(report: Report) -> dict[str, Any]:
    contact = getattr(report, "contact", None)
    return {
        "reference": report.subject.reference,
        "kind": report.kind,
        "category": report.category.slug,
        "status": report.status,
        "title": report.subject.title,
        "text": report.words.text,
        "place": report.place,
        "point": [report.geom.x, report.geom.y] if report.geom else None,
        "sent": report.created_at,
        "public_name": report.public_name,
        "contact": {"name": contact.name, "address": contact.address, "phone": contact.phone} if contact else None,
        "consents": list(Consent.objects.filter(report=report).values("page", "page_version", "given_at")),
        "older_versions": list(Revision.objects.filter(report=report).values("title", "text")),
        "photos": [str(pk) for pk in report.photos.values_list("pk", flat=True)],
    }


@transaction.atomic
def erase(user: User) -> None:
    """Name, addresses, phone and account go; what was said and counted in public stays, by „a resident“.

    Raises ValidationError for somebody who still works here: an administrator ends the roles first.
    """
    if user.memberships.filter(active=True).exists():
        raise ValidationError(_("You still work here. Ask an administrator to end your roles first."), code="works_here")
    ids = list(Report.objects.filter(author=user).values_list("pk", flat=True))
    theirs = Correspondent.objects.filter(user=user)
    for subject in Subject.objects.filter(pk__in=ids).order_by("pk"):
        discussion.actions.lock(subject.pk)
        discussion.actions.append(subject, "author_erased", capacity=Who.SYSTEM, audience=Audience.STAFF, tells=False)
    Contact.objects.filter(report__in=ids).update(name="", address="", phone="")
    Contact.objects.filter(correspondent__in=theirs).update(name="", address="", phone="")
    Report.objects.filter(pk__in=ids).update(public_name="", author=None)
    Comment.objects.filter(correspondent__in=theirs).update(public_name="")
    Follow.objects.filter(correspondent__in=theirs).delete()
    theirs.update(email="", user=None, verified_at=None)
    forget_planner(user)
    _close(user)


def _close(user: User) -> None:
    """The account's row stays for the acts that point to it, without anything that says whose it was."""
    LogEntry.objects.filter(user=user).update(object_repr="", change_message="")
    Invitation.objects.filter(email__iexact=user.email).delete()
    EmailAddress.objects.filter(user=user).delete()
    end_sessions(user)
    user.email, user.name, user.is_active, user.last_login = f"erased-{user.pk}@invalid.invalid", "", False, None
    user.set_unusable_password()
    user.save()
