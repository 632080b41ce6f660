"""A message handed to a program: at least once under one id, tried again over three days, given up visibly."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

import discussion.actions
from geoportal.kernel import outside
from notifications.webhooks import payload, signing
from notifications.webhooks.events import CASE, TEST
from notifications.webhooks.owners import has_right, own_hosts
from notifications.webhooks.rows import Webhook, WebhookDelivery
from reports.actions import case as cases
from reports.cases.rows import Case
from reports.cases.wording import CRASH, NO_RIGHT, NOT_ALLOWED, NOT_CHOSEN, OFF, STATUS

State = WebhookDelivery.State
HOUR = 3600
WAITS = (5, 60, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 20 * HOUR)
"""Seconds after the first, second … attempt that failed: eleven attempts in 71 hours and a half."""
LONGEST = datetime.timedelta(days=3)
"""However long a receiver asks to wait, nothing is tried later than that."""
MOST_FAILURES = 3
"""Messages given up in a row, after which a webhook is switched off."""
GONE = 410
MOST_SECONDS = 15
"""For one attempt, the name's resolution included."""
MOST_AT_ONCE = 2
"""Messages of one webhook that are under way together: a slow receiver leaves the other workers to the others."""
SLOTS = 7_000
"""Begin of the keys under which the places of a webhook are locked."""
BUSY_SECONDS = (5, 60)
"""Between these a message waits for a place."""
SOON = datetime.timedelta(seconds=2)
"""A job may come a little before its time: clocks of two machines are not one."""


def deliver(delivery_id: int, now: datetime.datetime | None = None) -> str:
    """One attempt, if it is due; answers the state of the message.

    Two steps, each its own transaction: the attempt counts before anything is sent, so that what kills a worker ends too;
    a worker that dies between sending and COMMIT repeats the message under its id. Of one webhook at most MOST_AT_ONCE are under
    way; the next one waits a moment, which is no attempt.
    """
    now = now or timezone.now()
    found = WebhookDelivery.objects.filter(pk=delivery_id)
    with _place(found.values_list("webhook", flat=True).first()) as free:
        if not free:
            _come_again(delivery_id, now)
        elif _begun(delivery_id, now):
            with transaction.atomic():
                _allow_slow_receiver()
                delivery = _locked(delivery_id)
                if delivery is not None:
                    _attempt(delivery, now)
    return found.values_list("state", flat=True).first() or State.SKIPPED


@contextmanager
def _place(webhook_id: int | None) -> Iterator[bool]:
    """Whether this webhook has a place free, held meanwhile; the database lets go of the place of a worker that dies."""
    slot = None
    if webhook_id is not None:
        keys = ((SLOTS + n, webhook_id % 2**31) for n in range(MOST_AT_ONCE))
        slot = next((key for key in keys if _asked("SELECT pg_try_advisory_lock(%s, %s)", key)), None)
    try:
        yield slot is not None
    finally:
        if slot is not None:
            _asked("SELECT pg_advisory_unlock(%s, %s)", slot)


def _asked(statement: str, key: tuple[int, int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, key)
        return bool(cursor.fetchone()[0])


def _come_again(delivery_id: int, now: datetime.datetime) -> None:
    at = now + datetime.timedelta(seconds=random.uniform(*BUSY_SECONDS))  # noqa: S311  spread, not secret
    if WebhookDelivery.objects.filter(pk=delivery_id, state=State.WAITING).exists():
        jobs.configure_task("notifications.webhook", schedule_at=at).defer(delivery_id=delivery_id)


def _begun(delivery_id: int, now: datetime.datetime) -> bool:
    due = WebhookDelivery.objects.filter(pk=delivery_id, state=State.WAITING, next_at__lte=now + SOON)
    return due.update(attempts=F("attempts") + 1) == 1


def _locked(delivery_id: int) -> WebhookDelivery | None:
    waiting = WebhookDelivery.objects.select_for_update(of=("self",), skip_locked=True).filter(state=State.WAITING)
    return (
        waiting.select_related("webhook__organisation", "webhook__person", "webhook__made_by", "row__subject")
        .filter(pk=delivery_id)
        .first()
    )


def _allow_slow_receiver() -> None:
    """The row stays locked while the receiver answers, longer than other transactions may be idle."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '180s'")


def _attempt(delivery: WebhookDelivery, now: datetime.datetime) -> None:
    webhook = delivery.webhook
    if not webhook.active and delivery.event != TEST:
        return _end(delivery, State.FAILED, now, error=OFF)
    if not has_right(webhook, delivery.event):
        return _end(delivery, State.FAILED, now, error=NO_RIGHT)
    if delivery.event not in (*webhook.events, TEST):
        return _end(delivery, State.FAILED, now, error=NOT_CHOSEN)
    if delivery.attempts > len(WAITS) + 1:  # the attempts before did not come to an end: something dies of this message
        return _give_up(delivery, now, None, CRASH)
    body = payload.body_of(delivery)
    if body is None:
        return _end(delivery, State.SKIPPED, now)
    delivery.body = body.decode()
    wait: int | None = None
    try:
        headers = signing.headers(webhook, delivery.message_id, body, now)
        answer = outside.post(webhook.address, body, headers, trusting=own_hosts(webhook.made_by), seconds=MOST_SECONDS)
    except outside.NotAllowed:
        return _give_up(delivery, now, None, NOT_ALLOWED)
    except outside.Unreachable as failed:
        status, error = None, str(failed)
    else:
        status, error, wait = answer.status, f"{STATUS}{answer.status}", answer.retry_after
        if 200 <= answer.status < 300:
            return _taken(delivery, now, answer.status)
        if answer.status == GONE and delivery.event != TEST:
            _end(delivery, State.FAILED, now, status=status, error=error)
            return switch_off(webhook.pk, Webhook.Why.GONE, now)
    return _try_again(delivery, now, status, error, wait)


def _taken(delivery: WebhookDelivery, now: datetime.datetime, status: int) -> None:
    _end(delivery, State.DELIVERED, now, status=status)
    Webhook.objects.filter(pk=delivery.webhook_id).exclude(failures=0).update(failures=0)


def _try_again(delivery: WebhookDelivery, now: datetime.datetime, status: int | None, error: str, wait: int | None) -> None:
    """Later, as the schedule says or the receiver asks, whichever is later; a test is not tried again."""
    tried = delivery.attempts
    if delivery.event == TEST or tried > len(WAITS):
        return _give_up(delivery, now, status, error)
    at = now + datetime.timedelta(seconds=max(WAITS[tried - 1], min(wait or 0, int(LONGEST.total_seconds()))))
    if at > delivery.since + LONGEST:
        return _give_up(delivery, now, status, error)
    delivery.next_at, delivery.last_status, delivery.last_error = at, status, error[:80]
    delivery.save(update_fields=["next_at", "last_status", "last_error", "body"])
    jobs.configure_task("notifications.webhook", schedule_at=at).defer(delivery_id=delivery.pk)
    return None


def _give_up(delivery: WebhookDelivery, now: datetime.datetime, status: int | None, error: str) -> None:
    _end(delivery, State.FAILED, now, status=status, error=error)
    if delivery.event == TEST:
        return
    Webhook.objects.filter(pk=delivery.webhook_id).update(failures=F("failures") + 1)
    if Webhook.objects.filter(pk=delivery.webhook_id, failures__gte=MOST_FAILURES, active=True).exists():
        switch_off(delivery.webhook_id, Webhook.Why.FAILING, now)


def _end(delivery: WebhookDelivery, state: str, now: datetime.datetime, *, status: int | None = None, error: str = "") -> None:
    delivery.state, delivery.last_status, delivery.last_error = state, status, error[:80]
    delivery.sent_at = now if state == State.DELIVERED else None
    delivery.save(update_fields=["state", "last_status", "last_error", "sent_at", "body"])
    if delivery.event == CASE and delivery.row is not None and Case.objects.filter(pk=delivery.row.subject_id).exists():
        _say_of_case(delivery.row.subject_id, state, error)


def _say_of_case(report_id: int, state: str, error: str) -> None:
    """A case is sent with the first message that arrived, and could not be sent when the last one is given up."""
    if state == State.DELIVERED:
        cases.passed_on(report_id)
    elif state == State.FAILED:
        discussion.actions.lock(report_id)  # first: of two that end together the second one sees that it is the last
        mine = WebhookDelivery.objects.filter(row__subject=report_id, event=CASE)
        if not mine.filter(state=State.WAITING).exists():
            cases.not_passed_on(report_id, error)


@transaction.atomic
def switch_off(webhook_id: int, why: str, now: datetime.datetime | None = None) -> None:
    """It tells nothing any more; unless somebody did it by hand, its owner is written to. A second time changes nothing."""
    now, on = now or timezone.now(), Webhook.objects.filter(pk=webhook_id, active=True)
    if not on.update(active=False, disabled_at=now, disabled_why=why):
        return
    _end_soon(webhook_id, now)
    if why != Webhook.Why.BY_HAND:
        jobs.configure_task("notifications.webhook_off").defer(webhook_id=webhook_id)


def _end_soon(webhook_id: int, now: datetime.datetime) -> None:
    """What still waits comes to its end now and not at its next hour, so that a case says at once that it was not sent."""
    waiting = WebhookDelivery.objects.filter(webhook=webhook_id, state=State.WAITING).exclude(event=TEST)
    # Those under way are locked, and say themselves what becomes of them.
    ids = list(waiting.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    if ids:
        WebhookDelivery.objects.filter(pk__in=ids).update(next_at=now)
        jobs.configure_task("notifications.webhook").batch_defer(*({"delivery_id": pk} for pk in ids))
