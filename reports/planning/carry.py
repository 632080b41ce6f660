"""An answer to take along: CSV, GeoJSON, GeoPackage. Each carries what one must know to believe it."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
import threading
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from django.utils.translation import gettext as _

from geoportal.kernel.text import cell
from reports.planning.result import Column, Result
from reports.planning.table import facts, heads

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "pdf": "application/pdf",
}
_AS_THEY_ARE = frozenset((type(None), bool, int, str))
FINEST = 4
"""Decimals of a number whose column says none."""
_GDAL = threading.Lock()
"""GDAL's drivers are not asked by two threads at once."""


def about(result: Result, address: str, made: datetime.datetime) -> list[tuple[str, str]]:
    """Everything that stands beside the table: title, facts, caveats, address and date."""
    pairs = [(_("Title"), result.title), *facts(result)]
    pairs += [(_("Note"), caveat) for caveat in result.caveats]
    if result.refusal:
        pairs.append((_("No answer"), result.refusal))
    return [*pairs, (_("Address"), address), (_("Made on"), f"{made:%d.%m.%Y %H:%M}")]


def as_csv(result: Result, address: str, made: datetime.datetime) -> bytes:
    """The table from the first line on, then an empty line and what stands beside it; no cell can be read as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([cell(label) for label, _number in heads(result)])
    for row in result.rows:
        writer.writerow([cell(_plain(row.get(column.key), column.digits)) for column in result.columns])
    writer.writerow([])
    for label, text in about(result, address, made):
        writer.writerow([cell(label), cell(text)])
    return ("\ufeff" + out.getvalue()).encode()


def as_geojson(result: Result, address: str, made: datetime.datetime) -> bytes:
    """A FeatureCollection, one feature a row, in WGS84; `metadata` is a foreign member (RFC 7946 § 6.1)."""
    features = [
        {
            "type": "Feature",
            "id": index,
            "geometry": row.get("geometry"),
            "properties": {column.key: _plain(row.get(column.key), column.digits) for column in result.columns}
            | ({"weight": _plain(row["weight"])} if row.get("weight") is not None else {}),
        }
        for index, row in enumerate(result.rows, start=1)
    ]
    columns = {column.key: {"label": str(column.label), "unit": str(column.unit)} for column in result.columns}
    metadata = {
        "analysis": result.analysis, "title": result.title, "method": result.method, "parameters": dict(result.parameters),
        "n": result.n, "of": result.of, "period": [one.isoformat() for one in result.period] if result.period else None,
        "source": result.source, "caveats": list(result.caveats), "columns": columns, "address": address,
        "made": made.isoformat(timespec="seconds"), "refusal": result.refusal,
    }  # fmt: skip
    found = {"type": "FeatureCollection", "metadata": metadata, "features": features}
    return orjson.dumps(found, default=str)


def as_gpkg(result: Result, address: str, made: datetime.datetime) -> bytes:
    """A GeoPackage with one layer named after the analysis; its metadata table says what the CSV says below its table."""
    from pyogrio.raw import write  # GDAL is loaded by the few who ask for this file

    names, values, masks = _fields(result)
    shapes = [row.get("geometry") for row in result.rows]
    drawn = any(shapes)
    told = dict(about(result, address, made))
    told[_("Note")] = " ".join(result.caveats)
    with tempfile.TemporaryDirectory() as folder, _GDAL:
        path = Path(folder) / "answer.gpkg"
        write(
            path,
            geometry=_wkb(shapes) if drawn else None,
            field_data=values,
            fields=names,
            field_mask=masks,
            layer=result.analysis,
            driver="GPKG",
            geometry_type="Unknown" if drawn else None,
            crs="EPSG:4326" if drawn else None,
            layer_options={"IDENTIFIER": result.title, "DESCRIPTION": "\n".join(f"{a}: {b}" for a, b in told.items())},
            layer_metadata={str(label): str(text) for label, text in told.items()},
        )
        return path.read_bytes()


MADE = {"csv": as_csv, "geojson": as_geojson, "gpkg": as_gpkg}


def _wkb(shapes: list[dict[str, Any] | None]) -> Any:
    made = [shapely.to_wkb(shapely.from_geojson(orjson.dumps(shape).decode())) if shape else None for shape in shapes]
    return np.array(made, dtype=object)


def _fields(result: Result) -> tuple[list[str], list[Any], list[Any]]:
    """(names, one array per column, where each is not known): whole numbers, decimals and text."""
    if not result.columns:  # a table without columns is no layer: the one row says why there is no answer
        return ["refusal"], [np.array([result.refusal], dtype=object)], [np.array([False])]
    names, values, masks = [], [], []
    for column in result.columns:
        given = [_plain(row.get(column.key), column.digits) for row in result.rows]
        missing = np.array([value is None for value in given], dtype=bool)
        names.append(column.key)
        values.append(_array(column, given))
        masks.append(missing)
    return names, values, masks


def _array(column: Column, given: list[Any]) -> Any:
    known = [value for value in given if value is not None]
    if known and all(isinstance(value, int) and not isinstance(value, bool) for value in known) and column.digits is None:
        return np.array([0 if value is None else value for value in given], dtype=np.int64)
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return np.array([np.nan if value is None else value for value in given], dtype=np.float64)
    return np.array([None if value is None else str(value) for value in given], dtype=object)


def _plain(value: Any, digits: int | None = None) -> Any:
    """Numbers rounded, days as 2026-11-25, everything else as text; None stays."""
    if type(value) is float:
        return _rounded(value, digits)
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)


def _rounded(value: float, digits: int | None) -> float:
    """To the decimals that the page shows, at least one of them; what these would make nought keeps two figures."""
    places = FINEST if digits is None else max(1, digits)
    return round(value, places) or float(f"{value:.2g}")
