"""The process that writes a GeoPackage: GDAL, without Django or database. Run only by `carry.as_gpkg`.

In on stdin: {"layer": …, "options": {…}, "metadata": {…}, "columns": [{"name": …, "decimal": bool, "values": […]}],
"shapes": [GeoJSON geometry in WGS84 or null, …]}; all lists have one entry a row. Out on stdout: the file.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

MEMORY, CPU_SECONDS = 2 * 1024**3, 60


def limit() -> None:
    """Address space, CPU time, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def array(column: dict[str, Any]) -> Any:
    """Whole numbers, decimals or text, as the values are; what is not known stands as any value of the kind."""
    import numpy as np

    given = column["values"]
    known = [value for value in given if value is not None]
    if known and all(type(value) is int for value in known) and not column["decimal"]:
        return np.array([0 if value is None else value for value in given], dtype=np.int64)
    if known and all(type(value) in (int, float) for value in known):
        return np.array([np.nan if value is None else value for value in given], dtype=np.float64)
    return np.array([None if value is None else str(value) for value in given], dtype=object)


def wkb(shapes: list[dict[str, Any] | None]) -> Any:
    """Well-known binary of each shape."""
    import numpy as np
    import shapely

    made = [shapely.to_wkb(shapely.from_geojson(json.dumps(shape))) if shape else None for shape in shapes]
    return np.array(made, dtype=object)


def write(path: Path, order: dict[str, Any]) -> None:
    """The file with one layer; without any shape it is a plain table."""
    import numpy as np
    from pyogrio.raw import write as written

    columns, drawn = order["columns"], any(order["shapes"])
    written(
        path,
        geometry=wkb(order["shapes"]) if drawn else None,
        field_data=[array(column) for column in columns],
        fields=[column["name"] for column in columns],
        field_mask=[np.array([value is None for value in column["values"]], dtype=bool) for column in columns],
        layer=order["layer"],
        driver="GPKG",
        geometry_type="Unknown" if drawn else None,
        crs="EPSG:4326" if drawn else None,
        layer_options=order["options"],
        layer_metadata=order["metadata"],
    )


def main() -> None:
    limit()
    order = json.load(sys.stdin.buffer)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.gpkg"
        write(path, order)
        sys.stdout.buffer.write(path.read_bytes())


if __name__ == "__main__":
    main()
