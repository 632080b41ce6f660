"""Background work of the map's ground."""

from __future__ import annotations

from procrastinate.contrib.django import app

from layers import ground_file


@app.periodic(cron="*/5 * * * *")
@app.task(name="layers.ground", queueing_lock="layers.ground")
def ground(timestamp: int) -> None:
    """The file of tiles that phones keep is made anew after new data."""
    if ground_file.is_due():
        ground_file.make()
