"""Where the files stand, and what is known of them: `MEDIA_ROOT/open-data/<when>/manifest.json`; nothing half-written is ever there."""

from __future__ import annotations

import datetime
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

MANIFEST = "manifest.json"
STAMP = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class File:
    """`dataset`: "" for one that holds all of them. `rows`: features or lines in it."""

    name: str
    dataset: str
    format: str
    bytes: int
    sha256: str
    rows: int


@dataclass(frozen=True)
class Written:
    """The newest whole set. `known`: acts that had taken something away when it was begun, the latest ones; `layers`: slug → what it
    showed then."""

    folder: Path
    made_at: datetime.datetime
    known: frozenset[int]
    layers: dict[str, str]
    files: tuple[File, ...]

    def of(self, dataset: str) -> list[File]:
        return [file for file in self.files if file.dataset == dataset]

    def path(self, name: str) -> tuple[Path, File] | None:
        """Only what the manifest names has a path."""
        return next(((self.folder / file.name, file) for file in self.files if file.name == name), None)


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "open-data"


def folders() -> list[Path]:
    """Whole sets, the newest first."""
    return sorted((path.parent for path in root().glob(f"[0-9]*/{MANIFEST}")), reverse=True)


def newest() -> Written | None:
    """None before the first night."""
    for folder in folders():
        try:
            told: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        except FileNotFoundError:  # a newer set took its place this moment
            continue
        made = datetime.datetime.fromisoformat(told["made_at"])
        return Written(folder, made, frozenset(told["known"]), told["layers"], tuple(File(**file) for file in told["files"]))
    return None


def clear(*, but: int = 0, parts_before: float = 0) -> None:
    """Takes all sets away but the newest ones, and what a killed writing left behind before that time (seconds since 1970)."""
    for folder in folders()[but:]:
        shutil.rmtree(folder, ignore_errors=True)
    for part in root().glob(".part-*"):
        if part.stat().st_mtime < parts_before:
            shutil.rmtree(part, ignore_errors=True)
