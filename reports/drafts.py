"""Photos of a draft: sanitised and stored whole before their row is written, attached when the report is sent."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from geoportal.kernel import photos
from reports.models import Photo

MOST = 5
MOST_BYTES = 12 * 1024 * 1024


def keep_photo(file: Any, *, draft: uuid.UUID, client_uuid: uuid.UUID) -> Photo:
    """Sanitises and keeps one photo of the draft; the same client UUID again answers the first one.

    Raises ValidationError in the reader's words: too many, another file under the UUID, not a photo.
    """
    if file.size > MOST_BYTES:
        raise ValidationError(_("The photo is larger than 12 MB. Make it smaller."), code="too_large")
    data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    if known := Photo.objects.filter(client_uuid=client_uuid).first():
        return _same(known, digest)
    if Photo.objects.filter(draft=draft, report=None).count() >= MOST:
        raise ValidationError(_("At most %(most)s photos.") % {"most": MOST}, code="many")
    clean = photos.sanitise(data)
    photo = Photo(
        client_uuid=client_uuid, draft=draft, width=clean.width, height=clean.height, digest=digest,
        position=Photo.objects.filter(draft=draft).count(),
    )  # fmt: skip
    photos.store(folder(photo), clean.sizes)
    try:
        with transaction.atomic():
            photo.save(force_insert=True)
    except IntegrityError:
        photos.discard(folder(photo))
        return _same(Photo.objects.get(client_uuid=client_uuid), digest)
    return photo


def _same(known: Photo, digest: str) -> Photo:
    if known.digest != digest:
        raise ValidationError(_("Another photo was sent under this number."), code="conflict")
    return known


def folder(photo: Photo) -> Path:
    """Where the sizes of a photo lie."""
    return Path(settings.MEDIA_ROOT) / str(photo.pk)


def of_draft(draft: uuid.UUID) -> list[Photo]:
    return list(Photo.objects.filter(draft=draft, report=None))


def drop_photo(draft: uuid.UUID, client_uuid: uuid.UUID) -> None:
    """The sender takes a photo of the draft away."""
    photo = Photo.objects.filter(draft=draft, client_uuid=client_uuid, report=None).first()
    if photo:
        photo.delete()
        photos.discard(folder(photo))
