"""Photos that came as files: each through the one function for photos, into a draft; nothing is left of what is refused."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from api.open311.answers import bad
from discussion.actions import photos as words
from discussion.pictures import MOST as MOST_WITH_WORDS
from geoportal.kernel.photos import MOST_BYTES
from reports import actions
from reports.actions.submit import MOST_PHOTOS


@dataclass(frozen=True)
class Home:
    """Whose photos they become: how one is kept under a draft and dropped again, and how many there may be."""

    keep: Callable[[uuid.UUID, uuid.UUID, bytes], Any]
    drop: Callable[[uuid.UUID, uuid.UUID], bool]
    most: int


OF_REPORT = Home(actions.keep_photo, actions.drop_photo, MOST_PHOTOS)
OF_WORDS = Home(words.keep, words.drop, MOST_WITH_WORDS)


def digest(file: UploadedFile) -> str:
    """SHA-256 of what was sent, to know a repeat."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def keep(files: list[UploadedFile], draft: uuid.UUID, home: Home) -> list[uuid.UUID]:
    """Client UUIDs of the photos, in their order. Raises Problem for too many, and for one that is none."""
    if len(files) > home.most:
        raise bad("media", _("At most %(most)s photos.") % {"most": home.most})
    kept: list[uuid.UUID] = []
    for number, file in enumerate(files):
        own = uuid.uuid5(draft, f"photo {number}")
        try:
            home.keep(draft, own, file.read(MOST_BYTES + 1))
        except ValidationError as failed:
            drop(kept, draft, home)
            raise bad("media", failed.messages[0], status=getattr(failed, "status", 400)) from failed
        kept.append(own)
    return kept


def drop(kept: list[uuid.UUID], draft: uuid.UUID, home: Home) -> None:
    for own in kept:
        home.drop(draft, own)
