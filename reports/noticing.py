"""What is said about somebody's words before they are sent: that it may be an emergency, that they hold private data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from discussion.search import WORD, lemma
from layers.folding import latin
from municipality.site import SECONDS, installation
from reports.private_data import LONGEST, private_data, seal

NEAR_WORDS = 4
"""The words of one entry stand so near to the first of them: „кабел е паднал на тротоара“ speaks of „паднал кабел“."""
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
    """The words of the text that speak of an emergency, each once and as written; of an entry of several words all, near each other."""
    written: list[str] = [word.lower() for word in WORD.findall(text)]
    places: dict[str, set[int]] = {}
    for at, word in enumerate(written):
        for form in (word, lemma(word)):
            places.setdefault(form, set()).add(at)
    found: set[int] = set()
    for entry in _dangerous():
        first, *others = [set().union(*(places.get(form, set()) for form in forms)) for forms in entry]
        for at in first:
            near = [{other for other in part if abs(other - at) <= NEAR_WORDS} for part in others]
            if all(near):
                found |= {at, *(min(part, key=lambda other: abs(other - at)) for part in near)}
    return list(dict.fromkeys(written[at] for at in sorted(found)))


def _dangerous() -> tuple[tuple[frozenset[str], ...], ...]:
    """Each entry of the municipality as its words, each word as the forms by which it is known."""

    def read() -> tuple[tuple[frozenset[str], ...], ...]:
        entries = [entry.lower().split() for several in installation().emergency_words.values() for entry in several]
        return tuple(tuple(_forms(word) for word in entry) for entry in entries if entry)

    return cache.get_or_set(f"emergencies-{installation().edition}", read, SECONDS) or ()


def _forms(word: str) -> frozenset[str]:
    """A word as it is known in texts: as given, its dictionary form, and either in Latin letters („pozhar“)."""
    known = {word, lemma(word)}
    return frozenset(known | {latin(one) for one in known})
