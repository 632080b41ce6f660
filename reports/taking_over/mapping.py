"""The map: which column holds what, and what the other system's words mean here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _

from reports import workflow
from reports.models import Category

FIELDS = (
    "external_id", "title", "text", "status", "category", "created", "closed", "lat", "long", "address", "answer", "photos",
)  # fmt: skip
NEEDED = ("external_id", "status", "category", "created")
PLACE = ("lat", "long")
"""Needed where there is no column of addresses."""
OPEN311: dict[str, str] = {
    "external_id": "service_request_id", "title": "title", "text": "description", "status": "status",
    "category": "service_name", "created": "requested_datetime", "closed": "updated_datetime", "lat": "lat", "long": "long",
    "address": "address", "answer": "status_notes", "photos": "media_url",
}  # fmt: skip
"""Fields of GeoReport v2; its updated_datetime is the day of closing of what is closed."""
CALLED: dict[str, tuple[str, ...]] = {
    "external_id": ("№", "no", "id", "number", "номер", "вх. №", "входящ номер", "service_request_id"),
    "title": ("заглавие", "тема", "относно", "subject"),
    "text": ("описание", "текст", "съдържание", "description"),
    "status": ("статус", "състояние", "state"),
    "category": ("категория", "вид", "тип", "type", "service_name"),
    "created": (
        "подаден",
        "подаден на",
        "дата",
        "дата на подаване",
        "създаден",
        "date",
        "opened",
        "received",
        "requested_datetime",
    ),
    "closed": ("приключен", "приключен на", "дата на приключване", "resolved", "updated_datetime"),
    "lat": ("ширина", "географска ширина", "latitude", "y"),
    "long": ("дължина", "географска дължина", "lon", "lng", "longitude", "x"),
    "address": ("адрес", "място", "местоположение", "address_string"),
    "answer": ("отговор", "резолюция", "status_notes"),
    "photos": ("снимки", "снимка", "photo", "media_url"),
}
"""What columns of other systems are often called, beside the field's own name: guesses to begin with."""
MOST_BYTES = 1024 * 1024
PARTS = ("source", "language", "columns", "categories", "statuses")


@dataclass(frozen=True)
class Map:
    """`columns`: field → column; `categories`: word → category (None: left out); `statuses`: word → state (None: left out)."""

    source: str
    language: str
    columns: dict[str, str]
    categories: dict[str, Category | None] = field(default_factory=dict)
    statuses: dict[str, str | None] = field(default_factory=dict)


def read(path: Path, columns: dict[str, str] | None = None) -> Map:
    """The map that a file holds; `columns`: those of a known form, where the file names none. Raises ValidationError."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
        sent = json.loads(raw.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        raise ValidationError(_("The map is not a readable JSON file.")) from None
    return of(sent, columns)


def of(sent: Any, columns: dict[str, str] | None = None) -> Map:
    """The same of what such a file holds."""
    if not isinstance(sent, dict) or (strange := sorted(set(sent) - set(PARTS))):
        raise ValidationError(
            _("The map holds %(parts)s alone; not: %(strange)s.")
            % {"parts": ", ".join(PARTS), "strange": ", ".join(strange) if isinstance(sent, dict) else "—"}
        )
    source = sent.get("source", "")
    try:
        validate_slug(source)
    except (ValidationError, TypeError):
        source = ""
    if not source or not isinstance(source, str) or len(source) > 60:
        raise ValidationError(_("Write under source a short name of the other system in Latin letters, as old-system."))
    language = sent.get("language") or settings.LANGUAGE_CODE
    if language not in dict(settings.LANGUAGES):
        raise ValidationError(_("The language of the map is none of this site."))
    return Map(source, language, _columns(_words(sent, "columns"), columns), _categories(sent), _statuses(sent))


def _words(sent: dict[str, Any], part: str) -> dict[str, str | None]:
    """A part of the map: words to words; nothing for a part that is not there."""
    found = sent.get(part, {})
    if not isinstance(found, dict) or not all(value is None or isinstance(value, str) for value in found.values()):
        raise ValidationError(_("Under %(part)s the map needs pairs of words.") % {"part": part})
    return found


def _columns(sent: dict[str, str | None], known: dict[str, str] | None) -> dict[str, str]:
    if strange := sorted(set(sent) - set(FIELDS)):
        raise ValidationError(
            _("Under columns stand %(known)s; not: %(strange)s.") % {"known": ", ".join(FIELDS), "strange": ", ".join(strange)}
        )
    found = {**(known or {}), **{name: column for name, column in sent.items() if column}}
    missing = [name for name in (*NEEDED, *PLACE) if name not in found and not (name in PLACE and "address" in found)]
    if len(set(PLACE) & set(found)) == 1:
        missing = [*missing, *(name for name in PLACE if name not in found and name not in missing)]
    if "title" not in found and "text" not in found:
        missing.append("text")
    if missing:
        raise ValidationError(_("Under columns the map lacks: %(names)s.") % {"names": ", ".join(missing)})
    return found


def _categories(sent: dict[str, Any]) -> dict[str, Category | None]:
    words = _words(sent, "categories")
    known = {category.slug: category for category in Category.objects.select_related("department", "regime", "sector")}
    if strange := sorted({slug for slug in words.values() if slug} - set(known)):
        raise ValidationError(
            _("Of these categories there is none here: %(strange)s. There are: %(known)s.")
            % {"strange": ", ".join(strange), "known": ", ".join(sorted(known))}
        )
    return {fold(word): known[slug] if slug else None for word, slug in words.items()}


def _statuses(sent: dict[str, Any]) -> dict[str, str | None]:
    words = _words(sent, "statuses")
    known = sorted({status for states in workflow.TAKEN_OVER.values() for status in states})
    if strange := sorted({status for status in words.values() if status} - set(known)):
        raise ValidationError(
            _("Into these states nothing is taken over: %(strange)s. Possible are: %(known)s.")
            % {"strange": ", ".join(strange), "known": ", ".join(known)}
        )
    return {fold(word): status or None for word, status in words.items()}


def fold(word: str) -> str:
    """Words of the other system are alike whatever their case and blanks."""
    return " ".join(word.split()).casefold()


def guess(columns: list[str]) -> dict[str, str]:
    """Field → the column that is called so, "" where none is."""
    by_name = {fold(column): column for column in columns}
    found: dict[str, str] = {}
    for name in FIELDS:
        known = (name, name.replace("_", " "), *CALLED[name])
        found[name] = next((by_name[word] for word in known if word in by_name), "")
    return found


def to_fill_in(columns: list[str], known: dict[str, str] | None, words: dict[str, list[str]]) -> str:
    """A map to be filled in, as JSON. `words`: {"category": …, "status": …} as found, where their columns are known."""
    guessed = known or guess(columns)
    return json.dumps(
        {
            "source": "",
            "language": settings.LANGUAGE_CODE,
            "columns": guessed,
            "categories": dict.fromkeys(words.get("category", []), ""),
            "statuses": dict.fromkeys(words.get("status", []), ""),
        },
        ensure_ascii=False,
        indent=2,
    )
