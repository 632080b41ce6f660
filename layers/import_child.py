"""The process that reads a stranger's geodata: bounded, without network, Django, database or settings.

Started by `layers.importing` alone, with {"path", "folder": where it may write, "format", "layer", "encoding", "srid", "swapped",
"x", "y", "address": columns of a table without shapes, "box": west, south, east, north of the municipality, "most": rows, "memory": bytes,
"seconds": of CPU} as its one argument. On stdout come lines of JSON: {"refused": code, "about": word, "head": what is known}, or a head
{"format", "layer", "layers", "crs", "guessed", "swapped", "encoding", "fields": [{"name", "type"}], "alone": without network, "of": rows}
and then for each row
{"n": number from 1, "k": point, line or polygon, "g": hex of its WKB in WGS84, "p": properties, "m": what was mended},
{"n", "a": address, "p"} or {"n", "why": code}, and at last {"end": true}.
"""

from __future__ import annotations

import csv
import ctypes
import io
import json
import math
import os
import re
import resource
import sys
import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # isolated from every path of ours; the two files beside this one are its own
    sys.path.append(str(Path(__file__).resolve().parent.parent))

from layers.import_open import DRIVERS, MOST_UNPACKED, Opened, Refused, opened

MOST_FIELDS, LONGEST_NAME, LONGEST_VALUE, MOST_OF_ROW = 60, 60, 1000, 20_000
"""MOST_OF_ROW: bytes of a row's values as the column writes them, layers.imported.MOST_OF_PROPERTIES."""
MOST_ADDRESSES, LONGEST_ADDRESS = 10_000, 200
MOST_CORNERS = 2_000_000
"""Of all shapes of a file together."""
MOST_CELLS = 25_000_000
"""Rows times columns of a table."""
ACROSS = ("lon", "lng", "long", "longitude", "x", "east", "easting", "дължина", "изток", "координата x")
UP = ("lat", "latitude", "y", "north", "northing", "ширина", "север", "координата y")
ENVIRONMENT = {
    "GDAL_HTTP_PROXY": "127.0.0.1:9", "GDAL_HTTPS_PROXY": "127.0.0.1:9", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GDAL_HTTP_TIMEOUT": "1", "GDAL_HTTP_MAX_RETRY": "0", "PROJ_NETWORK": "OFF", "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
    "OGR_XLSX_HEADERS": "FORCE", "CPL_LOG": "/dev/null", "OGR_ENABLE_PARTIAL_REPROJECTION": "YES", "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def bounded(memory: int, seconds: int, writes: int = MOST_UNPACKED) -> bool:
    """Address space, CPU time, size of what it writes, open files, no core dump; no network where the kernel lets us go without.

    The rest holds everywhere: one driver only, a proxy that nobody answers, no transfer of grids. Answers whether it has no network.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (writes + 1, writes + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    os.environ.update(ENVIRONMENT)
    system = ctypes.CDLL(None)
    # A network of its own, with nothing in it; for others than root with users of its own.
    return any(system.unshare(flags) == 0 for flags in (0x40000000, 0x50000000))


# Tables -------------------------------------------------------------------------------------------------------------------


class Table:
    """Columns of plain values by name, the shapes as WKB (None for a table without), and what the file says of coordinates."""

    def __init__(
        self, layer: str, layers: list[dict[str, Any]], crs: str, names: list[str], columns: list[Any], raw: Any
    ) -> None:
        self.layer, self.layers, self.crs, self.raw = layer, layers, crs, raw
        self.names, self.columns = names, columns


def by_driver(file: Opened, layer: str, most: int) -> Table:
    """Read by the one driver of the format; a layer that is not named is the first that holds something."""
    import pyogrio

    from layers.import_shapes import only

    only(DRIVERS[file.format])
    try:
        named = [str(name) for name, _kind in pyogrio.list_layers(file.path)]
        counted = [{"name": name, "rows": int(pyogrio.read_info(file.path, layer=name)["features"])} for name in named[:40]]
        if not counted:
            raise Refused("nothing")
        first = next((each["name"] for each in counted if each["rows"]), named[0])
        layer = layer if layer in named else first
        meta, _ids, raw, values = pyogrio.raw.read(
            file.path, layer=layer, encoding=file.encoding if file.format == "shp" else None, force_2d=True, max_features=most + 1,
            datetime_as_string=True,
        )  # fmt: skip
    except (UnicodeDecodeError, LookupError):
        raise Refused("encoding", file.encoding) from None
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        ValueError,
        RuntimeError,
    ):
        raise Refused("broken") from None
    names = [str(name) for name in meta["fields"]]
    if file.format == "shp":
        counted = [{"name": name, "rows": 0} for name in file.parts] if len(file.parts) > 1 else []
    return Table(layer, counted, str(meta["crs"] or ""), names, list(values), raw)


def by_rows(file: Opened, most: int) -> Table:
    """A CSV with a line of names; the delimiter is the one that the names hold most."""
    text = file.path.read_text("utf-8")
    line = text.partition("\n")[0]
    delimiter = max(";,\t|", key=line.count)
    csv.field_size_limit(1_000_000)
    try:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        names = [name.strip() for name in next(rows, [])]
        if len(names) < 2:
            raise Refused("format")
        found = []
        for row in rows:
            if any(row):
                found.append((row + [""] * len(names))[: len(names)])
            if len(found) > most or len(found) * len(names) > MOST_CELLS:
                raise Refused("rows")
    except csv.Error:
        raise Refused("broken") from None
    columns = [list(column) for column in zip(*found, strict=True)] if found else [[] for _name in names]
    return Table("", [], "", names, columns, None)


def with_places(table: Table, x: str, y: str) -> None:
    """Gives a table without shapes points by two of its columns. Raises Refused where there are none."""
    import numpy as np
    import shapely

    lowered = [name.lower() for name in table.names]
    across = _column(table.names, lowered, x, ACROSS)
    up = _column(table.names, lowered, y, UP)
    if across is None or up is None or across == up:
        raise Refused("columns")
    places = np.array(
        [(number(a), number(b)) for a, b in zip(table.columns[across], table.columns[up], strict=True)], dtype="float64"
    ).reshape(-1, 2)
    known = np.isfinite(places).all(axis=1)
    table.raw = np.full(len(places), None, dtype=object)
    table.raw[known] = shapely.to_wkb(shapely.points(places[known]))


def _column(names: list[str], lowered: list[str], wanted: str, known: tuple[str, ...]) -> int | None:
    if wanted:
        return names.index(wanted) if wanted in names else None
    return next((lowered.index(name) for name in known if name in lowered), None)


def number(value: Any) -> float:
    """Of a cell: „42,5“ is a number too; NaN where there is none."""
    try:
        return float(str(value).strip().replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except ValueError:
        return math.nan


# Values -------------------------------------------------------------------------------------------------------------------


def fields(names: list[str]) -> list[str]:
    """What the fields are called here: cleaned, short, no two alike; the rest of too many falls away."""
    found: list[str] = []
    for position, name in enumerate(names[:MOST_FIELDS], start=1):
        wanted = " ".join(_CONTROL.sub("", name).split())[:LONGEST_NAME] or f"field {position}"
        found.append(wanted if wanted not in found else f"{wanted[: LONGEST_NAME - 4]} {position}")
    return found


def plain(value: Any) -> Any:
    """A value as JSON has it; None for what is none, for bytes and for numbers that are not."""
    if value is None or isinstance(value, bytes | bytearray | memoryview):
        return None
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    text = _CONTROL.sub("", str(value)).strip()
    return None if text in ("", "NaT") else text[:LONGEST_VALUE]


def kind_of(values: list[Any]) -> str:
    """number, yes or no, or text: of the first values that there are."""
    found = [each for each in values[:200] if each is not None]
    if found and all(isinstance(each, bool) for each in found):
        return "flag"
    return "number" if found and all(isinstance(each, int | float) for each in found) else "text"


def rows(table: Table, shapes: Any, names: list[str], columns: list[list[Any]]) -> Iterator[dict[str, Any]]:
    """Each row as it is told."""
    kinds, texts = shapes.written()
    for at, why in enumerate(shapes.why):
        if why:
            yield {"n": at + 1, "why": why}
            continue
        values = {name: column[at] for name, column in zip(names, columns, strict=True) if column[at] is not None}
        mended = shapes.mended[at]
        if _length(values) > MOST_OF_ROW:
            yield {"n": at + 1, "why": "properties"}
            continue
        yield {"n": at + 1, "k": kinds[at], "g": texts[at], "p": values, **({"m": mended} if mended else {})}


def told(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The head, every row, the end. Raises Refused, with what is known of the file."""
    file = opened(Path(order["path"]), Path(order["folder"]), order["encoding"], order["layer"])
    table = by_rows(file, order["most"]) if file.format == "csv" else by_driver(file, order["layer"], order["most"])
    names = fields(table.names)
    columns = [[plain(each) for each in column] for column in table.columns[: len(names)]]
    head = {
        "format": file.format, "layer": table.layer, "layers": table.layers, "encoding": file.encoding,
        "fields": [{"name": name, "type": kind_of(column)} for name, column in zip(names, columns, strict=True)],
        "alone": order.get("alone", True),
    }  # fmt: skip
    bare = file.format == "xlsx" or table.raw is None
    try:
        if bare and order["address"]:
            yield from by_address(order, head, names, columns)
        else:
            if bare:
                with_places(table, order["x"], order["y"])
            yield from by_shape(order, head, table, names, columns)
    except Refused as refused:
        refused.head = head
        raise
    yield {"end": True}


def by_shape(
    order: dict[str, Any], head: dict[str, Any], table: Table, names: list[str], columns: list[list[Any]]
) -> Iterator[dict[str, Any]]:
    """The head and the rows of a file that says where they are."""
    from layers.import_shapes import Shapes, projection

    if len(table.raw) > order["most"]:
        raise Refused("rows")
    shapes = Shapes(table.raw)
    positions = shapes.positions()
    if len(positions) > MOST_CORNERS:
        raise Refused("corners")
    if not len(positions):
        raise Refused("no_shapes" if len(table.raw) else "nothing")
    how, guessed = projection(positions, table.crs, order["srid"], order["swapped"], tuple(order["box"]))
    shapes.place(how)
    shapes.mend()
    yield {**head, "crs": _called(how.said), "guessed": guessed, "swapped": how.swapped, "of": len(shapes.why)}
    yield from rows(table, shapes, names, columns)


def by_address(
    order: dict[str, Any], head: dict[str, Any], names: list[str], columns: list[list[Any]]
) -> Iterator[dict[str, Any]]:
    """The head and the rows of a table with addresses; who asked looks for them."""
    if order["address"] not in names:
        raise Refused("no_field", order["address"])
    addresses = columns[names.index(order["address"])]
    if len(addresses) > MOST_ADDRESSES:
        raise Refused("addresses")
    yield {**head, "crs": "", "guessed": False, "swapped": False, "of": len(addresses)}
    for at, address in enumerate(addresses):
        values = {name: column[at] for name, column in zip(names, columns, strict=True) if column[at] is not None}
        if address is None or _length(values) > MOST_OF_ROW:
            yield {"n": at + 1, "why": "empty" if address is None else "properties"}
        else:
            yield {"n": at + 1, "a": str(address)[:LONGEST_ADDRESS], "p": values}


def _length(values: dict[str, Any]) -> int:
    """Bytes that PostgreSQL's text of the JSON has: letters in UTF-8, and every digit of a number such as 1e300."""
    drawn_out = [repr(value) for value in values.values() if isinstance(value, float)]
    more = sum(len(format(Decimal(text), "f")) - len(text) for text in drawn_out if "e" in text)
    return len(json.dumps(values, ensure_ascii=False).encode()) + more


def _called(said: str) -> str:
    """„EPSG:7801“, or the name that a description of its own gives itself."""
    name = re.search(r'"([^"]{1,80})"', said)
    return said if said.startswith("EPSG:") else name[1] if name else "?"


def answered(order: dict[str, Any]) -> Iterator[bytes]:
    """What is told, as lines; a refusal is the last of them."""
    import orjson

    try:
        for line in told(order):
            yield orjson.dumps(line) + b"\n"
    except Refused as refused:
        yield orjson.dumps({"refused": refused.code, "about": refused.about, "head": refused.head}) + b"\n"
    except (MemoryError, RecursionError):
        yield b'{"refused": "memory", "about": "", "head": {}}\n'


def main() -> None:
    order = json.loads(sys.argv[1])
    order["alone"] = bounded(order["memory"], order["seconds"])
    warnings.simplefilter("ignore")
    sys.stdout.buffer.writelines(answered(order))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
