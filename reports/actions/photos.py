"""Photos of a draft: kept before their report is sent, under a client's UUID; attached by `submit` and the workflow."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from geoportal.kernel import photos
from reports.models import Photo

MOST_IN_DRAFT = 10
"""More than a report takes, so that one may choose again; the rest is removed with the draft."""


def keep_photo(draft: uuid.UUID, client_uuid: uuid.UUID, source: bytes) -> Photo:
    """Sanitised, on the disk, then in the table. The same bytes under the same UUID again answer the first.

    Raises PhotoRefused, or ValidationError (code "conflict" for other bytes under the UUID or another draft's, "many").
    """
    digest = hashlib.sha256(source).hexdigest()
    if known := Photo.objects.filter(client_uuid=client_uuid).first():
        return _same(known, draft, digest)
    if Photo.objects.filter(draft=draft, report=None).count() >= MOST_IN_DRAFT:
        raise ValidationError(_("Too many photos were sent for this report."), code="many")
    made = photos.sanitise(source)
    photo = Photo(client_uuid=client_uuid, draft=draft, width=made.width, height=made.height, digest=digest)
    folder = folder_of(photo)
    photos.store(folder, made.sizes)
    try:
        with transaction.atomic():
            photo.save(force_insert=True)
    except IntegrityError:
        photos.discard(folder)
        return _same(Photo.objects.get(client_uuid=client_uuid), draft, digest)
    return photo


def drop_photo(draft: uuid.UUID, client_uuid: uuid.UUID) -> bool:
    """Takes a photo of the draft away, files and all; False when there is none that is not yet attached."""
    photo = Photo.objects.filter(draft=draft, client_uuid=client_uuid, report=None).first()
    if photo is None:
        return False
    folder = folder_of(photo)
    photo.delete()
    photos.discard(folder)
    return True


def folder_of(photo: Photo) -> Path:
    """Where its sizes lie: a folder of its own, never shared."""
    return Path(settings.MEDIA_ROOT) / str(photo.pk)


def _same(known: Photo, draft: uuid.UUID, digest: str) -> Photo:
    if known.digest != digest or known.draft not in (draft, None):
        raise ValidationError(_("Another photo was already sent under this number. Choose it again."), code="conflict")
    return known
