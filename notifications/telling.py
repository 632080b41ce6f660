"""From recipients of an act to rows, once: messages to be sent at once, entries of the inbox, items of the next summary."""

from __future__ import annotations

import datetime
import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from discussion.models import TimelineRow
from notifications.models import Channel, Delivery, Frequency, InboxEntry, Phone, PushSubscription, Waiting
from notifications.preferences import UNLESS_SAID, Hours, chosen, hours_of
from notifications.recipients import LINK_FIRST, Recipient

Planned = tuple[Delivery, datetime.datetime | None]
"""A message and when it may go; None: now."""


def message_id(row_id: int, recipient: str) -> str:
    """The same for every attempt: whoever receives a mail twice can see that it is one."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"{row_id} {recipient}".encode(), hashlib.sha256).hexdigest()[:16]
    return f"<act-{row_id}.{mark}@{urlsplit(settings.SITE_URL).hostname}>"


def tell(row: TimelineRow, recipients: list[Recipient]) -> list[Planned]:
    """Makes what each of them is to get by the channels they chose; answers the messages to be handed over."""
    known = _Known.of([who.correspondent.pk for who in recipients if who.correspondent])
    made: list[Planned] = []
    for who in recipients:
        made += _tell(row, who, known)
    return made


@dataclass
class _Known:
    """What the recipients chose, read at once."""

    choices: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)
    hours: dict[int, Hours] = field(default_factory=dict)
    devices: dict[int, list[int]] = field(default_factory=dict)
    phones: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, people: list[int]) -> _Known:
        if not people:
            return cls()
        devices: dict[int, list[int]] = {}
        for person, pk in PushSubscription.objects.filter(correspondent__in=people).values_list("correspondent", "pk"):
            devices.setdefault(person, []).append(pk)
        phones: set[int] = set()
        if settings.SMS_URL:
            confirmed = Phone.objects.filter(correspondent__in=people, confirmed_at__isnull=False)
            phones = set(confirmed.values_list("correspondent", flat=True))
        return cls(chosen(people), hours_of(people), devices, phones)


def _tell(row: TimelineRow, who: Recipient, known: _Known) -> list[Planned]:
    person = who.correspondent.pk if who.correspondent else None
    if row.code in LINK_FIRST:
        return [(_delivery(row, who, Channel.EMAIL), None)]
    channels = frozenset({Channel.EMAIL}) if person is None else known.choices.get((person, who.event), UNLESS_SAID[who.event])
    if who.here_only:
        channels &= {Channel.INBOX}
    hours = known.hours.get(person or 0, Hours())
    made: list[Planned] = []
    if person and Channel.INBOX in channels:
        InboxEntry.objects.create(correspondent_id=person, row=row, role=who.role, alerts=who.alerts)
    if Channel.EMAIL in channels:
        if who.frequency == Frequency.INSTANT:
            delivery = _delivery(row, who, Channel.EMAIL)
            made.append((delivery, _when(delivery, hours)))
        else:
            Waiting.objects.create(
                row=row, correspondent=who.correspondent, mailbox=who.mailbox, role=who.role, language=who.language,
                frequency=who.frequency, alerts=who.alerts,
            )  # fmt: skip
    if person and who.frequency == Frequency.INSTANT:
        now = timezone.now()
        later = hours.after_quiet(now)
        at = later if later > now else None
        if Channel.PUSH in channels:
            made += [(_delivery(row, who, Channel.PUSH, device), at) for device in known.devices.get(person, [])]
        if Channel.SMS in channels and person in known.phones:
            made.append((_delivery(row, who, Channel.SMS), at))
    return made


def _delivery(row: TimelineRow, who: Recipient, channel: Channel, device: int = 0) -> Delivery:
    key = str(who.key) if channel == Channel.EMAIL else f"{who.key} {channel} {device}"
    return Delivery.objects.create(
        row=row,
        correspondent=who.correspondent,
        mailbox=who.mailbox,
        role=who.role,
        channel=channel,
        device=device,
        alerts=who.alerts,
        language=who.language,
        message_id=message_id(row.pk, key),
    )


def _when(delivery: Delivery, hours: Hours) -> datetime.datetime | None:
    """At once, unless it is quiet or the recipient had a mail just now: then later, so that several acts come in one mail."""
    now = timezone.now()
    apart = datetime.timedelta(seconds=settings.MAIL_GROUP_SECONDS)
    last = same_recipient(delivery).filter(state=Delivery.State.SENT, sent_at__gt=now - apart).order_by("-sent_at").first()
    soonest = last.sent_at + apart if last and last.sent_at else now
    at = hours.after_quiet(soonest)
    return at if at > now else None


def same_recipient(delivery: Delivery) -> QuerySet[Delivery]:
    """Other groupable mails to the same address in the same voice."""
    return (
        Delivery.objects.filter(
            channel=Channel.EMAIL,
            correspondent=delivery.correspondent_id,
            mailbox=delivery.mailbox,
            role=delivery.role,
            language=delivery.language,
        )
        .exclude(pk=delivery.pk)
        .exclude(row__code__in=LINK_FIRST)
    )
