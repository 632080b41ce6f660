"""Reading an extract of OpenStreetMap: a bounded process of ours does it, this module listens, names and spells each thing."""

from __future__ import annotations

import contextlib
import re
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError

from geoportal.kernel import child
from geoportal.kernel.geometry_bulk import ewkb
from geoportal.kernel.postgis import BBox
from layers.folding import KINDS, folded, latin, romanised
from layers.importing import ImportRefused

PROGRAM = str(Path(__file__).with_name("osm_child.py"))
MOST_THINGS = 2_000_000
"""Of one part of an extract (lines, points, polygons) that is named, drawn or has a house number."""
MEMORY = 4 * 1024**3
CPU_SECONDS, SECONDS = 900, 1200
_COLUMNS = {"roads": "line", "waterways": "line", "places": "point"}
"""{layer of the base map: shape of its things}; the others are polygons."""
PLACES = threading.BoundedSemaphore(1)
LONGEST_NUMBER = 12
_CYRILLIC = re.compile("[Ѐ-ӿ]")
_KINDS = KINDS | {"alea", "aleia", "pat", "shose", "most", "prohod", "kei", "proezd", "prospekt", "pereulok", "magistrala"}
"""Words that say what kind of way a name is; a name without any is a street's."""
_WHOLE = re.compile(r"^(улица|булевард|площад)\s+", re.IGNORECASE)
_SHORT = {"улица": "ул. ", "булевард": "бул. ", "площад": "пл. "}


def read(path: Path, box: BBox | None) -> Generator[dict[str, Any]]:
    """Each thing inside the box: {kind, key, name: {language: text}, spelt, number, street (spelt), street_name, e: EWKB, is_town},
    and what a base map draws: {drawn: layer, kind, first: zoom, name: {language: text} or {}, e}.

    Raises ImportRefused.
    """
    if not path.is_file():
        raise ImportRefused("empty")
    with tempfile.TemporaryDirectory(prefix="osm-") as folder:
        order = {
            "path": str(path.resolve()), "folder": folder, "box": box, "languages": [code for code, _name in settings.LANGUAGES],
            "memory": MEMORY, "seconds": CPU_SECONDS, "most": MOST_THINGS,
        }  # fmt: skip
        whole = False
        try:
            told = child.lines(PROGRAM, orjson.dumps(order).decode(), seconds=SECONDS, places=PLACES)
            with contextlib.closing(told) as lines:
                for line in lines:
                    row = orjson.loads(line)
                    if "refused" in row:
                        raise ImportRefused(row["refused"], row["about"])
                    whole = "end" in row
                    if not whole and (thing := _drawn(row) if "d" in row else _thing(row)):
                        yield thing
        except child.Unanswered as wrong:
            raise ImportRefused(wrong.why) from wrong
        if not whole:
            raise ImportRefused("killed")


def _thing(row: dict[str, Any]) -> dict[str, Any] | None:
    """None for what cannot be used: a number too long, a shape outside the globe, a name without letters."""
    kind = row["t"]
    try:
        shape = ewkb("line" if kind == "street" else "point", row["g"])
    except ValidationError:
        return None
    if kind == "house":
        number, street = row["h"], names({"": row["s"]}, "street")
        if len(number) > LONGEST_NUMBER or not (spelt := spellings(street)):
            return None
        return {"kind": kind, "key": row["i"], "name": street, "spelt": spelt, "number": number, "e": shape, "town": False}
    name = names(row["n"], kind)
    if not (spelt := spellings(name)):
        return None
    town = kind == "place" and row["p"] in ("city", "town", "village")
    kind = "quarter" if kind == "place" else kind
    return {"kind": kind, "key": row["i"], "name": name, "spelt": spelt, "number": "", "e": shape, "town": town}


def _drawn(row: dict[str, Any]) -> dict[str, Any] | None:
    """None for a shape that the gate refuses."""
    layer = row["d"]
    try:
        shape = ewkb(_COLUMNS.get(layer, "polygon"), row["g"])
    except ValidationError:
        return None
    is_street = layer == "roads" and row["k"] not in ("path", "rail")
    name = names(row["n"], "street" if is_street else "landmark") if row["n"] else {}
    return {"drawn": layer, "kind": row["k"], "first": row["z"], "name": name, "e": shape}


def names(found: dict[str, str], kind: str) -> dict[str, str]:
    """{language: name} in the site's languages; Cyrillic names are written in Latin letters where the map has none for a language.

    A way's own kind is written as people here do: „улица Гурко“ and „Гурко“ are „ул. Гурко“, in English „Gurko Street“, and a square's
    „площад Саранск“ „Saransk Square“.
    """
    first, *others = [code for code, _name in settings.LANGUAGES]
    own = found.get(first) or found[""]
    written = _with_kind(own) if kind == "street" else own
    given = {code: found[code] for code in others if found.get(code)}
    return {first: written, **{code: given.get(code) or _latin_name(own, written, kind) for code in others}}


def _with_kind(name: str) -> str:
    """„ул. Гурко“ of „улица Гурко“ and „Гурко“; a name in other letters stays."""
    if not _CYRILLIC.search(name):
        return name
    if found := _WHOLE.match(name):
        return _SHORT[found[1].lower()] + name[found.end() :]
    parts = re.findall("[a-z]+", latin(name))
    return name if any(part in _KINDS for part in parts) else f"ул. {name}"


def _latin_name(own: str, written: str, kind: str) -> str:
    if not _CYRILLIC.search(own):
        return own
    if kind == "square":
        written = _WHOLE.sub(lambda found: _SHORT[found[1].lower()], own)
    if kind in ("street", "square"):
        for short, word in (("ул. ", "Street"), ("бул. ", "Boulevard"), ("пл. ", "Square")):
            if written.lower().startswith(short):
                return f"{romanised(written[len(short) :])} {word}"
    return romanised(own)


def spellings(name: dict[str, str]) -> str:
    """As `Place.folded` holds them; the first is what two pieces of one street have in common."""
    return " | ".join(dict.fromkeys(spelt for text in name.values() if (spelt := folded(text))))[:400]
