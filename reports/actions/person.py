"""A person and all that is theirs: claimed by an account, joined with another address of the same person, erased."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.actions import end_sessions, erase_elsewhere
from accounts.models import Block, Correspondent, Invitation, MailedLink, User
from discussion.actions import photos as shots
from discussion.models import (
    Appeal,
    Audience,
    Comment,
    CommentVersion,
    Follow,
    Helpful,
    Subject,
    SubjectPhoto,
    Support,
)
from reports import workflow
from reports.actions.block import with_rows
from reports.actions.fixed import forget_claims
from reports.actions.move import locked, save_state
from reports.actions.planning import forget_planner
from reports.models import Answer, CoAuthor, Contact, Endorsement, FixedClaim, Report
from reports.questions import FREE_TEXT
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


def _forget_words(ids: list[int]) -> None:
    """Who sent these reports goes; numbers, days and choices that were answered stay, free words may say who it was."""
    Contact.objects.filter(report__in=ids).update(name="", address="", phone="")
    Answer.objects.filter(report__in=ids, datatype__in=FREE_TEXT).delete()
    Report.objects.filter(pk__in=ids).update(public_name="")


@transaction.atomic
def erase(known: Correspondent) -> None:
    """Name, addresses, phone and account go; what was said and counted in public stays, by „a resident“.

    Raises ValidationError for somebody who still works here: an administrator ends the roles first.
    """
    user = known.user
    if user is not None and user.works_here:
        raise ValidationError(_("You still work here. Ask an administrator to end your roles first."), code="works_here")
    ids = list(Report.objects.sent_by(known).values_list("pk", flat=True))
    claimed = FixedClaim.objects.filter(correspondent=known).values("report")
    said = set(Comment.objects.filter(correspondent=known).exclude(public_name="").values_list("subject", flat=True))
    theirs = Q(pk__in=ids) | Q(pk__in=claimed) | Q(pk__in=said)
    for subject in Subject.objects.filter(theirs).order_by("pk"):
        discussion.actions.lock(subject.pk)
        common: dict[str, Any] = {"capacity": Who.SYSTEM, "audience": Audience.STAFF, "tells": False}
        if subject.pk in ids:
            discussion.actions.append(subject, "author_erased", **common)
        elif subject.pk in said:  # kept pages are as new as the last row: none shows the name any more
            discussion.actions.append(subject, "commenter_erased", bumps=False, **common)
    forget_claims(known)
    _forget_words(ids)
    Comment.objects.filter(correspondent=known).update(public_name="", mended="")
    _forget_unseen_photos(known)
    CommentVersion.objects.filter(comment__correspondent=known, public=False).delete()
    Appeal.objects.filter(comment__correspondent=known).update(text="")
    # That a moderator decided, when, by which rule and what it hid stays, to answer for it; the words to the person go.
    Block.objects.filter(correspondent=known).update(text="")
    CoAuthor.objects.filter(correspondent=known).update(public_name="", asked_name="", email="", correspondent=None)
    Endorsement.objects.filter(by=user).exclude(by=None).update(by=None)
    Follow.objects.filter(correspondent=known).delete()
    erase_elsewhere(known)
    MailedLink.objects.filter(correspondent=known).delete()
    Correspondent.objects.filter(pk=known.pk).update(email="", user=None, verified_at=None)
    if user is not None:
        Report.objects.filter(author=user).update(author=None)
        forget_planner(user)
        user.memberships.update(active=False)
        _close(user)


def _forget_unseen_photos(known: Correspondent) -> None:
    """Photos of comments that not everyone sees go for good, and those that a moderator hid or covered beside any of their words;
    what everyone sees stays as the words do."""
    unseen = Comment.objects.filter(correspondent=known).exclude(state=Comment.State.PUBLISHED)
    hidden = Q(comment__correspondent=known, hidden=True)
    if known.user_id is not None:
        hidden |= Q(row__actor=known.user_id, hidden=True)
    shots.let_go(SubjectPhoto.objects.filter(Q(comment__in=unseen) | hidden))
    unseen.update(photo_count=0)


def _join_blocks(guest: Correspondent, into: Correspondent) -> None:
    """Nobody writes on under another address: of two blocks that were not lifted the later one holds what both held."""
    mine = Block.objects.filter(correspondent=into, lifted_at=None).first()
    theirs = Block.objects.filter(correspondent=guest, lifted_at=None).first()
    if mine is not None and theirs is not None:
        later, other = (mine, theirs) if mine.until >= theirs.until else (theirs, mine)
        parts = [with_rows(later.held), with_rows(other.held)]
        later.held = {name: [key for part in parts for key in part.get(name, [])] for name in {**parts[0], **parts[1]}}
        Block.objects.filter(pk=other.pk).update(lifted_at=timezone.now(), held={})
        Block.objects.filter(pk=later.pk).update(held=later.held)
    Block.objects.filter(correspondent=guest).update(correspondent=into)


def take_over(guest: Correspondent, into: Correspondent) -> None:
    """What the guest sent, follows, supports and wrote is the other address's; what both had stands once."""
    Contact.objects.filter(correspondent=guest).update(correspondent=into)
    _join_blocks(guest, into)
    Comment.objects.filter(correspondent=guest).update(correspondent=into)
    said = FixedClaim.objects.filter(correspondent=into).values("report")
    FixedClaim.objects.filter(correspondent=guest).exclude(report__in=said).update(correspondent=into)
    along = CoAuthor.objects.filter(correspondent=into).values("report")
    CoAuthor.objects.filter(correspondent=guest).exclude(report__in=along).update(correspondent=into)
    Follow.objects.filter(correspondent=guest, subject__in=Follow.objects.filter(correspondent=into).values("subject")).delete()
    Follow.objects.filter(correspondent=guest).update(correspondent=into)
    twice = Support.objects.filter(correspondent=into).values("subject")
    for subject_id in list(
        Support.objects.filter(correspondent=guest, subject__in=twice).order_by("subject").values_list("subject", flat=True)
    ):
        discussion.actions.unsupport(subject_id, guest)
    Support.objects.filter(correspondent=guest).update(correspondent=into)
    both = Helpful.objects.filter(correspondent=into).values("comment")
    for comment_id in list(
        Helpful.objects.filter(correspondent=guest, comment__in=both).order_by("comment").values_list("comment", flat=True)
    ):
        discussion.actions.unfind_helpful(comment_id, guest)
    Helpful.objects.filter(correspondent=guest).update(correspondent=into)


def _close(user: User) -> None:
    """The account's row stays for the acts that point to it, without anything that says whose it was."""
    LogEntry.objects.filter(user=user).update(object_repr="", change_message="")
    Invitation.objects.filter(email__iexact=user.email).delete()
    EmailAddress.objects.filter(user=user).delete()
    end_sessions(user)
    user.email, user.name, user.is_active, user.last_login = f"erased-{user.pk}@invalid.invalid", "", False, None
    user.set_unusable_password()
    user.save()
