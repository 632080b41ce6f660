"""A grid of hexagons in metres, pointed north, by axial coordinates (q, r): who lies in which, and who touches whom. Pure numpy."""

from __future__ import annotations

from typing import Any

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
    """The hexagon in which each point (metres) lies: cube coordinates rounded, the worst of the three taken from the others."""
    r = y / (width / _ROOT3 * 1.5)
    q = x / width - r / 2
    cube = np.stack([q, r, -q - r])
    near = np.rint(cube)
    wrong = np.abs(near - cube)
    worst = wrong.argmax(axis=0)
    near[0] = np.where(worst == 0, -near[1] - near[2], near[0])
    near[1] = np.where(worst == 1, -near[0] - near[2], near[1])
    return keys(near[0].astype(np.int64), near[1].astype(np.int64))


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


def geojson(lon: Any, lat: Any) -> dict[str, Any]:
    """The polygon of six corners in degrees."""
    ring = [[round(a, 6), round(b, 6)] for a, b in zip(lon, lat, strict=True)]
    return {"type": "Polygon", "coordinates": [[*ring[::-1], ring[-1]]]}
