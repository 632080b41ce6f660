"""What already is at the place of a draft: the same list at the step „what“, while one types there, and before sending."""

from __future__ import annotations

from typing import Any

from reports.nearby import MOST_WORDS, around


def around_draft(place: Any, what: Any, photo: str) -> dict[str, Any] | None:
    """`reports.nearby.around`, likest first by the words and the category as they stand now, with the draft itself to compare
    them with: `own` {title, photo}; None without a place.

    `place`: a PlaceForm, which must be right; `what`: a WhatForm, right or not; `photo`: the address of the draft's first one, or nothing.
    """
    if not (place.is_bound and place.is_valid()):
        return None
    settlement = place.cleaned_data.get("settlement")
    point = place.cleaned_data.get("point") or (settlement.point if settlement else None)
    if not point:
        return None
    words = str(what["title"].value() or "").strip() or str(what["text"].value() or "").strip()
    found = around(point, words=words, category=str(what["category"].value() or ""))
    return {**found, "own": {"title": words[:MOST_WORDS], "photo": photo} if words else None}
