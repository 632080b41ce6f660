"""Intervals at 95 %: what a share, a count or a median could as well have been. Pure numbers, no database."""

from __future__ import annotations

import math
from collections.abc import Mapping

Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""
LEAST_FOR_MEDIAN = 6
"""With fewer values no order statistics hold the median with 95 %: 2 · 0.5⁵ > 0.05."""
_EXACT = 1000
_EXACT_COUNT = 20
Interval = tuple[float, float]


def wilson(count: int, of: int) -> Interval | None:
    """Interval of the share `count / of` (0 to 1); None of nothing. E. B. Wilson, JASA 22 (1927)."""
    if not of:
        return None
    share, spread = count / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def poisson(count: int) -> Interval:
    """Interval of the mean of which `count` was seen: exact up to 20, then Byar's approximation.

    F. Garwood, Biometrika 28 (1936); Breslow and Day, Statistical Methods in Cancer Research II (1987), p. 69.
    """
    if count <= _EXACT_COUNT:
        low = _mean_with(count - 1, 0.975) if count else 0.0
        return low, _mean_with(count, 0.025)
    more = count + 1
    low = count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3
    return low, more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3


def _mean_with(most: int, chance: float) -> float:
    """The mean at which at most `most` are seen with that chance; halved until it is known to a millionth."""
    low, high = 0.0, most + 40.0
    while high - low > 1e-6:
        mean = (low + high) / 2
        term = total = math.exp(-mean)
        for number in range(1, most + 1):
            term *= mean / number
            total += term
        low, high = (mean, high) if total > chance else (low, mean)
    return (low + high) / 2


def poisson_ratio(after: int, before: int, exposure: float = 1.0) -> Interval | None:
    """Interval of the ratio of two Poisson means, `exposure` times as long observed after as before; None without both.

    Conditional on their sum the first is binomial, so Wilson's interval of its share gives the ratio's (Przyborowski
    and Wilenski, Biometrika 31, 1940).
    """
    share = wilson(after, after + before)
    if share is None or not after or not before:
        return None
    low, high = share
    return low / (1 - low) / exposure, high / (1 - high) / exposure


def median_ranks(n: int) -> tuple[int, int] | None:
    """Ranks (from 1) of the order statistics of `n` values that hold the median with at least 95 %; None below 6.

    Binomial with one half: the lower rank is the largest l with P(B < l) <= 0.025; normal beyond 1,000 values.
    H. A. David, Order Statistics, § 2.5.
    """
    if n < LEAST_FOR_MEDIAN:
        return None
    if n > _EXACT:
        low = math.floor((n - Z * math.sqrt(n)) / 2)
        return low, n + 1 - low
    most, sum_below, low = 0.025 * 2**n, 0, 0
    while (sum_below := sum_below + math.comb(n, low)) <= most:
        low += 1
    return low, n + 1 - low


def median(counts: Mapping[int, int]) -> tuple[float, Interval | None] | None:
    """Median of values given as {value: how often} and its interval free of any distribution; None of nothing."""
    n = sum(counts.values())
    if not n:
        return None
    ranks = median_ranks(n)
    wanted = [(n + 1) // 2, n // 2 + 1, *(ranks or ())]
    found = _at_ranks(counts, wanted)
    return (found[0] + found[1]) / 2, (found[2], found[3]) if ranks else None


def _at_ranks(counts: Mapping[int, int], ranks: list[int]) -> list[int]:
    """The values that stand at these ranks (from 1) among all in order."""
    found = dict.fromkeys(ranks, 0)
    waiting = sorted(set(ranks))
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        while waiting and waiting[0] <= passed:
            found[waiting.pop(0)] = value
    return [found[rank] for rank in ranks]
