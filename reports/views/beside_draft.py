"""What already is at the place of a draft: the same list at the step „what“, while one types there, and before sending."""

from __future__ import annotations

import uuid
from typing import Any

from reports.nearby import MOST_WORDS, around
from reports.views.draft_photos import of_draft


def around_draft(place: Any, what: Any, draft: uuid.UUID | None) -> dict[str, Any] | None:
    """`reports.nearby.around`, likest first by the words and the category as they stand now, with the draft itself to compare
    them with: `own` {title, photo}; None without a place.

    `place`: a PlaceForm, which must be right; `what`: a WhatForm, right or not.
    """
    if not (place.is_bound and place.is_valid()):
        return None
    settlement = place.cleaned_data.get("settlement")
    point = place.cleaned_data.get("point") or (settlement.point if settlement else None)
    if not point:
        return None
    words = str(what["title"].value() or "").strip() or str(what["text"].value() or "").strip()
    found = around(point, words=words, category=str(what["category"].value() or ""))
    photos = of_draft(draft) if draft and words and found["reports"] else []
    return {**found, "own": {"title": words[:MOST_WORDS], "photo": photos[0].url("small") if photos else ""} if words else None}
