"""Summaries: what waited for somebody's day or week goes in one mail, never twice, and once for all that was missed."""

from __future__ import annotations

import datetime
import hashlib
import hmac
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Min
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from notifications import digest_letter, handing
from notifications.models import Digest, State, Waiting
from notifications.preferences import Hours, hours_of

MOST_AT_ONCE = 2_000


def make_due(now: datetime.datetime) -> list[int]:
    """Makes the summaries whose hour has come and their jobs; answers their ids. Repeating it makes none twice."""
    waiting = (
        Waiting.objects.filter(digest=None)
        .values_list("correspondent", "mailbox", "frequency")
        .annotate(oldest=Min("created_at"))
        .order_by("oldest")[:MOST_AT_ONCE]
    )
    groups: list[tuple[int | None, str, str, datetime.datetime]] = list(waiting)
    hours = hours_of({person for person, *_rest in groups if person})
    made = []
    for person, mailbox, frequency, oldest in groups:
        day, moment = hours.get(person or 0, Hours()).last_due(now, frequency)
        if oldest < moment:
            made.append(_make(person, mailbox, frequency, day, moment))
    return [pk for pk in made if pk is not None]


@transaction.atomic
def _make(person: int | None, mailbox: str, frequency: str, day: datetime.date, moment: datetime.datetime) -> int | None:
    """One summary with everything that had come before its hour; None when that day's is made already."""
    items = list(
        Waiting.objects.select_for_update()
        .filter(digest=None, correspondent=person, mailbox=mailbox, frequency=frequency, created_at__lt=moment)
        .order_by("-row_id")
    )
    if not items:
        return None
    digest, new = Digest.objects.get_or_create(  # type: ignore[misc]
        correspondent_id=person,
        mailbox=mailbox,
        frequency=frequency,
        period=day,
        defaults={"language": items[0].language, "message_id": _message_id(person, mailbox, frequency, day)},
    )
    if not new:  # told too late for it: they go with the next
        return None
    Waiting.objects.filter(pk__in=[item.pk for item in items]).update(digest=digest)
    jobs.configure_task("notifications.digest").defer(digest_id=digest.pk)
    return digest.pk


def _message_id(person: int | None, mailbox: str, frequency: str, day: datetime.date) -> str:
    key = f"{person} {mailbox} {frequency} {day}".encode()
    mark = hmac.new(settings.SECRET_KEY.encode(), key, hashlib.sha256).hexdigest()[:20]
    return f"<digest-{day.isoformat()}.{mark}@{urlsplit(settings.SITE_URL).hostname}>"


def send(digest_id: int) -> str:
    """Sends one summary; answers its state. Raises handing.TryAgain. A repeat has the same Message-ID."""
    Digest.objects.filter(pk=digest_id, state=State.QUEUED).update(attempts=F("attempts") + 1)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '180s'")
        digest = (
            Digest.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("correspondent")
            .filter(pk=digest_id, state=State.QUEUED)
            .first()
        )
        if digest is None:
            return Digest.objects.filter(pk=digest_id).values_list("state", flat=True).first() or State.SKIPPED
        to = digest.correspondent.email if digest.correspondent else digest.mailbox
        mail = digest_letter.letter(digest, to) if to else None
        if mail is None:
            return _settle(digest, State.SKIPPED)
        try:
            handing.mail(mail)
        except handing.Refused as refused:
            return _settle(digest, State.FAILED, str(refused))
        return _settle(digest, State.SENT)


def _settle(digest: Digest, state: str, error: str = "") -> str:
    digest.state, digest.error = state, error[:80]
    digest.sent_at = timezone.now() if state == State.SENT else None
    digest.save(update_fields=["state", "error", "sent_at"])
    return state


def give_up(digest_id: int, error: str) -> None:
    """After the last attempt."""
    Digest.objects.filter(pk=digest_id, state=State.QUEUED).update(state=State.FAILED, error=error[:80])
