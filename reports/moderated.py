"""What apps above have for the one moderation queue: they say it here at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Moderated:
    """`rows()`: what waits to be read, the oldest first; `item(row)`: {title, kind, url, at, text, publish_url, reject_url}."""

    rows: Callable[[], QuerySet[Any]]
    item: Callable[[Any], dict[str, Any]]


OTHERS: list[Moderated] = []
PUBLIC_STATES: dict[str, Callable[[int], bool]] = {}
"""Kind of a subject that is no report → whether the one of this key is in a state that everyone reads."""
