"""Coordinate systems that programs may ask for: how their numbers are ordered, where they hold, and the way to and from WGS84.

What comes in is turned into degrees first and then goes through the gate (`geoportal.kernel.geometry`) like everything else; what goes
out is turned by the database. Nothing is transformed in this process.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import Case, Func, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.geometry import WGS84, WORLD, BBox, GeometryRefused, geojson
from geoportal.kernel.postgis import as_geojson, box

Position = tuple[float, float]
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
_NUMBER = re.compile(r"[+-]?(?:\d{1,9}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_STEPS = 8
"""Parts of each side of a box in metres: its sides are curves in degrees, and so are less than a metre off for a whole country."""
_ONE = _("In a box the first corner lies before the second: its numbers are smaller.")


@dataclass(frozen=True)
class System:
    """`uri`: what programs call it; `northing_first`: its first number is the one to the north; `frame`: (least x, least y, most x,
    most y) of its own numbers that mean anything; `holds`: the part of the globe (degrees) that it shows."""

    uri: str
    srid: int
    name: str
    decimals: int
    frame: BBox
    holds: BBox = WORLD
    northing_first: bool = False

    @property
    def in_degrees(self) -> bool:
        return self.srid == WGS84

    def position(self, first: float, second: float) -> Position:
        """(x, y) of two numbers in the system's own order. Raises GeometryRefused outside its frame."""
        x, y = (second, first) if self.northing_first else (first, second)
        west, south, east, north = self.frame
        if not (math.isfinite(x) and math.isfinite(y) and west <= x <= east and south <= y <= north):
            raise GeometryRefused(
                "range", None if self.in_degrees else str(_("A coordinate lies outside this coordinate system."))
            )
        return x, y

    def degrees(self, positions: Sequence[Position]) -> list[Position]:
        """Longitude and latitude of each (x, y), in the same order; one question to the database where the system is in metres."""
        if self.in_degrees:
            return list(positions)
        xs, ys = [x for x, _y in positions], [y for _x, y in positions]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ST_X(p), ST_Y(p) FROM (SELECT n, ST_Transform(ST_SetSRID(ST_MakePoint(x, y), %s), 4326) AS p"
                " FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS given(x, y, n)) AS turned ORDER BY n",
                [self.srid, xs, ys],
            )
            return cursor.fetchall()

    def box(self, numbers: Sequence[float]) -> GEOSGeometry:
        """The WGS84 polygon of a box given by two corners in this system. In degrees it may run across the 180th meridian."""
        (west, south), (east, north) = self.position(*numbers[:2]), self.position(*numbers[2:])
        if south >= north or west == east or (west > east and not self.in_degrees):
            raise GeometryRefused("range", str(_ONE))
        if west > east:
            halves = [_ring(west, south, 180.0, north, 1), _ring(-180.0, south, east, north, 1)]
            rings = [[half] for half in halves if len({x for x, _y in half}) > 1]
            return geojson({"type": "MultiPolygon", "coordinates": rings}, kinds=frozenset({"MultiPolygon"}))
        ring = self.degrees(_ring(west, south, east, north, 1 if self.in_degrees else _STEPS))
        return geojson({"type": "Polygon", "coordinates": [ring]}, kinds=frozenset({"Polygon"}))

    def shown(self, alias: str, shape: Combinable) -> Combinable:
        """GeoJSON text of a shape in this system, its numbers in the system's order; null where the system does not hold it. `alias`: what
        the query calls the shape."""
        out = shape
        if not self.in_degrees:
            turned = Func(shape, Value(self.srid), function="ST_Transform", output_field=GeometryField(srid=self.srid))
            out = Case(When(Q(**{f"{alias}__contained": box(self.holds)}), then=turned), output_field=turned.output_field)
        if self.northing_first:
            out = Func(out, function="ST_FlipCoordinates", output_field=GeometryField(srid=self.srid))
        return as_geojson(out, self.decimals)


def number(text: str) -> float:
    """A finite number of its plain decimal text. Raises GeometryRefused."""
    plain = text.strip() if len(text) <= 40 else ""
    if not _NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
        raise GeometryRefused("not_finite")
    return float(plain)


def _ring(west: float, south: float, east: float, north: float, steps: int) -> list[Position]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    found = [
        (x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps)
        for (x0, y0), (x1, y1) in pairwise(corners)
        for step in range(steps)
    ]
    return [*found, found[0]]


CRS84 = System("http://www.opengis.net/def/crs/OGC/1.3/CRS84", WGS84, "WGS 84 (CRS84)", 6, WORLD)
SYSTEMS = {
    system.uri: system
    for system in (
        CRS84,
        System(f"{_EPSG}4326", WGS84, "WGS 84", 6, WORLD, northing_first=True),
        System(
            f"{_EPSG}3857", 3857, "WGS 84 / Pseudo-Mercator", 2, (-20037508.34, -20048966.1, 20037508.34, 20048966.1),
            (-180.0, -85.06, 180.0, 85.06),
        ),
        System(
            f"{_EPSG}7801", 7801, "BGS2005 / CCS2005", 2, (0.0, 4_200_000.0, 1_000_000.0, 5_300_000.0), (19.0, 38.0, 32.0, 47.0),
            northing_first=True,
        ),
        System(f"{_EPSG}32634", 32634, "WGS 84 / UTM zone 34N", 2, (0.0, 0.0, 1_000_000.0, 9_330_000.0), (14.0, 0.0, 28.0, 84.0)),
        System(f"{_EPSG}32635", 32635, "WGS 84 / UTM zone 35N", 2, (0.0, 0.0, 1_000_000.0, 9_330_000.0), (20.0, 0.0, 34.0, 84.0)),
    )
}  # fmt: skip
"""By address; the first is the one in which everything is kept."""
