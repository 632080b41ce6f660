"""What is said about somebody's words before they are sent: that it may be an emergency, that they hold private data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from municipality.site import installation
from reports.alarms import alarming
from reports.private_data import LONGEST, private_data, seal

EMERGENCY, PRIVATE = "emergency", "private"
KIND_NAMES: dict[str, Promise] = {
    "civil": pgettext_lazy("private data", "civil number"), "phone": pgettext_lazy("private data", "telephone"),
    "email": pgettext_lazy("private data", "e-mail"), "plate": pgettext_lazy("private data", "number plate"),
    "iban": pgettext_lazy("private data", "bank account"),
}  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """`found`: [{words, kind (in the reader's language)}]; `seal`: what the form sends back once it was seen."""

    kind: str
    found: list[dict[str, Any]]
    seal: str


def notices(title: str, text: str) -> list[Notice]:
    """An emergency first, then private data; none when there is nothing to say."""
    said = []
    words: list[dict[str, Any]] = [{"words": word, "kind": ""} for word in emergency_words_in(f"{title} {text}"[:LONGEST])]
    if words:
        said.append(Notice(EMERGENCY, words, seal(EMERGENCY, [each["words"] for each in words])))
    if private := private_notice(title, text):
        said.append(private)
    return said


def private_notice(*texts: str) -> Notice | None:
    """The private data of the texts; nothing when there is none."""
    found: list[dict[str, Any]] = [{"words": one.words, "kind": KIND_NAMES[one.kind]} for one in private_data(*texts)]
    return Notice(PRIVATE, found, seal(PRIVATE, [each["words"] for each in found])) if found else None


def emergency_words_in(text: str) -> list[str]:
    """The words of the text that speak of an emergency, each once and in small letters; how entries are read: `alarms`."""
    return alarming(text, emergency_entries())


def emergency_entries() -> list[str]:
    """Those of the municipality, of all languages."""
    return [entry for several in installation().emergency_words.values() for entry in several]
