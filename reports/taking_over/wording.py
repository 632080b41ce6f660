"""Why a row of another system could not be taken over, or what of it was left out, and how to mend it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OF_ROW: dict[str, tuple[Promise, Promise]] = {
    "cells": (_("has more or fewer cells than the header"), _("put texts with separators into quotes and save the file anew")),
    "control": (_("holds characters that cannot be shown"), _("remove them from this cell")),
    "no_id": (_("has no number of its own"), _("choose the column with the number (external_id)")),
    "id": (_("has a number longer than 100 characters"), _("choose another column for the number (external_id)")),
    "twice": (_("has the number of an earlier row"), _("remove one of the two")),
    "no_words": (_("has neither title nor text"), _("write one of the two")),
    "long": (_("has a text of more than 4,000 characters"), _("shorten it")),
    "category": (_("has a category that the map does not name"), _("choose one of ours for it, or leave such rows out (null in the map)")),
    "status": (_("has a state that the map does not name"), _("choose a state of ours for it, or leave such rows out (null in the map)")),
    "state": (_("has a state that its kind does not have here"), _("choose another state or category in the map")),
    "left_out": (_("is left out by the map"), _("choose a category or a state for its word, and it is taken")),
    "created": (_("has no day of sending that can be read"), _("write days as 2024-05-31, 2024-05-31 14:20 or 31.05.2024 14:20")),
    "closed": (_("has a day of closing that cannot be read"), _("write days as 2024-05-31, 2024-05-31 14:20 or 31.05.2024 14:20")),
    "future": (_("has a day in the future"), _("correct the day")),
    "old": (_("has a day before 1990"), _("correct the day")),
    "order": (_("was closed before it was sent"), _("correct one of the days")),
    "no_place": (_("has no coordinates that can be read"), _("write latitude and longitude in degrees, as 42.9021 and 23.7911, or the address")),
    "unknown": (_("has an address that is not known here"), _("write street and settlement as they are called here, or coordinates")),
    "ambiguous": (_("has an address that may mean several places"), _("write one of those named, with its settlement, or coordinates")),
    "wide": (_("has an address that names a settlement alone"), _("write the street or what stands there, too, or coordinates")),
    "by_address": (_("was found by its address"), _("nothing to do, if this is the place")),
    "by_settlement": (
        _("was found by its address, without an exact place: it stands at its settlement"), _("write coordinates for an exact place"),
    ),
    "swapped": (_("lies in the municipality only with latitude and longitude exchanged"), _("exchange the columns of latitude and longitude")),
    "outside": (_("lies outside the municipality"), _("correct the coordinates, or leave the row out")),
    "refused": (_("is refused"), _("correct what is named")),
    "acted_on": (_("has changed there, but somebody has acted on it here"), _("look at both and act here")),
    "went_back": (_("went back to its first state there"), _("look at it and reopen it here")),
    "no_close": (_("has ended without a day of closing: the day of sending stands for it"), _("choose the column with the day of closing (closed)")),
    "answer": (_("has an answer, but a state in which nobody has answered: the answer is left out"), _("map its state to another one")),
    "private": (_("has personal data in its words: “…” stands for them"), _("nothing to do")),
    "address": (_("has an address longer than 200 characters: the rest is left out"), _("shorten it")),
    "photo": (_("has a photo that was left out"), _("open the address; mend it there or let it be")),
    "photos": (_("has more than five photos: the first five are taken"), _("nothing to do")),
}  # fmt: skip
"""Code → (what is so, what to do)."""
