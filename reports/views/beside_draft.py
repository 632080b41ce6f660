"""What already is at the place of a draft: the same list at the step „what“, while one types there, and before sending; and the
things near it that can be picked."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError

from geoportal.kernel.geometry import point
from layers.on_map import pickable
from reports import at_objects
from reports.nearby import MOST_WORDS, around
from reports.picked import in_words


def around_draft(place: Any, what: Any, photo: str) -> dict[str, Any] | None:
    """`reports.nearby.around`, likest first by the words and the category as they stand now, with the draft itself to compare
    them with: `own` {title, photo}; None without a place.

    `place`: a PlaceForm, which must be right; `what`: a WhatForm, right or not; `photo`: the address of the draft's first one, or nothing.
    """
    if not (place.is_bound and place.is_valid()):
        return None
    settlement, thing = (place.cleaned_data.get(name) for name in ("settlement", "object"))
    at = place.cleaned_data.get("point") or (settlement.point if settlement else None)
    if not at:
        return None
    words = str(what["title"].value() or "").strip() or str(what["text"].value() or "").strip()
    found = around(at, words=words, category=str(what["category"].value() or ""), feature=thing.pk if thing else None)
    return {**found, "own": {"title": words[:MOST_WORDS], "photo": photo} if words else None}


def things(here: Point | None, wanted: str) -> dict[str, Any]:
    """Context of templates/reports/_objects.html: {objects: [{called, words, metres, marked, lon, lat}], object}; `wanted`: the address of the
    one that was picked. No query where nothing can be picked here."""
    if here is None or not pickable():
        return {"objects": [], "object": ""}
    rows = at_objects.near(here, wanted)
    found = [_thing(row) for row in rows]
    return {"objects": found, "object": wanted if wanted in [row["called"] for row in found] else ""}


def _thing(row: Any) -> dict[str, Any]:
    at = {"lon": f"{row.foot.x:.7f}", "lat": f"{row.foot.y:.7f}"}
    return {"called": row.called, "words": in_words(row), "metres": row.metres, "marked": row.marked, **at}


def beside_place(form: Any) -> dict[str, Any]:
    """`things` for a PlaceForm as it stands, sent or begun from an address."""
    try:
        here = point(str(form["lon"].value() or ""), str(form["lat"].value() or ""))
    except ValidationError:
        here = form.cleaned_data.get("point") if form.is_bound and form.is_valid() else None
    return things(here, str(form["object"].value() or ""))
