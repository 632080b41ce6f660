"""The land of the whole world, for a map without tiles: Natural Earth at 1:110 million, from the npm package `world-atlas`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

Pair = tuple[float, float]
SOUTHMOST = 60.0
"""Degrees south beyond which nobody governs a town: the Antarctic, which winds around the pole, is left out."""
LAND = Path("node_modules/world-atlas/land-110m.json")


@cache
def land() -> str:
    """The outlines as the `d` of an SVG path: x degrees east, y degrees south, to a tenth. "" where the package is not there."""
    try:
        topology = json.loads((settings.BASE_DIR / LAND).read_text())
    except OSError:
        return ""
    arcs = [list(_arc(arc, topology["transform"])) for arc in topology["arcs"]]
    shapes = topology["objects"]["land"]["geometries"]
    return "".join(_outline(ring, arcs) for shape in shapes for polygon in _polygons(shape) for ring in polygon)


def _polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    """Each a list of rings, a ring a list of numbers of arcs."""
    return shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]


def _arc(arc: list[list[int]], transform: dict[str, list[float]]) -> Iterator[Pair]:
    """TopoJSON keeps steps from point to point in whole numbers."""
    (across, up), (west, south), x, y = transform["scale"], transform["translate"], 0, 0
    for step in arc:
        x, y = x + step[0], y + step[1]
        yield round(x * across + west, 1), round(-(y * up + south), 1)


def _outline(ring: list[int], arcs: list[list[Pair]]) -> str:
    """A closed line; a negative number is the arc before it read backwards, and each begins where the last one ended."""
    points: list[Pair] = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += part[1:] if points else part
    if min(y for _x, y in points) > SOUTHMOST:
        return ""
    whole = list(_unwound(points))
    beyond = next((-turn for turn in (360, -360) if any(x * turn > 180 * abs(turn) for x, _y in whole)), 0)
    return _drawn(whole) + (_drawn([(round(x + beyond, 1), y) for x, y in whole]) if beyond else "")


def _unwound(points: list[Pair]) -> Iterator[Pair]:
    """Without leaps from 180 degrees east to 180 west: land that goes on there is drawn beyond the edge, and once more at the other."""
    turn, last = 0, points[0][0]
    for x, y in points:
        if abs(x - last) > 180:
            turn += 360 if x < last else -360
        last = x
        yield round(x + turn, 1), y


def _drawn(points: list[Pair]) -> str:
    distinct = [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in distinct[:-1]) + "Z" if len(distinct) > 3 else ""
