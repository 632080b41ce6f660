"""Faces and numbers on photos are covered: a painted copy stands for the original, under a new address, in every size.

Of a report's photo the original is hidden from everyone and goes after 30 days (`clockwork.drop_covered`); of a draft's it goes at once.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.actions.photos import folder_of, painted
from discussion.models import Audience, TimelineRow
from geoportal.kernel import photos
from reports import rules
from reports.actions.move import locked
from reports.models import FixedClaim, Photo, Report
from reports.workflow import Who


def cover_photo(
    report_id: int, photo_id: uuid.UUID, boxes: Sequence[photos.Box], *, by: User, text: str = "", version: int | None = None,
    at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """Staff that works on the report covers parts of one of its photos; the author is told, with `text` if there is any.

    Painting comes before the lock: nobody waits for it. Raises PermissionDenied, Stale, ValidationError, PhotoRefused.
    """
    report = Report.objects.get(pk=report_id)
    if not rules.may_note(by, report):
        raise PermissionDenied
    photo = Photo.objects.filter(pk=photo_id, report=report_id, hidden=False).first()
    if photo is None:
        raise ValidationError(_("The photo is not there any more."), code="gone")
    copy, sizes = painted(photo, boxes)
    photos.store(folder_of(copy), sizes)
    try:
        return _replace(report_id, photo, copy, by=by, text=text, version=version, at=at)
    except BaseException:
        photos.discard(folder_of(copy))
        raise


@transaction.atomic
def _replace(
    report_id: int, photo: Photo, copy: Photo, *, by: User, text: str, version: int | None, at: datetime.datetime | None
) -> TimelineRow:
    subject, report = locked(report_id, version=version)
    capacities = rules.capacities(by, report)
    if not rules.may_note(by, report):
        raise PermissionDenied
    if not Photo.objects.filter(pk=photo.pk, hidden=False).update(hidden=True, covered_at=at or timezone.now()):
        raise ValidationError(_("The photo is not there any more."), code="gone")
    copy.save(force_insert=True)
    FixedClaim.objects.filter(photo=photo).update(photo=copy)
    return discussion.actions.append(
        subject, "photo_covered", by=by, capacity=next(who for who in Who if who in capacities and who is not Who.AUTHOR),
        audience=Audience.AUTHOR, at=at, text=text, department=report.department,
        data={"photo": str(copy.pk), "instead_of": str(photo.pk)}, before=report.status, after=report.status,
    )  # fmt: skip


def cover_draft(draft: uuid.UUID, client_uuid: uuid.UUID, boxes: Sequence[photos.Box]) -> Photo:
    """Before sending: the copy takes the photo's place in the draft, and the original is deleted, files and all.

    Raises ValidationError (code "gone" when the draft holds no such photo), PhotoRefused.
    """
    photo = Photo.objects.filter(draft=draft, client_uuid=client_uuid, report=None).first()
    if photo is None:
        raise ValidationError(_("The photo is not there any more."), code="gone")
    copy, sizes = painted(photo, boxes)
    copy.client_uuid, old = photo.client_uuid, folder_of(photo)
    photos.store(folder_of(copy), sizes)
    with transaction.atomic():
        gone, _by_model = Photo.objects.filter(pk=photo.pk, draft=draft, report=None).delete()
        if gone:
            copy.save(force_insert=True)
    photos.discard(old if gone else folder_of(copy))
    if not gone:
        raise ValidationError(_("The photo is not there any more."), code="gone")
    return copy
