"""The one gate for geometry from outside: pages, APIs, imports, commands and the admin all come through here.

WGS84 GeoJSON or plain numbers go in, a valid GEOS geometry with SRID 4326 comes out, or GeometryRefused. The order
matters: nothing reaches GEOS or GDAL before it is known to be small, finite and on the globe. A coordinate of 1e300
makes a projection loop for ever, and printing one of 1e140 aborts the process with some versions of GEOS. Therefore
nothing here prints, transforms or repairs a geometry, and refusals never repeat what was sent.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from django.contrib.gis.geos import (
    GEOSGeometry,
    LinearRing,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)
from django.contrib.gis.geos.error import GEOSException
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, CheckConstraint, F, Func
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

from geoportal.kernel import metrics

BBox = tuple[float, float, float, float]
WGS84 = 4326
MOST_BYTES = 256_000
MOST_DEPTH = 12
MOST_VERTICES = 10_000
DECIMALS = 6
WORLD: BBox = (-180.0, -90.0, 180.0, 90.0)
# How deep the list of positions lies in `coordinates`.
_LEVELS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_EWKT = re.compile(r"\s*SRID\s*=", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d{1,4}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?", re.ASCII)

_MESSAGES = {
    "too_large": _("This shape is too large. Draw a simpler one."),
    "depth": _("This shape is nested too deeply. Draw a simpler one."),
    "not_finite": _("A coordinate is not a number. Mark the place again."),
    "crs": _("Send coordinates as WGS84 GeoJSON, without any other coordinate system."),
    "kind": _("A shape of this kind cannot be used here."),
    "vertices": _("This shape has too many points. Draw a simpler one."),
    "dimensions": _("Every position needs exactly two numbers: longitude and latitude."),
    "range": _("A coordinate lies outside the map. Longitude goes from -180 to 180, latitude from -90 to 90."),
    "outside": _("This place lies outside the area that this site covers. Choose one inside it."),
    "ring": _("The outline of an area must be closed and have at least three corners."),
    "invalid": _("This shape cannot be used: lines cross or something is missing. Draw it again."),
}


class GeometryRefused(ValidationError):
    """What came is no geometry we take. `code` says why; the message names the remedy and never the coordinates."""

    def __init__(self, code: str, message: str | None = None) -> None:
        super().__init__(_MESSAGES[code] if message is None else message, code=code)
        metrics.GEOMETRY_REFUSED.labels(code).inc()


def point(lon: float | str, lat: float | str, *, within: BBox | None = None) -> Point:
    """The WGS84 point at `lon`, `lat` (degrees; numbers or their decimal text), inside `within` when given."""
    x, y = _number(lon), _number(lat)
    _check_range(x, y)
    if within and not (within[0] <= x <= within[2] and within[1] <= y <= within[3]):
        raise GeometryRefused("range", str(_MESSAGES["outside"]))
    return Point(x, y, srid=WGS84)


def geojson(sent: str | bytes | dict[str, Any], *, kinds: frozenset[str], max_vertices: int = MOST_VERTICES) -> GEOSGeometry:
    """The geometry of a GeoJSON text or object, valid, two-dimensional and of one of `kinds`.

    `kinds` are RFC 7946 names without GeometryCollection. Raises GeometryRefused.
    """
    most = max(MOST_BYTES, max_vertices * 48 if max_vertices > MOST_VERTICES else 0)
    value = _parse(sent, most) if isinstance(sent, str | bytes) else sent
    _check_tree(value, most)
    if not isinstance(value, dict):
        raise GeometryRefused("invalid")
    if "crs" in value or "srid" in {str(name).lower() for name in value}:
        raise GeometryRefused("crs")
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in kinds or kind not in _LEVELS:
        raise GeometryRefused("kind")
    coordinates = value.get("coordinates")
    _check_count(coordinates, _LEVELS[kind], max_vertices)
    _check_rings(kind, coordinates)
    for position in _positions(coordinates, _LEVELS[kind]):
        _check_position(position)
    return _built(kind, coordinates)


def bbox(text: str) -> BBox:
    """(west, south, east, north) in degrees from "west,south,east,north"; west < east, south < north."""
    parts = text.split(",") if len(text) <= 200 else []
    if len(parts) != 4:
        raise GeometryRefused("dimensions", str(_("A box has four numbers: west,south,east,north.")))
    west, south, east, north = (_number(part) for part in parts)
    _check_range(west, south)
    _check_range(east, north)
    if west >= east or south >= north:
        raise GeometryRefused("range", str(_("In a box west lies before east and south before north.")))
    return west, south, east, north


def as_geojson(geometry: GEOSGeometry) -> dict[str, Any]:
    """A stored geometry as a GeoJSON object with six decimals (0.1 m); made of numbers alone, no GDAL."""
    return {"type": geometry.geom_type, "coordinates": _rounded(geometry.coords)}  # type: ignore[attr-defined]


def _rounded(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, float) else [_rounded(part) for part in value]


def _number(value: object) -> float:
    """A finite float of a number or of its plain decimal text; a comma may stand for the point when alone."""
    if isinstance(value, str):
        text = value.strip().replace(",", ".") if len(value) <= 40 else ""
        if not _NUMBER.fullmatch(text):
            raise GeometryRefused("not_finite")
        return float(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GeometryRefused("not_finite")
    try:
        number = float(value)
    except OverflowError:
        raise GeometryRefused("not_finite") from None
    if not math.isfinite(number):
        raise GeometryRefused("not_finite")
    return number


def _constant(_name: str) -> NoReturn:
    raise GeometryRefused("not_finite")


def _parse(sent: str | bytes, most: int) -> Any:
    """JSON, or a refusal; NaN and Infinity are none."""
    if len(sent if isinstance(sent, bytes) else sent.encode("utf-8", "surrogatepass")) > most:
        raise GeometryRefused("too_large")
    try:
        text = sent.decode() if isinstance(sent, bytes) else sent
        if _EWKT.match(text):
            raise GeometryRefused("crs")
        return json.loads(text, parse_constant=_constant)
    except RecursionError:
        raise GeometryRefused("depth") from None
    except ValueError:  # not JSON, not UTF-8, or an integer of thousands of digits
        raise GeometryRefused("invalid") from None


def _check_tree(value: Any, most: int) -> None:
    """Depth, size and numbers of everything that was sent, foreign members too; walked without recursion."""
    size = 0
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        node, depth = waiting.pop()
        size += len(node) if isinstance(node, str) else 1
        if size > most:
            raise GeometryRefused("too_large")
        if isinstance(node, float):
            if not math.isfinite(node):
                raise GeometryRefused("not_finite")
        elif isinstance(node, dict | list | tuple):
            if depth > MOST_DEPTH:
                raise GeometryRefused("depth")
            if isinstance(node, dict):
                size += sum(len(str(name)) for name in node)
                node = node.values()
            waiting.extend([(part, depth + 1) for part in node])
        elif isinstance(node, int) and not isinstance(node, bool):
            _number(node)


def _parts(value: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise GeometryRefused("dimensions")
    if not value:
        raise GeometryRefused("invalid")
    return value


def _positions(coordinates: Any, level: int) -> Iterator[Any]:
    """Every position below `coordinates`; the nesting must be exactly `level` lists."""
    if level == 0:
        yield coordinates
        return
    for part in _parts(coordinates):
        yield from _positions(part, level - 1)


def _check_count(coordinates: Any, level: int, most: int) -> None:
    for count, _position in enumerate(_positions(coordinates, level), start=1):
        if count > most:
            raise GeometryRefused("vertices")


def _check_rings(kind: str, coordinates: Any) -> None:
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(kind, [])
    for ring in (ring for rings in polygons for ring in rings):
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise GeometryRefused("ring")


def _check_position(position: Any) -> None:
    if not isinstance(position, list | tuple) or len(position) != 2:
        raise GeometryRefused("dimensions")
    if any(isinstance(number, bool) or not isinstance(number, int | float) for number in position):
        raise GeometryRefused("dimensions")
    _check_range(position[0], position[1])


def _check_range(lon: float, lat: float) -> None:
    if not (WORLD[0] <= lon <= WORLD[2] and WORLD[1] <= lat <= WORLD[3]):
        raise GeometryRefused("range")


def _polygon(rings: Any) -> Polygon:
    return Polygon(*(LinearRing([tuple(map(float, position)) for position in ring]) for ring in rings), srid=WGS84)


def _line(positions: Any) -> LineString:
    return LineString([tuple(map(float, position)) for position in positions], srid=WGS84)


def _at(position: Any) -> Point:
    return Point(float(position[0]), float(position[1]), srid=WGS84)


def _built(kind: str, coordinates: Any) -> GEOSGeometry:
    """GEOS builds it from numbers and says whether it is valid; nothing is repaired."""
    try:
        geometry: GEOSGeometry
        match kind:
            case "Point":
                geometry = _at(coordinates)
            case "LineString":
                geometry = _line(coordinates)
            case "Polygon":
                geometry = _polygon(coordinates)
            case "MultiPoint":
                geometry = MultiPoint(*map(_at, coordinates), srid=WGS84)
            case "MultiLineString":
                geometry = MultiLineString(*map(_line, coordinates), srid=WGS84)
            case _:
                geometry = MultiPolygon(*map(_polygon, coordinates), srid=WGS84)
        # `valid` would log the crossing's coordinates as a notice of GEOS; the reason is only returned.
        valid = geometry.valid_reason == "Valid Geometry"
    except (GEOSException, ValueError, TypeError):
        valid = False
    if not valid:
        raise GeometryRefused("invalid")
    return geometry


class OnTheGlobe(Func):
    """The gate's promise as a condition of the database, for CHECK constraints on columns of a concrete type.

    PostGIS refuses with it: another SRID, empty, NaN, infinite or far coordinates, and invalid shapes.
    """

    output_field = BooleanField()
    _SQL = (
        "(ST_SRID({g}) = 4326 AND NOT ST_IsEmpty({g}) AND ST_XMin({g}) >= -180 AND ST_XMax({g}) <= 180"
        " AND ST_YMin({g}) >= -90 AND ST_YMax({g}) <= 90 AND ST_IsValid({g}))"
    )

    def as_sql(self, compiler: SQLCompiler, connection: Any, **_extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The condition with the expression repeated in each of its places, and its parameters as often."""
        sql, params = compiler.compile(self.source_expressions[0])
        return self._SQL.replace("{g}", sql), [*params] * self._SQL.count("{g}")


class OnTheGlobeOrNull(OnTheGlobe):
    """The same for a column that may be empty."""

    _SQL = "({g} IS NULL OR " + OnTheGlobe._SQL + ")"


def geometry_checks(column: str, *, name: str, null: bool = False) -> list[CheckConstraint]:
    """Constraints for `Meta.constraints` of a model with a geometry column of a concrete type (never GeometryField)."""
    condition = OnTheGlobeOrNull(F(column)) if null else OnTheGlobe(F(column))
    return [CheckConstraint(condition=condition, name=name, violation_error_message=_MESSAGES["invalid"])]
