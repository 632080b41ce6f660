"""The geometry gate for files of many shapes: each comes as hex of WKB in WGS84 from a bounded process of ours and goes to
PostGIS as it is, where `geometry_checks` say the rest (validity). No GEOS or GDAL object is made of it.

What is looked at here, in the gate's order: size, kind, count, and that every number is finite and on the globe.
"""

from __future__ import annotations

import struct
import sys
from array import array

from geoportal.kernel.geometry import GeometryRefused

MOST_VERTICES = 100_000
MOST_HEX = MOST_VERTICES * 32 + 1_000_000
_POINT, _LINE, _POLYGON = 1, 2, 3
_COLUMNS = {"point": _POINT, "line": 5, "polygon": 6}
SRID = "E6100000"
"""4326 as EWKB writes it."""
_FLAG = {"01000000": "01000020", "05000000": "05000020", "06000000": "06000020"}


def ewkb(kind: str, text: str) -> str:
    """`text` (little-endian WKB of a Point, MultiLineString or MultiPolygon for `kind` point, line or polygon) as EWKB with its
    SRID, for COPY. Raises GeometryRefused.
    """
    if len(text) > MOST_HEX:
        raise GeometryRefused("too_large")
    try:
        data = bytes.fromhex(text)
        end, corners = _whole(data, 0, _COLUMNS[kind])
    except (ValueError, KeyError, struct.error):
        raise GeometryRefused("invalid") from None
    if corners > MOST_VERTICES:
        raise GeometryRefused("vertices")
    if end != len(data):
        raise GeometryRefused("invalid")
    return f"01{_FLAG[text[2:10]]}{SRID}{text[10:]}"


def _whole(data: bytes, at: int, kind: int) -> tuple[int, int]:
    """Where the shape of that kind which begins `at` ends, and its corners; ValueError where it is another."""
    order, found = struct.unpack_from("<BI", data, at)
    if order != 1 or found != kind:
        raise ValueError
    at += 5
    if kind == _POINT:
        _on_the_globe(data[at : at + 16], 1)
        return at + 16, 1
    (count,) = struct.unpack_from("<I", data, at)
    at, corners = at + 4, 0
    if not count:
        raise ValueError
    if kind == _LINE:
        _on_the_globe(data[at : at + 16 * count], count)
        return at + 16 * count, count
    for _part in range(count):
        if kind == _POLYGON:
            (positions,) = struct.unpack_from("<I", data, at)
            _on_the_globe(data[at + 4 : at + 4 + 16 * positions], positions)
            at, more = at + 4 + 16 * positions, positions
        else:
            at, more = _whole(data, at, kind - 3)
        corners += more
        if corners > MOST_VERTICES:
            raise GeometryRefused("vertices")
    return at, corners


def _on_the_globe(data: bytes, count: int) -> None:
    """ValueError unless these are `count` positions, each of finite numbers in range."""
    if not count or len(data) != 16 * count:
        raise ValueError
    numbers = array("d", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    x, y = numbers[0::2], numbers[1::2]
    # A comparison with NaN is never true: sums tell of one wherever it stands.
    if not (sum(numbers) < float("inf")) or not (min(x) >= -180 and max(x) <= 180 and min(y) >= -90 and max(y) <= 90):
        raise GeometryRefused("range")
