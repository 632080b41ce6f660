"""Schematic polygons, where surveyed ones are not at hand: cells around settlement points, circles around a place."""

from __future__ import annotations

import math
from collections.abc import Mapping

import shapely
from django.contrib.gis.geos import MultiPolygon, Point
from shapely.geometry import MultiPoint, Polygon, mapping, shape
from shapely.ops import voronoi_diagram

from geoportal.kernel import geometry

METRES_A_DEGREE = 111_320
"""Of latitude, on the sphere; a drawing needs no better."""


def _shrink(outline: MultiPolygon) -> float:
    """How much shorter a degree of longitude is than one of latitude, in the middle of the outline."""
    _west, south, _east, north = outline.extent
    return math.cos(math.radians((south + north) / 2))


def _as_multipolygon(drawn: shapely.Geometry) -> MultiPolygon:
    """Through the gate, with six decimals."""
    drawn = shapely.set_precision(drawn, 1e-6)
    parts = [part for part in getattr(drawn, "geoms", [drawn]) if isinstance(part, Polygon) and not part.is_empty]
    coordinates = [mapping(part)["coordinates"] for part in parts]
    found = geometry.geojson({"type": "MultiPolygon", "coordinates": coordinates}, kinds=frozenset(["MultiPolygon"]))
    assert isinstance(found, MultiPolygon)
    return found


def cells(points: Mapping[str, Point], outline: MultiPolygon) -> dict[str, MultiPolygon]:
    """For each key the part of the outline that is nearer to its point than to any other (Voronoi, on the plane of metres).

    Every point must lie inside the outline; the cells cover it without overlap.
    """
    shrink = _shrink(outline)
    whole = shapely.transform(shape(geometry.as_geojson(outline)), lambda xy: xy * [shrink, 1])
    if len(points) == 1:
        return dict.fromkeys(points, outline)
    sites = {key: shapely.Point(point.x * shrink, point.y) for key, point in points.items()}
    drawn = voronoi_diagram(MultiPoint(list(sites.values())), envelope=whole)
    found = {}
    for key, site in sites.items():
        cell = next(cell for cell in drawn.geoms if cell.covers(site)).intersection(whole)
        found[key] = _as_multipolygon(shapely.transform(cell, lambda xy: xy / [shrink, 1]))
    return found


def circle(centre: Point, radius_m: float, outline: MultiPolygon) -> MultiPolygon:
    """A circle of that radius around the place, cut at the outline."""
    shrink = _shrink(outline)
    drawn = shapely.Point(centre.x * shrink, centre.y).buffer(radius_m / METRES_A_DEGREE, quad_segs=8)
    back = shapely.transform(drawn, lambda xy: xy / [shrink, 1])
    return _as_multipolygon(back.intersection(shape(geometry.as_geojson(outline))))


def covers(outline: MultiPolygon, point: Point) -> bool:
    return bool(outline.covers(point))
