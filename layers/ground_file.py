"""The ground of all maps as one file of vector tiles (PMTiles 3), small enough to be kept on a phone: `MEDIA_ROOT/ground/<edition>.pmtiles`.

Its layers: `outline`, `cells` (what settlements reach), `polygons` and `lines` of the layers of the ground (roads, rivers, buildings), `points` with
names. Zooms 8 to 14; closer up a browser draws the tiles of 14 larger. Format: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

from __future__ import annotations

import gzip
import math
import os
import tempfile
from collections.abc import Iterator
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
MOST_TILES = 20_000
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


def there() -> Path | None:
    """The file of the present edition; None while nobody has made it: a request never makes it."""
    path = path_now()
    return path if path.exists() else None


def is_due() -> bool:
    """Whether the ground has shapes and no file of the present edition yet."""
    return has_shapes() and there() is None


def has_shapes() -> bool:
    """Whether the ground has lines or polygons of its own, which the phone's small drawing (layers.ground) lacks."""

    def read() -> bool:
        return _shapes().exclude(line=None, polygon=None).exists()

    return bool(cache.get_or_set(f"ground-shapes-{installation().edition}", read, 3600))


def _shapes() -> QuerySet[Feature]:
    return Feature.objects.filter(layer__ground=True, layer__published=True)


def make() -> Made | None:
    """Writes the file beside its place and moves it there whole; files of older editions go. None without an outline."""
    from pmtiles.tile import Compression, TileType, zxy_to_tileid
    from pmtiles.writer import Writer

    path, box = path_now(), _box()
    if box is None:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    first, last = _zooms(box)
    layers = _layers()
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    count = 0
    with os.fdopen(handle, "wb") as file:
        writer = Writer(file)
        numbered = sorted(
            (zxy_to_tileid(tile.z, tile.x, tile.y), tile) for zoom in range(first, last + 1) for tile in _of_zoom(box, zoom)
        )
        for number, tile in numbered:
            if content := _content(tile, layers):
                writer.write_tile(number, gzip.compress(content, 9, mtime=0))
                count += 1
        west, south, east, north = (round(side * 1e7) for side in box)
        header = {
            "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_zoom": first, "max_zoom": last,
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


def _box() -> BBox | None:
    """Of the whole; None where no outline is loaded."""
    found: BBox | None = Area.objects.filter(parent=None).aggregate(box=Extent("polygon"))["box"]
    return found


def _zooms(box: BBox) -> tuple[int, int]:
    """First and last: as near as MOST_TILES allow, and coarser than FIRST_ZOOM only for what is wider than a country."""
    last = LAST_ZOOM
    while last and _count(box, last) > MOST_TILES:
        last -= 1
    return min(FIRST_ZOOM, last), last


def _count(box: BBox, zoom: int) -> int:
    columns, rows = ranges(box, zoom)
    return len(columns) * len(rows)


def ranges(box: BBox, zoom: int) -> tuple[range, range]:
    """Columns and rows of the tiles that the box touches."""
    west, south, east, north = box
    side = 2**zoom

    def column(lon: float) -> int:
        return min(side - 1, max(0, math.floor((lon + 180) / 360 * side)))

    def row(lat: float) -> int:
        inside = max(-85.05, min(85.05, lat))
        return min(side - 1, max(0, math.floor((1 - math.asinh(math.tan(math.radians(inside))) / math.pi) / 2 * side)))

    return range(column(west), column(east) + 1), range(row(north), row(south) + 1)


def _of_zoom(box: BBox, zoom: int) -> Iterator[Tile]:
    columns, rows = ranges(box, zoom)
    return (Tile(zoom, x, y) for x in columns for y in rows)


Layers = list[tuple[str, QuerySet[Any], str, dict[str, Any], int]]


def _layers() -> Layers:
    """(name, rows, their column, attributes, first zoom) of those that have any row."""
    named = F(f"name__{settings.LANGUAGE_CODE}")
    kind = {"kind": F("layer__slug")}
    found: Layers = [
        ("outline", Area.objects.filter(parent=None, polygon__isnull=False), "polygon", {}, 0),
        ("cells", Area.objects.filter(kind=Area.Kind.SETTLEMENT, polygon__isnull=False), "polygon", {"slug": F("slug")}, 0),
        ("polygons", _shapes().filter(polygon__isnull=False), "polygon", kind, 0),
        ("lines", _shapes().filter(line__isnull=False), "line", kind, 0),
        (
            "towns",
            Area.objects.filter(kind=Area.Kind.SETTLEMENT, point__isnull=False),
            "point",
            {"name": named, "people": F("population")},
            NAMES_FROM,
        ),
        ("points", _shapes().filter(point__isnull=False), "point", {"name": named, **kind}, NAMES_FROM),
    ]
    return [layer for layer in found if layer[1].exists()]


def _content(tile: Tile, layers: Layers) -> bytes:
    """The layers of one tile; layers of a tile may simply follow each other."""
    return b"".join(
        _layer(rows, column, tile, name, attributes) for name, rows, column, attributes, first in layers if tile.z >= first
    )


def _layer(rows: QuerySet[Any], column: str, tile: Tile, layer: str, attributes: dict[str, Any]) -> bytes:
    found = in_tile(rows.order_by(), column, tile).annotate(**{f"a_{key}": value for key, value in attributes.items()})
    return tile_of(found.values("id", "geom", *(f"a_{key}" for key in attributes)), layer)
