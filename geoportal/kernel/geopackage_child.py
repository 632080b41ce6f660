"""The process that writes a GeoPackage: GDAL, without Django or database. Run only by `geopackage.write`.

stdin: {"path", "memory": bytes or null, "seconds": of CPU, "layers": as `geopackage.write` takes them}.
stdout: "done" and the names of tables that could not be written.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NUMBERS = {"integer": "int64", "number": "float64", "boolean": "bool"}


def limit(memory: int | None, seconds: int) -> None:
    """Address space, CPU time, no core dump."""
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def wkb(features: list[dict[str, Any]]) -> Any:
    """Well-known binary in two dimensions of each feature's shape; None where there is none. Raises ValueError."""
    import numpy as np
    import shapely

    told = [json.dumps(feature["geometry"]) if feature["geometry"] else None for feature in features]
    try:
        return shapely.to_wkb(shapely.from_geojson(np.array(told, dtype=object)), output_dimension=2)
    except shapely.errors.ShapelyError as wrong:
        raise ValueError(str(wrong)) from wrong


def column(values: list[Any], kind: str) -> tuple[Any, Any]:
    """(values, True where there is none) of one field; what is not known stands as any value of the kind."""
    import numpy as np

    none = np.array([value is None for value in values], dtype=bool)
    if kind in NUMBERS:
        return np.array([0 if value is None else value for value in values], dtype=NUMBERS[kind]), none
    if kind == "date":
        return np.array(["NaT" if value is None else value for value in values], dtype="datetime64[D]"), none
    if kind == "date-time":
        return np.array(["NaT" if value is None else value[:19] for value in values], dtype="datetime64[ms]"), none
    return np.array(values, dtype=object), none


def batches(layer: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """The features that came along, else those of each part."""
    if "features" in layer:
        yield layer["features"]
    for part in layer.get("parts", ()):
        with Path(part).open(encoding="utf-8") as lines:
            yield [json.loads(line) for line in lines]


def write(path: str, layer: dict[str, Any]) -> None:
    """One table into the file, batch by batch."""
    import numpy as np
    from pyogrio.raw import write as written

    begun, fields, plain = Path(path).exists(), layer["fields"], layer.get("plain", False)
    for number, found in enumerate(batches(layer)):
        columns = [column([feature["properties"][field["of"]] for feature in found], field["type"]) for field in fields]
        times = [field["name"] for field in fields if field["type"] == "date-time"]
        written(
            path, geometry=None if plain else wkb(found), field_data=[values for values, _none in columns],
            fields=np.array([field["name"] for field in fields]), field_mask=[none for _values, none in columns],
            layer=layer["name"], driver="GPKG", geometry_type=None if plain else "Unknown", crs=None if plain else "EPSG:4326",
            append=begun or number > 0, layer_options=layer.get("options"), layer_metadata=layer.get("metadata"),
            gdal_tz_offsets={name: np.full(len(found), 100) for name in times},
        )  # fmt: skip


def main() -> None:
    asked = json.load(sys.stdin.buffer)
    limit(asked["memory"], asked["seconds"])
    lost = []
    for layer in asked["layers"]:
        try:
            write(asked["path"], layer)
        except (OSError, RuntimeError, ValueError) as failed:  # one table of a stranger's names is not worth all others
            sys.stderr.write(f"{layer['name']}: {failed}\n")
            lost.append(layer["name"])
    sys.stdout.write(" ".join(["done", *lost]))


if __name__ == "__main__":
    main()
