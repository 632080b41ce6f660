"""What the worker does for events by the clock. It can be repeated without harm."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from participation.actions import taking_part

log = logging.getLogger("participation")


@app.periodic(cron="*/10 * * * *")
@app.task(name="participation.remind", queueing_lock="participation.remind")
def remind(timestamp: int) -> None:
    """Those who come are reminded at the hour that they chose, at most ten minutes late."""
    if told := taking_part.remind():
        log.info("reminded", extra={"people": told})
