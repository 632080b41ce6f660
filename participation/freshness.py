"""How new pages of events are: they turn by themselves when one begins or ends, though nobody did anything."""

from __future__ import annotations

from geoportal.kernel.conditional import Remembered
from participation.models import Event
from reports.freshness import data_version

turns = Remembered(Event.objects.last_turns)
"""When an event last began and last ended, asked for at most once a second per process."""


def event_version() -> str:
    """The data version, which turns with the events too."""
    began, ended = turns()  # type: ignore[misc]
    return f"{data_version()}-{began}-{ended}"
