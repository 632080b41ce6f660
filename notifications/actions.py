"""From a timeline row to mails sent: deliveries are made once, grouped, sent at least once, given up visibly."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

import discussion.actions
from accounts.models import Correspondent
from discussion.models import Audience, Subject, TimelineRow
from notifications import letters
from notifications.models import Delivery, Muted
from notifications.recipients import LINK_FIRST, Recipient, recipients_of

MOST_GROUPED = 30


class TryAgain(Exception):
    """The mail could not be handed over now; nothing is lost, the job is to be repeated."""


@transaction.atomic
def tell(row_id: int) -> int:
    """Makes the deliveries of an act and their jobs, once; answers how many. A row that is gone tells nobody."""
    row = TimelineRow.objects.select_for_update(of=("self",)).select_related("actor").filter(pk=row_id).first()
    if row is None or row.told_at is not None or not row.tells:
        return 0
    made = [_delivery(row, recipient) for recipient in recipients_of(row)]
    TimelineRow.objects.filter(pk=row.pk).update(told_at=timezone.now())
    for delivery in made:
        jobs.configure_task("notifications.deliver", schedule_at=_when(delivery)).defer(delivery_id=delivery.pk)
    return len(made)


def message_id(row_id: int, recipient: str) -> str:
    """The same for every attempt: whoever receives a mail twice can see that it is one."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"{row_id} {recipient}".encode(), hashlib.sha256).hexdigest()[:16]
    return f"<act-{row_id}.{mark}@{urlsplit(settings.SITE_URL).hostname}>"


def _delivery(row: TimelineRow, recipient: Recipient) -> Delivery:
    return Delivery.objects.create(
        row=row,
        correspondent=recipient.correspondent,
        mailbox=recipient.mailbox,
        role=recipient.role,
        language=recipient.language,
        message_id=message_id(row.pk, str(recipient.key)),
    )


def _when(delivery: Delivery) -> datetime.datetime | None:
    """At once, unless the recipient had a mail just now: then a little later, so that several acts come in one mail."""
    if delivery.row.code in LINK_FIRST:
        return None
    quiet = datetime.timedelta(seconds=settings.MAIL_GROUP_SECONDS)
    since = timezone.now() - quiet
    last = _same_recipient(delivery).filter(state=Delivery.State.SENT, sent_at__gt=since).order_by("-sent_at").first()
    return last.sent_at + quiet if last and last.sent_at else None


def _same_recipient(delivery: Delivery):  # type: ignore[no-untyped-def]
    """Other groupable deliveries to the same address in the same voice."""
    return (
        Delivery.objects.filter(
            correspondent=delivery.correspondent_id,
            mailbox=delivery.mailbox,
            role=delivery.role,
            language=delivery.language,
        )
        .exclude(pk=delivery.pk)
        .exclude(row__code__in=LINK_FIRST)
    )


def deliver(delivery_id: int) -> str:
    """Sends one mail with all that waits for the same recipient; answers the delivery's state.

    Raises TryAgain when the mail server did not take it. Two steps, each its own transaction, so that a killed worker
    repeats the same mail under the same Message-ID: what is grouped is settled before anything is sent.
    """
    _group(delivery_id)
    with transaction.atomic():
        _allow_slow_server()
        delivery = (
            Delivery.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("row", "correspondent")
            .filter(pk=delivery_id, state=Delivery.State.QUEUED)
            .first()
        )
        if delivery is None:
            found = Delivery.objects.filter(pk=delivery_id).values_list("state", flat=True).first()
            return found or Delivery.State.SKIPPED
        if not _address(delivery):
            return _settle(delivery, Delivery.State.SKIPPED)
        try:
            letters.letter(delivery, _address(delivery)).send()
        except (smtplib.SMTPException, OSError, UnicodeError) as failed:
            if not permanent(failed):
                again = TryAgain(type(failed).__name__)
                raise again from failed
            _settle(delivery, Delivery.State.FAILED, error=described(failed))
            _show_failure(delivery)
            return Delivery.State.FAILED
        return _settle(delivery, Delivery.State.SENT)


@transaction.atomic
def _group(delivery_id: int) -> None:
    """The first attempt takes along what waits for the same recipient; later attempts repeat it unchanged."""
    delivery = (
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("row")
        .filter(pk=delivery_id, state=Delivery.State.QUEUED)
        .first()
    )
    if delivery is None:
        return
    if delivery.attempts == 0 and delivery.row.code not in LINK_FIRST:
        waiting = list(
            _same_recipient(delivery)
            .select_for_update(of=("self",), skip_locked=True)
            .filter(state=Delivery.State.QUEUED, attempts=0)
            .order_by("row_id")[: MOST_GROUPED - 1]
        )
        delivery.rows = [other.row_id for other in waiting]
        Delivery.objects.filter(pk__in=[other.pk for other in waiting]).update(state=Delivery.State.SKIPPED, error="grouped")
    delivery.attempts += 1
    delivery.save(update_fields=["rows", "attempts"])


def _allow_slow_server() -> None:
    """The row stays locked while the mail server answers, longer than other transactions may be idle."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '180s'")


def _address(delivery: Delivery) -> str:
    """Where it goes now; "" for somebody who was erased meanwhile."""
    return delivery.correspondent.email if delivery.correspondent else delivery.mailbox


def _settle(delivery: Delivery, state: str, error: str = "") -> str:
    delivery.state, delivery.error = state, error[:80]
    delivery.sent_at = timezone.now() if state == Delivery.State.SENT else None
    delivery.save(update_fields=["state", "error", "sent_at"])
    return state


def permanent(failed: Exception) -> bool:
    """The server refuses this recipient or message for good (5xx), or the address cannot be written."""
    if isinstance(failed, UnicodeError):
        return True
    if isinstance(failed, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in failed.recipients.values())
    if isinstance(failed, smtplib.SMTPDataError):
        return failed.smtp_code >= 500
    return False


def described(failed: Exception) -> str:
    """What went wrong, without the address that servers repeat in their answers."""
    if isinstance(failed, smtplib.SMTPRecipientsRefused):
        return f"recipient refused {sorted(code for code, _text in failed.recipients.values())[0]}"
    if isinstance(failed, smtplib.SMTPDataError):
        return f"message refused {failed.smtp_code}"
    return type(failed).__name__


@transaction.atomic
def give_up(delivery_id: int, error: str) -> None:
    """After the last attempt: not delivered, and the case says so."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("row").get(pk=delivery_id)
    if delivery.state == Delivery.State.QUEUED:
        _settle(delivery, Delivery.State.FAILED, error=error)
        _show_failure(delivery)


def _show_failure(delivery: Delivery) -> None:
    """The officials see on the case that somebody could not be told."""
    subject = discussion.actions.lock(delivery.row.subject_id)
    discussion.actions.append(
        subject, "not_delivered", capacity="system", audience=Audience.STAFF, tells=False, bumps=False,
        department=delivery.row.department, data={"delivery": delivery.pk, "role": delivery.role},
    )  # fmt: skip


@transaction.atomic
def send_again(delivery_id: int) -> None:
    """An administrator mended the address or the server: a failed mail is tried once more."""
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if delivery.state == Delivery.State.FAILED:
        delivery.state, delivery.error = Delivery.State.QUEUED, ""
        delivery.save(update_fields=["state", "error"])
        jobs.configure_task("notifications.deliver").defer(delivery_id=delivery.pk)


# -- what was not told or not sent


def untold(now: datetime.datetime, older_than: datetime.timedelta) -> list[int]:
    """Ids of rows that should have been told by now and for which no job waits or runs."""
    return _without_job(
        "SELECT d.id FROM discussion_timelinerow d WHERE d.tells AND d.told_at IS NULL AND d.at < %s",
        "notifications.tell", "row_id", now - older_than,
    )  # fmt: skip


def unsent(now: datetime.datetime, older_than: datetime.timedelta) -> list[int]:
    """Ids of queued deliveries for which no job waits or runs any more."""
    return _without_job(
        "SELECT d.id FROM notifications_delivery d WHERE d.state = 'queued' AND d.created_at < %s",
        "notifications.deliver", "delivery_id", now - older_than,
    )  # fmt: skip


def _without_job(rows: str, task: str, argument: str, before: datetime.datetime) -> list[int]:
    no_job = """ AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.task_name = %s
                   AND j.status IN ('todo', 'doing') AND (j.args->>%s)::bigint = d.id) ORDER BY d.id LIMIT 500"""
    with connection.cursor() as cursor:
        cursor.execute(rows + no_job, [before, task, argument])
        return [pk for (pk,) in cursor.fetchall()]


# -- no more mails


def stop(correspondent: Correspondent, subjects: list[Subject]) -> None:
    """No more mails to this address about these subjects."""
    for subject in subjects:
        discussion.actions.unfollow(subject.pk, correspondent)
        Muted.objects.get_or_create(correspondent=correspondent, subject=subject)


def resume(correspondent: Correspondent, subjects: list[Subject]) -> None:
    """The author hears of them again, anybody else follows them again."""
    Muted.objects.filter(correspondent=correspondent, subject__in=subjects).delete()
    for subject in subjects:
        own = correspondent.contacts.filter(report=subject.pk).exists()
        if not own and subject.is_public and correspondent.verified_at:
            discussion.actions.follow(subject.pk, correspondent)
