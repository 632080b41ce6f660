"""What the worker does for reports by the clock. Every job can be repeated without harm."""

from __future__ import annotations

import datetime
import logging

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from discussion.actions import forget_unconfirmed
from geoportal.kernel import idempotency, throttle
from geoportal.kernel.child import Unanswered
from municipality.models import Installation
from municipality.site import installation
from reports import learning
from reports.actions import clockwork, expire_unconfirmed, filing, planning, transfer
from reports.actions.fixed import let_go_of_old
from reports.actions.nearness import fill_near
from reports.querysets import today
from reports.spatial import summary

NEAR_TURNS = 20
MOST_RETRIES = 3
AGAIN = RetryStrategy(max_attempts=MOST_RETRIES, wait=20, linear_wait=40)
log = logging.getLogger("reports")


def _said(**counts: int) -> None:
    if any(counts.values()):
        log.info("clockwork", extra=counts)


@app.periodic(cron="* * * * *")
@app.task(name="reports.minutely", queueing_lock="reports.minutely")
def minutely(timestamp: int) -> None:
    """The breaker's sums; old counters go; analyses that never came back are called failed."""
    throttle.summarise()
    _said(stuck=planning.end_stuck_runs())


@app.periodic(cron="* * * * *")
@app.task(name="reports.fold", queueing_lock="reports.fold")
def fold(timestamp: int) -> None:
    """Changes go into the map's summaries; until then every reader adds them by itself."""
    summary.fold(today())


@app.periodic(cron="*/5 * * * *")
@app.task(name="reports.near", queueing_lock="reports.near")
def near(timestamp: int) -> None:
    """What stands near reports at which nobody looked yet, some thousands at a time."""
    for _turn in range(NEAR_TURNS):
        if fill_near() is None:
            return


@app.periodic(cron="7 * * * *")
@app.task(name="reports.hourly", queueing_lock="reports.hourly")
def hourly(timestamp: int) -> None:
    """Unconfirmed reports and photos that nobody took go. Before a municipality is loaded there is nothing to do."""
    if Installation.objects.exists():
        _said(expired=expire_unconfirmed(), photos=clockwork.sweep_photos())


@app.periodic(cron="12 5 * * *")
@app.task(name="reports.daily", queueing_lock="reports.daily")
def daily(timestamp: int) -> None:
    """Answers that did not come, dates that come near, ideas whose term is over, keys and sessions that are too old; cases that are missing."""
    SessionStore.clear_expired()
    _said(runs=planning.drop_old_runs(), transfers=transfer.drop_old())
    if Installation.objects.exists():
        _said(
            lapsed=clockwork.lapse_answers(),
            reminded=clockwork.remind_due(),
            reviewed=clockwork.review_supported(),
            archived=clockwork.archive_ideas(),
            cases=filing.open_missing(),
            keys=idempotency.purge(),
            originals=clockwork.drop_covered(),
            claims=let_go_of_old(timezone.now()),
            comments=forget_unconfirmed(timezone.now() - datetime.timedelta(days=installation().unconfirmed_days)),
        )


@app.periodic(cron="42 4 * * *")
@app.task(name="reports.sweep", queueing_lock="reports.sweep")
def sweep(timestamp: int) -> None:
    """Empty cells go. It reads whole tables, so by itself: whatever becomes of it, the day's other work is done."""
    summary.sweep()


@app.periodic(cron="22 3 * * 1")
@app.task(name="reports.learn", queueing_lock="reports.learn", queue="planning")
def learn(timestamp: int) -> None:
    """Each Monday what words mean is learned anew, in a process of its own; when that fails, what was learned before stays."""
    try:
        learning.learn()
    except Unanswered as wrong:
        log.warning("learning was not finished", extra={"why": wrong.why, "said": str(wrong)[:200]})


@app.task(name="reports.planning_run", queue="planning", pass_context=True)
def planning_run(context, run_id: str) -> str:  # type: ignore[no-untyped-def]
    """A long analysis, in a queue with a worker of its own: mails and sums do not wait for it.

    When its worker is killed, it is taken up again, a few times (`notifications.stalled`).
    """
    return planning.carry_out(run_id, context.job.attempts + 1)


@app.task(name="reports.transfer", queue="planning", pass_context=True, retry=AGAIN)
def transfer_(context, transfer_id: str) -> str:  # type: ignore[no-untyped-def]
    """Reports of another system are read, checked or taken over, whichever is next. Taken up again when its worker is killed."""
    return transfer.work(transfer_id, last=context.job.attempts >= MOST_RETRIES)
