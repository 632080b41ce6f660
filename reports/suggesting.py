"""From words to categories: by what was learned from the municipality's own reports where that is better, else by rule.

The rule: which category's name and keywords the words share, rarer words weighing more.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache

from discussion.search import WORD, lemma
from municipality.site import SECONDS, installation
from reports import learned
from reports.models import Category
from reports.querysets import open_levels

MOST = 3
MOST_WORDS = 400
SURE, PERHAPS = 2.0, 0.9
"""Weight from which a category is „likely“ (and ahead of the next by a third), and from which it is named at all."""
LIKELY, MAYBE = 0.75, 0.2
"""Calibrated probability: „likely“ is right in three of four or more; below one in five a category is not worth a reader's time."""
KEYWORD, NAME = 1.0, 0.6
AHEAD = 1.33
SHORTEST = 3


@dataclass(frozen=True)
class Suggestion:
    """`sure`: „likely“ rather than „perhaps“; `words`: those of the text (or their lemmas) that speak for it."""

    slug: str
    name: str
    kind: str
    sure: bool
    words: tuple[str, ...]


def suggest(text: str, user: Any = None) -> list[Suggestion]:
    """At most three categories that the text speaks of, likeliest first; none where nothing speaks for any.

    What the rules find stands behind what was learned: they know categories with too few reports to learn from.
    """
    first = by_learning(text, user)
    named = {one.slug for one in first}
    behind = [replace(one, sure=one.sure and not first) for one in by_rules(text, user) if one.slug not in named]
    return [*first, *behind][:MOST]


def lemmas_of(text: str) -> list[str]:
    """What both learning and reckoning see of a text."""
    return [lemma(word) for word in WORD.findall(text)[:MOST_WORDS] if len(word) >= SHORTEST]


def by_learning(text: str, user: Any = None) -> list[Suggestion]:
    """What the weights say, by their calibrated probability; none where nothing was learned or the words are new."""
    if (model := learned.model()) is None:
        return []
    said = [one for one in model.says(lemmas_of(text)) if one[1] >= MAYBE][:MOST]
    rows = {row.slug: row for row in Category.objects.filter(slug__in=[one[0] for one in said], open_to__in=open_levels(user))}
    return [
        Suggestion(slug, str(rows[slug]), rows[slug].kind, probability >= LIKELY, words)
        for slug, probability, words in said
        if slug in rows
    ]


def by_rules(text: str, user: Any = None) -> list[Suggestion]:
    """The same by names and keywords alone."""
    written = {lemma(word): word for word in reversed(WORD.findall(text)[:MOST_WORDS]) if len(word) >= SHORTEST}
    if not written:
        return []
    weights = _weights()
    scores: Counter[int] = Counter()
    said: dict[int, list[tuple[float, str]]] = {}
    for word, as_written in written.items():
        for pk, weight in weights.get(word, {}).items():
            scores[pk] += weight  # type: ignore[assignment]
            said.setdefault(pk, []).append((-weight, as_written))
    best = [(pk, score) for pk, score in scores.most_common(2 * MOST) if score >= PERHAPS]
    rows = Category.objects.filter(open_to__in=open_levels(user)).in_bulk([pk for pk, _score in best])
    best = [(pk, score) for pk, score in best if pk in rows][:MOST]
    found = []
    for place, (pk, score) in enumerate(best):
        behind = best[1][1] if len(best) > 1 else 0.0
        sure = place == 0 and score >= SURE and score >= AHEAD * behind
        words = tuple(word for _weight, word in sorted(said[pk])[:3])
        found.append(Suggestion(rows[pk].slug, str(rows[pk]), rows[pk].kind, sure, words))
    return found


def _weights() -> dict[str, dict[int, float]]:
    """Lemma → category → weight: keywords count whole, names less, and what many categories say counts little."""

    def read() -> dict[str, dict[int, float]]:
        found: dict[str, dict[int, float]] = {}
        for category in Category.objects.only("pk", "name", "keywords"):
            for text, weight in ((" ".join(category.name.values()), NAME), (" ".join(category.keywords), KEYWORD)):
                for word in WORD.findall(text):
                    if len(word) >= SHORTEST:
                        row = found.setdefault(lemma(word), {})
                        row[category.pk] = max(row.get(category.pk, 0.0), weight)
        total = max(Category.objects.count(), 1)
        for row in found.values():
            rare = math.log(1 + total / len(row)) / math.log(1 + total)
            for pk in row:
                row[pk] *= 2 * rare
        return found

    return cache.get_or_set(f"suggesting-{installation().edition}", read, SECONDS) or {}
