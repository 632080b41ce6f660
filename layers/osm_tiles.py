"""The base map from an extract of OpenStreetMap as one file of vector tiles (PMTiles 3): `MEDIA_ROOT/basemap/<hash of its content>.pmtiles`.

What is drawn stands in a table of the transaction while the extract is taken in; the file alone remains of it. Layers: `land` and `water`
(polygons), `waterways`, `roads` (with railways), `boundaries`, `buildings`, `places`; each thing has `kind` and names `name_<language>`.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from geoportal.kernel.postgis import BBox
from geoportal.kernel.tiles import EXTENT, MERCATOR, SIDE_METRES, SIMPLER
from layers.ground_file import ranges

FIRST_ZOOM, LAST_ZOOM = 8, 16
MOST_TILES = 40_000
"""Of the closest zoom; a wider extract ends at a coarser one, which browsers draw larger."""
LEAST = {"land": 48, "water": 24, "waterways": 8, "boundaries": 8, "roads": 8, "buildings": 16, "places": 0}
"""{layer: units of a tile, a sixteenth of a pixel each}: what is smaller in both directions is not drawn at that zoom; at LAST_ZOOM all is."""

NAMED = ("water", "waterways", "roads", "places")
BORDER = 64
"""Units around a tile that it holds too."""

TABLE = "CREATE TEMP TABLE osm_read (layer text, kind text, first smallint, name jsonb, shape geometry(Geometry, 4326)) ON COMMIT DROP"
COPY = "COPY osm_read (layer, kind, first, name, shape) FROM STDIN"
READY = (
    f"""CREATE TEMP TABLE osm_drawn ON COMMIT DROP AS SELECT layer, kind, first, name,
      ST_Transform(CASE WHEN layer = 'boundaries' THEN ST_Boundary(shape) ELSE shape END, {MERCATOR}) AS shape
    FROM osm_read WHERE ST_YMax(shape) < 85 AND ST_YMin(shape) > -85""",  # noqa: S608  a number of our own
    "DROP TABLE osm_read",
    "ANALYZE osm_drawn",
)
FRAME = """SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (
  SELECT ST_Transform(ST_SetSRID(ST_Extent(shape)::geometry, 3857), 4326) AS e FROM osm_drawn
  WHERE layer IN ('roads', 'buildings') OR NOT EXISTS (SELECT FROM osm_drawn WHERE layer IN ('roads', 'buildings'))) f"""


@dataclass(frozen=True)
class BaseMapFile:
    """What was written: `name` of the file, `tiles` with something in them, size in bytes, the closest zoom."""

    name: str
    tiles: int
    size: int
    zoom: int


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "basemap"


def there(name: str) -> Path | None:
    """The file of that name; None where it is not."""
    path = folder() / f"{name}.pmtiles"
    return path if name and path.is_file() else None


def write(cursor: Any, box: BBox | None, tell: Callable[[int, int], None]) -> BaseMapFile | None:
    """Writes what `osm_read` holds inside `box` beside its place and moves it there whole. None where there is nothing to draw.

    `tell` hears after each zoom: it, and how many tiles there are so far.
    """
    for statement in READY:
        cursor.execute(statement)
    if (frame := _frame(cursor, box)) is None:
        return None
    last = next(zoom for zoom in range(LAST_ZOOM, -1, -1) if zoom == 0 or _count(frame, zoom) <= MOST_TILES)
    folder().mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=folder(), suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            count = _written(file, cursor, frame, min(FIRST_ZOOM, last), last, tell)
            file.flush()
            os.fsync(file.fileno())
        if not count:
            return None
        os.chmod(part, 0o644)
        with open(part, "rb") as file:
            name = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        path = folder() / f"{name}.pmtiles"
        os.replace(part, path)
        return BaseMapFile(name, count, path.stat().st_size, last)
    finally:
        Path(part).unlink(missing_ok=True)


def remove(keep: set[str]) -> None:
    """Every file but those of these names goes."""
    for old in folder().glob("*.pmtiles"):
        if old.stem not in keep:
            remove_one(old.stem)


def remove_one(name: str) -> None:
    (folder() / f"{name}.pmtiles").unlink(missing_ok=True)


def _frame(cursor: Any, box: BBox | None) -> BBox | None:
    """The part of `box` in which something lies."""
    cursor.execute(FRAME)
    found = cursor.fetchone()
    if found[0] is None:
        return None
    west, south, east, north = box or found
    frame = max(west, found[0]), max(south, found[1]), min(east, found[2]), min(north, found[3])
    return frame if frame[0] <= frame[2] and frame[1] <= frame[3] else None


def _count(box: BBox, zoom: int) -> int:
    columns, rows = ranges(box, zoom)
    return len(columns) * len(rows)


def _written(file: Any, cursor: Any, frame: BBox, first: int, last: int, tell: Callable[[int, int], None]) -> int:
    """How many tiles the whole has."""
    from pmtiles.tile import Compression, TileType, zxy_to_tileid
    from pmtiles.writer import Writer

    writer, count = Writer(file), 0
    for zoom in range(first, last + 1):
        tiles = _of_zoom(cursor, frame, zoom)
        for number, content in sorted((zxy_to_tileid(zoom, x, y), content) for (x, y), content in tiles.items()):
            writer.write_tile(number, content)
        count += len(tiles)
        tell(zoom, count)
    west, south, east, north = (round(side * 1e7) for side in frame)
    header = {
        "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_zoom": first, "max_zoom": last,
        "min_lon_e7": west, "min_lat_e7": south, "max_lon_e7": east, "max_lat_e7": north, "center_zoom": min(13, last),
        "center_lon_e7": (west + east) // 2, "center_lat_e7": (south + north) // 2,
    }  # fmt: skip
    if count:
        writer.finalize(header, {"attribution": "© OpenStreetMap contributors", "format": "pbf"})
    return count


def _of_zoom(cursor: Any, frame: BBox, zoom: int) -> dict[tuple[int, int], bytes]:
    """{(column, row): packed content}; layers of a tile simply follow each other."""
    parts: defaultdict[tuple[int, int], list[bytes]] = defaultdict(list)
    for layer in LEAST:
        for x, y, content in _of_layer(cursor, frame, zoom, layer):
            parts[x, y].append(bytes(content))
    return {at: gzip.compress(b"".join(found), 6, mtime=0) for at, found in parts.items()}


def _of_layer(cursor: Any, frame: BBox, zoom: int, layer: str) -> list[tuple[int, int, bytes]]:
    """(column, row, content) of each tile of the frame with something of the layer: each thing is made plain once, then cut by tile."""
    columns, rows = ranges(frame, zoom)
    side = SIDE_METRES / 2**zoom
    unit = side / EXTENT
    least = 0 if zoom == LAST_ZOOM else LEAST[layer] * unit
    names = ("".join(f", p.name->>'{code}' AS name_{code}" for code, _name in settings.LANGUAGES)) if layer in NAMED else ""

    def cells(edge: str, of: range, border: int) -> str:
        """The column (or row) of a side of the shape, with the border that a tile has, within those of the frame."""
        place = f"({edge} + {SIDE_METRES / 2 + border * unit}) / {side}"
        return f"least(greatest(floor({place})::integer, {of.start - 1}), {of.stop})"

    cursor.execute(
        f"""WITH plain AS MATERIALIZED (
          SELECT kind, name, ST_Simplify(shape, {SIMPLER * unit}, true) AS shape FROM osm_drawn
          WHERE layer = %(layer)s AND first <= %(zoom)s
            AND greatest(ST_XMax(shape) - ST_XMin(shape), ST_YMax(shape) - ST_YMin(shape)) >= {least}),
        placed AS (
          SELECT kind, name, x, y, ST_AsMVTGeom(shape, ST_TileEnvelope({zoom}, x, y), {EXTENT}, {BORDER}, true) AS geom
          FROM plain,
            generate_series(greatest({cells("ST_XMin(shape)", columns, -BORDER)}, {columns.start}),
              least({cells("ST_XMax(shape)", columns, BORDER)}, {columns.stop - 1})) x,
            generate_series(greatest({cells("-ST_YMax(shape)", rows, -BORDER)}, {rows.start}),
              least({cells("-ST_YMin(shape)", rows, BORDER)}, {rows.stop - 1})) y)
        SELECT x, y, ST_AsMVT(r.*, %(layer)s, {EXTENT}, 'geom')
        FROM placed p, LATERAL (SELECT p.geom, p.kind{names}) r WHERE p.geom IS NOT NULL GROUP BY x, y""",  # noqa: S608  numbers and words of our own
        {"layer": layer, "zoom": zoom},
    )
    found: list[tuple[int, int, bytes]] = cursor.fetchall()
    return found
