"""Where the reports of a question lie, as places with counts: each coordinate while they are few, cells of the summary beyond."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.planning import seam
from reports.planning.hexagons import Floats, Ints
from reports.querysets import BBox
from reports.spatial import clusters as sums
from reports.spatial import grid
from reports.spatial.wanted import Place, Wanted

if TYPE_CHECKING:
    from reports.planning.question import Question

EXACT = 5_000
LEVELS = (16, 18, 20, 22)
CELLS_TO_WIDTH, SQUARE = 4, 16
_ROUND_EARTH = 40_075_016.7
_POINTS = """WITH {reports}, p AS (SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat, count(*) AS n FROM r GROUP BY geom)
SELECT array_agg(lon), array_agg(lat), array_agg(n) FROM p"""


@dataclass(frozen=True)
class Places:
    """`n` reports at each longitude and latitude. `cell_metres`: the width of the cells whose middles these are, 0: exact."""

    lon: Floats
    lat: Floats
    n: Ints
    cell_metres: float = 0.0

    @property
    def total(self) -> int:
        return int(self.n.sum())


def level_for(width: float, lat: float) -> tuple[int, float]:
    """(level, metres) of the largest cells of which at least four go into `width` metres; at most the finest of LEVELS."""
    for level in LEVELS:
        metres = _ROUND_EARTH * math.cos(math.radians(lat)) / 2**level
        if metres * CELLS_TO_WIDTH <= width:
            break
    return level, metres


def places(question: Question, box: BBox, width: float) -> Places:
    """The question's reports inside the box (degrees); one query for many, one more for few, which are then exact.

    Of cells that the edge of a drawn area cuts, those count whose reports' middle lies inside: that is the caller's to choose.
    """
    level, metres = level_for(width, (box[1] + box[3]) / 2)
    wanted = Wanted.for_desk(question.filters, question.user)
    x0, x1, y0, y1 = grid.cells_of(box, level)
    # A little more than the box is quicker found: whole squares of cells are few ranges.
    around = (x0 & -SQUARE, x1 | (SQUARE - 1), y0 & -SQUARE, y1 | (SQUARE - 1))
    n, x, y = sums.middles(wanted, Place(level, around))
    kept = _in_box(x, y, (x0, x1, y0, y1), level)
    n, x, y = n[kept], x[kept], y[kept]
    if n.sum() > EXACT:
        return Places(x / grid.SIDE * 360 - 180, _latitude(y), n, metres)
    return points(question)


def _in_box(x: Floats, y: Floats, cells: grid.CellBox, level: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which of these lie in the cells."""
    unit = 1 << (grid.UNITS_LEVEL - level)
    x0, x1, y0, y1 = cells
    return (x >= x0 * unit) & (x < (x1 + 1) * unit) & (y >= y0 * unit) & (y < (y1 + 1) * unit)


def points(question: Question) -> Places:
    """Every coordinate with its number of reports; one query."""
    found = seam.read(_POINTS, question.reports().filter(geom__isnull=False), {"geom": "geom"})
    lon, lat, n = found[0] if found and found[0][0] else ([], [], [])
    return Places(np.array(lon, float), np.array(lat, float), np.array(n, np.int64))


def _latitude(y: Floats) -> Floats:
    """Degrees north of rows of the grid, as `grid.latitude` for many."""
    return np.degrees(2 * np.arctan(np.exp((0.5 - y / grid.SIDE) * 2 * np.pi)) - np.pi / 2)
