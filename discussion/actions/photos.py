"""Photos beside comments and acts: kept under a form's draft, taken with the words, covered, hidden, gone with them."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from discussion.actions.spine import append, lock
from discussion.models import Audience, Comment, SubjectPhoto, TimelineRow
from discussion.pictures import MOST
from geoportal.kernel import photos

P = TypeVar("P", bound=models.Model)
MOST_IN_DRAFT = 10
"""More than are taken, so that one may choose again; the rest is removed with the draft."""


def folder_of(photo: Any) -> Path:
    """Where its sizes lie: a folder of its own, never shared."""
    return Path(settings.MEDIA_ROOT) / str(photo.pk)


def kept(model: type[P], draft: uuid.UUID, client_uuid: uuid.UUID, source: bytes, *, waiting: int, **facts: Any) -> P:
    """A photo of any model that keeps drafts: sanitised, on the disk, then in the table. The same bytes under the same UUID again
    answer the first. `waiting`: how many the draft holds.

    Raises PhotoRefused, or ValidationError (code "conflict" for other bytes under the UUID or another draft's, "many").
    """
    rows, digest = model._default_manager, hashlib.sha256(source).hexdigest()
    if known := rows.filter(client_uuid=client_uuid).first():
        return _same(known, draft, digest)
    if waiting >= MOST_IN_DRAFT:
        raise ValidationError(_("Too many photos were sent. Remove some first."), code="many")
    made = photos.sanitise(source)
    photo: Any = model(client_uuid=client_uuid, draft=draft, width=made.width, height=made.height, digest=digest, **facts)
    photos.store(folder_of(photo), made.sizes)
    try:
        with transaction.atomic():
            photo.save(force_insert=True)
    except IntegrityError:
        photos.discard(folder_of(photo))
        return _same(rows.get(client_uuid=client_uuid), draft, digest)
    return photo  # type: ignore[no-any-return]


def _same(known: Any, draft: uuid.UUID, digest: str) -> Any:
    if known.digest != digest or known.draft not in (draft, None):
        raise ValidationError(_("Another photo was already sent under this number. Choose it again."), code="conflict")
    return known


def keep(draft: uuid.UUID, client_uuid: uuid.UUID, source: bytes) -> SubjectPhoto:
    """As `kept`, for words that are being written. Raises the same."""
    waiting = SubjectPhoto.objects.waiting().filter(draft=draft).count()
    return kept(SubjectPhoto, draft, client_uuid, source, waiting=waiting)


def drop(draft: uuid.UUID, client_uuid: uuid.UUID) -> bool:
    """Takes a photo of the draft away, files and all; False when there is none that is not yet taken."""
    photo = SubjectPhoto.objects.waiting().filter(draft=draft, client_uuid=client_uuid).first()
    if photo is None:
        return False
    folder = folder_of(photo)
    if not SubjectPhoto.objects.waiting().filter(pk=photo.pk).delete()[0]:  # the words took it meanwhile: it is theirs
        return False
    photos.discard(folder)
    return True


def beside(draft: uuid.UUID | None) -> dict[str, int]:
    """For the data of an act's row: {"pictures": how many the draft holds}, nothing for none."""
    found = SubjectPhoto.objects.waiting().filter(draft=draft).count() if draft else 0
    return {"pictures": found} if found else {}


def take(draft: uuid.UUID | None, said: Comment | TimelineRow, description: str = "") -> int:
    """The draft's photos become the comment's or the act's, in the order in which they came; answers how many.

    Inside the transaction of the words. Raises ValidationError on `photo` for more than MOST.
    """
    if draft is None:
        return 0
    found = list(SubjectPhoto.objects.waiting().filter(draft=draft).order_by("created_at")[: MOST + 1])
    if len(found) > MOST:
        raise ValidationError({"photo": _("At most %(most)s photos.") % {"most": MOST}}, code="many")
    where = {"comment": said} if isinstance(said, Comment) else {"row": said}
    for position, photo in enumerate(found):
        SubjectPhoto.objects.waiting().filter(pk=photo.pk).update(
            subject=said.subject_id, draft=None, position=position, description=description, **where
        )
    if isinstance(said, Comment):
        recount(said)
    return len(found)


def recount(comment: Comment) -> None:
    """Counts anew the photos of a comment that nobody hid."""
    comment.photo_count = SubjectPhoto.objects.filter(comment=comment, hidden=False).count()
    Comment.objects.filter(pk=comment.pk).update(photo_count=comment.photo_count)


def let_go(rows: models.QuerySet[SubjectPhoto]) -> None:
    """They go for good, files and all once the transaction is through."""
    gone = list(rows)
    SubjectPhoto.objects.filter(pk__in=[photo.pk for photo in gone]).delete()
    for photo in gone:
        transaction.on_commit(partial(photos.discard, folder_of(photo)))


def hide(photo_id: uuid.UUID, *, by: User, at: datetime.datetime | None = None) -> TimelineRow:
    """A moderator hides one photo: everyone reads the words without it. Raises PermissionDenied, ValidationError (code "gone")."""
    photo = _moderated(photo_id, by)
    return _replaced(photo, None, by=by, at=at)


def cover(
    photo_id: uuid.UUID, boxes: Sequence[photos.Box], *, by: User, at: datetime.datetime | None = None
) -> TimelineRow:  # fmt: skip
    """A moderator covers faces and numbers: a painted copy stands for the photo, the original is hidden and goes after 30 days.

    Painting comes before the lock: nobody waits for it. Raises PermissionDenied, ValidationError, PhotoRefused.
    """
    photo = _moderated(photo_id, by)
    copy, sizes = painted(photo, boxes)
    photos.store(folder_of(copy), sizes)
    try:
        return _replaced(photo, copy, by=by, at=at)
    except BaseException:
        photos.discard(folder_of(copy))
        raise


def painted(photo: P, boxes: Sequence[photos.Box]) -> tuple[P, dict[str, bytes]]:
    """A new row (not saved) of the same words and its sizes, made from the largest size kept. Raises PhotoRefused, ValidationError."""
    if not boxes:
        raise ValidationError(_("Mark at least one part to cover."), code="none")
    try:
        source = (folder_of(photo) / "large.jpg").read_bytes()
    except OSError:
        raise ValidationError(_("The photo is not there any more."), code="gone") from None
    made = photos.sanitise(source, boxes)
    own = {field.attname: getattr(photo, field.attname) for field in photo._meta.concrete_fields}
    facts = {"id": uuid.uuid4(), "client_uuid": uuid.uuid4(), "width": made.width, "height": made.height}
    return type(photo)(**{**own, **facts, "hidden": False, "covered_at": None}), made.sizes


def _moderated(photo_id: uuid.UUID, by: User) -> SubjectPhoto:
    if not by.has_role(Role.MODERATOR):
        raise PermissionDenied
    photo = SubjectPhoto.objects.filter(pk=photo_id, hidden=False).exclude(subject=None).first()
    if photo is None:
        raise ValidationError(_("The photo is not there any more."), code="gone")
    return photo


@transaction.atomic
def _replaced(photo: SubjectPhoto, copy: SubjectPhoto | None, *, by: User, at: datetime.datetime | None) -> TimelineRow:
    assert photo.subject_id is not None
    subject = lock(photo.subject_id)
    facts: dict[str, Any] = {"hidden": True} | ({"covered_at": at or timezone.now()} if copy else {})
    if not SubjectPhoto.objects.filter(pk=photo.pk, hidden=False).update(**facts):
        raise ValidationError(_("The photo is not there any more."), code="gone")
    data: dict[str, Any] = {"photo": str((copy or photo).pk)}
    if copy is not None:
        copy.save(force_insert=True)
        data["instead_of"] = str(photo.pk)
    if photo.comment is not None:
        recount(photo.comment)
        data["comment"] = photo.comment.pk
    return append(
        subject, "said_photo_covered" if copy else "said_photo_hidden", by=by, capacity="moderator", audience=Audience.STAFF,
        data=data, at=at, tells=False, bumps=False,
    )  # fmt: skip
