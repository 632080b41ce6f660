"""From a timeline row to mails sent: deliveries are made once, grouped, sent at least once, given up visibly."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

import discussion.actions
from accounts.models import Correspondent
from discussion.models import Audience, Subject, TimelineRow
from notifications import handing, telling
from notifications.handing import TryAgain as TryAgain
from notifications.models import Channel, Delivery, InboxEntry, Muted
from notifications.recipients import LINK_FIRST, As, recipients_of
from notifications.webhooks import matching

MOST_GROUPED = 30
INBOX_DAYS = 365


@transaction.atomic
def tell(row_id: int) -> int:
    """Makes the deliveries of an act and their jobs, once; answers how many. A row that is gone tells nobody."""
    row = TimelineRow.objects.select_for_update(of=("self",)).select_related("actor").filter(pk=row_id).first()
    if row is None or row.told_at is not None or not row.tells:
        return 0
    made = telling.tell(row, recipients_of(row))
    matching.tell(row)
    TimelineRow.objects.filter(pk=row.pk).update(told_at=timezone.now())
    for delivery, at in made:
        jobs.configure_task("notifications.deliver", schedule_at=at).defer(delivery_id=delivery.pk)
    return len(made)


def deliver(delivery_id: int) -> str:
    """Hands one message over, a mail with all that waits for the same recipient; answers the delivery's state.

    Raises handing.TryAgain when the server did not take it. Two steps, each its own transaction, so that a killed worker
    repeats the same message under the same Message-ID: what is grouped is settled before anything is sent.
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
        try:
            handed = handing.hand_over(delivery)
        except handing.Refused as refused:
            _settle(delivery, Delivery.State.FAILED, error=str(refused))
            _show_failure(delivery)
            return Delivery.State.FAILED
        return _settle(delivery, Delivery.State.SENT if handed else Delivery.State.SKIPPED)


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
    if delivery.attempts == 0 and delivery.channel == Channel.EMAIL and delivery.row.code not in LINK_FIRST:
        waiting = list(
            telling.same_recipient(delivery)
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


def _settle(delivery: Delivery, state: str, error: str = "") -> str:
    delivery.state, delivery.error = state, error[:80]
    delivery.sent_at = timezone.now() if state == Delivery.State.SENT else None
    delivery.save(update_fields=["state", "error", "sent_at"])
    return state


@transaction.atomic
def give_up(delivery_id: int, error: str) -> None:
    """After the last attempt: not delivered, and the case says so."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("row").get(pk=delivery_id)
    if delivery.state == Delivery.State.QUEUED:
        _settle(delivery, Delivery.State.FAILED, error=error)
        _show_failure(delivery)


def _show_failure(delivery: Delivery) -> None:
    """The officials see on the case that somebody could not be told whom the case itself concerns."""
    if delivery.channel != Channel.EMAIL or delivery.role == As.ALERT:
        return
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


def unsent_to_programs(now: datetime.datetime, older_than: datetime.timedelta) -> list[int]:
    """Ids of messages to programs that were due and for which no job waits or runs any more."""
    return _without_job(
        "SELECT d.id FROM notifications_webhookdelivery d WHERE d.state = 'waiting' AND d.next_at < %s",
        "notifications.webhook", "delivery_id", now - older_than,
    )  # fmt: skip


def unsent_digests(now: datetime.datetime, older_than: datetime.timedelta) -> list[int]:
    """Ids of queued summaries for which no job waits or runs any more."""
    return _without_job(
        "SELECT d.id FROM notifications_digest d WHERE d.state = 'queued' AND d.created_at < %s",
        "notifications.digest", "digest_id", now - older_than,
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


def stopped(correspondent: Correspondent, subjects: list[Subject]) -> bool:
    """Whether nothing is told to this address about any of these subjects."""
    return bool(subjects) and Muted.objects.in_force().filter(correspondent=correspondent, subject__in=subjects).count() == len(
        subjects
    )


def resume(correspondent: Correspondent, subjects: list[Subject]) -> None:
    """The author hears of them again, anybody else follows them again."""
    Muted.objects.filter(correspondent=correspondent, subject__in=subjects).delete()
    for subject in subjects:
        own = (
            correspondent.contacts.filter(report=subject.pk).exists() or correspondent.supports.filter(subject=subject).exists()
        )
        if not own and subject.is_public and correspondent.verified_at:
            discussion.actions.follow(subject.pk, correspondent)


# -- the inbox on the site


def mark_read(correspondent: Correspondent, entries: Iterable[int] | None = None) -> int:
    """These entries, or all, have been read; answers how many were not before."""
    unread = InboxEntry.objects.filter(correspondent=correspondent, read_at=None)
    if entries is not None:
        unread = unread.filter(pk__in=list(entries))
    return unread.update(read_at=timezone.now())


def forget_old_entries(now: datetime.datetime) -> int:
    """Entries are kept a year; the reports keep what happened."""
    return InboxEntry.objects.filter(created_at__lt=now - datetime.timedelta(days=INBOX_DAYS)).delete()[0]
