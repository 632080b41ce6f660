"""Where the reports of a chunk lie: towns by share, Gaussian around their centres, most of them along a street's line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.towns import REACH, Bools, Floats, Ints, Town, numbered

STREET_M, JITTER_M = 90.0, 4.0
ON_STREETS = 0.7
COINCIDING = 0.03
# Reports of one pile on average: a block of flats, a market, a bin that is always full.
PILE = 8


@dataclass(frozen=True)
class Places:
    """Degrees, and for each report the town and the quarter in it (0 where the town has none)."""

    lon: Floats
    lat: Floats
    town: Ints
    quarter: Ints


class Placing:
    """The towns as columns, made once."""

    def __init__(self, towns: list[Town], rows: int) -> None:
        self.share = np.cumsum([town.share for town in towns])
        self.lon, self.lat = np.array([t.lon for t in towns]), np.array([t.lat for t in towns])
        self.sigma, self.turn = np.array([t.sigma for t in towns]), np.array([t.turn for t in towns])
        self.side = np.array([t.quarters for t in towns])
        self.piles = np.maximum(3, (np.array([t.share for t in towns]) * rows * COINCIDING / PILE)).astype(np.int64)

    def draw(self, rng: np.random.Generator, count: int) -> Places:
        """`count` places by `rng` alone."""
        town = np.minimum(np.searchsorted(self.share, rng.random(count)), len(self.share) - 1)
        far, angle = rng.random(count), rng.random(count)
        along, jitter, snaps = rng.random(count), rng.normal(0, JITTER_M, count), rng.random(count) < ON_STREETS
        piled, pile = rng.random(count) < COINCIDING, (rng.random(count) ** 2 * self.piles[town]).astype(np.int64)
        far[piled], angle[piled] = numbered(town, pile, 1)[piled], numbered(town, pile, 2)[piled]
        along[piled], jitter[piled] = numbered(town, pile, 3)[piled], 0.0
        x, y = self._around(town, far, angle)
        x, y = self._on_street(town, x, y, along < 0.5, jitter, snaps | piled)
        limit = self.sigma[town] * REACH * 0.999
        x, y = np.clip(x, -limit, limit), np.clip(y, -limit, limit)
        lon = self.lon[town] + x / (111_320.0 * np.cos(np.radians(self.lat[town])))
        lat = self.lat[town] + y / 111_320.0
        return Places(np.round(lon, 6), np.round(lat, 6), town, self._quarter(town, x, y))

    def _around(self, town: Ints, far: Floats, angle: Floats) -> tuple[Floats, Floats]:
        """Metres from the centre: a Gaussian cut off at REACH sigmas."""
        edge = np.exp(-(REACH**2) / 2)
        radius = self.sigma[town] * np.sqrt(-2 * np.log(edge + (1 - edge) * far))
        return radius * np.cos(2 * np.pi * angle), radius * np.sin(2 * np.pi * angle)

    def _on_street(self, town: Ints, x: Floats, y: Floats, first: Bools, jitter: Floats, snaps: Bools) -> tuple[Floats, Floats]:
        """In the town's turned grid one of the two coordinates goes to the nearest street."""
        cos, sin = np.cos(self.turn[town]), np.sin(self.turn[town])
        u, v = x * cos + y * sin, -x * sin + y * cos
        u = np.where(snaps & first, np.round(u / STREET_M) * STREET_M + jitter, u)
        v = np.where(snaps & ~first, np.round(v / STREET_M) * STREET_M + jitter, v)
        return u * cos - v * sin, u * sin + v * cos

    def _quarter(self, town: Ints, x: Floats, y: Floats) -> Ints:
        side, half = self.side[town], self.sigma[town] * REACH
        column = np.minimum(((x + half) / (2 * half) * side).astype(np.int64), side - 1)
        row = np.minimum(((y + half) / (2 * half) * side).astype(np.int64), side - 1)
        return np.maximum(0, row) * side + np.maximum(0, column)
