"""Geometries that no entrance may take: HOSTILE is [(name, text or object)], for the gate and for everything behind it.

The first nine stopped or confused a worker somewhere: a projection that never ends, a process aborted by printing a
coordinate, an empty point made of NaN, a coordinate system fetched over the network.
"""

from __future__ import annotations

import json
import math
import struct
from typing import Any


def _point(*numbers: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(numbers)}


def _polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def _nested(levels: int) -> str:
    return '{"type":"Point","coordinates":' + "[" * levels + "23,42" + "]" * levels + "}"


def _collections(levels: int) -> str:
    opening = '{"type":"GeometryCollection","geometries":['
    return opening * levels + '{"type":"Point","coordinates":[23,42]}' + "]}" * levels


def _circle(vertices: int) -> list[list[float]]:
    around = [2 * math.pi * step / vertices for step in range(vertices)]
    ring = [[23 + 0.1 * math.cos(angle), 42 + 0.1 * math.sin(angle)] for angle in around]
    return [*ring, ring[0]]


SQUARE = [[23.0, 42.0], [23.1, 42.0], [23.1, 42.1], [23.0, 42.1], [23.0, 42.0]]
BOW_TIE = [[23.0, 42.0], [23.1, 42.1], [23.1, 42.0], [23.0, 42.1], [23.0, 42.0]]
_WKB = struct.pack("<BIdd", 1, 1, 1e300, 2.0).hex()
_EWKB = struct.pack("<BIIdd", 1, 0x20000001, 3857, 1e300, 2.0).hex()

HOSTILE: list[tuple[str, str | dict[str, Any]]] = [
    ("far point", '{"type":"Point","coordinates":[1e300,2]}'),
    ("far point as an object", _point(1e300, 2)),
    ("coordinate of 1e140", '{"type":"Point","coordinates":[23,1e140]}'),
    ("NaN", '{"type":"Point","coordinates":[NaN,42]}'),
    ("Infinity", '{"type":"Point","coordinates":[23,Infinity]}'),
    ("1e400", '{"type":"Point","coordinates":[1e400,42]}'),
    ("EWKT of another system", "SRID=3857;POINT(1e300 2)"),
    (
        "coordinate system as a link",
        _point(23, 42) | {"crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs"}}},
    ),
    ("hexadecimal EWKB", _EWKB),
    ("minus Infinity", '{"type":"Point","coordinates":[-Infinity,42]}'),
    ("NaN as an object", _point(math.nan, 42)),
    ("Infinity as an object", _point(23, math.inf)),
    ("-1e400", '{"type":"Point","coordinates":[23,-1e400]}'),
    ("integer of 400 digits", '{"type":"Point","coordinates":[' + "9" * 400 + ",42]}"),
    ("integer of 5000 digits", '{"type":"Point","coordinates":[' + "9" * 5000 + ",42]}"),
    ("integer of 400 digits as an object", _point(10**400, 42)),
    ("EWKT with spaces", "  srid = 4326 ; POINT(23 42)"),
    ("WKT", "POINT(23 42)"),
    ("empty WKT", "POINT EMPTY"),
    ("WKT collection", "GEOMETRYCOLLECTION(" * 20 + "POINT(23 42)" + ")" * 20),
    ("hexadecimal WKB", _WKB),
    ("GML", "<gml:Point srsName='http://127.0.0.1:9/'><gml:pos>23 42</gml:pos></gml:Point>"),
    ("KML with an entity", '<!DOCTYPE k [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml>&a;</kml>'),
    ("coordinate system by name", _point(23, 42) | {"crs": {"type": "name", "properties": {"name": "EPSG:7801"}}}),
    ("coordinate system by address", _point(23, 42) | {"crs": {"type": "name", "properties": {"name": "http://127.0.0.1:9/"}}}),
    ("coordinate system that is null", _point(23, 42) | {"crs": None}),
    ("SRID beside the coordinates", _point(23, 42) | {"srid": 3857}),
    ("longitude 181", _point(181, 42)),
    ("longitude -180.0000001", _point(-180.0000001, 42)),
    ("latitude 91", _point(23, 91)),
    ("latitude -90.5", _point(23, -90.5)),
    ("metres of Web Mercator", _point(2_560_000, 5_200_000)),
    ("three dimensions", _point(23, 42, 500)),
    ("four dimensions", _point(23, 42, 500, 1)),
    ("one dimension", _point(23)),
    ("no coordinates", _point()),
    ("coordinates missing", {"type": "Point"}),
    ("coordinates null", {"type": "Point", "coordinates": None}),
    ("a coordinate null", _point(None, 42)),
    ("numbers as text", _point("23", "42")),
    ("booleans", _point(True, False)),
    ("coordinates as text", {"type": "Point", "coordinates": "23,42"}),
    ("coordinates as an object", {"type": "Point", "coordinates": {"lon": 23, "lat": 42}}),
    ("a list in a coordinate", _point([23], 42)),
    ("type missing", {"coordinates": [23, 42]}),
    ("type unknown", {"type": "Circle", "coordinates": [23, 42], "radius": 1e300}),
    ("type in small letters", {"type": "point", "coordinates": [23, 42]}),
    ("type as a list", {"type": ["Point"], "coordinates": [23, 42]}),
    ("type null", {"type": None, "coordinates": [23, 42]}),
    ("feature", {"type": "Feature", "properties": {}, "geometry": _point(23, 42)}),
    ("features", {"type": "FeatureCollection", "features": []}),
    ("collection", {"type": "GeometryCollection", "geometries": [_point(23, 42)]}),
    ("collection with Infinity", '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[Infinity,2]}]}'),
    ("collection of nothing", {"type": "GeometryCollection", "geometries": []}),
    ("11 collections in each other", _collections(11)),
    ("2000 collections in each other", _collections(2_000)),
    ("12 lists in each other", _nested(12)),
    ("1000 lists in each other", _nested(1_000)),
    ("100000 lists in each other", _nested(100_000)),
    ("lists never closed", "[" * 200_000),
    ("objects never closed", '{"a":' * 50_000),
    ("bow tie", _polygon(BOW_TIE)),
    ("ring not closed", _polygon(SQUARE[:-1])),
    ("ring of three", _polygon([SQUARE[0], SQUARE[1], SQUARE[0]])),
    ("ring of one place", _polygon([[23, 42]] * 5)),
    ("ring without width", _polygon([[23, 42], [23.1, 42.1], [23, 42], [23, 42]])),
    ("empty ring", _polygon([])),
    ("no ring", _polygon()),
    ("hole outside", _polygon(SQUARE, [[25, 42], [25.1, 42], [25.1, 42.1], [25, 42]])),
    ("hole as large as the outline", _polygon(SQUARE, SQUARE)),
    ("ring with a text", _polygon([*SQUARE[:2], "23,42", *SQUARE[2:]])),
    ("ring with a far corner", _polygon([SQUARE[0], [1e300, 42], SQUARE[2], SQUARE[0]])),
    ("20000 corners", _polygon(_circle(20_000))),
    ("corners beyond 256 kB", json.dumps(_polygon(_circle(40_000)))),
    ("line of one place", {"type": "LineString", "coordinates": [[23, 42]]}),
    ("line of one place twice", {"type": "LineString", "coordinates": [[23, 42], [23, 42]]}),
    ("line of nothing", {"type": "LineString", "coordinates": []}),
    ("line with NaN", '{"type":"LineString","coordinates":[[23,42],[NaN,42]]}'),
    ("no points", {"type": "MultiPoint", "coordinates": []}),
    ("areas that overlap", {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}),
    ("far number in another member", _point(23, 42) | {"bbox": [1e400, 0, 0, 0]}),
    ("a member of 300 kB", _point(23, 42) | {"properties": {"name": "x" * 300_000}}),
    ("NUL in the text", '{"type":"Point",\x00"coordinates":[23,42]}'),
    ("NUL in the type", {"type": "Point\x00", "coordinates": [23, 42]}),
    ("line break for a log", '{"type":"Point\\n2026-01-01 CRITICAL","coordinates":[23,42]}'),
    ("half a surrogate", '{"type":"Point\\ud800","coordinates":[23,42]}'),
    ("byte order mark", '\ufeff{"type":"Point","coordinates":[23,42]}'),
    ("Arabic digits", '{"type":"Point","coordinates":[٢٣,٤٢]}'),
    ("trailing comma", '{"type":"Point","coordinates":[23,42],}'),
    ("two values", '{"type":"Point","coordinates":[23,42]}{"type":"Point","coordinates":[23,42]}'),
    ("a number", "23"),
    ("a list", "[23,42]"),
    ("true", "true"),
    ("JSON null", "null"),
    ("a text", '"POINT(23 42)"'),
    ("script", "<script>alert(1)</script>"),
    ("SQL", "'); DROP TABLE reports_report; --"),
]
