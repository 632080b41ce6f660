"""Photos of a draft: kept before their report is sent, under a client's UUID; attached by `submit` and the workflow."""

from __future__ import annotations

import uuid

from discussion.actions.photos import folder_of, kept
from geoportal.kernel import photos
from reports.models import Photo

__all__ = ["drop_photo", "folder_of", "keep_photo"]


def keep_photo(draft: uuid.UUID, client_uuid: uuid.UUID, source: bytes) -> Photo:
    """Sanitised, on the disk, then in the table. The same bytes under the same UUID again answer the first.

    Raises PhotoRefused, or ValidationError (code "conflict" for other bytes under the UUID or another draft's, "many").
    """
    waiting = Photo.objects.filter(draft=draft, report=None).count()
    return kept(Photo, draft, client_uuid, source, waiting=waiting)


def drop_photo(draft: uuid.UUID, client_uuid: uuid.UUID) -> bool:
    """Takes a photo of the draft away, files and all; False when there is none that is not yet attached."""
    photo = Photo.objects.filter(draft=draft, client_uuid=client_uuid, report=None).first()
    if photo is None:
        return False
    folder = folder_of(photo)
    photo.delete()
    photos.discard(folder)
    return True
