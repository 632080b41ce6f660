"""Photos beside comments and acts as pages and programs show them, each with words for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from discussion.models import Comment, SubjectPhoto, TimelineRow


def of_comments(comments: Iterable[Comment]) -> dict[int, list[SubjectPhoto]]:
    """Comment → its photos that nobody hid, in their order; no query where none has any."""
    return _by("comment", [one.pk for one in comments if one.photo_count])


def of_rows(rows: Iterable[TimelineRow]) -> dict[int, list[SubjectPhoto]]:
    """Row → its photos that nobody hid; no query where no row says that it has some (`pictures` in its data)."""
    return _by("row", [row.pk for row in rows if row.pk and row.data.get("pictures")])


def _by(name: str, keys: list[int]) -> dict[int, list[SubjectPhoto]]:
    found: dict[int, list[SubjectPhoto]] = {}
    if keys:
        for photo in SubjectPhoto.objects.filter(**{f"{name}__in": keys}, hidden=False).select_related("subject"):
            found.setdefault(getattr(photo, f"{name}_id"), []).append(photo)
    return found


def items(photos: list[SubjectPhoto], who: str = "") -> list[dict[str, Any]]:
    """For `components/_photo_grid.html`; `who`: the name under which the comment stands, "" for the photos of an act."""
    return [
        {
            "id": photo.pk, "url": photo.url("small"), "large": photo.url("large"), "width": photo.width, "height": photo.height,
            "moderate_url": reverse("subject_photo", args=[photo.subject.reference, photo.pk]),
            "alt": _alt(photo, who, number, len(photos)),
        }
        for number, photo in enumerate(photos, 1)
    ]  # fmt: skip


def _alt(photo: SubjectPhoto, who: str, number: int, of: int) -> str:
    words = photo.description or (_("Photo with the comment of %(who)s") % {"who": who} if who else _("Photo"))
    return f"{words} ({number}/{of})" if of > 1 else words
