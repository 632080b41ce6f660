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
from reports.planning.look import DEEP, FILLS, INK, STEPS, tag
from reports.planning.result import Result
from reports.planning.table import levels

WIDTH, HIGHEST = 680, 520
MOST_NUMBERED = 60
LETTER = 6.2  # mean width of a letter of 11 units
LAND, EDGE, CELL = "#f6f8f1", "#748278", "#d3dacb"

Box = tuple[float, float, float, float]


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
    def over(cls, box: Box, width: float = WIDTH) -> Paper:
        west, south, east, north = box
        shrink = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
        scale = min(width / wide, HIGHEST / high)
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


def svg(result: Result, *, words: str = "", box: Box | None = None, width: float = WIDTH) -> SafeString:
    """The drawing; nothing where no row has a shape. Shapes carry the `sign` of their rows, else their numbers; `words` says what
    it is. `box`: west, south, east, north of the frame in degrees; else it follows from the shapes. `width`: units at most."""
    drawn = [(index, row) for index, row in enumerate(result.rows, start=1) if row.get("geometry")]
    painted = levels(result)
    if not drawn:
        return SafeString("")
    paper = Paper.over(box or _frame([row["geometry"] for _index, row in drawn]), width)
    sheet = tag("rect", width=f"{paper.width:.0f}", height=f"{paper.height:.0f}", fill="#ffffff")
    parts = [_patterns(), sheet, *_land(paper)]
    for index, row in drawn:
        parts += _shape(row, painted[index - 1], paper)
    signs = [(str(row.get("sign", index)), *_middle(row, paper)) for index, row in drawn]
    numbers = signs if len(drawn) <= MOST_NUMBERED else []
    parts += _towns(paper, [(x, y) for _sign, x, y in numbers])
    parts += [_number(*number) for number in numbers]
    attributes: dict[str, Any] = {"role": "img", "aria_label": words} if words else {"aria_hidden": "true"}
    drawing = tag("svg", "".join(parts), css="picture", viewBox=f"0 0 {paper.width:.0f} {paper.height:.0f}",
               width=f"{paper.width:.0f}", height=f"{paper.height:.0f}", **attributes)  # fmt: skip
    return SafeString(drawing)


def _frame(geometries: list[dict[str, Any]]) -> Box:
    """The shapes with a margin, at least a twentieth of the municipality across: something around them must be seen."""
    positions = [position for geometry in geometries for position in flat(geometry)]
    west, east = min(x for x, _y in positions), max(x for x, _y in positions)
    south, north = min(y for _x, y in positions), max(y for _x, y in positions)
    whole = bounds()
    least_x, least_y = (whole[2] - whole[0]) / 20, (whole[3] - whole[1]) / 20
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
        if _seen(cell["geometry"], paper)
    ]
    return parts


def _seen(geometry: dict[str, Any], paper: Paper) -> bool:
    """Whether its box reaches into the frame: what lies outside need not be written into the drawing."""
    at = [paper.at(lon, lat) for lon, lat in flat(geometry)]
    xs, ys = [x for x, _y in at], [y for _x, y in at]
    return _over((min(xs), min(ys), max(xs), max(ys)), (0, 0, paper.width, paper.height)) if at else False


def _towns(paper: Paper, numbers: list[tuple[float, float]]) -> list[str]:
    """Names of the larger settlements in sight, clear of each other and of the numbers, which matter more."""
    parts = []
    taken = [(x - 9, y - 7, x + 9, y + 7) for x, y in numbers]
    for town in json.loads(ground())["settlements"]:
        x, y = paper.at(town["lon"], town["lat"])
        if not (0 < x < paper.width and 0 < y < paper.height):
            continue
        parts.append(tag("circle", css="p-town", cx=f"{x:.1f}", cy=f"{y:.1f}", r=2.4, fill=INK))
        room = len(town["name"]) * LETTER
        for left, base in ((x + 5, y + 4), (x - room - 5, y + 4), (x - room / 2, y + 15), (x - room / 2, y - 7)):
            box = (left, base - 10, left + room, base + 3)
            if left > 0 and left + room < paper.width and not any(_over(box, other) for other in taken):
                taken.append(box)
                parts.append(_written(town["name"], left, base, font_size=11))
                break
    return parts


def _over(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes (left, top, right, bottom) overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _patterns() -> str:
    made = ""
    for level, step in enumerate(STEPS):
        inside = tag("rect", css="p-fill", width=step or 8, height=step or 8, fill=FILLS[level])
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
                             stroke=DEEP, stroke_width=1.2))  # fmt: skip
        elif "Line" in kind:
            lines = [geometry["coordinates"]] if kind == "LineString" else geometry["coordinates"]
            parts.append(tag("path", css="p-line", d=paper.path(lines, close=False), fill="none", stroke=DEEP, stroke_width=3))
        else:
            for lon, lat in flat(geometry):
                x, y = paper.at(lon, lat)
                parts.append(tag("circle", css="p-spot", cx=f"{x:.1f}", cy=f"{y:.1f}", r=4.5, fill=DEEP, stroke="#ffffff"))
    return parts


def _middle(row: dict[str, Any], paper: Paper) -> tuple[float, float]:
    """Where the number of a shape stands."""
    positions = list(flat(row["geometry"]))
    west, east = min(x for x, _y in positions), max(x for x, _y in positions)
    south, north = min(y for _x, y in positions), max(y for _x, y in positions)
    return paper.at((west + east) / 2, (south + north) / 2)


def _number(sign: str, x: float, y: float) -> str:
    return _written(sign, x, y + 4, text_anchor="middle", font_size=12, font_weight=600)


def _written(text: str, x: float, y: float, **more: Any) -> str:
    """Words over their own pale edge; in two layers, as not every printer knows `paint-order`."""
    at = {"x": f"{x:.1f}", "y": f"{y:.1f}", **more}
    edge = tag(
        "text", text=text, fill="#ffffff", stroke="#ffffff", stroke_width=3, stroke_linejoin="round", aria_hidden="true", **at
    )
    return edge + tag("text", css="p-name", text=text, fill=INK, **at)
