"""What apps above show on one's own page beside reports: they say it here at start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import Correspondent

Source = Callable[[Correspondent], dict[str, Any]]
SOURCES: list[Source] = []
"""Each answers {groups: [{title, rows: [{url, title, language, says}]}], calendar: a private address or ""}."""


def of(known: Correspondent) -> list[dict[str, Any]]:
    return [source(known) for source in SOURCES]
