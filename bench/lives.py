"""When reports came in and how far they got: ten growing years with a yearly wave; states and dates by age."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from bench.towns import Bools, Floats, Ints

YEARS = 10
DAY_SECONDS = 86_400
EPOCH = datetime.date(2000, 1, 1)  # PostgreSQL counts from here
NO_DAY = 0
# Share of each state among the open and among the ended; the young ones are mostly the first of the open.
OPEN_PROBLEM = {
    "received": 0.30, "assigned": 0.18, "in_progress": 0.24, "planned": 0.12, "forwarded": 0.08, "waiting_for_reporter": 0.04,
    "reopen_requested": 0.02, "reopened": 0.02,
}  # fmt: skip
ENDED_PROBLEM = {"resolved": 0.82, "refused": 0.10, "duplicate": 0.04, "withdrawn": 0.03, "rejected": 0.01}
OPEN_IDEA = {
    "gathering_support": 0.55, "under_review": 0.15, "filed_with_council": 0.06, "accepted": 0.10, "partly_accepted": 0.04,
    "planned": 0.10,
}  # fmt: skip
ENDED_IDEA = {"carried_out": 0.25, "refused": 0.35, "archived": 0.36, "withdrawn": 0.03, "rejected": 0.01}
STATES = tuple(dict.fromkeys([*OPEN_PROBLEM, *ENDED_PROBLEM, *OPEN_IDEA, *ENDED_IDEA, "awaiting_moderation"]))
HAS_PERSON = ("assigned", "in_progress", "planned", "waiting_for_reporter", "under_review", "accepted", "reopened", "resolved")
ANSWERED = (
    "planned",
    "forwarded",
    "accepted",
    "partly_accepted",
    "resolved",
    "refused",
    "duplicate",
    "carried_out",
    "archived",
)
EXPECTED = ("planned", "accepted")
DRAFT_SHARE, DRAFT_DAYS = 0.2, 5.0


@dataclass(frozen=True)
class Lives:
    """`created`, `status_at`: microseconds since EPOCH; days since EPOCH, NO_DAY for none; `status`: index in STATES."""

    created: Ints
    status_at: Ints
    status: Ints
    answer_due: Ints
    answered_on: Ints
    expected_on: Ints


def moments(start: int, count: int, rows: int, day: datetime.date) -> Floats:
    """Seconds since EPOCH of reports start … start + count of `rows`, rising, the last just before `day`."""
    years = np.linspace(0, YEARS, 3_651)
    # Twice as many by the end; a third more in early summer than in winter.
    rate = (1 + years / YEARS) * (1 + 0.35 * np.sin(2 * np.pi * (years - 0.2)))
    total = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2)])
    at = np.interp((np.arange(start, start + count) + 0.5) / rows, total / total[-1], years)
    end = ((day - EPOCH).days) * DAY_SECONDS
    return end - (YEARS - at) * 365.25 * DAY_SECONDS


def _choose(rng: np.random.Generator, shares: dict[str, float], count: int) -> Ints:
    edges = np.cumsum(list(shares.values()))
    places = np.minimum(np.searchsorted(edges / edges[-1], rng.random(count)), len(edges) - 1)
    return np.array([STATES.index(code) for code in shares])[places]


def _states(rng: np.random.Generator, age: Floats, idea: Bools) -> Ints:
    count = len(age)
    # Problems are ended after about three weeks; one in fifty stays open for years. Ideas take their time.
    open_share = np.where(idea, 0.06 + 0.94 * np.exp(-age / 150), 0.02 + 0.98 * np.exp(-age / 21))
    is_open = rng.random(count) < open_share
    problem = np.where(is_open, _choose(rng, OPEN_PROBLEM, count), _choose(rng, ENDED_PROBLEM, count))
    ideas = np.where(is_open, _choose(rng, OPEN_IDEA, count), _choose(rng, ENDED_IDEA, count))
    status = np.where(idea, ideas, problem)
    young = is_open & (age < 3) & ~idea & (rng.random(count) < 0.7)
    status = np.where(young, STATES.index("received"), status)
    draft = (age < DRAFT_DAYS) & (rng.random(count) < DRAFT_SHARE * 0.1)
    return np.where(draft, STATES.index("awaiting_moderation"), status)


def draw(rng: np.random.Generator, seconds: Floats, idea: Bools, day: datetime.date) -> Lives:
    """The lives of reports that came in at `seconds` since EPOCH, as they stand on `day`."""
    count = len(seconds)
    now = (day - EPOCH).days * DAY_SECONDS
    age = (now - seconds) / DAY_SECONDS
    status = _states(rng, age, idea)
    took = np.minimum(rng.lognormal(2.3, 0.9, count), age * rng.random(count) + 0.01)
    created_day = (seconds // DAY_SECONDS).astype(np.int64)
    term = rng.integers(14, 46, count)
    answered = np.isin(status, [STATES.index(code) for code in ANSWERED])
    expected = np.isin(status, [STATES.index(code) for code in EXPECTED])
    gathers = np.isin(status, [STATES.index(code) for code in ("gathering_support", "awaiting_moderation")])
    promise = created_day + np.maximum(age, 0).astype(np.int64) + rng.integers(-20, 120, count)
    return Lives(
        created=(seconds * 1e6).astype(np.int64),
        status_at=((seconds + took * DAY_SECONDS) * 1e6).astype(np.int64),
        status=status,
        answer_due=np.where(gathers, NO_DAY, created_day + term),
        answered_on=np.where(answered, created_day + took.astype(np.int64), NO_DAY),
        expected_on=np.where(expected, np.maximum(promise, created_day + 1), NO_DAY),
    )
