"""Who comes to an event: a seat while there are some, else a place in the waiting list, which moves up by itself."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import Correspondent
from discussion.models import Audience, Subject, TimelineRow
from participation.actions.move import locked
from participation.models import Event, TakingPart
from participation.models.event import LONGEST_REMINDER_HOURS
from participation.workflow import Who

MOST = 500
"""Reminders at a time; the next run takes the rest."""


def shut_words(event: Event) -> str:
    """Why nobody registers for it now; "" when one can."""
    if not event.subject.is_public or event.status != "announced" or event.starts_at <= timezone.now():
        return _("Registration for this event is over.")
    return "" if event.registration else _("No registration is needed for this event: just come.")


def _require_open(event: Event) -> None:
    if why := shut_words(event):
        raise ValidationError(why, code="over")


@transaction.atomic
def register(event_id: int, correspondent: Correspondent) -> TakingPart:
    """A seat, or a place in the waiting list; a second time answers the first. The Subject's lock makes a queue of the crowd.

    Raises ValidationError for an unverified address and where registration is over.
    """
    if correspondent.verified_at is None:
        raise ValidationError(_("Confirm your e-mail first."), code="unverified")
    event = locked(Event, event_id)
    known = TakingPart.objects.filter(subject=event.pk, correspondent=correspondent).first()
    if known is not None and known.state != TakingPart.State.LEFT:
        return known
    _require_open(event)
    state = TakingPart.State.GOING if seats_left(event) != 0 else TakingPart.State.WAITING
    found, _new = TakingPart.objects.update_or_create(
        subject=event.subject,
        correspondent=correspondent,
        defaults={"state": state, "since": timezone.now(), "reminded_at": None},
    )
    code = "taken" if state == TakingPart.State.GOING else "waits"
    _append(event, code, correspondent, tells=True)
    return found


def confirmed(subject: Subject, correspondent: Correspondent) -> str:
    """A guest's address has answered; what came of the wish in words."""
    return said(register(subject.pk, correspondent))


def said(part: TakingPart) -> str:
    """What became of somebody's wish to come."""
    if part.state == TakingPart.State.WAITING:
        return _("All seats are taken: you are on the waiting list and hear when one becomes free.")
    return _("You have a seat. We remind you before it begins.")


def place_of(part: TakingPart) -> int:
    """Which one of those who wait; 0 for who has a seat."""
    if part.state != TakingPart.State.WAITING:
        return 0
    before = Q(since__lt=part.since) | Q(since=part.since, pk__lte=part.pk)
    return TakingPart.objects.filter(before, subject=part.subject_id, state=TakingPart.State.WAITING).count()


def seats_left(event: Event) -> int | None:
    """None: as many as come."""
    if event.capacity is None:
        return None
    return max(0, event.capacity - TakingPart.objects.going().filter(subject=event.pk).count())


@transaction.atomic
def leave(event_id: int, correspondent: Correspondent) -> bool:
    """Gives the seat back; the first who waits moves up and is told. True when there was one."""
    event = locked(Event, event_id)
    found = TakingPart.objects.in_force().filter(subject=event.pk, correspondent=correspondent)
    if not found.update(state=TakingPart.State.LEFT):
        return False
    _append(event, "left", correspondent, tells=False)
    move_up(event)
    return True


def move_up(event: Event) -> int:
    """Seats that are free go to those who wait, in their order; answers how many. The caller holds the lock."""
    if event.status != "announced" or event.starts_at <= timezone.now():
        return 0
    waiting = TakingPart.objects.waiting().filter(subject=event.pk).select_related("correspondent")
    left = seats_left(event) if event.registration else None
    moved = list(waiting if left is None else waiting[:left])
    for each in moved:
        TakingPart.objects.filter(pk=each.pk).update(state=TakingPart.State.GOING)
        _append(event, "moved_up", each.correspondent, tells=True)
    return len(moved)


@transaction.atomic
def remind_me(event_id: int, correspondent: Correspondent, hours: int) -> None:
    """So many hours before the beginning; 0: not at all. Raises ValidationError."""
    if not 0 <= hours <= LONGEST_REMINDER_HOURS:
        raise ValidationError({"hours": _("Choose between 0 hours (no reminder) and 14 days.")})
    locked(Event, event_id)
    TakingPart.objects.in_force().filter(subject=event_id, correspondent=correspondent).update(
        remind_hours=hours, reminded_at=None
    )


def remind(now: datetime.datetime | None = None) -> int:
    """Those who come are reminded, each once at the hour they chose; answers how many."""
    now = now or timezone.now()
    coming = TakingPart.objects.going().filter(
        reminded_at=None, subject__event__status="announced", subject__is_public=True, subject__event__starts_at__gt=now,
        subject__event__starts_at__lte=now + datetime.timedelta(hours=LONGEST_REMINDER_HOURS),
    )  # fmt: skip
    rows = coming.order_by("pk").values_list(
        "pk", "subject", "remind_hours", "subject__event__remind_hours", "subject__event__starts_at"
    )
    due = [
        (pk, subject)
        for pk, subject, own, common, starts in rows
        if (hours := common if own is None else own) and starts - datetime.timedelta(hours=hours) <= now
    ]
    return sum(_remind(pk, subject, now) for pk, subject in due[:MOST])


@transaction.atomic
def _remind(pk: int, subject_id: int, now: datetime.datetime) -> bool:
    event = locked(Event, subject_id)
    going = TakingPart.objects.going().filter(pk=pk, reminded_at=None)
    if event.status != "announced" or not going.update(reminded_at=now):
        return False
    _append(event, "reminder", TakingPart.objects.select_related("correspondent").get(pk=pk).correspondent, tells=True)
    return True


def _append(event: Event, code: str, correspondent: Correspondent, *, tells: bool) -> TimelineRow:
    """Who comes is nobody's business: the row is the administration's, and names a correspondent's id alone."""
    return discussion.actions.append(
        event.subject, code, capacity=Who.SYSTEM if code in ("moved_up", "reminder") else "visitor", audience=Audience.STAFF,
        data={"correspondent": correspondent.pk}, tells=tells, bumps=False,
    )  # fmt: skip


def counts(event: Event) -> dict[str, int]:
    """{going, waiting}: numbers alone, for everyone."""
    rows = TakingPart.objects.in_force().filter(subject=event.pk).values_list("state", flat=True)
    found = list(rows)
    return {"going": found.count("going"), "waiting": found.count("waiting")}
