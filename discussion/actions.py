"""The only writers of the spine. Every verb is one transaction, locks Subject first and leaves exactly one timeline row."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from accounts import actions as people
from accounts.models import Correspondent, User
from discussion.models import Audience, Comment, Flag, Follow, Subject, Support, TimelineRow, TimelineText
from municipality.models import Organisation

correspondent_of = people.correspondent_of_account
correspondent_for = people.correspondent_for
verify = people.verify_correspondent
SENT_TWICE = datetime.timedelta(minutes=1)
SAME_WORDS = datetime.timedelta(hours=1)
ASKED_LATELY = datetime.timedelta(minutes=5)
"""The same wish of the same address said again within it sends no second mail."""
_untold: ContextVar[bool] = ContextVar("untold", default=False)


@contextmanager
def untold() -> Iterator[None]:
    """Acts within it tell nobody: a history that is loaded, not lived."""
    token = _untold.set(True)
    try:
        yield
    finally:
        _untold.reset(token)


class Stale(Exception):
    """The subject has changed since the version that the caller saw."""

    def __init__(self, subject: Subject) -> None:
        super().__init__("stale")
        self.subject = subject


def lock(subject_id: int, *, version: int | None = None) -> Subject:
    """The subject, locked until the transaction ends; Stale when `version` is given and is not the present one."""
    subject = Subject.objects.select_for_update(of=("self",)).get(pk=subject_id)
    if version is not None and subject.version != version:
        raise Stale(subject)
    return subject


def append(
    subject: Subject,
    code: str,
    *,
    by: User | None = None,
    capacity: str,
    audience: str = Audience.PUBLIC,
    at: datetime.datetime | None = None,
    before: str = "",
    after: str = "",
    department: Organisation | None = None,
    data: dict[str, Any] | None = None,
    text: str = "",
    language: str = "",
    tells: bool = True,
    bumps: bool = True,
) -> TimelineRow:
    """Leaves the row of one act and, in the same transaction, the job that tells who is to be told.

    `bumps`: the act changes what an official acts on, so the version rises (a neighbour's support does not).
    """
    tells = tells and not _untold.get()
    if bumps:
        Subject.objects.filter(pk=subject.pk).update(version=F("version") + 1)
        subject.version += 1
    row = TimelineRow.objects.create(
        subject=subject, code=code, at=at or timezone.now(), actor=by, capacity=capacity, audience=audience, before=before,
        after=after, department=department, data=data or {}, version=subject.version, tells=tells,
    )  # fmt: skip
    if text:
        TimelineText.objects.create(
            row=row, text=text, language=language or get_language() or settings.LANGUAGE_CODE, digest=digest(text)
        )
    if tells:
        jobs.configure_task("notifications.tell").defer(row_id=row.pk)
    return row


def repeated(subject: Subject, code: str, *, by: User | None, text: str) -> TimelineRow | None:
    """The last act with that code, when the same person said the same words just now: a form sent twice is one act."""
    last = TimelineRow.objects.filter(subject=subject, code=code).order_by("-pk").first()
    if last is None or last.actor_id != (by.pk if by else None) or last.at < timezone.now() - SENT_TWICE:
        return None
    return last if TimelineText.objects.filter(row=last, digest=digest(text)).exists() else None


def digest(text: str) -> str:
    """A keyed hash: proves what was said, tells nothing once the words are erased."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _require_public(subject: Subject) -> None:
    if not subject.is_public:
        raise ValidationError(_("This is not open to the public any more."), code="closed")


@transaction.atomic
def support(subject_id: int, correspondent: Correspondent) -> bool:
    """One verified address supports once; True when it is new. Raises ValidationError for an unverified address."""
    if correspondent.verified_at is None:
        raise ValidationError(_("Confirm your e-mail first."), code="unverified")
    subject = lock(subject_id)
    _require_public(subject)
    _row, new = Support.objects.get_or_create(subject=subject, correspondent=correspondent)
    if new:
        Subject.objects.filter(pk=subject.pk).update(support_count=F("support_count") + 1)
        append(subject, "supported", capacity="visitor", audience=Audience.STAFF, tells=False, bumps=False)
    return new


@transaction.atomic
def load_supports(subject_id: int, given: list[tuple[Correspondent, datetime.datetime]]) -> None:
    """Supports of verified addresses given earlier, each with its time and its row; for data that is loaded, not lived."""
    subject = lock(subject_id)
    _require_public(subject)
    Support.objects.bulk_create(
        Support(subject=subject, correspondent=correspondent, created_at=at) for correspondent, at in given
    )
    Subject.objects.filter(pk=subject.pk).update(support_count=F("support_count") + len(given))
    common: dict[str, Any] = {"capacity": "visitor", "audience": Audience.STAFF, "version": subject.version, "tells": False}
    TimelineRow.objects.bulk_create(
        TimelineRow(subject=subject, code="supported", at=at, **common) for _correspondent, at in given
    )


@transaction.atomic
def unsupport(subject_id: int, correspondent: Correspondent) -> bool:
    """Takes the support back; True when there was one."""
    subject = lock(subject_id)
    gone, _what = Support.objects.filter(subject=subject, correspondent=correspondent).delete()
    if gone:
        Subject.objects.filter(pk=subject.pk).update(support_count=F("support_count") - 1)
        append(subject, "unsupported", capacity="visitor", audience=Audience.STAFF, tells=False, bumps=False)
    return bool(gone)


@transaction.atomic
def ask_to_confirm(subject_id: int, correspondent: Correspondent, wish: str) -> TimelineRow:
    """A guest wishes to support or follow: a link goes to the address, nothing counts before it is answered.

    Said again within ASKED_LATELY, also several times at once, it answers the first row.
    """
    subject = lock(subject_id)
    _require_public(subject)
    return _asked_lately(subject_id, correspondent.pk, wish) or append(
        subject,
        "confirmation_asked",
        capacity="visitor",
        audience=Audience.STAFF,
        data={"correspondent": correspondent.pk, "wish": wish},
        bumps=False,
    )


def _asked_lately(subject_id: int, correspondent_id: int, wish: str) -> TimelineRow | None:
    since, data = timezone.now() - ASKED_LATELY, {"correspondent": correspondent_id, "wish": wish}
    rows = TimelineRow.objects.filter(subject=subject_id, code="confirmation_asked", at__gt=since, data__contains=data)
    return rows.order_by("-pk").first()


def is_asked(subject_id: int, email: str, wish: str) -> bool:
    """The link for this wish went to the address just now. Waits for an act on the subject that is being written."""
    found = Correspondent.objects.filter(email__iexact=email).first() if email else None
    if found is None:
        return False
    with transaction.atomic():
        lock(subject_id)
        return _asked_lately(subject_id, found.pk, wish) is not None


@transaction.atomic
def follow(subject_id: int, correspondent: Correspondent) -> bool:
    """One verified address hears of the subject; True when it is new."""
    if correspondent.verified_at is None:
        raise ValidationError(_("Confirm your e-mail first."), code="unverified")
    subject = lock(subject_id)
    _require_public(subject)
    _row, new = Follow.objects.get_or_create(subject=subject, correspondent=correspondent)
    if new:
        append(subject, "followed", capacity="visitor", audience=Audience.STAFF, tells=False, bumps=False)
    return new


@transaction.atomic
def unfollow(subject_id: int, correspondent: Correspondent) -> bool:
    """Ends the following; True when there was one."""
    subject = lock(subject_id)
    gone, _what = Follow.objects.filter(subject=subject, correspondent=correspondent).delete()
    if gone:
        append(subject, "unfollowed", capacity="visitor", audience=Audience.STAFF, tells=False, bumps=False)
    return bool(gone)


@transaction.atomic
def comment(
    subject_id: int,
    *,
    text: str,
    client_uuid: uuid.UUID,
    correspondent: Correspondent,
    by: User | None,
    public_name: str = "",
    organisation: Organisation | None = None,
    language: str = "",
    at: datetime.datetime | None = None,
    tells: bool = True,
    proven: bool = True,
) -> Comment:
    """A comment, read by a moderator before everyone sees it; staff's appear at once. A repeat returns the first.

    Where the address never answered, or it is not `proven` that it is the writer's, it is asked first. A repeat has the
    client's UUID, or the words of one that its writer sent within the last hour (the browser's Back makes the form anew).
    Raises ValidationError where the UUID stands for another comment.
    """
    subject = lock(subject_id)
    if known := _repeated(subject, text, client_uuid, correspondent, at or timezone.now(), by=by, proven=proven):
        return known
    _require_public(subject)
    state = Comment.State.PUBLISHED if by is not None and by.works_here else Comment.State.WAITING
    if correspondent.verified_at is None or not proven:
        state = Comment.State.UNCONFIRMED
    made = Comment.objects.create(
        subject=subject, correspondent=correspondent, organisation=organisation, public_name=public_name, text=text,
        language=language or get_language() or settings.LANGUAGE_CODE, state=state, client_uuid=client_uuid,
        created_at=at or timezone.now(),
    )  # fmt: skip
    _count_comments(subject)
    data = {"comment": made.pk, "correspondent": correspondent.pk}
    append(subject, "commented", by=by, capacity="visitor", audience=Audience.STAFF, data=data, at=at, tells=tells, bumps=False)
    return made


def _repeated(
    subject: Subject, text: str, client_uuid: uuid.UUID, correspondent: Correspondent, at: datetime.datetime, *,
    by: User | None, proven: bool,
) -> Comment | None:  # fmt: skip
    """The comment that this one repeats; one that waits for its address goes on where the repeat is proven to be the writer's."""
    if known := Comment.objects.filter(client_uuid=client_uuid).first():
        if (known.subject_id, known.correspondent_id, known.text) != (subject.pk, correspondent.pk, text):
            raise ValidationError(
                _("A comment was already sent from this page. Open it anew to write another."), code="conflict"
            )
        return known
    if by is not None and by.works_here:  # the same thanks to two people are two comments
        return None
    same = subject.comments.filter(correspondent=correspondent, text=text, created_at__gt=at - SAME_WORDS)
    known = same.exclude(state=Comment.State.REMOVED).first()
    if known and proven and correspondent.verified_at and known.state == Comment.State.UNCONFIRMED:
        known.state = Comment.State.WAITING
        known.save(update_fields=["state"])
    return known


def _count_comments(subject: Subject) -> None:
    count = Comment.objects.filter(subject=subject, state=Comment.State.PUBLISHED).count()
    Subject.objects.filter(pk=subject.pk).update(comment_count=count)


@transaction.atomic
def settle_comment(
    comment_id: int, *, publish: bool, by: User, reason: str = "", text: str = "", at: datetime.datetime | None = None
) -> Comment:
    """A moderator publishes or removes a comment; its flags are settled with it, its writer is told when it is removed."""
    subject = lock(Comment.objects.values_list("subject_id", flat=True).get(pk=comment_id))
    found = Comment.objects.get(pk=comment_id)
    found.state = Comment.State.PUBLISHED if publish else Comment.State.REMOVED
    found.save(update_fields=["state"])
    _count_comments(subject)
    Flag.objects.open().filter(comment=found).update(settled_at=timezone.now(), settled_by=by)
    append(
        subject,
        "comment_published" if publish else "comment_removed",
        by=by,
        capacity="moderator",
        audience=Audience.STAFF,
        data={"comment": found.pk, "correspondent": found.correspondent_id, "reason": reason},
        text=text,
        at=at,
        bumps=False,
    )
    return found


@transaction.atomic
def confirm_comments(correspondent: Correspondent, subject_id: int) -> int:
    """The address has answered: its comments on the subject go to the moderator. Answers how many."""
    asked = Comment.objects.filter(correspondent=correspondent, subject=subject_id, state=Comment.State.UNCONFIRMED)
    return asked.update(state=Comment.State.WAITING)


def forget_unconfirmed(before: datetime.datetime) -> int:
    """Comments whose address never answered. Answers how many."""
    return Comment.objects.filter(state=Comment.State.UNCONFIRMED, created_at__lt=before).delete()[0]


@transaction.atomic
def flag(
    subject_id: int, *, reason: str, text: str = "", comment_id: int | None = None, by: User | None = None,
    client_uuid: uuid.UUID | None = None,
) -> Flag:  # fmt: skip
    """Somebody says that this breaks the rules; a moderator will look. A repeat under the client's UUID returns the first."""
    subject = lock(subject_id)
    if client_uuid and (known := Flag.objects.filter(client_uuid=client_uuid).first()):
        if (known.subject_id, known.comment_id, known.reason, known.text) != (subject.pk, comment_id, reason, text):
            raise ValidationError(
                _("This was already sent from this page. Open it anew to write something else."), code="conflict"
            )
        return known
    found = Comment.objects.filter(subject=subject, pk=comment_id).first() if comment_id else None
    made = Flag.objects.create(subject=subject, comment=found, reason=reason, text=text, client_uuid=client_uuid)
    append(
        subject,
        "flagged",
        by=by,
        capacity="visitor",
        audience=Audience.STAFF,
        data={"flag": made.pk, "reason": reason},
        bumps=False,
    )
    return made


@transaction.atomic
def settle_flag(flag_id: int, *, by: User) -> Flag:
    """The moderator leaves the flagged thing as it is."""
    subject = lock(Flag.objects.values_list("subject_id", flat=True).get(pk=flag_id))
    found = Flag.objects.get(pk=flag_id)
    found.settled_at, found.settled_by = timezone.now(), by
    found.save(update_fields=["settled_at", "settled_by"])
    append(
        subject,
        "flag_settled",
        by=by,
        capacity="moderator",
        audience=Audience.STAFF,
        data={"flag": found.pk},
        tells=False,
        bumps=False,
    )
    return found
