"""An answer to take along: CSV, GeoJSON, GeoPackage. Each carries what one must know to believe it."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
import threading
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext as _

from geoportal.kernel import child, geopackage
from geoportal.kernel.text import cell
from reports.planning.result import Result
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
SECONDS, MEMORY = 30, 2 * 1024**3
# Each child takes some hundred megabytes while it lives; who comes third waits for a place.
_places = threading.BoundedSemaphore(2)


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
    """A GeoPackage with one layer named after the analysis; its metadata table says what the CSV says below its table.

    Made in a process of its own, so that this one never loads GDAL. Raises child.Unanswered.
    """
    told = dict(about(result, address, made))
    told[_("Note")] = " ".join(result.caveats)
    described = "\n".join(f"{label}: {text}" for label, text in told.items())
    layer = {
        "name": result.analysis,
        **_table(result),
        "options": {"IDENTIFIER": str(result.title), "DESCRIPTION": described},
        "metadata": {str(label): str(text) for label, text in told.items()},
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.gpkg"
        if geopackage.write(path, [layer], seconds=SECONDS, places=_places, memory=MEMORY):
            raise child.Unanswered("failed", result.analysis)
        return path.read_bytes()


MADE = {"csv": as_csv, "geojson": as_geojson, "gpkg": as_gpkg}


def _table(result: Result) -> dict[str, Any]:
    """Fields and features of its layer; an answer without columns has one row, which says why. Without any shape it is a plain table."""
    if not result.columns:
        fields = [{"name": "refusal", "of": "refusal", "type": "string"}]
        return {
            "fields": fields,
            "features": [{"geometry": None, "properties": {"refusal": str(result.refusal)}}],
            "plain": True,
        }
    fields, features = [], [{"geometry": row.get("geometry"), "properties": {}} for row in result.rows]
    for column in result.columns:
        values = [_plain(row.get(column.key), column.digits) for row in result.rows]
        kind = _kind(values, column.digits is not None)
        fields.append({"name": column.key, "of": column.key, "type": kind})
        for feature, value in zip(features, values, strict=True):
            feature["properties"][column.key] = str(value) if kind == "string" and value is not None else value
    return {"fields": fields, "features": features, "plain": not any(feature["geometry"] for feature in features)}


def _kind(values: list[Any], decimal: bool) -> str:
    """Whole numbers, decimals or text, as the values are."""
    kinds = {type(value) for value in values if value is not None}
    if not kinds or not kinds <= {int, float}:
        return "string"
    return "integer" if kinds == {int} and not decimal else "number"


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
