"""Writes a GeoPackage, in a process of its own: the library and what it needs never enter the site's.

stdin: {"path", "layers": [{"name", "fields": [{"name": of the column, "of": of the property, "type"}], "parts": [files of
features as lines of GeoJSON]}]}. stdout: "done" and the names of tables that could not be written.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from pyogrio.raw import write

KINDS = {"Point": 1, "LineString": 2, "Polygon": 3, "MultiPoint": 4, "MultiLineString": 5, "MultiPolygon": 6}
PARTS = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
NUMBERS = {"integer": "int64", "number": "float64", "boolean": "bool"}


def wkb(kind: str, places: Any) -> bytes:
    """Well-known binary, little-endian, of GeoJSON's coordinates in two dimensions."""
    head = struct.pack("<BI", 1, KINDS[kind])
    if kind == "Point":
        return head + struct.pack("<2d", *places[:2])
    if kind in PARTS:
        return head + struct.pack("<I", len(places)) + b"".join(wkb(PARTS[kind], part) for part in places)
    if kind == "LineString":
        return head + _line(places)
    return head + struct.pack("<I", len(places)) + b"".join(_line(ring) for ring in places)


def _line(places: Any) -> bytes:
    return struct.pack("<I", len(places)) + b"".join(struct.pack("<2d", *place[:2]) for place in places)


def column(values: list[Any], kind: str) -> tuple[Any, Any]:
    """(values, True where there is none) of one field."""
    none = np.array([value is None for value in values])
    if kind in NUMBERS:
        return np.array([0 if value is None else value for value in values], dtype=NUMBERS[kind]), none
    if kind == "date":
        return np.array(["NaT" if value is None else value for value in values], dtype="datetime64[D]"), none
    if kind == "date-time":
        return np.array(["NaT" if value is None else value[:19] for value in values], dtype="datetime64[ms]"), none
    return np.array(values, dtype=object), none


def features(path: str) -> Iterator[dict[str, Any]]:
    with Path(path).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def layer(path: str, name: str, fields: list[dict[str, str]], parts: list[str], begun: bool) -> None:
    """One table after the other into the file; `begun`: it exists."""
    for number, part in enumerate(parts):
        found = list(features(part))
        shapes = [
            feature["geometry"] and wkb(feature["geometry"]["type"], feature["geometry"]["coordinates"]) for feature in found
        ]
        columns = [column([feature["properties"][field["of"]] for feature in found], field["type"]) for field in fields]
        times = [field["name"] for field in fields if field["type"] == "date-time"]
        write(
            path, geometry=np.array(shapes, dtype=object), field_data=[values for values, _none in columns],
            fields=np.array([field["name"] for field in fields]), field_mask=[none for _values, none in columns],
            layer=name, driver="GPKG", geometry_type="Unknown", crs="EPSG:4326", append=begun or number > 0,
            gdal_tz_offsets={name: np.full(len(found), 100) for name in times},
        )  # fmt: skip


def main() -> None:
    asked = json.load(sys.stdin)
    lost = []
    for one in asked["layers"]:
        try:
            layer(asked["path"], one["name"], one["fields"], one["parts"], begun=Path(asked["path"]).exists())
        except (OSError, RuntimeError, ValueError) as failed:  # one table of a stranger's names is not worth all others
            sys.stderr.write(f"{one['name']}: {failed}\n")
            lost.append(one["name"])
    sys.stdout.write(" ".join(["done", *lost]))


if __name__ == "__main__":
    main()
