"""Small counts are not told: under 5 people or reports a number says more about somebody than about a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

LEAST = 5
Key = TypeVar("Key")


def suppressed(counts: Mapping[Key, int]) -> set[Key]:
    """The keys whose counts must not be told when the sum of all is: those under 5, zeros among them, and more of them.

    What is hidden must not be found by taking the rest from the sum: at least two are hidden, and together at least 5.
    So the smallest of the others is hidden too where one stands alone or all hidden ones are few. Nothing is hidden where
    only zeros would be: that nobody wrote tells nothing of anybody.
    """
    small = {key for key, count in counts.items() if count < LEAST}
    if not sum(counts[key] for key in small):
        return set()
    others = sorted((key for key in counts if key not in small), key=lambda key: counts[key])
    for key in others:
        if len(small) >= 2 and sum(counts[one] for one in small) >= LEAST:
            break
        small.add(key)
    return small
