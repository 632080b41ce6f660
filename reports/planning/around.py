"""Shapes of planned projects and distances from them, in metres on the ground."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import orjson
from django.contrib.gis.db import models as gis
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import F, FloatField, Func, Value
from django.db.models.functions import Cast

from layers.models import Project
from reports.querysets import BBox, ReportQuerySet

# Degrees of latitude to a metre; a little more than there are, so that the box is never too small.
_DEGREE = 1.01 / 111_000
SHAPES = ("polygon", "line", "points", "point")
"""A project's geometries, the most extensive first."""


def shape_of(project: Project) -> GEOSGeometry | None:
    """The most extensive shape that is known of a project (WGS84); None where none is."""
    return next((shape for name in SHAPES if (shape := getattr(project, name)) is not None), None)


def reach(shape: GEOSGeometry, metres: float) -> BBox:
    """A box in degrees that holds everything within `metres` of the shape."""
    west, south, east, north = shape.extent  # type: ignore[attr-defined]
    up = metres * _DEGREE
    aside = up / max(0.05, math.cos(math.radians(min(89.0, max(abs(south), abs(north)) + up))))
    return west - aside, south - up, east + aside, north + up


def with_metres(reports: ReportQuerySet, shape: GEOSGeometry, metres: float) -> ReportQuerySet:
    """Reports within `metres` of the shape with `metres` annotated (0 inside it): the box by the index, then the spheroid."""
    literal = Cast(Value(shape, output_field=gis.GeometryField()), gis.GeometryField(geography=True))
    distance = Func(
        Cast(F("geom"), gis.GeometryField(geography=True)), literal, function="ST_Distance", output_field=FloatField()
    )
    return reports.in_box(reach(shape, metres)).annotate(metres=distance).filter(metres__lte=metres)


def rings(shape: GEOSGeometry, edges: Sequence[float]) -> list[dict[str, Any]]:
    """The rings around a shape between neighbouring `edges` (metres, rising, the first 0: the shape itself belongs in)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH e AS (SELECT n, metres, CASE WHEN metres > 0 THEN ST_Buffer(%s::geography, metres)::geometry END AS area
                            FROM unnest(%s::float[]) WITH ORDINALITY AS e(metres, n))
               SELECT ST_AsGeoJSON(CASE WHEN inner_one.area IS NULL THEN outer_one.area
                                        ELSE ST_Difference(outer_one.area, inner_one.area) END, 5, 0)
                 FROM e AS outer_one JOIN e AS inner_one ON inner_one.n = outer_one.n - 1 ORDER BY outer_one.n""",
            [shape.ewkt, list(edges)],
        )
        return [orjson.loads(text) for (text,) in cursor]
