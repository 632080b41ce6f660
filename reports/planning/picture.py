"""The map of an answer as one drawing by the server: outline, settlements and shapes, without any tile; for print and PDF.

Flat: longitude shrinks by the cosine of the middle's latitude, which over one municipality is right to a per mille.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from layers.ground import bounds, ground
from reports.planning.chart import tag
from reports.planning.result import Result
from reports.planning.table import levels, name_of

WIDTH, HIGHEST = 680, 520
MOST_NUMBERED = 60
LAND, EDGE, CELL, TOWN, INK = "#f6f8f1", "#748278", "#d3dacb", "#c9c6b6", "#17211b"
FILLS = ("#dfe9f3", "#b5cde6", "#84acd6", "#4a83c0", "#1f5fa8")
HATCH = (0, 9, 6, 4, 2.5)
"""Distance of the strokes over a fill, by level: what colour says, the density says too."""


@dataclass(frozen=True)
class Paper:
    """From degrees to the drawing's units."""

    west: float
    north: float
    scale: float
    shrink: float
    width: float
    height: float

    @classmethod
    def over(cls, box: tuple[float, float, float, float]) -> Paper:
        west, south, east, north = box
        shrink = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
        scale = min(WIDTH / wide, HIGHEST / high)
        return cls(west, north, scale, shrink, wide * scale, high * scale)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self.shrink * self.scale, (self.north - lat) * self.scale

    def path(self, rings: Any, *, close: bool = True) -> str:
        """`d` of a path over rings (or lines) of positions."""
        parts = []
        for ring in rings:
            points = [self.at(*position[:2]) for position in ring]
            parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if close else ""))
        return "".join(parts)


def svg(result: Result, *, words: str = "") -> SafeString:
    """The drawing; nothing where no row has a shape. Shapes carry the numbers of their rows, `words` says what it is."""
    drawn = [(index, row) for index, row in enumerate(result.rows, start=1) if row.get("geometry")]
    painted = levels(result)
    if not drawn:
        return SafeString("")
    paper = Paper.over(_frame([row for _index, row in drawn]))
    parts = [_patterns(), *_land(paper)]
    for index, row in drawn:
        parts += _shape(row, painted[index - 1], paper)
    parts += _towns(paper)
    if len(drawn) <= MOST_NUMBERED:
        parts += [_number(index, row, paper) for index, row in drawn]
    attributes: dict[str, Any] = {"role": "img", "aria_label": words} if words else {"aria_hidden": "true"}
    drawing = tag("svg", "".join(parts), css="picture", viewBox=f"0 0 {paper.width:.0f} {paper.height:.0f}",
               width=f"{paper.width:.0f}", height=f"{paper.height:.0f}", **attributes)  # fmt: skip
    return SafeString(drawing)


def _frame(rows: list[dict[str, Any]]) -> tuple[float, float, float, float]:
    """The shapes with a margin, at least a fifth of the municipality; the whole where the shapes fill most of it."""
    positions = [position for row in rows for position in flat(row["geometry"])]
    west, east = min(x for x, _y in positions), max(x for x, _y in positions)
    south, north = min(y for _x, y in positions), max(y for _x, y in positions)
    whole = bounds()
    least_x, least_y = (whole[2] - whole[0]) / 5, (whole[3] - whole[1]) / 5
    dx, dy = (
        max((east - west) * 0.08, (least_x - (east - west)) / 2, 0),
        max((north - south) * 0.08, (least_y - (north - south)) / 2, 0),
    )
    return west - dx, south - dy, east + dx, north + dy


def flat(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Every position of a GeoJSON geometry."""

    def walk(value: Any) -> Iterator[tuple[float, float]]:
        if value and isinstance(value[0], int | float):
            yield float(value[0]), float(value[1])
        else:
            for part in value:
                yield from walk(part)

    for part in geometry.get("geometries", [geometry]):
        yield from walk(part["coordinates"])


def _rings(geometry: dict[str, Any]) -> list[Any]:
    """The rings of a polygon or multipolygon."""
    coordinates = geometry["coordinates"]
    return coordinates if geometry["type"] == "Polygon" else [ring for part in coordinates for ring in part]


def _land(paper: Paper) -> list[str]:
    found = json.loads(ground())
    parts = [tag("path", css="p-land", d=paper.path(_rings(found["outline"])), fill=LAND, stroke=EDGE, stroke_width=1.6)]
    parts += [
        tag("path", css="p-cell", d=paper.path(_rings(cell["geometry"])), fill="none", stroke=CELL, stroke_width=0.8)
        for cell in found["cells"]
    ]
    return parts


def _towns(paper: Paper) -> list[str]:
    """Names of the larger settlements in sight; the rest would cover what is to be seen."""
    parts = []
    taken: list[tuple[float, float]] = []
    for town in json.loads(ground())["settlements"]:
        x, y = paper.at(town["lon"], town["lat"])
        if not (0 < x < paper.width and 0 < y < paper.height) or any(abs(x - a) < 84 and abs(y - b) < 15 for a, b in taken):
            continue
        taken.append((x, y))
        parts.append(tag("circle", css="p-town", cx=f"{x:.1f}", cy=f"{y:.1f}", r=2.4, fill=INK))
        side = {"x": f"{x + 5:.1f}"} if x < paper.width - 90 else {"x": f"{x - 5:.1f}", "text_anchor": "end"}
        halo: dict[str, Any] = {"stroke": "#ffffff", "stroke_width": 3, "paint_order": "stroke"}
        parts.append(tag("text", css="p-name", y=f"{y + 4:.1f}", font_size=11, fill=INK, text=town["name"], **side, **halo))
    return parts


def _patterns() -> str:
    made = ""
    for level, step in enumerate(HATCH):
        inside = tag("rect", css=f"p-fill l-{level}", width=step or 8, height=step or 8, fill=FILLS[level])
        if step:
            inside += tag("path", css="p-hatch", d=f"M0 {step}L{step} 0", stroke=INK, stroke_width=0.5, stroke_opacity=0.55)
        made += tag("pattern", inside, id=f"level-{level}", width=step or 8, height=step or 8, patternUnits="userSpaceOnUse")
    return tag("defs", made)


def _shape(row: dict[str, Any], level: int | None, paper: Paper) -> list[str]:
    fill = f"url(#level-{level})" if level is not None else "#ffffff"
    parts = []
    for geometry in row["geometry"].get("geometries", [row["geometry"]]):
        kind = geometry["type"]
        if "Polygon" in kind:
            parts.append(tag("path", css="p-shape", d=paper.path(_rings(geometry)), fill=fill, fill_opacity=0.82, fill_rule="evenodd",
                             stroke=FILLS[4], stroke_width=1.2))  # fmt: skip
        elif "Line" in kind:
            lines = [geometry["coordinates"]] if kind == "LineString" else geometry["coordinates"]
            parts.append(
                tag("path", css="p-line", d=paper.path(lines, close=False), fill="none", stroke=FILLS[4], stroke_width=3)
            )
        else:
            for lon, lat in flat(geometry):
                x, y = paper.at(lon, lat)
                parts.append(tag("circle", css="p-spot", cx=f"{x:.1f}", cy=f"{y:.1f}", r=4.5, fill=FILLS[4], stroke="#ffffff"))
    return parts


def _number(index: int, row: dict[str, Any], paper: Paper) -> str:
    positions = list(flat(row["geometry"]))
    west, east = min(x for x, _y in positions), max(x for x, _y in positions)
    south, north = min(y for _x, y in positions), max(y for _x, y in positions)
    x, y = paper.at((west + east) / 2, (south + north) / 2)
    halo: dict[str, Any] = {"stroke": "#ffffff", "stroke_width": 3, "paint_order": "stroke"}
    return tag("text", css="p-number", x=f"{x:.1f}", y=f"{y + 4:.1f}", text_anchor="middle", font_size=12, font_weight=600,
               fill=INK, text=str(index), **halo)  # fmt: skip


def named(result: Result) -> list[tuple[int, str]]:
    """(number on the drawing, name of its row)."""
    return [(index, name_of(result, row)) for index, row in enumerate(result.rows, start=1) if row.get("geometry")]
