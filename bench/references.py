"""Public references for many reports at once: random to look at, never twice, with the product's check digit."""

from __future__ import annotations

import numpy as np

from bench.towns import Ints
from geoportal.kernel import references

_FIRST, _COUNT = 10**8, 9 * 10**8
# Coprime to the count: number -> number * _STEP is a permutation.
_STEP, _SHIFT = 618_033_989, 271_828_183
# The product tells check digits only: after the digit _REACHES[row] its table stands in that row.
_REACHES = sorted(range(10), key=lambda digit: references.check_digit(str(digit)))
_TABLE = np.array([[int(references.check_digit(f"{_REACHES[row]}{digit}")) for digit in range(10)] for row in range(10)])


def of(numbers: Ints) -> Ints:
    """The ten digits, as numbers, of reports number 0 … 9 * 10**8 - 1."""
    nine = _FIRST + (numbers * _STEP + _SHIFT) % _COUNT
    interim = np.zeros(len(numbers), dtype=np.int64)
    for place in range(references.LENGTH - 2, -1, -1):
        interim = _TABLE[interim, (nine // 10**place) % 10]
    return nine * 10 + interim
