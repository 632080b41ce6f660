"""Who is to be written to about an act: its visitor, the author, the official or department in charge, the followers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from accounts.models import Correspondent, Role, User
from discussion.actions import correspondent_of
from discussion.models import Audience, Comment, Follow, Link, TimelineRow
from municipality.models import Organisation
from notifications.models import Muted
from reports import workflow
from reports.models import Report


class As(StrEnum):
    """In what role somebody is written to."""

    VISITOR = "visitor"
    AUTHOR = "author"
    ASSIGNEE = "assignee"
    DEPARTMENT = "department"
    FOLLOWER = "follower"


RECEIPTS = frozenset({"submitted", "confirm", "kept_awaiting_confirmation", "kept_awaiting_moderation"})
"""The author's own acts that are answered by mail."""
AUTHOR_HEARS = RECEIPTS | {
    "relocated", "turned", "hidden", "removed", "shown_again", "restricted", "unrestricted", "redacted", "comment_published",
    "photo_covered",
}  # fmt: skip
FOLLOWERS_HEAR = frozenset({"relocated", "turned", "shown_again"})
IN_CHARGE_HEARS = frozenset(
    [
        "submitted",
        "confirm",
        "publish",
        "request_reopen",
        "reopen",
        "answer",
        "answer_lapsed",
        "added",
        "reach_threshold",
        "take_up_again",
        "due_soon",
        "unassigned",
        "looks_fixed",
    ]
)
NEW_DEPARTMENT_HEARS = frozenset({"hand_over", "relocated", "turned"})
PERSON_HEARS = frozenset({"assign", "reassign"})
LINK_FIRST = frozenset({"kept_awaiting_confirmation", "confirmation_asked", "commented"})
"""Mails that ask an unproven address to answer; sent at once and alone."""


@dataclass(frozen=True)
class Recipient:
    """One address: a correspondent's or a department's mailbox."""

    role: As
    language: str
    correspondent: Correspondent | None = None
    mailbox: str = ""

    @property
    def key(self) -> tuple[int | None, str]:
        return (self.correspondent.pk if self.correspondent else None, self.mailbox)


def recipients_of(row: TimelineRow) -> list[Recipient]:
    """Everybody to be told of the act, each once, in the first role that fits."""
    report = (
        Report.objects.select_related("subject", "assignee", "department", "contact__correspondent")
        .filter(pk=row.subject_id)
        .first()
    )
    found: dict[tuple[int | None, str], Recipient] = {}
    for recipient in _all(row, report):
        found.setdefault(recipient.key, recipient)
    if row.actor_id and row.code not in RECEIPTS:
        found = {
            key: who for key, who in found.items() if not (who.correspondent and who.correspondent.user_id == row.actor_id)
        }
    return list(found.values())


def _all(row: TimelineRow, report: Report | None) -> Iterator[Recipient]:
    yield from _visitor(row)
    if report is not None:
        yield from _author(row, report)
        yield from _in_charge(row, report)
        yield from _followers(row, report)


def _visitor(row: TimelineRow) -> Iterator[Recipient]:
    """Who wished to support or follow, or wrote a comment."""
    if row.code not in ("confirmation_asked", "commented", "comment_published", "comment_removed", "fixed_dismissed"):
        return
    found = Correspondent.objects.filter(pk=row.data.get("correspondent")).exclude(email="").first()
    if found is None:
        return
    if row.code == "commented":
        unconfirmed = Comment.State.UNCONFIRMED
        if not Comment.objects.filter(pk=row.data.get("comment"), state=unconfirmed).exists():
            return
    elif row.code != "confirmation_asked" and found.verified_at is None:
        return
    yield Recipient(As.VISITOR, found.language, found)


def _author(row: TimelineRow, report: Report) -> Iterator[Recipient]:
    edge = workflow.TRANSITIONS.get((workflow.Kind(report.kind), row.code))
    hears = row.code in AUTHOR_HEARS or (edge is not None and workflow.tells_author(edge, row.data))
    own_act = row.capacity == workflow.Who.AUTHOR and row.code not in RECEIPTS
    if not hears or own_act:
        return
    contact = getattr(report, "contact", None)
    correspondent = contact.correspondent if contact else None
    if correspondent is None or not correspondent.email:
        return
    may_write = correspondent.verified_at or row.code == "kept_awaiting_confirmation" or report.entered_by_id
    if may_write and not _muted(correspondent, row):
        yield Recipient(As.AUTHOR, correspondent.language, correspondent)


def _muted(correspondent: Correspondent, row: TimelineRow) -> bool:
    if row.code in LINK_FIRST:
        return False
    return Muted.objects.filter(correspondent=correspondent, subject=row.subject_id).exists()


def _in_charge(row: TimelineRow, report: Report) -> Iterator[Recipient]:
    """The assigned official, else the department's mailbox."""
    if row.code in PERSON_HEARS and report.assignee:
        yield _person(report.assignee)
    if row.code in NEW_DEPARTMENT_HEARS and not _acts_within(row, report.department):
        yield from _mailbox(report.department)
    if row.code in IN_CHARGE_HEARS:
        if report.assignee and report.assignee.is_active:
            yield _person(report.assignee)
        else:
            yield from _mailbox(report.department)
    if row.code == "reach_threshold":
        officers = User.objects.filter(
            is_active=True, memberships__active=True, memberships__roles__contains=[Role.COUNCIL_OFFICER]
        )
        for officer in officers.distinct():
            yield _person(officer)


def _acts_within(row: TimelineRow, department: Organisation) -> bool:
    """The act was the department's own: it knows."""
    return bool(row.actor and department.pk in row.actor.departments)


def _person(user: User) -> Recipient:
    return Recipient(As.ASSIGNEE, user.language, correspondent_of(user))


def _mailbox(department: Organisation) -> Iterator[Recipient]:
    if department.mailbox:
        yield Recipient(As.DEPARTMENT, settings.LANGUAGE_CODE, None, department.mailbox)


def _followers(row: TimelineRow, report: Report) -> Iterator[Recipient]:
    """Followers of the subject, and author and followers of its duplicates, of what everyone may see."""
    edge = workflow.TRANSITIONS.get((workflow.Kind(report.kind), row.code))
    hears = row.code in FOLLOWERS_HEAR or (edge is not None and workflow.tells_author(edge, row.data))
    if not hears or row.audience != Audience.PUBLIC or not report.is_public:
        return
    verified = Correspondent.objects.filter(verified_at__isnull=False).exclude(email="")
    for found in verified.filter(follows__subject=row.subject_id).distinct():
        yield Recipient(As.FOLLOWER, found.language, found)
    repeated = Link.objects.filter(target=row.subject_id, kind=Link.Kind.DUPLICATE_OF, source__report__status="duplicate")
    sources = list(repeated.values_list("source_id", flat=True))
    if not sources:
        return
    following = Follow.objects.filter(subject__in=sources).values("correspondent")
    muted = Muted.objects.filter(subject=row.subject_id).values("correspondent")
    of_duplicates = verified.filter(pk__in=following) | verified.filter(contacts__report__in=sources)
    for found in of_duplicates.exclude(pk__in=muted).distinct():
        yield Recipient(As.FOLLOWER, found.language, found)
