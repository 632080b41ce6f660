"""Metres around the municipality: a transverse Mercator projection of its own centre, in numpy.

On the central meridian lengths are true; 100 km beside it they are 0.012 % too long, so circles, hexagons and outlines may be
taken as they are on the ground. L. Krüger's series as in C. F. F. Karney, Journal of Geodesy 85 (2011), to n⁴: below 1 mm here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from django.contrib.gis.db.models.functions import Centroid
from django.core.cache import cache
from numpy.typing import NDArray

from geoportal.kernel.postgis import latitude, longitude
from municipality.models import Area
from municipality.site import installation

REMEMBERED = 3600
Floats = NDArray[np.float64]
_AXIS, _FLATTENING = 6378137.0, 1 / 298.257223563
_N = _FLATTENING / (2 - _FLATTENING)
_RADIUS = _AXIS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ROOT = 2 * np.sqrt(_N) / (1 + _N)
_ALPHA = (
    _N / 2 - _N**2 * 2 / 3 + _N**3 * 5 / 16 + _N**4 * 41 / 180,
    _N**2 * 13 / 48 - _N**3 * 3 / 5 + _N**4 * 557 / 1440,
    _N**3 * 61 / 240 - _N**4 * 103 / 140,
)
_BETA = (
    _N / 2 - _N**2 * 2 / 3 + _N**3 * 37 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - _N**4 * 437 / 1440,
    _N**3 * 17 / 480 - _N**4 * 37 / 840,
)
_DELTA = (
    2 * _N - _N**2 * 2 / 3 - 2 * _N**3 + _N**4 * 116 / 45,
    _N**2 * 7 / 3 - _N**3 * 8 / 5 - _N**4 * 227 / 45,
    _N**3 * 56 / 15 - _N**4 * 136 / 35,
    _N**4 * 4279 / 630,
)


@dataclass(frozen=True)
class Local:
    """The projection whose origin is the point (degrees)."""

    lon: float
    lat: float

    @classmethod
    def of_municipality(cls) -> Self:
        """Around the middle of the whole, by its outline or its label; kept as long as the municipality's data stay."""
        found: Self = cache.get_or_set(f"planning-middle-{installation().edition}", cls._read, REMEMBERED) or cls._read()
        return found

    @classmethod
    def _read(cls) -> Self:
        root = Area.objects.filter(parent=None)
        row = root.values_list(
            longitude(Centroid("polygon")), latitude(Centroid("polygon")), longitude("point"), latitude("point")
        ).first()
        lon, lat = (row[0], row[1]) if row and row[0] is not None else (row[2], row[3]) if row else (None, None)
        return cls(round(lon or 0.0, 4), round(lat or 0.0, 4))

    def metres(self, lon: Any, lat: Any) -> tuple[Floats, Floats]:
        """Metres east and north of the origin."""
        east, north = self._plane(np.asarray(lon, float) - self.lon, np.asarray(lat, float))
        return east, north - self._plane(np.zeros(1), np.full(1, self.lat))[1][0]

    @staticmethod
    def _plane(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        sine, turn = np.sin(np.radians(lat)), np.radians(lon)
        t = np.sinh(np.arctanh(sine) - _ROOT * np.arctanh(_ROOT * sine))
        side = np.cos(turn)
        reach = t * t + side * side
        u = np.sin(turn) / np.sqrt(reach)
        xi, eta = np.arctan2(t, side), np.arcsinh(u)
        # Sine and cosine of twice xi + i eta follow from what is there, those of its multiples from these.
        sine, cosine = 2 * t * side / reach, (side * side - t * t) / reach
        sinh, cosh = 2 * u * np.sqrt(1 + u * u), 1 + 2 * u * u
        north, east = _series(_ALPHA, sine, cosine, sinh, cosh)
        return _RADIUS * (eta + east), _RADIUS * (xi + north)

    def degrees(self, east: Any, north: Any) -> tuple[Floats, Floats]:
        """Longitude and latitude of metres east and north of the origin."""
        begin = self._plane(np.zeros(1), np.full(1, self.lat))[1][0]
        eta, xi = np.asarray(east, float) / _RADIUS, (np.asarray(north, float) + begin) / _RADIUS
        over = xi - sum(b * np.sin(2 * j * xi) * np.cosh(2 * j * eta) for j, b in enumerate(_BETA, 1))
        aside = eta - sum(b * np.cos(2 * j * xi) * np.sinh(2 * j * eta) for j, b in enumerate(_BETA, 1))
        chi = np.arcsin(np.sin(over) / np.cosh(aside))
        lat = chi + sum(d * np.sin(2 * j * chi) for j, d in enumerate(_DELTA, 1))
        return self.lon + np.degrees(np.arctan2(np.sinh(aside), np.cos(over))), np.degrees(lat)

    @property
    def in_words(self) -> str:
        """„42.9500, 23.7500“: the origin, for a method's description."""
        return f"{self.lat:.4f}, {self.lon:.4f}"


def _series(factors: tuple[float, ...], sine: Floats, cosine: Floats, sinh: Floats, cosh: Floats) -> tuple[Floats, Floats]:
    """Real and imaginary part of the sum of factor_j sin(j w), from sine and cosine of w's real part and the hyperbolic ones of
    its imaginary part: Clenshaw's recurrence, which needs no further ones."""
    # cos w = a - i b; each step is f + 2 cos(w) x last - the one before.
    a, b = 2 * cosine * cosh, 2 * sine * sinh
    real, imaginary = np.full_like(a, factors[-1]), np.zeros_like(a)
    real_before, imaginary_before = np.zeros_like(a), np.zeros_like(a)
    for factor in factors[-2::-1]:
        step = factor + a * real + b * imaginary - real_before, a * imaginary - b * real - imaginary_before
        real_before, imaginary_before = real, imaginary
        real, imaginary = step
    return real * sine * cosh - imaginary * cosine * sinh, real * cosine * sinh + imaginary * sine * cosh
