"""The settlement that somebody named beside something else: „Литаково читалище“, „ул. Гурко 5, гр. Левка“."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from layers.folding import KINDS, LONGEST, folded, latin
from layers.likeness import like_enough
from layers.models import Place

MOST_WORDS = 4
"""So many words a settlement's name has at most, with its kind: „с. Горно Малко село“."""
_FOUR_DIGITS = re.compile(r"(?<![\w/-])\d{4}(?![\w/-])")
SHORTEST, SURE = 3, 6
"""Letters of a name that is looked for at all, and of one that may have an error: „гурко“ is no „Гурково“."""


def named_home(typed: str) -> tuple[Place, str] | None:
    """The settlement at the beginning or the end of `typed`, and the other words as they were typed; None for one without the other."""
    parts = [part for part in re.split(r"[\s,;]+", typed[:LONGEST].strip()) if part]
    spans: dict[str, str] = {}
    for count in range(1, min(MOST_WORDS, len(parts) - 1) + 1):
        for name, rest in ((parts[:count], parts[count:]), (parts[-count:], parts[:-count])):
            if _names_something(rest) and not _begins_another(name) and len(wanted := folded(" ".join(name))) >= SHORTEST:
                spans[wanted] = " ".join(rest)  # the longest of a name takes its kind along
    if not spans:
        return None
    with like_enough():
        rows = list(settlements_like(list(spans)))
    found = [(_errors(wanted, row), -len(wanted), row.slug, row, rest) for wanted, rest in spans.items() for row in rows]
    best = min((one for one in found if one[0] is not None), default=None, key=lambda one: one[:3])
    return (best[3], best[4]) if best else None


def called(wanted: str) -> Place | None:
    """The settlement of that name (folded), one error allowed in a long one; None for another name."""
    if len(wanted) < SHORTEST:
        return None
    with like_enough():
        rows = [(errors, row.slug, row) for row in settlements_like([wanted]) if (errors := _errors(wanted, row)) is not None]
    return min(rows, key=lambda one: one[:2])[2] if rows else None


def settlements_like(names: list[str]) -> QuerySet[Place]:
    """Settlements whose folded name is like one of `names` (folded) by the session's threshold."""
    named = reduce(or_, (Q(folded__trigram_word_similar=name) for name in names))
    rows = Place.objects.filter(named, kind=Place.Kind.SETTLEMENT).select_related("area", "area__parent")
    return rows.defer("area__polygon", "area__parent__polygon")


def without_post_code(typed: str) -> str:
    """„1000 Левка, ул. Гурко 5“ → „Левка, ул. Гурко 5“: four digits beside a settlement's name; „1300 години“ stays."""
    for found in _FOUR_DIGITS.finditer(typed[:LONGEST]):
        before, after = typed[: found.start()], typed[found.end() :]
        beside = [
            *re.findall(r"[^\W\d_]+", before)[-1:],
            *[word for word in re.findall(r"[^\W\d_]+", after) if latin(word) not in KINDS][:1],
        ]
        if any(called(folded(word)) for word in beside):
            return f"{before.rstrip(' ,')} {after}".strip(" ,")
    return typed


def _names_something(words: list[str]) -> bool:
    """Whether the words hold more than kinds and numbers."""
    parts = re.findall(r"[a-z]+", latin(" ".join(words)))
    return any(len(part) > 1 and part not in KINDS for part in parts)


def _begins_another(words: list[str]) -> bool:
    """Whether a kind stands last: it stands before a name, so it is the other's („Врачеш ул.“ of „Врачеш ул. Рила“)."""
    return len(words) > 1 and latin(words[-1]).strip(".") in KINDS


def _errors(wanted: str, row: Place) -> int | None:
    """0 for a name of the settlement as it is spelt, 1 for one with an error in it; None for another name."""
    spellings = row.folded.split(" | ")
    if wanted in spellings:
        return 0
    near = len(wanted) >= SURE and any(len(spelt) >= SURE and one_apart(wanted, spelt) for spelt in spellings)
    return 1 if near else None


def one_apart(one: str, other: str) -> bool:
    """Whether a letter that is wrong, missing or too much makes the two the same."""
    short, long = sorted((one, other), key=len)
    same = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) == len(long):
        return short[same + 1 :] == long[same + 1 :]
    return len(long) == len(short) + 1 and short[same:] == long[same + 1 :]
