"""Small counts are not told: under 5 people or reports a number says more about somebody than about a place.

What is private: who contributes, which no other page counts and which is never asked about a part of the municipality; and how
many reports are restricted, which a small count of all beside the public list would give away. A public report is public, and
whoever plans may read the restricted ones too and ask about one area by the filter. So this guards what leaves the office,
tables, prints, files and their links: no row with a hidden count carries an address that tells it.
"""

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
