"""The ground of all maps as one file of vector tiles (PMTiles 3), small enough to be kept on a phone: `MEDIA_ROOT/ground/<edition>.pmtiles`.

Its layers: `outline`, `cells` (what settlements reach), `polygons` and `lines` of the layers of the ground (roads, rivers, buildings), `points` with
names. Zooms 8 to 14; closer up a browser draws the tiles of 14 larger. Format: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

from __future__ import annotations

import gzip
import math
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.core.cache import cache
from django.db.models import F, QuerySet

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import BBox
from geoportal.kernel.tiles import Tile, in_tile, tile_of
from layers.models import Feature
from municipality.models import Area
from municipality.site import installation

FIRST_ZOOM, LAST_ZOOM = 8, 14
NAMES_FROM = 10
MOST_TILES = 60_000
"""A country is no ground of a phone: wider outlines begin and end at coarser zooms."""


@dataclass(frozen=True)
class Made:
    """What was written: `tiles` with something in them, size in bytes, the closest zoom."""

    path: Path
    tiles: int
    size: int
    zoom: int


def path_now() -> Path:
    """Where the file of the present edition stands, or will stand."""
    return Path(settings.MEDIA_ROOT) / "ground" / f"{installation().edition}.pmtiles"


def there() -> Path:
    """The file of the present edition, made now if nobody has made it yet."""
    path = path_now()
    return path if path.exists() else make().path


def has_shapes() -> bool:
    """Whether the ground has lines or polygons of its own, which the phone's small drawing (layers.ground) lacks."""

    def read() -> bool:
        return _shapes().exclude(line=None, polygon=None).exists()

    return bool(cache.get_or_set(f"ground-shapes-{installation().edition}", read, 3600))


def _shapes() -> QuerySet[Feature]:
    return Feature.objects.filter(layer__ground=True, layer__published=True)


def make() -> Made:
    """Writes the file beside its place and moves it there whole; files of older editions go."""
    from pmtiles.tile import Compression, TileType, zxy_to_tileid
    from pmtiles.writer import Writer

    path, box = path_now(), _box()
    path.parent.mkdir(parents=True, exist_ok=True)
    last = _last_zoom(box)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    count = 0
    with os.fdopen(handle, "wb") as file:
        writer = Writer(file)
        numbered = sorted((zxy_to_tileid(tile.z, tile.x, tile.y), tile) for tile in _tiles(box, last))
        for number, tile in numbered:
            if content := _content(tile):
                writer.write_tile(number, gzip.compress(content, 9, mtime=0))
                count += 1
        west, south, east, north = (round(side * 1e7) for side in box)
        header = {
            "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_zoom": FIRST_ZOOM, "max_zoom": last,
            "min_lon_e7": west, "min_lat_e7": south, "max_lon_e7": east, "max_lat_e7": north, "center_zoom": 12,
            "center_lon_e7": (west + east) // 2, "center_lat_e7": (south + north) // 2,
        }  # fmt: skip
        writer.finalize(header, {"name": text_in(installation().name), "format": "pbf"})
        file.flush()
        os.fsync(file.fileno())
    os.chmod(name, 0o644)
    os.replace(name, path)
    for old in path.parent.glob("*.pmtiles"):
        if old != path:
            old.unlink(missing_ok=True)
    return Made(path, count, path.stat().st_size, last)


def _box() -> BBox:
    """Of the whole; the world where no outline is loaded."""
    found: BBox | None = Area.objects.filter(parent=None).aggregate(box=Extent("polygon"))["box"]
    return found or (-180.0, -85.0, 180.0, 85.0)


def _last_zoom(box: BBox) -> int:
    zoom = LAST_ZOOM
    while zoom > FIRST_ZOOM and sum(1 for _tile in _of_zoom(box, zoom)) > MOST_TILES:
        zoom -= 1
    return zoom


def _tiles(box: BBox, last: int) -> Any:
    for zoom in range(FIRST_ZOOM, last + 1):
        yield from _of_zoom(box, zoom)


def _of_zoom(box: BBox, zoom: int) -> Any:
    west, south, east, north = box
    side = 2**zoom

    def column(lon: float) -> int:
        return min(side - 1, max(0, math.floor((lon + 180) / 360 * side)))

    def row(lat: float) -> int:
        inside = max(-85.05, min(85.05, lat))
        return min(side - 1, max(0, math.floor((1 - math.asinh(math.tan(math.radians(inside))) / math.pi) / 2 * side)))

    for x in range(column(west), column(east) + 1):
        for y in range(row(north), row(south) + 1):
            yield Tile(zoom, x, y)


def _content(tile: Tile) -> bytes:
    """The layers of one tile; layers of a tile may simply follow each other."""
    outline = Area.objects.filter(parent=None, polygon__isnull=False)
    cells = Area.objects.filter(kind=Area.Kind.SETTLEMENT, polygon__isnull=False)
    parts = [
        _layer(outline, "polygon", tile, "outline"),
        _layer(cells, "polygon", tile, "cells", slug=F("slug")),
        _layer(_shapes().filter(polygon__isnull=False), "polygon", tile, "polygons", kind=F("layer__slug")),
        _layer(_shapes().filter(line__isnull=False), "line", tile, "lines", kind=F("layer__slug")),
    ]
    if tile.z >= NAMES_FROM:
        named = F(f"name__{settings.LANGUAGE_CODE}")
        towns = Area.objects.filter(kind=Area.Kind.SETTLEMENT, point__isnull=False)
        parts.append(_layer(towns, "point", tile, "towns", name=named, people=F("population")))
        parts.append(_layer(_shapes().filter(point__isnull=False), "point", tile, "points", name=named, kind=F("layer__slug")))
    return b"".join(parts)


def _layer(rows: QuerySet[Any], column: str, tile: Tile, layer: str, **attributes: Any) -> bytes:
    found = in_tile(rows.order_by(), column, tile).annotate(**{f"a_{key}": value for key, value in attributes.items()})
    return tile_of(found.values("id", "geom", *(f"a_{key}" for key in attributes)), layer)
