"""Vector tiles: the address of a tile, and the one place where rows become one (Mapbox Vector Tile 2.1 by ST_AsMVT)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db import models as gis
from django.core.exceptions import EmptyResultSet
from django.db.models import F, Func, QuerySet, Value
from django.utils.translation import gettext as _

from geoportal.kernel.geometry import BBox
from geoportal.kernel.postgis import prepared
from geoportal.kernel.problems import Problem

MOST_ZOOM = 22
EXTENT = 4096
CONTENT_TYPE = "application/vnd.mapbox-vector-tile"
MERCATOR = 3857
SIDE_METRES = 40_075_016.6856
"""Of the whole world in Web Mercator."""
SIMPLER = 2
"""Units of the tile (an eighth of a pixel) by which a drawn line may leave the true one."""
MOST_BYTES = 270_000
"""What the features of one layer are reckoned to take at most, so that no tile exceeds 300 KiB."""


@dataclass(frozen=True)
class Tile:
    """Column `x` and row `y` (from the north) of OGC's WebMercatorQuad at zoom `z`."""

    z: int
    x: int
    y: int

    @classmethod
    def parse(cls, z: str, x: str, y: str) -> Tile:
        """From the texts of an address. Raises Problem 400 that names what is out of range."""
        zoom = _whole("z", z, MOST_ZOOM)
        return cls(zoom, _whole("x", x, 2**zoom - 1), _whole("y", y, 2**zoom - 1))

    @property
    def box(self) -> BBox:
        """West, south, east, north in degrees."""

        def north(row: int) -> float:
            return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**self.z))))

        return (
            self.x / 2**self.z * 360 - 180, north(self.y + 1), (self.x + 1) / 2**self.z * 360 - 180, north(self.y)
        )  # fmt: skip


def _whole(name: str, text: str, most: int) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= most:
        return int(text)
    sentence = _("Write a whole number from 0 to %(most)s.") % {"most": most}
    failed = Problem(f"{name}: {sentence}", status=400, code="parameter")
    failed.members = {"parameter": name, "errors": {name: [sentence]}}
    raise failed


def as_mvt(rows: str, layer: str) -> str:
    """SQL of the tile with one layer from SQL of rows with `id`, `geom` (in units of EXTENT) and attributes."""
    return f"SELECT ST_AsMVT(t, '{layer}', {EXTENT}, 'geom', 'id') FROM ({rows}) t"  # noqa: S608  names of our own


def in_tile(rows: QuerySet[Any], column: str, tile: Tile) -> QuerySet[Any]:
    """The rows whose WGS84 `column` touches the tile, with `geom` in its units, as plain as the zoom shows it; the tile is
    transformed, not the column."""
    frame = Func(Value(tile.z), Value(tile.x), Value(tile.y), function="ST_TileEnvelope", output_field=gis.GeometryField(srid=MERCATOR))  # fmt: skip
    border = Func(frame, Value(4326), function="ST_Transform", output_field=gis.GeometryField())
    metres = Func(F(column), Value(MERCATOR), function="ST_Transform", output_field=gis.GeometryField(srid=MERCATOR))
    step = Value(SIMPLER * SIDE_METRES / 2**tile.z / EXTENT)
    drawn = Func(metres, step, Value(True), function="ST_Simplify", output_field=gis.GeometryField(srid=MERCATOR))
    return rows.filter(**{f"{column}__bboverlaps": border}).annotate(
        geom=Func(
            drawn, frame, Value(EXTENT), Value(64), Value(True), function="ST_AsMVTGeom", output_field=gis.GeometryField()
        )
    )


def tile_of(rows: QuerySet[Any], layer: str) -> bytes:
    """The tile of rows that have `id`, `geom` and attributes (`.values(...)`), the widest of them first and as many as MOST_BYTES
    hold; one query, or none where nothing can be found."""
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return b""
    names = [f'"{name}"' for name in (*rows.query.values_select, *rows.query.annotation_select)]
    texts = " + ".join(f"coalesce(octet_length(r.{name}::text), 0)" for name in names if name != '"geom"')
    # Of a corner at most 5 bytes, of a feature's own words and the numbers of its attributes 60.
    bounded = f"""SELECT {", ".join(names)} FROM (
        SELECT r.*, sum(60 + 5 * ST_NPoints(r.geom) + {texts}) OVER (
          ORDER BY ST_XMax(r.geom) - ST_XMin(r.geom) + ST_YMax(r.geom) - ST_YMin(r.geom) DESC, r.id
          ROWS UNBOUNDED PRECEDING) AS "so far"
        FROM ({sql}) r WHERE r.geom IS NOT NULL
      ) r WHERE "so far" <= {MOST_BYTES}"""  # noqa: S608  Django's SQL and names of our own
    return fetch(as_mvt(bounded, layer), parameters)


def fetch(sql: str, parameters: Any) -> bytes:
    """What a statement of `as_mvt` answers."""
    with prepared() as cursor:
        cursor.execute(sql, parameters)
        return bytes(cursor.fetchone()[0] or b"")
