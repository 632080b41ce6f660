"""Writes a whole set of files beside the newest and puts it there at once; what breaks leaves the former where it is."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import override

from api.ogc.asked import MOST, Asked
from api.ogc.collections import Collection
from api.ogc.reading import features, page
from api.open_data import datasets, shelf
from api.open_data.shelf import File
from discussion.models import TimelineRow
from geoportal.kernel import child
from geoportal.kernel.text import cell
from layers.models import Layer

HOUR = 2
"""Local hour from which a new day's files are due."""
TAKES_AWAY = ("hidden", "whole_hidden", "removed", "restricted", "edited")
"""Acts after which words in the files should no longer be read there."""
KEPT = 2
PART = 20_000
SECONDS = 1800
_CHILD = str(Path(__file__).with_name("geopackage_child.py"))
_places = threading.Semaphore(1)


def is_due(now: datetime.datetime | None = None) -> bool:
    """No set, none of this day, or something was taken from the public since."""
    found, local = shelf.newest(), timezone.localtime(now)
    if found is None:
        return True
    if local.hour >= HOUR and timezone.localtime(found.made_at).date() < local.date():
        return True
    layers = {file.dataset for file in found.files} - {""} - {dataset.id for dataset in datasets.known()}
    if layers - set(Layer.objects.public().values_list("slug", flat=True)):
        return True
    return TimelineRow.objects.filter(pk__gt=found.after, code__in=TAKES_AWAY).exists()


def make() -> shelf.Written:
    """All files anew. Raises child.Unanswered when no GeoPackage comes."""
    shelf.root().mkdir(parents=True, exist_ok=True)
    made_at, folder = timezone.now(), Path(tempfile.mkdtemp(prefix=".part-", dir=shelf.root()))
    after = TimelineRow.objects.aggregate(last=Max("pk"))["last"] or 0
    try:
        files = _written(folder)
        told = {"made_at": made_at.isoformat(), "after": after, "files": [dataclasses.asdict(file) for file in files]}
        (folder / shelf.MANIFEST).write_text(json.dumps(told))
        folder.chmod(0o755)
        os.replace(folder, shelf.root() / made_at.astimezone(datetime.UTC).strftime(shelf.STAMP))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for old in shelf.folders()[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    found = shelf.newest()
    assert found is not None
    return found


def _written(folder: Path) -> list[File]:
    found, parts = datasets.every(), folder / "parts"
    parts.mkdir()
    files, layers = [], []
    for dataset in found:
        rows, lines = _tables(dataset, folder, parts)
        layers.append(
            {"name": dataset.id, "fields": [{"name": f.name, "type": f.type} for f in dataset.fields], "parts": lines}
        )
        files += [_file(folder / f"{dataset.id}.{ending}", dataset.id, ending, rows) for ending in ("csv", "geojson")]
    package = folder / "all.gpkg"
    asked = {"path": str(package), "layers": layers}
    child.answer(_CHILD, json.dumps(asked).encode(), seconds=SECONDS, places=_places, begins=b"done")
    shutil.rmtree(parts)
    total = sum(file.rows for file in files if file.format == "csv")
    return [*files, _file(package, "", "gpkg", total), _file(*_dictionary(folder, found))]


def _rows(dataset: Collection) -> Iterator[tuple[Any, ...]]:
    after: int | None = 0
    while after is not None:
        found, after, _total = page(Asked(dataset, limit=MOST, after=after))
        yield from found


def _tables(dataset: Collection, folder: Path, parts: Path) -> tuple[int, list[str]]:
    """Writes CSV, GeoJSON and lines for the GeoPackage in one go: (rows, paths of the lines)."""
    names, count, lines, line = [field.name for field in dataset.fields], 0, [], None
    with (
        (folder / f"{dataset.id}.csv").open("w", encoding="utf-8-sig", newline="") as table,
        (folder / f"{dataset.id}.geojson").open("wb") as collection,
    ):
        writer = csv.writer(table)
        writer.writerow([*names, "longitude", "latitude"])
        collection.write(b'{"type":"FeatureCollection","features":[')
        for row in _rows(dataset):
            if count % PART == 0:
                if line:
                    line.close()
                lines.append(str(parts / f"{dataset.id}-{count}"))
                line = open(lines[-1], "wb")  # noqa: SIM115 closed below, or when the next begins
            feature = orjson.dumps(features(dataset, [row])[0])
            collection.write((b",\n" if count else b"\n") + feature)
            assert line is not None
            line.write(feature + b"\n")
            writer.writerow([*(_cell(value) for value in row[3:]), *_point(row[2])])
            count += 1
        collection.write(b"\n]}\n")
    if line:
        line.close()
    return count, lines


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return cell(value.isoformat() if isinstance(value, datetime.date) else value)


def _point(shape: str | None) -> tuple[str, str]:
    """Longitude and latitude of a point; of wider shapes the other formats tell."""
    told = orjson.loads(shape) if shape else {}
    return tuple(map(str, told["coordinates"])) if told.get("type") == "Point" else ("", "")  # type: ignore[return-value]


def _dictionary(folder: Path, found: list[Collection]) -> tuple[Path, str, str, int]:
    """What each field means, in every language of the installation."""
    path, count = folder / "dictionary.csv", 0
    codes = [code for code, _name in settings.LANGUAGES]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["dataset", "field", "type", "values", *(f"title_{code}" for code in codes)])
        for dataset in found:
            for field in dataset.fields:
                writer.writerow(
                    [dataset.id, field.name, field.type, " ".join(field.values), *(_said(field.title, c) for c in codes)]
                )
                count += 1
    return path, "", "csv", count


def _said(title: Any, code: str) -> str:
    with override(code):
        return cell(str(title))


def _file(path: Path, dataset: str, ending: str, rows: int) -> File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    path.chmod(0o644)
    return File(path.name, dataset, ending, path.stat().st_size, digest, rows)
