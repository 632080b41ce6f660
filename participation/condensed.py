"""A timeline in which many small steps of one person's preparing stand as one."""

from __future__ import annotations

from collections.abc import Iterable

from discussion.models import TimelineRow

STEPS = ("change", "ask")


def condensed(rows: Iterable[TimelineRow]) -> list[TimelineRow]:
    """The rows in their order; of one person's steps that follow each other while it is prepared the last alone."""
    found: list[TimelineRow] = []
    for row in rows:
        if found and _step(row) and _step(found[-1]) and row.actor_id == found[-1].actor_id:
            found[-1] = row
        else:
            found.append(row)
    return found


def _step(row: TimelineRow) -> bool:
    return row.code in STEPS and row.after == "preparing"
