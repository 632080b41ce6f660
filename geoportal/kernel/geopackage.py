"""The one writer of GeoPackages, in a process of its own: GDAL and what it needs never enter the site's."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import orjson

from geoportal.kernel import child, geopackage_child


def write(
    path: Path, layers: list[dict[str, Any]], *, seconds: int, places: threading.Semaphore, memory: int | None = None
) -> list[str]:
    """Writes a new file with a table for each layer; answers the names of those that could not be written.

    `layers`: {"name", "fields": [{"name": of the column, "of": of the property, "type"}], "features": as GeoJSON, in WGS84}. "type":
    integer, number, boolean, date, date-time or string. In place of "features" can stand "parts": files of features as lines of
    GeoJSON, without which there is no table. "plain": without a column for shapes; "options", "metadata": GDAL's, of the layer.
    `seconds`: of waiting for a place, of the clock and of CPU; `memory`: most bytes. Raises child.Unanswered.
    """
    asked = {"path": str(path), "memory": memory, "seconds": seconds, "layers": layers}
    sent = orjson.dumps(asked)
    said = child.answer(geopackage_child.__file__, sent, seconds=seconds, places=places, begins=b"done")
    return said.decode().split()[1:]
