"""What the scripts of the phone's outbox say, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from reports.forms.place import PlaceForm
from reports.forms.submit import PhotosForm, SendForm, WhatForm

FIELDS = {"point": "lon", "agree": "terms", "show_name": "public_name", "photos": "photo", "official": "way"}
"""Fields of the API and the fields of the forms that are meant by them."""


def labels() -> dict[str, str]:
    """What people call the fields, by their names in the forms and in the API."""
    forms = (PlaceForm(), WhatForm(user=AnonymousUser()), PhotosForm(), SendForm(user=AnonymousUser()))
    named = {name: str(field.label or "") for made in forms for name, field in made.fields.items()}
    return named | {name: named[own] for name, own in FIELDS.items() if own in named}


def words() -> dict[str, Any]:
    """Sentences of the scripts, and the names of the fields."""
    return {"labels": labels(), **_of_the_list(), **_of_the_form()}


def _of_the_list() -> dict[str, str]:
    return {
        "draft": _("Not finished"),
        "queued": _("Waits for a connection"),
        "sending": _("Sending…"),
        "asked": _("Sent, waits for the answer of the server"),
        "mend": _("Needs a change from you"),
        "received": _("Received, number {number}"),
        "kept": _("Kept: confirm it by the link in your mail, until {day}"),
        "read_first": _("Kept: a moderator reads it first"),
        "arrived": _("Received"),
        "photos_one": _("with 1 photo"),
        "photos_many": _("with {n} photos"),
        "photos_gone": _("{k} of {n} photos have gone"),
        "inaccurate": _("The phone knows its place only to {n} m. Move the sign to where it is."),
        "go_on": _("Finish"),
        "change": _("Change"),
        "open": _("Open it"),
        "send_now": _("Send now"),
        "send_as_new": _("Send as a new one"),
        "delete": _("Delete"),
        "delete_sure": _("Delete this from the phone? It cannot be brought back."),
        "untitled": _("Without words so far"),
        "nothing": _("Nothing waits on this phone."),
        "account": _("It was written as {account}. Sign in as {account}, then it goes by itself."),
        "of_another": _("Written by somebody who has signed out here. It is shown after signing in."),
        "sign_in": _("Sign in"),
        "busy": _("The server is busy. It is tried again by itself."),
        "no_connection": _("No connection. It goes by itself as soon as the phone finds one."),
        "saved": _("Kept on this phone"),
        "not_kept": _("This phone cannot keep what you write. Do not close the page before it is sent."),
        "asked_again": _("The phone is busy and does not say yet what you wrote before. It is asked again."),
        "not_queued": _("No connection. Keep this page open: it goes by itself as soon as there is one, or press again."),
        "without_photos": _("A photo found no room on this phone and was not sent. Add it on the page of the report."),
        "as_account": _("It goes as {account}; the answer comes to that address."),
        "no_room": _("There is no room on this phone for this photo. Send it without, or by the ordinary form of the site."),
        "to_map": _("To the map"),
        "photo_kept": _("Kept on this phone"),
        "mine_of": _("As of {time}"),
    }


def _of_the_form() -> dict[str, str]:
    return {
        "missing_place": _("Choose the place on the map, or the settlement and the place in words."),
        "missing_words": _("Describe the place in words: street, number, what stands there."),
        "missing_category": _("Choose a category."),
        "missing_title": _("Say it in a few words."),
        "missing_photo": _("This category needs a photo."),
        "missing_terms": _("Please confirm that you know the rules. Under 14, send it together with a parent or guardian."),
        "missing_official": _("Official filing needs your names, your address and the day it happened."),
        "bad_email": _("Write the e-mail as name@example.org."),
        "too_long": _("This is too long by {n} characters. Shorten it."),
        "position": _("The position of the photo was taken: accurate to {n} m"),
        "private_found": _(
            "These words are somebody’s own: {words}. Everyone would read them. Take them out, or press once more to leave them."
        ),
        "urgent": _("If somebody is in danger, call at once:"),
        "nobody": _("Nobody is in danger, I go on with the report"),
        "look": _("Look at what stands below, then go on."),
        "of_photo": _("The photo says where it was taken. Move the sign if that is not the place."),
        "not_ours": _("This is not the municipality’s work"),
        "their_site": _("Their site"),
        "choose": _("choose"),
        "refused_other": _("The server did not take it: {detail}"),
    }
