"""The process that reads an extract of OpenStreetMap: bounded, without network, Django, database or settings.

Started by `layers.osm` alone, with {"path", "folder": where it may write, "box": west, south, east, north or null, "languages",
"memory", "seconds", "most": things} as its one argument. On stdout come lines of JSON: {"refused": code, "about": word}, or for each
thing {"t": street, square, landmark, place or house, "i": its key „n123“, "n": {language or "": name}, "g": hex of a little-endian
WKB Point or MultiLineString in WGS84, "h": house number, "s": its street}, for each thing that a base map draws (`layers.osm_drawn`)
{"d": layer, "k": kind, "z": first zoom, "n": names as above or {}, "g": hex of a WKB Point, MultiLineString or MultiPolygon}
and at last {"end": true}.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # isolated from every path of ours
    sys.path.append(str(Path(__file__).resolve().parent.parent))

from layers.import_child import bounded
from layers.import_open import Refused
from layers.osm_drawn import ATTRIBUTES, WANTED, drawn

MOST_UNPACKED = 4 * 1024**3
"""Bytes of an extract after unpacking, and of what the driver keeps beside it while it reads."""
PIECE = 4 * 1024 * 1024
LONGEST = 160
KINDS = ("amenity", "shop", "tourism", "historic", "leisure", "office", "public_transport", "railway", "healthcare", "craft")
"""Tags that make a named thing a landmark."""
NO_STREETS = frozenset(
    {"path", "platform", "proposed", "construction", "corridor", "raceway", "via_ferrata", "bus_stop", "abandoned", "razed"}
)
QUARTERS = frozenset({"suburb", "quarter", "neighbourhood", "hamlet", "isolated_dwelling", "locality", "borough", "city_block"})
SETTLEMENTS = frozenset({"city", "town", "village"})
NO_RAILWAYS = frozenset({"rail", "abandoned", "disused", "razed", "proposed", "construction", "switch", "signal"})
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DTD = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
CONFIGURATION = """
closed_ways_are_polygons=aeroway,amenity,boundary,building,craft,geological,historic,landuse,leisure,military,natural,office,place,shop,sport,tourism,public_transport,healthcare,area:highway
attribute_name_laundering=yes
report_all_nodes=no
report_all_ways=no
"""
PART = """
[{part}]
osm_id=yes
osm_version=no
osm_timestamp=no
osm_uid=no
osm_user=no
osm_changeset=no
other_tags=no
attributes={attributes}
"""


def unpacked(path: Path, folder: Path) -> Path:
    """The extract under a name that the driver knows: `.pbf` or `.osm`, unpacked. Raises Refused."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("empty")
    if head.startswith(b"\x1f\x8b"):
        plain = folder / "unpacked"
        _unpack(path, plain)
        with plain.open("rb") as file:
            head = file.read(4096)
        if not head:
            raise Refused("empty")
        path = plain
    if b"OSMHeader" in head[:64]:
        ending = "pbf"
    elif b"<osm" in head:
        _check_words(path)
        ending = "osm"
    else:
        raise Refused("extract")
    found = folder / f"extract.{ending}"
    found.symlink_to(path)
    return found


def _unpack(path: Path, plain: Path) -> None:
    written = 0
    try:
        with gzip.open(path) as file, plain.open("wb") as out:
            while piece := file.read(PIECE):
                written += len(piece)
                if written > MOST_UNPACKED:
                    raise Refused("bomb")
                out.write(piece)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise Refused("broken") from None


def _check_words(path: Path) -> None:
    """XML that defines words of its own (bombs, files of the server) is refused before anything reads it."""
    with path.open("rb") as file:
        before = b""
        while piece := file.read(PIECE):
            if _DTD.search(before + piece):
                raise Refused("dtd")
            before = piece[-40:]


def configured(folder: Path, languages: list[str]) -> None:
    """Which tags the driver hands out, before it is loaded."""
    names = ["name", "int_name", *(f"name:{language}" for language in languages)]
    attributes = ",".join([*names, "addr:housenumber", "addr:street", "highway", "place", *ATTRIBUTES, *KINDS])
    parts = "".join(PART.format(part=part, attributes=attributes) for part in ("points", "lines", "multipolygons"))
    own = folder / "osmconf.ini"
    own.write_text(CONFIGURATION + parts, "utf-8")
    os.environ.update({"OSM_CONFIG_FILE": str(own), "CPL_TMPDIR": str(folder)})


def rows(extract: Path, part: str, order: dict[str, Any], quick: bool = True) -> tuple[dict[str, Any], Any, int]:
    """({field: values}, WKB of each, how many) of one part of the extract that has a house number, a name or is drawn. Raises Refused."""
    import pyogrio

    # The quick index wants nodes by their numbers; what is exported by hand often has them otherwise.
    pyogrio.set_gdal_config_options({"OSM_USE_CUSTOM_INDEXING": quick})
    where = WANTED[part] if part == "lines" else f"name IS NOT NULL OR addr_housenumber IS NOT NULL OR {WANTED[part]}"
    try:
        meta, _ids, raw, values = pyogrio.raw.read(
            extract, layer=part, where=where, bbox=tuple(order["box"]) if order["box"] else None, max_features=order["most"] + 1
        )
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        ValueError,
        RuntimeError,
    ) as wrong:
        if quick and "OSM_USE_CUSTOM_INDEXING" in str(wrong):
            return rows(extract, part, order, quick=False)
        raise Refused("broken") from None
    if len(raw) > order["most"]:
        raise Refused("rows")
    return dict(zip((str(name) for name in meta["fields"]), values, strict=True)), raw, len(raw)


def told(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every thing, then the end. Raises Refused."""
    folder = Path(order["folder"])
    extract = unpacked(Path(order["path"]), folder)
    configured(folder, order["languages"])
    from layers.import_shapes import only

    only("OSM")
    for part, kind in (("lines", "w"), ("points", "n"), ("multipolygons", "r")):
        columns, raw, count = rows(extract, part, order)
        plain, wide = _shapes(raw, part)
        for at in range(count):
            tags = {name: column[at] for name, column in columns.items() if column[at]}
            if (seen := drawn(tags, part)) and wide[at]:
                layer, look, first = seen
                yield {"d": layer, "k": look, "z": first, "n": _names(tags), "g": wide[at]}
            thing = what(tags, part)
            if thing and plain[at]:
                key = f"w{tags['osm_way_id']}" if tags.get("osm_way_id") else f"{kind}{tags.get('osm_id', at)}"
                for each in thing:
                    yield {**each, "i": key, "g": plain[at]}
        del columns, raw, plain, wide
    yield {"end": True}


def _shapes(raw: Any, part: str) -> tuple[list[str], list[str]]:
    """Hex of lines as MultiLineString, of everything else as a point on it, and of areas as MultiPolygon; empty for what has no shape."""
    import shapely

    found = shapely.force_2d(shapely.from_wkb(raw, on_invalid="ignore"))
    if part == "lines" and len(found):
        found = shapely.multilinestrings([[line] if line is not None and len(line.coords) > 1 else [] for line in found])
    if part != "multipolygons":
        plain = _hex(found)
        return plain, plain
    return _hex(shapely.point_on_surface(found)), _hex(found)


def _hex(found: Any) -> list[str]:
    import shapely

    bare = shapely.is_missing(found) | shapely.is_empty(found)
    written = shapely.to_wkb(found, hex=True, byte_order=1)
    return ["" if nothing else text for nothing, text in zip(bare, written, strict=True)]


def _names(tags: dict[str, Any]) -> dict[str, str]:
    """{language: name}, the one without a language by ""; empty for what has none."""
    if not (name := _text(tags.get("name"))):
        return {}
    names = {"": name, **{key[5:]: _text(value) for key, value in tags.items() if key.startswith("name_")}}
    if tags.get("int_name"):
        names.setdefault("en", _text(tags["int_name"]))
    return names


def what(tags: dict[str, Any], part: str) -> list[dict[str, Any]]:
    """What a thing with those tags is in a gazetteer; a named building with a number is two."""
    found: list[dict[str, Any]] = []
    number, street = _text(tags.get("addr_housenumber")), _text(tags.get("addr_street"))
    if number and street and part != "lines":
        found.append({"t": "house", "h": number, "s": street})
    if not (names := _names(tags)):
        return found
    if kind := _kind(tags, part):
        found.append({"t": kind, "n": names, "p": tags.get("place", "")})
    return found


def _kind(tags: dict[str, Any], part: str) -> str:
    if part == "lines":
        return "" if tags.get("highway", "path") in NO_STREETS else "street"
    if tags.get("place") == "square" or (part == "multipolygons" and tags.get("highway") == "pedestrian"):
        return "square"
    if tags.get("place") in SETTLEMENTS | QUARTERS:
        return "place"
    railway = tags.get("railway")
    if railway in NO_RAILWAYS:
        return ""
    return "landmark" if any(tags.get(kind) for kind in KINDS) or tags.get("highway") == "bus_stop" else ""


def _text(value: Any) -> str:
    return "" if value is None else " ".join(_CONTROL.sub(" ", str(value)).split())[:LONGEST]


def answered(order: dict[str, Any]) -> Iterator[bytes]:
    """What is told, as lines; a refusal is the last of them."""
    import orjson

    try:
        for line in told(order):
            yield orjson.dumps(line) + b"\n"
    except Refused as refused:
        yield orjson.dumps({"refused": refused.code, "about": refused.about}) + b"\n"
    except (MemoryError, RecursionError):
        yield b'{"refused": "memory", "about": ""}\n'


def main() -> None:
    order = json.loads(sys.argv[1])
    bounded(order["memory"], order["seconds"], MOST_UNPACKED)
    warnings.simplefilter("ignore")
    sys.stdout.buffer.writelines(answered(order))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
