"""What the page of a report will say, before it is sent: by the same functions that will make and show it."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError

from reports.actions import Submission
from reports.actions.submit import place_of, route
from reports.forms.submit import shown_name
from reports.picked import of_feature
from reports.querysets import today
from reports.wording import place_in_words


def foreseen(place: Any, what: Any, send: Any) -> dict[str, Any] | None:
    """Context of reports/_as_seen.html; None while the place or the words are not right.

    `place`, `what`: PlaceForm and WhatForm; `send`: a SendForm as it stands now, right or not.
    """
    if not (place.is_valid() and what.is_valid()):
        return None
    where, words = place.cleaned_data, what.cleaned_data
    whole, category = where["whole"], words["category"]
    sent = Submission(
        kind=words["kind"], category=category, title=words["title"], text=words["text"], client_uuid=uuid.UUID(int=0), language="",
        point=None if whole else where["point"], settlement=None if whole else where["settlement"],
        place=where["place"], object=where["object"],
    )  # fmt: skip
    try:
        area = place_of(sent)
    except ValidationError:
        return None
    name = " ".join(str(send["name"].value() or "").split())
    return {
        "title": sent.title, "object": of_feature(sent.object) if sent.object else None,
        "text": sent.text, "where": place_in_words(sent.place, area.full_name),
        "approximate": sent.settlement is not None and sent.point is not None, "just_outside": sent.just_outside,
        "sectors": [category.sector, *(one for one in words["further_sectors"] if one != category.sector)], "category": category,
        "author": shown_name(str(send["public_name"].value() or ""), name), "day": today(), "department": route(category, area),
        "official": send["way"].value() == "official", "closed": bool(send["restricted"].value()) or not category.public,
    }  # fmt: skip
