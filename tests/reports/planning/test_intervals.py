"""Intervals against their definitions, written out anew with plain arithmetic."""

from __future__ import annotations

import math
from collections import Counter

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.planning import intervals
from reports.planning.suppression import LEAST, suppressed


def test_wilson_against_published_figures():
    # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    for (count, of), (low, high) in {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }.items():
        assert intervals.wilson(count, of) == pytest.approx((low, high), abs=5e-5)
    assert intervals.wilson(0, 0) is None
    assert intervals.wilson(20, 20) == pytest.approx((0.8389, 1.0), abs=5e-5)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 10, 40, 200])
def test_poisson_ends_are_where_the_count_becomes_rare(count):
    def at_most(k: int, mean: float) -> float:
        return sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(k + 1))

    low, high = intervals.poisson(count)
    assert at_most(count, high) == pytest.approx(0.025, abs=0.001)
    if count:
        assert 1 - at_most(count - 1, low) == pytest.approx(0.025, abs=0.001)
    else:
        assert low == 0


def test_ratio_of_two_counts():
    low, high = intervals.poisson_ratio(30, 60)
    assert low < 0.5 < high
    assert high < 1  # a fall from 60 to 30 is no chance
    same = intervals.poisson_ratio(50, 50)
    assert same[0] == pytest.approx(1 / same[1])
    assert intervals.poisson_ratio(20, 10, exposure=2)[0] == pytest.approx(intervals.poisson_ratio(20, 10)[0] / 2)
    assert intervals.poisson_ratio(0, 10) is None
    assert intervals.poisson_ratio(0, 0) is None


@pytest.mark.parametrize(("n", "ranks"), [(6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (50, (18, 33)), (100, (40, 61))])
def test_ranks_around_the_median_stand_in_the_tables(n, ranks):
    # W. J. Conover, Practical Nonparametric Statistics, table A3 (p = 0.5, 95 %).
    assert intervals.median_ranks(n) == ranks


def test_ranks_hold_the_median_often_enough_and_none_narrower_does():
    for n in (6, 7, 25, 99, 400):
        low, high = intervals.median_ranks(n)
        outside = sum(math.comb(n, k) for k in range(low)) / 2**n
        assert 2 * outside <= 0.05 < 2 * (outside + math.comb(n, low) / 2**n)
        assert low + high == n + 1
    assert intervals.median_ranks(5) is None
    exact, far = intervals.median_ranks(1000), intervals.median_ranks(1001)
    assert abs(exact[0] - far[0]) <= 1


@given(st.lists(st.integers(0, 40), min_size=1, max_size=200))
def test_median_is_that_of_numpy_and_its_ends_are_values(values):
    middle, ends = intervals.median(Counter(values))
    assert middle == float(numpy.median(values))
    ranks = intervals.median_ranks(len(values))
    assert ends == (None if ranks is None else tuple(sorted(values)[rank - 1] for rank in ranks))


def test_median_of_nothing():
    assert intervals.median({}) is None


@given(st.dictionaries(st.integers(), st.integers(0, 40), min_size=1, max_size=12))
def test_what_is_hidden_is_not_found_by_subtraction(counts):
    hidden = suppressed(counts)
    shown = {key: count for key, count in counts.items() if key not in hidden}
    left = sum(counts.values()) - sum(shown.values())
    if any(0 < count < LEAST for count in counts.values()):
        assert all(count >= LEAST for count in shown.values())
        assert not shown or (len(hidden) >= 2 and left >= LEAST)
    else:
        assert not hidden


def test_no_more_is_hidden_than_needed():
    assert suppressed({"a": 40, "b": 9, "c": 3}) == {"b", "c"}
    assert suppressed({"a": 40, "b": 9, "c": 4, "d": 1}) == {"c", "d"}
    assert suppressed({"a": 40, "b": 9, "c": 0}) == set()
