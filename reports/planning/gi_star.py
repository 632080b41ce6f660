"""Getis-Ord Gi* with binary weights, and how many of its finds are chance. Pure numpy.

J. K. Ord and A. Getis, Geographical Analysis 27 (1995), formula 14; Y. Benjamini and Y. Hochberg, JRSS B 57 (1995).
"""

from __future__ import annotations

import math

import numpy as np

from reports.planning.hexagons import Floats, Ints


def gi_star(values: Floats, neighbours: Ints) -> Floats:
    """z of each place: how far the sum of itself and its neighbours lies from what chance gives, in standard deviations.

    `neighbours`: positions, -1 for none, one row for each value. Zeros where all values are alike or everybody is a neighbour.
    """
    n = len(values)
    present = neighbours >= 0
    around = values + np.where(present, values[neighbours], 0).sum(axis=1)
    weights = 1 + present.sum(axis=1)
    mean = values.mean()
    spread = np.sqrt(max(0.0, (values**2).mean() - mean**2))
    scale = spread * np.sqrt((n * weights - weights**2) / (n - 1))
    return np.divide(around - mean * weights, scale, out=np.zeros(n), where=scale > 0)


def two_sided(z: Floats) -> Floats:
    """The chance of a z so far from 0, either way, under the normal distribution."""
    return np.fromiter(map(math.erfc, (np.abs(z) / math.sqrt(2)).tolist()), float, len(z))


def false_discovery(p: Floats) -> Floats:
    """Adjusted p (q): choosing those up to a level leaves so large a share of false finds among them at most."""
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    found = np.empty(len(p))
    found[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return found
