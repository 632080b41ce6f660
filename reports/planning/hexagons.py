"""A grid of hexagons in metres, pointed north, by axial coordinates (q, r): who lies in which, and who touches whom. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEIGHBOURS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))
# Both coordinates in one whole number; a grid has far fewer columns than this.
_SPREAD = 1 << 30
_ROOT3 = 3**0.5


def area(width: float) -> float:
    """Square metres of a hexagon that measures `width` from side to side."""
    return width * width * _ROOT3 / 2


def keys(q: Ints, r: Ints) -> Ints:
    """One whole number for each hexagon, the same for the same."""
    return q * _SPREAD + r


def coordinates(key: Ints) -> tuple[Ints, Ints]:
    """(q, r) of keys."""
    r = (key + _SPREAD // 2) % _SPREAD - _SPREAD // 2
    return (key - r) // _SPREAD, r


def keys_at(x: Floats, y: Floats, width: float) -> Ints:
    """The hexagon in which each point (metres) lies."""
    return keys(*at(x, y, width))


def at(x: Floats, y: Floats, width: float) -> tuple[Ints, Ints]:
    """(q, r) of the hexagon in which each point (metres) lies: cube coordinates rounded, the worst of the three taken from the
    others."""
    r = y / (width / _ROOT3 * 1.5)
    q = x / width - r / 2
    s = -q - r
    near_q, near_r, near_s = np.rint(q), np.rint(r), np.rint(s)
    wrong_q, wrong_r, wrong_s = np.abs(near_q - q), np.abs(near_r - r), np.abs(near_s - s)
    worst_q = (wrong_q >= wrong_r) & (wrong_q >= wrong_s)
    worst_r = ~worst_q & (wrong_r >= wrong_s)
    found_q = np.where(worst_q, -near_r - near_s, near_q)
    found_r = np.where(worst_r, -found_q - near_s, near_r)
    return found_q.astype(np.int64), found_r.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Table:
    """Positions of hexagons by row and column, -1 where none stands: one look instead of a search."""

    positions: Ints
    column: int
    row: int

    @classmethod
    def of(cls, key: Ints) -> Self:
        """Of the keys, which fill a box."""
        column, row = _straight(*coordinates(key))
        first, lowest = int(column.min()), int(row.min())
        found = np.full((int(column.max()) - first + 1, int(row.max()) - lowest + 1), -1, np.int64)
        found[column - first, row - lowest] = np.arange(len(key))
        return cls(found, first, lowest)

    def at(self, q: Ints, r: Ints) -> Ints:
        """Where in the keys each hexagon stands; -1: it is none of them."""
        column, row = _straight(q, r)
        column, row = column - self.column, row - self.row
        columns, rows = self.positions.shape
        known = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        if known.all():
            return self.positions[column, row]
        return np.where(known, self.positions[np.where(known, column, 0), np.where(known, row, 0)], -1)


def _straight(q: Ints, r: Ints) -> tuple[Ints, Ints]:
    """Column and row of a box that stands upright: along q itself, columns lean by half a hexagon a row."""
    return q + (r >> 1), r


def centres(key: Ints, width: float) -> tuple[Floats, Floats]:
    """The middle of each hexagon in metres."""
    q, r = coordinates(key)
    return width * (q + r / 2), np.asarray(width / _ROOT3 * 1.5 * r, float)


def corners(key: Ints, width: float) -> tuple[Floats, Floats]:
    """Six corners of each hexagon, from the northern one clockwise: arrays of hexagons × 6."""
    x, y = centres(key, width)
    turn = np.radians(90 - 60 * np.arange(6))
    reach = width / _ROOT3
    return x[:, None] + reach * np.cos(turn), y[:, None] + reach * np.sin(turn)


def number_in(bounds: tuple[float, float, float, float], width: float) -> int:
    """How many hexagons `covering` makes of the box (metres: west, south, east, north), at most."""
    west, south, east, north = bounds
    return int(((east - west) / width + 3) * ((north - south) / (width / _ROOT3 * 1.5) + 3))


def covering(bounds: tuple[float, float, float, float], width: float) -> Ints:
    """Keys of all hexagons whose middle lies in the box, and a few around it."""
    west, south, east, north = bounds
    step = width / _ROOT3 * 1.5
    r = np.arange(int(np.floor(south / step)), int(np.ceil(north / step)) + 1)
    first = np.floor(west / width - r / 2).astype(np.int64)
    across = np.arange(int(np.ceil((east - west) / width)) + 2)
    return keys(first[:, None] + across, np.broadcast_to(r[:, None], (len(r), len(across)))).ravel()


def neighbours(key: Ints) -> Ints:
    """Positions in `key` (rising, each once) of the six around each hexagon, -1 where one is missing: array of hexagons × 6."""
    q, r = coordinates(key)
    found = np.full((len(key), 6), -1, np.int64)
    for column, (dq, dr) in enumerate(NEIGHBOURS):
        wanted = keys(q + dq, r + dr)
        at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        found[:, column] = np.where(key[at] == wanted, at, -1)
    return found


def geojson(lon: Floats, lat: Floats) -> list[dict[str, Any]]:
    """The polygons of rows of six corners in degrees, each a ring that ends where it begins."""
    rings = np.round(np.stack([lon, lat], axis=2)[:, [5, 4, 3, 2, 1, 0, 5]], 6).tolist()
    return [{"type": "Polygon", "coordinates": [ring]} for ring in rings]
