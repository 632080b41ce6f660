"""Which pages are measured and what they have to reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.quality.interaction import Interactions
from tests.quality.lighthouse import Score
from tests.quality.weights import Times, Weight

PAGES = {"map": 250_000, "reports": 0, "report": 0, "submit": 150_000}
"""Kind of page (tests.browser.pages) → the most bytes of its first visit; 0: no goal."""
POINTS = 95
INTERACTION_MS = 200


@dataclass
class Figures:
    """All that is known of one page."""

    score: Score
    weight: Weight
    slow: Times
    touched: Interactions


def missed(found: Mapping[str, Figures]) -> list[str]:
    """The goals that are not met, in words."""
    faults = []
    for name, each in found.items():
        faults += [f"{name}: {key} {points} of {POINTS}" for key, points in each.score.points.items() if points < POINTS]
        if PAGES[name] and each.weight.total > PAGES[name]:
            faults.append(f"{name}: {each.weight.total} of {PAGES[name]} bytes")
        if each.touched.longest_ms >= INTERACTION_MS:
            faults.append(f"{name}: {each.touched.longest_ms:.0f} of {INTERACTION_MS} ms after “{each.touched.which}”")
    return faults
