"""Who is to be told of an act: its visitor, the author, the official or department in charge, followers, owners of alerts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import Correspondent, Role, User
from discussion.actions import correspondent_of
from discussion.models import Audience, Comment, Follow, Link, TimelineRow
from municipality.models import Organisation
from notifications import answering, table_words
from notifications.alerts import Match, matching, matching_of
from notifications.comment_words import CODES
from notifications.hidden_words import WHOLE
from notifications.models import Frequency, Muted
from notifications.preferences import Event, hours_of
from participation import due
from participation.actions.move import matter_of
from participation.models import Alternative, Initiative, Joining, TakingPart
from participation.models import Event as Meeting
from reports import workflow
from reports.models import CoAuthor, Contact, FixedClaim, Report


class As(StrEnum):
    """In what role somebody is written to."""

    VISITOR = "visitor"
    AUTHOR = "author"
    ASSIGNEE = "assignee"
    DEPARTMENT = "department"
    OWNER = "owner"
    FOLLOWER = "follower"
    SUPPORTER = "supporter"
    ALERT = "alert"


RECEIPTS = frozenset({"submitted", "confirm", "kept_awaiting_confirmation", "kept_awaiting_moderation"})
"""The author's own acts that are answered by mail."""
AUTHOR_HEARS = RECEIPTS | {
    "relocated", "turned", "hidden", "removed", "shown_again", "restricted", "unrestricted", "redacted", "comment_published",
    "photo_covered", "talk_closed",
}  # fmt: skip
FOLLOWERS_HEAR = frozenset({"relocated", "turned", "shown_again", "talk_closed", "organised", "added"})
SUPPORTERS_HEAR = frozenset(
    {"reach_threshold", "file_with_council", "accept", "partly_accept", "refuse", "plan", "carry_out", "mark_duplicate"}
)
"""Of an idea: that there is enough support, that it is filed, decided, planned, done; and where it was merged, they are asked."""
IN_CHARGE_HEARS = frozenset({
    "submitted", "confirm", "publish", "request_reopen", "reopen", "answer", "answer_lapsed",
    "added", "reach_threshold", "take_up_again", "due_soon", "unassigned", "looks_fixed",
})  # fmt: skip
NEW_DEPARTMENT_HEARS = frozenset({"hand_over", "relocated", "turned"})
PERSON_HEARS = frozenset({"assign", "reassign"})
AUTHOR_EVENTS = {"ask": Event.QUESTION, "comment_published": Event.COMMENT}
PROMPTNESS: list[str] = [Frequency.INSTANT, Frequency.DAILY, Frequency.WEEKLY]
COMES = frozenset({"taken", "waits", "moved_up", "reminder"})
"""Acts of one who comes to an event; told to that person alone."""
ORGANISER_HEARS = frozenset({"publish", "reject", "reword", "keep_words"})
VARIANT_HEARS = ORGANISER_HEARS | {"lapse", "prefer", "pass_over"}
COMING_HEAR = frozenset({"change", "cancel", "hold", "not_hold"})
"""Acts on an event that are told to all who come, wait or follow."""
JOINED_HEAR = frozenset({"change", "begin", "finish", "stop", "message"})
"""Acts on an initiative that are told to all who joined it."""
LINK_FIRST = frozenset({"kept_awaiting_confirmation", "confirmation_asked", "commented", "co_author_asked"})
"""Mails that ask an unproven address to answer; sent at once and alone."""


TO_VISITORS = CODES | {"confirmation_asked", "co_author_asked", "commented", "fixed_dismissed"}
"""Acts of which the visitor hears whose wish or comment it was."""


@dataclass(frozen=True)
class Recipient:
    """One address: a correspondent's or a department's mailbox. `alerts`: those that the act met; `here_only`: on the site alone."""

    role: As
    language: str
    correspondent: Correspondent | None = None
    mailbox: str = ""
    event: Event = Event.MINE
    frequency: str = Frequency.INSTANT
    alerts: list[int] = field(default_factory=list)
    here_only: bool = False

    @property
    def key(self) -> tuple[int | None, str]:
        return (self.correspondent.pk if self.correspondent else None, self.mailbox)


def recipients_of(row: TimelineRow) -> list[Recipient]:
    """Everybody to be told of the act, each once, in the first role that fits and as soon as any of the roles asks."""
    report = (
        Report.objects.select_related("subject", "assignee", "department", "contact__correspondent")
        .filter(pk=row.subject_id)
        .first()
    )
    found: dict[tuple[int | None, str], Recipient] = {}
    for recipient in _all(row, report):
        known = found.setdefault(recipient.key, recipient)
        prompter = min(known.frequency, recipient.frequency, key=PROMPTNESS.index)
        found[recipient.key] = replace(known, frequency=prompter, alerts=known.alerts or recipient.alerts)
    if row.actor_id and row.code not in RECEIPTS:
        found = {
            key: who for key, who in found.items() if not (who.correspondent and who.correspondent.user_id == row.actor_id)
        }
    writer = _guest_who_added(row)
    return [who for who in found.values() if writer is None or who.correspondent is None or who.correspondent.pk != writer]


def _guest_who_added(row: TimelineRow) -> int | None:
    """The author or co-author who wrote without an account: nobody is told of the own words."""
    if row.code != "added" or row.actor_id:
        return None
    along = CoAuthor.objects.filter(pk=row.data.get("co_author") or 0).values_list("correspondent", flat=True)
    return (
        along
        if row.data.get("co_author")
        else Contact.objects.filter(report=row.subject_id).values_list("correspondent", flat=True)
    ).first()


def _all(row: TimelineRow, report: Report | None) -> Iterator[Recipient]:
    yield from _visitor(row)
    yield from _answering(row, report)
    if report is not None:
        yield from _author(row, report)
        yield from _in_charge(row, report)
        yield from _followers(row, report)
        yield from _supporters(row, report)
        yield from _claimants(row, report)
        yield from _alerted(matching(row, report))
    else:
        yield from _contributors(row)
        yield from _organisers(row)
        yield from _of_event(row)
        yield from _of_initiative(row)
        yield from _of_variant(row)
        yield from _of_whole(row)
        yield from _of_subject(row)
        yield from _alerted(matching_of(row, matter_of(row.subject)))


def _answering(row: TimelineRow, report: Report | None) -> Iterator[Recipient]:
    """The mailbox of the department that answers for it; its officials read it on the site, by mail where there is no mailbox."""
    department = answering.department_of(row, report)
    if department is None:
        return
    if department.mailbox:
        yield Recipient(As.OWNER, settings.LANGUAGE_CODE, None, department.mailbox)
    for person in answering.people_of(department):
        who = correspondent_of(person)
        yield Recipient(As.OWNER, person.language, who, event=Event.WORK, here_only=bool(department.mailbox))


def _of_whole(row: TimelineRow) -> Iterator[Recipient]:
    """A whole thing was hidden or is shown again: its author hears why, and whoever comes to it or joined it that it is so."""
    matter = matter_of(row.subject) if row.code in WHOLE else None
    if matter is None:
        return
    if matter.author is not None and matter.author.is_active:
        yield Recipient(As.AUTHOR, matter.author.language, correspondent_of(matter.author))
    if matter.shown and row.subject.is_public == (row.code == "whole_shown"):
        coming = TakingPart.objects.in_force().filter(subject=row.subject_id).values("correspondent")
        joined = Joining.objects.going().filter(initiative=row.subject_id).values("correspondent")
        for person in _verified().filter(Q(pk__in=coming) | Q(pk__in=joined)).order_by("pk"):
            yield Recipient(As.VISITOR, person.language, person)


def _of_subject(row: TimelineRow) -> Iterator[Recipient]:
    """Followers of whatever is no report, of what everyone may see and no visitor did."""
    told = row.audience == Audience.PUBLIC and row.capacity != "visitor" and row.subject.is_public
    if (
        told and row.data.get("followers", True) and not _for_writer_alone(row)
    ):  # organisers may write to those alone who joined
        muted = Muted.objects.in_force().filter(subject=row.subject_id).values("correspondent")
        yield from _as_followers(_verified().filter(follows__subject=row.subject_id).exclude(pk__in=muted).distinct())


def _of_event(row: TimelineRow) -> Iterator[Recipient]:
    """Its organiser hears what a moderator did; who comes or waits, what changed."""
    event = Meeting.objects.filter(pk=row.subject_id).select_related("author").first()
    if event is None:
        return
    yield from _told_organiser(row, event.author)
    if _changes(row, COMING_HEAR) and row.audience == Audience.PUBLIC and not _for_writer_alone(row):
        coming = TakingPart.objects.in_force().filter(subject=event.pk).values("correspondent")
        muted = Muted.objects.in_force().filter(subject=event.pk).values("correspondent")
        yield from _as_followers(_verified().filter(pk__in=coming).exclude(pk__in=muted).order_by("pk"))


def _of_initiative(row: TimelineRow) -> Iterator[Recipient]:
    """Its organiser hears what a moderator did; who joined, what happens and what the organisers write."""
    initiative = Initiative.objects.filter(pk=row.subject_id).select_related("author").first()
    if initiative is None:
        return
    yield from _told_organiser(row, initiative.author)
    if _changes(row, JOINED_HEAR) and row.audience == Audience.PUBLIC and not _for_writer_alone(row):
        joined = Joining.objects.going().filter(initiative=initiative.pk).values("correspondent")
        muted = Muted.objects.in_force().filter(subject=initiative.pk).values("correspondent")
        yield from _as_followers(_verified().filter(pk__in=joined).exclude(pk__in=muted).order_by("pk"))


def _changes(row: TimelineRow, codes: frozenset[str]) -> bool:
    """One of these acts, or the words of another place that a moderator has read."""
    return row.code in codes or (row.code == "reword" and bool(row.data.get("moved")))


def _told_organiser(row: TimelineRow, author: User | None) -> Iterator[Recipient]:
    """Who wrote the words that a moderator read, or that fell away (`writer`); its author, where the act is about all of it."""
    if row.code not in ORGANISER_HEARS and not row.data.get("overtaken"):
        return
    who = User.objects.filter(pk=row.data["writer"]).first() if row.data.get("writer") else author
    if who is not None and who.is_active:
        yield Recipient(As.AUTHOR, who.language, correspondent_of(who))


def _for_writer_alone(row: TimelineRow) -> bool:
    """Words changed and others fell away, neither day nor place: of concern to whoever wrote those."""
    return bool(row.data.get("overtaken")) and not row.data.get("moved")


def _of_variant(row: TimelineRow) -> Iterator[Recipient]:
    """Who sent a variant hears what a moderator did with it, that nobody read it in time, and whether it was chosen."""
    if row.code not in VARIANT_HEARS:
        return
    variant = Alternative.objects.filter(pk=row.subject_id, own=False).select_related("author").first()
    if variant is not None and variant.author is not None and variant.author.is_active:
        yield Recipient(As.AUTHOR, variant.author.language, correspondent_of(variant.author))


def _contributors(row: TimelineRow) -> Iterator[Recipient]:
    """When a consultation is answered: whose comments and ideas stand in its table."""
    if (row.subject.kind, row.code) != table_words.ANSWERED:
        return
    muted = Muted.objects.in_force().filter(subject=row.subject_id).values("correspondent")
    for person in _verified().filter(pk__in=table_words.contributors(row.subject_id)).exclude(pk__in=muted).order_by("pk"):
        yield Recipient(As.VISITOR, person.language, person, event=Event.COMMENT)


def _organisers(row: TimelineRow) -> Iterator[Recipient]:
    """When its time is over: the members of the organisation that must answer now."""
    if due.ended(row):
        for person in due.members(row.subject):
            yield Recipient(As.AUTHOR, person.language, correspondent_of(person), event=Event.WORK)


def _visitor(row: TimelineRow) -> Iterator[Recipient]:
    """Who wished to support or follow, or wrote a comment."""
    if row.code not in TO_VISITORS | COMES:
        return
    if row.code == "comment_published" and row.data.get("answered"):
        yield from _answered(row)
    found = Correspondent.objects.filter(pk=row.data.get("correspondent")).exclude(email="").first()
    if found is None:
        return
    if row.code == "commented":
        unconfirmed = Comment.State.UNCONFIRMED
        if not Comment.objects.filter(pk=row.data.get("comment"), state=unconfirmed).exists():
            return
    elif row.code not in ("confirmation_asked", "co_author_asked") and found.verified_at is None:
        return
    yield Recipient(As.VISITOR, found.language, found, event=Event.COMMENT)


def _answered(row: TimelineRow) -> Iterator[Recipient]:
    """Whose comment was answered, unless they stopped hearing of the subject."""
    muted = Muted.objects.in_force().filter(subject=row.subject_id).values("correspondent")
    for person in _verified().filter(pk=row.data["answered"]).exclude(pk__in=muted):
        yield Recipient(As.VISITOR, person.language, person, event=Event.COMMENT)


def _claimants(row: TimelineRow, report: Report) -> Iterator[Recipient]:
    """Who said that it looks fixed: the one whose word and photo the answer rests on, and all who wait when it is resolved."""
    if row.code != "resolve" or row.audience != Audience.PUBLIC or not report.is_public:
        return
    states = FixedClaim.State
    theirs = FixedClaim.objects.filter(report=report).filter(Q(state=states.WAITING) | Q(pk=row.data.get("claim")))
    muted = Muted.objects.in_force().filter(subject=row.subject_id).values("correspondent")
    for person in _verified().filter(pk__in=theirs.values("correspondent")).exclude(pk__in=muted).order_by("pk"):
        yield Recipient(As.VISITOR, person.language, person, event=Event.COMMENT)


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
        yield Recipient(As.AUTHOR, correspondent.language, correspondent, event=AUTHOR_EVENTS.get(row.code, Event.MINE))


def _muted(correspondent: Correspondent, row: TimelineRow) -> bool:
    if row.code in LINK_FIRST or AUTHOR_EVENTS.get(row.code) == Event.QUESTION:
        return False  # what waits for an answer is no piece of news
    return Muted.objects.in_force().filter(correspondent=correspondent, subject=row.subject_id).exists()


def _in_charge(row: TimelineRow, report: Report) -> Iterator[Recipient]:
    """The assigned official, else the department's mailbox."""
    if row.code in PERSON_HEARS and report.assignee:
        yield _person(report.assignee, row)
    if row.code in NEW_DEPARTMENT_HEARS and not _acts_within(row, report.department):
        yield from _mailbox(report.department)
    if row.code in IN_CHARGE_HEARS:
        if report.assignee and report.assignee.is_active:
            yield _person(report.assignee, row)
        else:
            yield from _mailbox(report.department)
    if row.code == "reach_threshold":
        officers = User.objects.filter(
            is_active=True, memberships__active=True, memberships__roles__contains=[Role.COUNCIL_OFFICER]
        )
        for officer in officers.distinct():
            yield _person(officer, row)


def _acts_within(row: TimelineRow, department: Organisation) -> bool:
    """The act was the department's own: it knows."""
    return bool(row.actor and department.pk in row.actor.departments)


def _person(user: User, row: TimelineRow) -> Recipient:
    event = Event.DUE if row.code == "due_soon" else Event.WORK
    return Recipient(As.ASSIGNEE, user.language, correspondent_of(user), event=event)


def _mailbox(department: Organisation) -> Iterator[Recipient]:
    if department.mailbox:
        yield Recipient(As.DEPARTMENT, settings.LANGUAGE_CODE, None, department.mailbox)


def _followers(row: TimelineRow, report: Report) -> Iterator[Recipient]:
    """Followers of the subject, and author and followers of its duplicates, of what everyone may see."""
    edge = workflow.TRANSITIONS.get((workflow.Kind(report.kind), row.code))
    hears = row.code in FOLLOWERS_HEAR or (edge is not None and workflow.tells_author(edge, row.data))
    if not hears or row.audience != Audience.PUBLIC or not report.is_public:
        return
    yield from _as_followers(_verified().filter(follows__subject=row.subject_id).distinct())
    repeated = Link.objects.filter(target=row.subject_id, kind=Link.Kind.DUPLICATE_OF, source__report__status="duplicate")
    sources = list(repeated.values_list("source_id", flat=True))
    if not sources:
        return
    following = Follow.objects.filter(subject__in=sources).values("correspondent")
    muted = Muted.objects.in_force().filter(subject=row.subject_id).values("correspondent")
    of_duplicates = _verified().filter(pk__in=following) | _verified().filter(contacts__report__in=sources)
    yield from _as_followers(of_duplicates.exclude(pk__in=muted).distinct())


def _supporters(row: TimelineRow, report: Report) -> Iterator[Recipient]:
    """Who supports an idea and has a proven address; who that is, nobody else learns. A follower hears as one."""
    if row.code not in SUPPORTERS_HEAR or report.kind != workflow.Kind.IDEA:
        return
    if row.audience != Audience.PUBLIC or not report.is_public:
        return
    muted = Muted.objects.in_force().filter(subject=row.subject_id).values("correspondent")
    yield from _as_followers(
        _verified().filter(supports__subject=row.subject_id).exclude(pk__in=muted).distinct(), role=As.SUPPORTER
    )


def _verified() -> QuerySet[Correspondent]:
    return Correspondent.objects.filter(verified_at__isnull=False).exclude(email="")


def _as_followers(people: QuerySet[Correspondent], *, role: As = As.FOLLOWER) -> Iterator[Recipient]:
    found = list(people)
    hours = hours_of(person.pk for person in found)
    for person in found:
        frequency = hours[person.pk].follow_frequency if person.pk in hours else Frequency.INSTANT
        yield Recipient(role, person.language, person, event=Event.FOLLOW, frequency=frequency)


def _alerted(matches: list[Match]) -> Iterator[Recipient]:
    """Owners of the alerts that the act meets: people with a proven address, departments with a mailbox."""
    people = _verified().in_bulk([match.correspondent for match in matches if match.correspondent])
    departments = Organisation.objects.in_bulk([match.organisation for match in matches if match.organisation])
    for match in matches:
        common: dict[str, Any] = {"event": Event.ALERT, "frequency": match.frequency, "alerts": match.alerts}
        if person := people.get(match.correspondent or 0):
            yield Recipient(As.ALERT, person.language, person, **common)
        elif (department := departments.get(match.organisation or 0)) and department.active and department.mailbox:
            yield Recipient(As.ALERT, settings.LANGUAGE_CODE, None, department.mailbox, **common)
