"""Background work of what programs read."""

from __future__ import annotations

from procrastinate.contrib.django import app

from api.open_data import writing


@app.periodic(cron="*/10 * * * *")
@app.task(name="api.open_data", queue="planning", queueing_lock="api.open_data")
def open_data(timestamp: int) -> None:
    """The files of open data, each night and after something was taken from the public."""
    if writing.is_due():
        writing.make_or_clear()
