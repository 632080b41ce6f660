"""Where a request is: a point, or an address in words that is looked up among the places that are known here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from api.open311.answers import bad
from api.open311.asked import place
from layers.gazetteer import search
from reports.at_objects import chosen


def place_of(fields: dict[str, str]) -> dict[str, Any]:
    """{point, place} or {settlement, place} of a Submission, or {object} with them. Raises Problem where none says a place.

    `address_id` names a thing of a layer, „lamps.12“. Beside a place that is said otherwise a number that is none of ours says
    nothing: it is the sender's own.
    """
    words = fields.get("address_string", "")
    if ("lat" in fields) != ("long" in fields):
        raise bad("lat, long", _("Latitude and longitude belong together."))
    if (thing := chosen(fields.get("address_id", ""))) is not None:
        return {"object": thing, "place": words, "point": place(fields) if "lat" in fields else None}
    if "lat" in fields:
        return {"point": place(fields), "place": words}
    if words:
        return _looked_up(words)
    if "address_id" in fields:
        raise bad("address_id", _("No thing of a layer is called so. Send lat and long, or address_string."))
    raise bad("lat, long", _("Send lat and long, or address_string."))


def _looked_up(words: str) -> dict[str, Any]:
    """The place itself where its point is known; else its settlement with the words, and the report says that it is approximate."""
    hits = search(words, most=1)
    if not hits:
        raise bad("address_string", _("This address is not known here. Name street and settlement, or send lat and long."))
    hit = hits[0]
    if hit.layer:
        return {"object": chosen(hit.key), "place": words, "point": None}
    return {"point": hit.point, "place": words} if hit.exact else {"settlement": hit.home, "place": words}
