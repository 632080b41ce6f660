"""Background work of notifications. Arguments are ids; every job can be repeated without harm."""

from __future__ import annotations

import datetime
import logging
import random

from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from notifications import actions, alerts, digests, link_letters
from notifications.handing import TryAgain
from notifications.webhooks import keeping, matching, sending

log = logging.getLogger("notifications")
MOST_ATTEMPTS = 48
LONGEST_WAIT_SECONDS = 600
HEARTBEAT_SECONDS = 60


class Backoff(BaseRetryStrategy):
    """5 s, doubling to 10 minutes, ± a quarter so that a returning server is not stormed: 48 attempts last over 6 hours."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= MOST_ATTEMPTS:
            return None
        seconds = min(5 * 2 ** min(job.attempts, 20), LONGEST_WAIT_SECONDS)
        return RetryDecision(retry_in={"seconds": max(1, round(seconds * random.uniform(0.75, 1.25)))})  # noqa: S311


@app.task(name="notifications.tell", retry=Backoff())
def tell(row_id: int) -> int:
    return actions.tell(row_id)


@app.task(name="notifications.deliver", retry=Backoff(), pass_context=True)
def deliver(context, delivery_id: int) -> str:  # type: ignore[no-untyped-def]
    try:
        return actions.deliver(delivery_id)
    except TryAgain as failed:
        if context.job.attempts >= MOST_ATTEMPTS:
            actions.give_up(delivery_id, str(failed))
            return "failed"
        raise


@app.task(name="notifications.invite", retry=Backoff())
def invite(invitation_id: int) -> None:
    link_letters.send_invitation(invitation_id)


@app.task(name="notifications.blocked", retry=Backoff())
def blocked(block_id: int) -> None:
    link_letters.send_block(block_id)


@app.task(name="notifications.mail_link", retry=Backoff())
def mail_link(link_id: int) -> None:
    link_letters.send_mailed_link(link_id)


@app.task(name="notifications.address_changed", retry=Backoff())
def address_changed(link_id: int) -> None:
    link_letters.tell_of_change(link_id)


@app.task(name="notifications.ask_alert", retry=Backoff())
def ask_alert(alert_id: int) -> None:
    link_letters.send_alert_question(alert_id)


@app.task(name="notifications.webhook", retry=Backoff(), queue="outside")
def webhook(delivery_id: int) -> str:
    """One attempt; when the next one is due the attempt itself says. In a queue of its own: a receiver may be slow to answer."""
    return sending.deliver(delivery_id)


@app.task(name="notifications.webhook_off", retry=Backoff())
def webhook_off(webhook_id: int) -> None:
    link_letters.send_webhook_off(webhook_id)


@app.task(name="notifications.digest", retry=Backoff(), pass_context=True)
def digest(context, digest_id: int) -> str:  # type: ignore[no-untyped-def]
    try:
        return digests.send(digest_id)
    except TryAgain as failed:
        if context.job.attempts >= MOST_ATTEMPTS:
            digests.give_up(digest_id, str(failed))
            return "failed"
        raise


@app.periodic(cron="*/5 * * * *")
@app.task(name="notifications.digests", queueing_lock="notifications.digests")
def due_digests(timestamp: int) -> int:
    """The summaries whose hour has come. Whoever slept makes up for it once."""
    return len(digests.make_due(timezone.now()))


@app.periodic(cron="23 4 * * *")
@app.task(name="notifications.tidy", queueing_lock="notifications.tidy")
def tidy(timestamp: int) -> None:
    """Alerts that nobody confirmed, entries of the inbox and messages to programs that are old."""
    alerts.forget_unconfirmed(timezone.now())
    keeping.forget_old(timezone.now())
    actions.forget_old_entries(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="notifications.reconcile", queueing_lock="notifications.reconcile")
def reconcile(timestamp: int) -> None:
    """Rows that nobody was told of, mails without a job: each gets a job again. Cases that wait untold get their messages."""
    now, minute = timezone.now(), datetime.timedelta(minutes=1)
    rows, deliveries = actions.untold(now, minute), actions.unsent(now, 2 * minute)
    matching.tell_waiting_cases(now)
    for digest_id in actions.unsent_digests(now, 2 * minute):
        app.configure_task("notifications.digest").defer(digest_id=digest_id)
    for delivery_id in actions.unsent_to_programs(now, 2 * minute):
        app.configure_task("notifications.webhook").defer(delivery_id=delivery_id)
    for row_id in rows:
        app.configure_task("notifications.tell").defer(row_id=row_id)
    for delivery_id in deliveries:
        app.configure_task("notifications.deliver").defer(delivery_id=delivery_id)
    if rows or deliveries:
        log.warning("reconciled", extra={"rows": len(rows), "deliveries": len(deliveries)})


@app.periodic(cron="* * * * *")
@app.task(name="notifications.stalled", queueing_lock="notifications.stalled", pass_context=True)
async def stalled(context, timestamp: int) -> None:  # type: ignore[no-untyped-def]
    """Jobs of any app whose worker fell silent are taken up again."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=HEARTBEAT_SECONDS):
        await manager.retry_job(job)
        log.warning("stalled job retried", extra={"task": job.task_name})


@app.periodic(cron="17 3 * * *")
@app.task(name="notifications.forget", queueing_lock="notifications.forget", pass_context=True)
async def forget(context, timestamp: int) -> None:  # type: ignore[no-untyped-def]
    """Finished jobs are kept a week."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=24 * 7, include_failed=True, include_cancelled=True, include_aborted=True
    )
