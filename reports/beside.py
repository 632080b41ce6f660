"""What apps above show on the map beside reports and planned projects, each as a kind of its own: they say it here at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from municipality.models import Organisation

if TYPE_CHECKING:
    from reports.filters import Filters

Card = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """`name`: the chip („Events“); `one`: what one is called; `counted(3)`: „3 events“."""

    name: Promise
    one: Promise
    counted: Callable[[int], str]


@dataclass(frozen=True)
class Source:
    """`cards(filters)`: public ones of all these kinds under area, words, box and sector, in one query, bounded: contexts of
    components/_card.html with `lon`, `lat` (or None) and `sectors`, the slugs of all their sectors. `card(reference)`: one, or None.
    `of_organisation`: what stands under the name of an organisation, the newest first, bounded."""

    kinds: dict[str, Kind]
    cards: Callable[[Filters], list[Card]]
    card: Callable[[str], Card | None]
    of_organisation: Callable[[Organisation], list[Card]]


SOURCES: list[Source] = []
REPORTS_ALONE = ("category", "status", "overdue", "assigned", "supported", "since", "until")
"""Filters that speak of reports alone: where one of them is set nothing is shown beside reports."""


def kinds() -> dict[str, Kind]:
    return {slug: kind for source in SOURCES for slug, kind in source.kinds.items()}


def cards(filters: Filters) -> list[Card]:
    """Everything beside reports and projects that the filters let through; a query for each source, none where nothing can be."""
    own = kinds()
    if any(getattr(filters, name) for name in REPORTS_ALONE) or (filters.kind and not own.keys() & set(filters.kind)):
        return []
    found = [card for source in SOURCES for card in source.cards(filters)]
    return [card for card in found if not filters.kind or card["kind"] in filters.kind]


def card(reference: str) -> Card | None:
    return next((found for source in SOURCES if (found := source.card(reference))), None)


def counted(found: list[Card]) -> list[str]:
    """„3 events“, „1 initiative“: of each kind how many."""
    return [kind.counted(n) for slug, kind in kinds().items() if (n := sum(card["kind"] == slug for card in found))]
