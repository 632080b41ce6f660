"""The one writer of GeoPackages: types, times and shapes as they were given, from memory and from files, a bad table lost alone."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path

import pyogrio

from geoportal.kernel import geopackage

FIELDS = [
    {"name": name, "of": kind, "type": kind} for name, kind in (
        ("n", "integer"), ("share", "number"), ("open", "boolean"), ("day", "date"), ("at", "date-time"), ("word", "string"),
    )
]  # fmt: skip
FULL = {
    "integer": 7,
    "number": 0.5,
    "boolean": True,
    "date": "2026-11-28",
    "date-time": "2026-11-28T05:06:07.89Z",
    "string": "дъб",
}
FEATURES = [
    {"geometry": {"type": "Point", "coordinates": [23.5, 42.8, 300.0]}, "properties": FULL},
    {"geometry": {"type": "LineString", "coordinates": [[23.5, 42.8], [23.6, 42.9]]}, "properties": dict.fromkeys(FULL)},
    {"geometry": None, "properties": FULL},
]  # fmt: skip


def test_tables_hold_what_was_given_and_a_bad_one_is_lost_alone(tmp_path: Path) -> None:
    path, parts = tmp_path / "all.gpkg", [tmp_path / "0", tmp_path / "1"]
    for number, part in enumerate(parts):
        part.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in FEATURES[number * 2 :][:2]))
    layers = [
        {"name": "here", "fields": FIELDS, "features": FEATURES},
        {
            "name": "bad",
            "fields": FIELDS,
            "features": [{"geometry": {"type": "Point", "coordinates": "x"}, "properties": FULL}],
        },
        {"name": "there", "fields": FIELDS, "parts": [str(part) for part in parts]},
        {"name": "plain", "fields": FIELDS, "features": FEATURES[2:], "plain": True, "metadata": {"Note": "Малко."}},
        {"name": "none", "fields": FIELDS, "parts": []},
    ]
    assert geopackage.write(path, layers, seconds=30, places=threading.Semaphore(1), memory=2 * 1024**3) == ["bad"]
    assert [list(each) for each in pyogrio.list_layers(path)] == [["here", "Unknown"], ["there", "Unknown"], ["plain", None]]
    full, empty = (7, 0.5, 1, "2026-11-28", "2026-11-28T05:06:07Z", "дъб"), (None,) * 6
    with sqlite3.connect(path) as base:
        asked = "SELECT n, share, open, day, at, word FROM {} ORDER BY fid"
        rows = {name: base.execute(asked.format(name)).fetchall() for name in ("here", "there", "plain")}
        told = base.execute("SELECT metadata FROM gpkg_metadata").fetchall()
    assert rows == {"here": [full, empty, full], "there": [full, empty, full], "plain": [full]}
    assert ["Малко." in each for (each,) in told] == [True]
    shapes = {
        name: [len(shape) if shape else 0 for shape in pyogrio.raw.read(path, layer=name)[2]] for name in ("here", "there")
    }
    assert shapes == {"here": [21, 41, 0], "there": [21, 41, 0]}  # in two dimensions
