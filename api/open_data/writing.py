"""Writes a whole set of files beside the newest and puts it there at once; what breaks leaves the former where it is."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import hashlib
import json
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import override

from api.ogc.asked import MOST, Asked
from api.ogc.collections import Collection
from api.ogc.reading import features, page
from api.open_data import datasets, shelf
from api.open_data.shelf import File
from api.open_data.surveys import Reckoned
from discussion.models import TimelineRow
from geoportal.kernel import geopackage
from geoportal.kernel.text import cell
from layers.models import Layer

HOUR = 2
"""Local hour from which a new day's files are due."""
TAKES_AWAY = ("hidden", "whole_hidden", "removed", "restricted", "edited", "redacted", "relocated", "withdraw")
"""Acts after which something in the files should no longer be read there."""
LATECOMERS = 500
"""So many of these acts are compared: rows get their keys before they are committed, so an older key may be seen later."""
KEPT = 2
PART = 20_000
SECONDS = 1800
log = logging.getLogger(__name__)
_places = threading.Semaphore(1)


def is_due(now: datetime.datetime | None = None) -> bool:
    """No set, none of this day, or something was taken from the public since."""
    found, local = shelf.newest(), timezone.localtime(now)
    if found is None:
        return True
    return taken_away(found) or (local.hour >= HOUR and timezone.localtime(found.made_at).date() < local.date())


def taken_away(found: shelf.Written) -> bool:
    """Whether its files hold what the public may not read any more, or no longer so."""
    return not (_acts() <= found.known and _layers().items() >= found.layers.items())


def _acts() -> frozenset[int]:
    rows = TimelineRow.objects.filter(code__in=TAKES_AWAY).order_by("-pk")
    return frozenset(rows.values_list("pk", flat=True)[:LATECOMERS])


def _layers() -> dict[str, str]:
    """Public layer → what it shows, which changes with its fields, its imports and its licence."""
    rows = (
        Layer.objects.public()
        .held()
        .annotate(imported=Max("imports__carried_at"), undone=Max("imports__undone_at"), held=Count("features", distinct=True))
    )
    return {
        row.slug: hashlib.sha256(
            repr((sorted(row.popup), row.held, row.imported, row.undone, row.licence_url)).encode()
        ).hexdigest()
        for row in rows
    }


def make_or_clear() -> None:
    """A set anew. Where none comes, and the former holds what the public may not read any more, there is none at all."""
    try:
        make()
    except Exception:
        if (found := shelf.newest()) and taken_away(found):
            shelf.clear()
        raise


def make() -> shelf.Written:
    """All files anew. Raises child.Unanswered when no GeoPackage comes."""
    shelf.root().mkdir(parents=True, exist_ok=True)
    shelf.clear(but=KEPT, parts_before=time.time() - 2 * SECONDS)
    made_at, folder = timezone.now(), Path(tempfile.mkdtemp(prefix=".part-", dir=shelf.root()))
    known, layers = sorted(_acts()), _layers()
    try:
        files = _written(folder)
        told = {
            "made_at": made_at.isoformat(),
            "known": known,
            "layers": layers,
            "files": [dataclasses.asdict(f) for f in files],
        }
        (folder / shelf.MANIFEST).write_text(json.dumps(told))
        folder.chmod(0o755)
        os.replace(folder, shelf.root() / made_at.astimezone(datetime.UTC).strftime(shelf.STAMP))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shelf.clear(but=KEPT)
    found = shelf.newest()
    assert found is not None
    return found


def _written(folder: Path) -> list[File]:
    found, parts = datasets.every(), folder / "parts"
    parts.mkdir()
    files, layers = [], []
    for dataset in found:
        rows, lines = _tables(dataset, folder, parts)
        named = zip(columns([field.name for field in dataset.fields]), dataset.fields, strict=True)
        fields = [{"name": name, "of": field.name, "type": field.type} for name, field in named]
        layers.append({"name": table(dataset.id), "fields": fields, "parts": lines})
        files += [_file(folder / f"{dataset.id}.{ending}", dataset.id, ending, rows) for ending in ("csv", "geojson")]
    package = folder / "all.gpkg"
    if lost := geopackage.write(package, layers, seconds=SECONDS, places=_places):
        log.error("tables that no GeoPackage holds", extra={"tables": lost})
    shutil.rmtree(parts)
    total = sum(file.rows for file in files if file.format == "csv")
    return [*files, _file(package, "", "gpkg", total), _file(*_dictionary(folder, found))]


def table(name: str) -> str:
    """A dataset's table in the GeoPackage: names that SQLite and the format keep for themselves get a word before them."""
    return f"layer_{name}" if name.casefold().startswith(("gpkg", "rtree", "sqlite")) else name


def columns(names: list[str]) -> list[str]:
    """The same for its columns, none of which differ by case alone."""
    found: list[str] = []
    taken = {"fid", "geom", "rowid", "oid", "_rowid_", "ogc_fid"}
    for name in names:
        free = name
        while free.casefold() in taken:
            free += "_"
        taken.add(free.casefold())
        found.append(free)
    return found


def _rows(dataset: Collection) -> Iterator[tuple[Any, ...]]:
    if isinstance(dataset, Reckoned):
        yield from dataset.made()
        return
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
        writer.writerow([*map(cell, names), "longitude", "latitude"])
        collection.write(b'{"type":"FeatureCollection","features":[')
        for row in _rows(dataset):
            if count % PART == 0:
                if line:
                    line.close()
                lines.append(str(parts / f"{dataset.id}-{count}"))
                line = open(lines[-1], "wb")  # noqa: SIM115 closed below, or when the next begins
            feature = orjson.dumps(features(dataset, [row])[0], option=orjson.OPT_OMIT_MICROSECONDS)
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
                    [dataset.id, cell(field.name), field.type, " ".join(field.values), *(_said(field.title, c) for c in codes)]
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
