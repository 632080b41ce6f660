"""The grid that points, summaries and tiles share: Web Mercator in whole numbers, cells in Morton order. Pure arithmetic.

2^28 units to a side of the world, y southwards (EPSG:3857, tiles as in OGC's WebMercatorQuad). A cell of level L is one of
4^L squares; its Morton code has the bits of x and y in turn, x lowest, so a square of a coarser level is one range of codes.
The same formulas stand in reports/sql/0003_points.sql; a test holds the two together.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

UNITS_LEVEL = 28
SIDE = 1 << UNITS_LEVEL
MOST_LATITUDE = 85.0511
# Less than the least distance of a coordinate with six decimals from a border that it does not lie on.
HAIR = 1e-11

BBox = tuple[float, float, float, float]
CellBox = tuple[int, int, int, int]
"""First and last column, first and last row of cells, all inclusive."""
Ranges = list[tuple[int, int]]
"""First and last Morton code, both inclusive."""

_MASKS = ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333), (1, 0x5555555555555555))  # fmt: skip

_GATHER = ((1, 0x3333333333333333), (2, 0x0F0F0F0F0F0F0F0F), (4, 0x00FF00FF00FF00FF), (8, 0x0000FFFF0000FFFF), (16, 0xFFFFFFFF))


def grid_x(lon: float) -> int:
    """Column of a longitude in degrees, 0 to SIDE - 1."""
    return min(SIDE - 1, max(0, math.floor((lon + 180) / 360 * SIDE)))


def grid_y(lat: float) -> int:
    """Row of a latitude in degrees, 0 at the north."""
    lat = min(MOST_LATITUDE, max(-MOST_LATITUDE, lat))
    return min(
        SIDE - 1, max(0, math.floor((0.5 - math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)) * SIDE))
    )


def longitude(x: float) -> float:
    """Degrees east of a column."""
    return x / SIDE * 360 - 180


def latitude(y: float) -> float:
    """Degrees north of a row."""
    return math.degrees(2 * math.atan(math.exp((0.5 - y / SIDE) * 2 * math.pi)) - math.pi / 2)


def morton(x: int, y: int) -> int:
    """The bits of x and y in turn, x lowest."""
    return _spread(x) | (_spread(y) << 1)


def _spread(value: int) -> int:
    for shift, mask in _MASKS:
        value = (value | (value << shift)) & mask
    return value


def unmorton(code: int) -> tuple[int, int]:
    """(x, y) of a Morton code."""
    return _gather(code), _gather(code >> 1)


def _gather(code: int) -> int:
    code &= 0x5555555555555555
    for shift, mask in _GATHER:
        code = (code | (code >> shift)) & mask
    return code


def cells_of(box: BBox, level: int) -> CellBox:
    """The cells of `level` that a box in degrees touches."""
    west, south, east, north = box
    shift = UNITS_LEVEL - level
    return grid_x(west) >> shift, grid_x(east) >> shift, grid_y(north) >> shift, grid_y(south) >> shift


def box_of(cells: CellBox, level: int) -> BBox:
    """West, south, east, north of these cells in degrees, so that exactly their points lie between (inclusive)."""
    x0, x1, y0, y1 = cells
    unit = 1 << (UNITS_LEVEL - level)
    return longitude(x0 * unit), latitude((y1 + 1) * unit) + HAIR, longitude((x1 + 1) * unit) - HAIR, latitude(y0 * unit)


def ranges(cells: CellBox, level: int) -> Ranges:
    """The Morton codes of these cells as the fewest ranges, in order: about half as many as the box's sides have cells."""
    return squares(cells, level, (level,))[level]


def squares(cells: CellBox, level: int, levels: Sequence[int]) -> dict[int, Ranges]:
    """The same cells as ranges at several `levels` (ascending, the last at least `level`): each part at the
    coarsest of them that it fills, so that the inside of a box is few squares and only its rim many."""
    found: dict[int, Ranges] = {each: [] for each in levels}
    _collect(cells, level, 0, 0, 0, tuple(levels), found)
    return found


def _collect(cells: CellBox, most: int, depth: int, x: int, y: int, levels: tuple[int, ...], found: dict[int, Ranges]) -> None:
    """Adds the part of the box (in cells of level `most`) that lies in the cell (x, y) of level `depth`."""
    x0, x1, y0, y1 = cells
    rest = most - depth
    left, top, last = x << rest, y << rest, (1 << rest) - 1
    if left > x1 or top > y1 or left + last < x0 or top + last < y0:
        return
    inside = x0 <= left and left + last <= x1 and y0 <= top and top + last <= y1
    if inside and (depth in found or depth < levels[0] or depth == most):
        at = next(each for each in levels if each >= depth)
        first, end = (morton(x, y) << 2 * (at - depth)), ((morton(x, y) + 1) << 2 * (at - depth)) - 1
        codes = found[at]
        if codes and codes[-1][1] + 1 == first:
            codes[-1] = (codes[-1][0], end)
        else:
            codes.append((first, end))
        return
    for dy in (0, 1):
        for dx in (0, 1):
            _collect(cells, most, depth + 1, 2 * x + dx, 2 * y + dy, levels, found)


def finer(codes: Ranges, steps: int) -> Ranges:
    """The same ranges in codes of a level that is `steps` deeper."""
    return [(first << (2 * steps), ((last + 1) << (2 * steps)) - 1) for first, last in codes]


def cover(codes: Ranges, most: int) -> Ranges:
    """At most `most` ranges that hold all of these: the smallest gaps between them are closed."""
    if len(codes) <= most:
        return codes
    gaps = sorted(range(1, len(codes)), key=lambda i: codes[i][0] - codes[i - 1][1], reverse=True)
    cuts = [0, *sorted(gaps[: most - 1]), len(codes)]
    return [(codes[start][0], codes[end - 1][1]) for start, end in itertools.pairwise(cuts)]


def level_for(box: BBox, most: int) -> int:
    """The deepest level at which the box is at most `most` cells wide and high."""
    west, south, east, north = box
    width = max(grid_x(east) - grid_x(west), grid_y(south) - grid_y(north), 1) / SIDE
    return max(0, min(UNITS_LEVEL, int(math.log2(most / width))))
