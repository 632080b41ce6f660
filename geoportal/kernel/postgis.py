"""Expressions of PostGIS that more than one app asks for; coordinates come out as numbers, never as GEOS objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.gis.db import models as gis
from django.contrib.gis.geos import Point, Polygon
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, FloatField, Func, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

BBox = tuple[float, float, float, float]
WGS84 = 4326


def _column(of: str | Combinable) -> Combinable:
    return F(of) if isinstance(of, str) else of


def longitude(column: str | Combinable) -> Func:
    """Degrees east of a point column, as a float."""
    return Func(_column(column), function="ST_X", output_field=FloatField())


def latitude(column: str | Combinable) -> Func:
    """Degrees north of a point column, as a float."""
    return Func(_column(column), function="ST_Y", output_field=FloatField())


def as_geojson(column: str | Combinable, decimals: int = 6) -> Func:
    """The geometry of a column as GeoJSON text (RFC 7946), written by the database."""
    return Func(_column(column), Value(decimals), Value(0), function="ST_AsGeoJSON", output_field=TextField())


def simpler(column: str | Combinable) -> Func:
    """Polygons in WGS84 with no more corners than a map needs on which they can be chosen: within 0.0001 degrees, some ten metres."""
    plain = Func(_column(column), Value(0.0001), function="ST_SimplifyPreserveTopology", output_field=gis.GeometryField())
    return Func(plain, function="ST_Multi", output_field=gis.GeometryField())


def metres_between(column: str | Combinable, point: Point) -> Func:
    """Metres on the spheroid from a WGS84 column to a WGS84 point.

    Right at any latitude, but it uses no index: cut a box out first.
    """
    return Func(
        Cast(_column(column), gis.GeometryField(geography=True)),
        Cast(Value(point, output_field=gis.PointField()), gis.GeometryField(geography=True)),
        function="ST_Distance",
        output_field=FloatField(),
    )


def box(bbox: BBox) -> Polygon:
    """(west, south, east, north) in degrees as a WGS84 literal for `__bboverlaps` or `__within`."""
    polygon = Polygon.from_bbox(bbox)
    polygon.srid = WGS84
    return polygon


def keys_of(rows: QuerySet[Any]) -> tuple[str, Sequence[Any]]:
    """(SQL, parameters) of the rows' keys; of nothing where the ORM knows that nothing can be found."""
    try:
        return rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()


def numbered(sql: str, name: str) -> str:
    """Django's SQL with its placeholders as %(name0)s, %(name1)s …, so that it can stand in a statement with named ones."""
    first, *rest = sql.split("%s")
    return first + "".join(f"%({name}{number})s{part}" for number, part in enumerate(rest))


def prepared(*, binary: bool = False) -> Any:
    """A cursor of the default connection whose statements the server plans once for each text; see kernel.database."""
    return connection.prepared(binary=binary)  # type: ignore[attr-defined]
