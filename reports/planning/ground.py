"""The hexagons of a region with who lives there: what does not depend on reports, so kept with the municipality's edition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
import shapely
from django.utils.translation import get_language
from numpy.typing import NDArray

from municipality.site import installation
from reports.planning import hexagons
from reports.planning.hexagons import Floats, Ints
from reports.planning.local import Local
from reports.planning.region import Region, Settlement, settlements

MOST_GRIDS, MOST_KEPT = 8, 40_000
"""So many grids are kept in a process, none of more hexagons than this: each hexagon takes some 40 bytes."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Hexagons by rising `key`: whether the middle lies `inside` the region, the people who live there, the settlement
    (position in `names`, -1: none). `table`: where each stands, as long as they fill a box."""

    key: Ints
    inside: NDArray[np.bool_]
    people: Floats
    settlement: Ints
    names: tuple[str, ...]
    table: hexagons.Table | None

    @classmethod
    def laid(cls, region: Region, local: Local, width: float, more: Ints | None = None) -> Self:
        """Over the region's box; and the hexagons `more` (keys), wherever they are."""
        key = np.sort(hexagons.covering(_bounds(region, local), width))
        table = hexagons.Table.of(key) if more is None else None
        if more is not None:
            key = np.union1d(key, more)
        x, y = hexagons.centres(key, width)
        shapely.prepare(region.shape)
        inside = shapely.contains_xy(region.shape, x, y)
        around = settlements(local, region.box)
        people, home = _people(around, x, y, hexagons.area(width))
        return cls(key, inside, people, home, tuple(one.name for one in around), table)

    def positions(self, q: Ints, r: Ints) -> Ints:
        """Where each hexagon stands in `key`; -1: it is none of a box."""
        return np.searchsorted(self.key, hexagons.keys(q, r)) if self.table is None else self.table.at(q, r)


def _bounds(region: Region, local: Local) -> tuple[float, float, float, float]:
    """The region's bounds in metres, and those of its box in degrees, which stands a little askew."""
    west, south, east, north = region.box
    x, y = local.metres([west, west, east, east], [south, north, south, north])
    a, b, c, d = region.shape.bounds
    return min(a, *x), min(b, *y), max(c, *x), max(d, *y)


def _people(around: list[Settlement], x: Floats, y: Floats, area: float) -> tuple[Floats, Ints]:
    """(people, settlement) of hexagons of this area by their middles: a population is spread evenly over the territory."""
    people, home = np.zeros(len(x)), np.full(len(x), -1, np.int64)
    if around:
        hexagon, settlement = shapely.STRtree([one.shape for one in around]).query(shapely.points(x, y), predicate="within")
        home[hexagon] = settlement
        density = np.array([one.population / one.shape.area if one.population else 0.0 for one in around])
        people[hexagon] = density[settlement] * area
    return people, home


@lru_cache(maxsize=MOST_GRIDS)
def _kept(_edition: int, _language: str | None, local: Local, region: Region, width: float) -> Ground:
    return Ground.laid(region, local, width)


def ground(region: Region, local: Local, width: float) -> Ground:
    """The region's hexagons; no query where they were asked for lately in this edition of the municipality's data."""
    if hexagons.number_in(region.shape.bounds, width) > MOST_KEPT:
        return Ground.laid(region, local, width)
    return _kept(installation().edition, get_language(), local, region, width)


def forget() -> None:
    """The next who asks has them laid anew."""
    _kept.cache_clear()
