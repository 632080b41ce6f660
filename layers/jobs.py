"""Background work of the map's ground, and of files that are read into layers."""

from __future__ import annotations

from procrastinate.contrib.django import app

from layers import actions, ground_file


@app.periodic(cron="*/5 * * * *")
@app.task(name="layers.ground", queueing_lock="layers.ground")
def ground(timestamp: int) -> None:
    """The file of tiles that phones keep is made anew after new data."""
    if ground_file.is_due():
        ground_file.make()


@app.task(name="layers.check", queue="planning")
def check(import_id: str) -> str:
    """A file is read and compared, in the queue of long work. Taken up again when its worker is killed (`notifications.stalled`)."""
    return actions.check(import_id)


@app.task(name="layers.carry_out", queue="planning")
def carry_out(import_id: str) -> str:
    """What was checked is written; a worker that is killed has written nothing."""
    return actions.carry_out(import_id)


@app.periodic(cron="17 4 * * *")
@app.task(name="layers.drop_old", queueing_lock="layers.drop_old")
def drop_old(timestamp: int) -> None:
    """Files that nobody carried out go."""
    actions.drop_old()
