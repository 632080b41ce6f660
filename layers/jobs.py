"""Background work of the map's ground, and of files that are read into layers."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from layers import actions, ground_file

MOST_RETRIES = 3
AGAIN = RetryStrategy(max_attempts=MOST_RETRIES, wait=20, linear_wait=40)
"""After 20, 60 and 100 seconds: a layer into which somebody else writes is waited for."""


@app.periodic(cron="*/5 * * * *")
@app.task(name="layers.ground", queueing_lock="layers.ground")
def ground(timestamp: int) -> None:
    """The file of tiles that phones keep is made anew after new data."""
    if ground_file.is_due():
        ground_file.make()


@app.task(name="layers.check", queue="planning", pass_context=True, retry=AGAIN)
def check(context, import_id: str) -> str:  # type: ignore[no-untyped-def]
    """A file is read and compared, in the queue of long work. Taken up again when its worker is killed (`notifications.stalled`)."""
    return actions.check(import_id, last=context.job.attempts >= MOST_RETRIES)


@app.task(name="layers.carry_out", queue="planning", pass_context=True, retry=AGAIN)
def carry_out(context, import_id: str) -> str:  # type: ignore[no-untyped-def]
    """What was checked is written; a worker that is killed has written nothing."""
    return actions.carry_out(import_id, last=context.job.attempts >= MOST_RETRIES)


@app.periodic(cron="17 4 * * *")
@app.task(name="layers.drop_old", queueing_lock="layers.drop_old")
def drop_old(timestamp: int) -> None:
    """Files that nobody carried out go."""
    actions.drop_old()
