"""Where the practices are, drawn on ground of our own: the world, and the part of it where most of them lie."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.utils.translation import ngettext

from geoportal.kernel.multilingual import text_in
from participation.models import Practice

WORLD = (-180.0, -80.0, 360.0, 137.0)
"""West, north as degrees south, width, height in degrees: without the Antarctic, where nobody governs a town."""
WIDE, HIGH = 56.0, 26.0
"""Degrees that the nearer map shows."""
FEWEST = 3
"""Places worth a nearer map."""


@dataclass(frozen=True)
class Spot:
    """A practice's place: x and y in the units of its map; the page that its point leads to."""

    x: float
    y: float
    name: str
    url: str


@dataclass(frozen=True)
class Map:
    """One picture. `box`: viewBox; `squeeze`: what degrees of longitude are multiplied by, so that shapes look as they are there;
    `radius`: of a point, `lines`: the graticule as the `d` of a path in degrees."""

    name: str
    box: str
    squeeze: str
    radius: str
    lines: str
    spots: list[Spot]


def maps(practices: Iterable[Practice]) -> list[Map]:
    """The world and, where several lie near each other, that part of it; none where no practice has a place."""
    placed = [one for one in practices if one.point is not None]
    if not placed:
        return []
    made = [_map("world", WORLD, 1.0, 30, placed)]
    lon, lat = median(one.point.x for one in placed), median(one.point.y for one in placed)
    near = (round(lon - WIDE / 2, 1), round(-lat - HIGH / 2, 1), WIDE, HIGH)
    within = [one for one in placed if _holds(near, one)]
    if len(within) >= FEWEST:
        made.append(_map("near", near, round(math.cos(math.radians(lat)), 3), 10, within))
    return made


def counted(number: int) -> str:
    """„3 practices“."""
    return ngettext("%(n)s practice", "%(n)s practices", number) % {"n": number}


def in_words(practices: int, countries: int) -> str:
    """„19 practices from 12 countries“."""
    of = ngettext("from %(n)s country", "from %(n)s countries", countries) % {"n": countries}
    return f"{counted(practices)} {of}"


def _holds(box: tuple[float, float, float, float], one: Any) -> bool:
    west, north, width, height = box
    return west <= one.point.x <= west + width and north <= -one.point.y <= north + height


def _map(name: str, box: tuple[float, float, float, float], squeeze: float, step: int, placed: list[Practice]) -> Map:
    west, north, width, height = box
    spots = [_spot(one, squeeze) for one in placed]
    view = f"{west * squeeze:.1f} {north:.1f} {width * squeeze:.1f} {height:.1f}"
    return Map(name, view, f"{squeeze:g}", f"{width * squeeze / 90:.2f}", _graticule(box, step), spots)


def _spot(one: Any, squeeze: float) -> Spot:
    return Spot(
        round(one.point.x * squeeze, 2), round(-one.point.y, 2), f"{text_in(one.title)} – {one.where}", one.subject.path
    )


def _graticule(box: tuple[float, float, float, float], step: int) -> str:
    """Meridians and parallels at every `step` degrees."""
    west, north, width, height = box
    across = range(math.ceil(west / step) * step, math.floor((west + width) / step) * step + 1, step)
    down = range(math.ceil(north / step) * step, math.floor((north + height) / step) * step + 1, step)
    meridians = "".join(f"M{x},{north:g}v{height:g}" for x in across)
    return meridians + "".join(f"M{west:g},{y}h{width:g}" for y in down)
