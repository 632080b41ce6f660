"""Reading a file of geodata: a bounded process of ours does it, this module listens and lets every shape through the gate."""

from __future__ import annotations

import contextlib
import logging
import tempfile
import threading
from collections.abc import Generator
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import orjson
from django.core.exceptions import ValidationError

from geoportal.kernel import child
from geoportal.kernel.geometry import point
from geoportal.kernel.geometry_bulk import ewkb
from layers import gazetteer, import_wording
from layers.ground import bounds
from layers.models import Place

log = logging.getLogger("layers")
PROGRAM = str(Path(__file__).with_name("import_child.py"))
MOST_ROWS = 250_000
MOST_BYTES = 200 * 1024 * 1024
MEMORY = 4 * 1024**3
"""Address space: a file of 200 MB stands in it as bytes, as columns and as shapes."""
CPU_SECONDS, SECONDS = 240, 300
PLACES = threading.BoundedSemaphore(1)
LONGEST_NAME = 200
FOLDER = "geoportal-import-"
"""How the folders begin in which files are unpacked."""


class ImportRefused(ValidationError):
    """`code` is one of layers.import_wording.OF_FILE, `about` a word of the file."""

    def __init__(self, code: str, about: str = "", head: dict[str, Any] | None = None) -> None:
        super().__init__(import_wording.of_file(code, about), code=code)
        self.about, self.head = about, head or {}


@dataclass(frozen=True)
class Mapping:
    """How a file is to be read; "" and 0 let the file say it. `keeps`: what the file lacks stays in the layer."""

    layer: str = ""
    srid: int = 0
    swapped: bool = False
    encoding: str = ""
    x: str = ""
    y: str = ""
    address: str = ""
    key: str = ""
    name: str = ""
    name_en: str = ""
    keeps: bool = False

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """From what was kept; names that it does not know are passed over."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def read(path: Path, mapping: Mapping) -> Generator[dict[str, Any]]:
    """The head, then each row, as layers.import_child tells them; a shape as EWKB in `e`. Raises ImportRefused."""
    if path.stat().st_size > MOST_BYTES:
        raise ImportRefused("too_large")
    with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
        order = {
            "path": str(path.resolve()), "folder": folder, "layer": mapping.layer, "encoding": mapping.encoding, "srid": mapping.srid,
            "swapped": mapping.swapped, "x": mapping.x, "y": mapping.y, "address": mapping.address,
            "box": bounds(), "most": MOST_ROWS, "memory": MEMORY,
            "seconds": CPU_SECONDS,
        }  # fmt: skip
        whole = False
        try:
            told = child.lines(PROGRAM, orjson.dumps(order).decode(), seconds=SECONDS, places=PLACES)
            with contextlib.closing(told) as lines:
                for line in lines:
                    row = orjson.loads(line)
                    if row.pop("alone", True) is False:
                        log.warning("geodata is read without a network namespace: the kernel allows this process none")
                    if "refused" in row:
                        raise ImportRefused(row["refused"], row["about"], row["head"])
                    whole = "end" in row
                    if not whole:
                        yield _gated(row)
        except child.Unanswered as wrong:
            raise ImportRefused(wrong.why) from wrong
        if not whole:
            raise ImportRefused("killed")


def _addressed(row: dict[str, Any], address: str) -> dict[str, Any]:
    """The row at the place that the gazetteer knows by its address; approximate where that is wider than a point."""
    hit = next(iter(gazetteer.search(address, 1)), None)
    # Of an address with more words than the settlement's name, the settlement alone is no answer.
    at = None if hit is None or (hit.place.kind == Place.Kind.SETTLEMENT and hit.number) else hit.point
    if hit is None or at is None:
        return {"n": row["n"], "why": "address", "about": address[:60]}
    shape = point(at.x, at.y).hexewkb.decode()
    return {"n": row["n"], "k": "point", "e": shape, "p": row["p"], "m": "by_address", "about": hit.name, "wide": not hit.exact}


def _gated(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its shape through the gate, or why it cannot be used."""
    if "a" in row:
        return _addressed(row, row["a"])
    if "g" not in row:
        return row
    try:
        return {**row, "e": ewkb(row["k"], row["g"])}
    except ValidationError as refused:
        return {"n": row["n"], "why": "vertices" if refused.code == "vertices" else "range"}


class Naming:
    """Key, slug and names of each row by the fields that were chosen; keys that came already are known."""

    def __init__(self, mapping: Mapping, head: dict[str, Any], import_id: Any, languages: tuple[str, str]) -> None:
        names = {field["name"] for field in head["fields"]}
        for wanted in (mapping.key, mapping.name, mapping.name_en):
            if wanted and wanted not in names:
                raise ImportRefused("no_field", wanted)
        self.mapping, self._id, self._first_of = mapping, str(import_id).replace("-", "")[:12], set[str]()
        self._languages = languages

    def key(self, row: dict[str, Any]) -> tuple[str, str]:
        """(key, why the row cannot be used); both empty where no key was chosen."""
        if not self.mapping.key:
            return "", ""
        key = text(row["p"].get(self.mapping.key))
        if not key:
            return "", "no_key"
        if key in self._first_of:
            return "", "same_key"
        self._first_of.add(key)
        return key, ""

    def slug(self, key: str, number: int) -> str:
        """The part of an address: the key where it can be one."""
        if not key:
            return f"{self._id}-{number}"
        plain = key.isascii() and len(key) <= 50 and key.replace("-", "").replace("_", "").isalnum()
        return key if plain else f"k{sha256(key.encode()).hexdigest()[:24]}"

    def names(self, row: dict[str, Any]) -> dict[str, str]:
        """{language: name}; nothing where the file names nothing."""
        found = zip(self._languages, (self.mapping.name, self.mapping.name_en), strict=True)
        texts = {code: text(row["p"].get(field)) for code, field in found if field}
        return {code: name for code, name in texts.items() if name}


def text(value: Any) -> str:
    """A value of a row as a name or a key: one line, not too long."""
    return "" if value is None else " ".join(str(value).split())[:LONGEST_NAME]
