"""How far policies are: the weighted mean upward, and the state of promises by the day."""

from __future__ import annotations

import datetime

import pytest

from participation.models import Promise
from participation.progress import Part, mean, percent, share_of

DAY = datetime.date(2026, 6, 15)


@pytest.mark.parametrize(
    ("parts", "share"),
    [([], None), ([(1, None)], None), ([(1, 0.5)], 0.5), ([(1, 1.0), (1, 0.0)], 0.5), ([(3, 1.0), (1, 0.0)], 0.75),
     ([(5, None), (1, 1.0)], 1.0), ([(2, 0.25), (2, 0.75), (9, None)], 0.5)],
)  # fmt: skip
def test_the_mean_is_weighted_and_passes_over_what_nobody_knows(parts: list[tuple[int, float]], share: float | None) -> None:
    assert mean([Part(*part) for part in parts]) == share


@pytest.mark.parametrize(("share", "whole"), [(None, None), (0.0, 0), (0.999, 99), (1.0, 100), (2 / 3, 66), (0.29, 29)])
def test_percent_is_whole_and_never_says_done_too_early(share: float | None, whole: int | None) -> None:
    assert percent(share) == whole


@pytest.mark.parametrize(
    ("stage", "steps", "done", "share"),
    [("done", 0, 0, 1.0), ("done", 4, 2, 1.0), ("tender", 4, 2, 0.5), ("idea", 0, 0, None), ("stopped", 2, 0, 0.0)],
)
def test_a_project_counts_by_its_milestones(stage: str, steps: int, done: int, share: float | None) -> None:
    assert share_of(stage, steps, done) == share


@pytest.mark.parametrize(
    ("due", "done", "state"),
    [(0, None, "planned"), (1, None, "planned"), (-1, None, "slipped"), (-9, -1, "done"), (9, -1, "done")],
)
def test_a_promise_slips_the_day_after_its_day(due: int, done: int | None, state: str) -> None:
    day = lambda days: None if days is None else DAY + datetime.timedelta(days=days)  # noqa: E731
    assert Promise(due_on=day(due), done_on=day(done)).state(DAY) == state


def test_late_days_count_from_the_day_promised_first() -> None:
    late = Promise(first_due_on=DAY, due_on=DAY + datetime.timedelta(days=30), done_on=DAY + datetime.timedelta(days=10))
    assert late.late_days == 10
    assert Promise(first_due_on=DAY, due_on=DAY, done_on=DAY).late_days == 0
