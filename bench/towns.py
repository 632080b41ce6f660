"""250 imagined towns in the box of Bulgaria: Zipf sizes, streets in a grid, quarters in the largest. Seeded, pure numpy."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SEED = 7
BOX = (22.3, 41.2, 28.7, 44.3)
TOWNS = 250
# The largest town gets about 15 % of all reports.
ZIPF = 0.97
WITH_QUARTERS, QUARTERS_A_SIDE = 12, 4
SMALLEST_SIGMA_M = 350.0
REACH = 3.0  # sigmas from the centre at which a town ends
METRES_A_DEGREE = 111_320.0
LARGEST = (23.32, 42.69)


@dataclass(frozen=True)
class Town:
    """`share` of all reports; `sigma` in metres; a square of REACH sigmas to each side is its area."""

    number: int
    lon: float
    lat: float
    share: float
    sigma: float
    turn: float

    @property
    def half(self) -> float:
        """Half the side of its square, metres."""
        return self.sigma * REACH

    @property
    def quarters(self) -> int:
        """Quarters along one side; 1 when the town is not divided."""
        return QUARTERS_A_SIDE if self.number < WITH_QUARTERS else 1

    def degrees(self, x: Floats | float, y: Floats | float) -> tuple[Floats, Floats]:
        """(longitude, latitude) of metres east and north of its centre."""
        lon = self.lon + np.asarray(x) / (METRES_A_DEGREE * math.cos(math.radians(self.lat)))
        return lon, self.lat + np.asarray(y) / METRES_A_DEGREE

    def square(self, west: float, south: float, east: float, north: float) -> str:
        """A rectangle in metres around the centre as WKT in degrees."""
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        lon, lat = self.degrees(np.array([x for x, _y in corners]), np.array([y for _x, y in corners]))
        ring = ", ".join(f"{a:.6f} {b:.6f}" for a, b in zip(lon, lat, strict=True))
        return f"MULTIPOLYGON((({ring})))"


def shares() -> Floats:
    """Each town's share of the reports, the largest first; they add up to 1."""
    weights = 1 / np.arange(1, TOWNS + 1) ** ZIPF
    return weights / weights.sum()


def towns() -> list[Town]:
    """All of them, the largest first; their squares do not touch each other."""
    rng = np.random.default_rng([SEED, 1])
    found: list[Town] = []
    parts = shares()
    for number, share in enumerate(parts):
        sigma = SMALLEST_SIGMA_M * math.sqrt(share / parts[-1])
        turn = float(rng.uniform(0, math.pi / 2))
        while True:
            lon, lat = (
                LARGEST if number == 0 else (rng.uniform(BOX[0] + 0.3, BOX[2] - 0.3), rng.uniform(BOX[1] + 0.3, BOX[3] - 0.3))
            )
            town = Town(number, float(lon), float(lat), float(share), sigma, turn)
            if all(_apart(town, other) for other in found):
                break
        found.append(town)
    return found


def _apart(one: Town, other: Town) -> bool:
    reach = (one.half + other.half) * 1.05
    x = (one.lon - other.lon) * METRES_A_DEGREE * math.cos(math.radians(one.lat))
    y = (one.lat - other.lat) * METRES_A_DEGREE
    return abs(x) > reach or abs(y) > reach


def numbered(town: Ints, place: Ints, salt: int) -> Floats:
    """A number in [0, 1) for each (town, place), the same at every call: the mixer of splitmix64 (Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        z = (town.astype(np.uint64) << np.uint64(40)) ^ (place.astype(np.uint64) << np.uint64(4)) ^ np.uint64(salt)
        z = z * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) / float(1 << 53)
