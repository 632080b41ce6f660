"""The only writers of the spine. Every verb is one transaction, locks Subject first and leaves exactly one timeline row."""

from __future__ import annotations

import datetime
import hashlib
import hmac
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
from discussion.models import Audience, Follow, Subject, Support, TimelineRow, TimelineText
from municipality.models import Organisation

correspondent_of = people.correspondent_of_account
correspondent_for = people.correspondent_for
verify = people.verify_correspondent
SENT_TWICE = datetime.timedelta(minutes=1)
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


def require_public(subject: Subject) -> None:
    """Raises ValidationError for a subject that is hidden, ended its public life or was never published."""
    if not subject.is_public:
        raise ValidationError(_("This is not open to the public any more."), code="closed")


@transaction.atomic
def support(subject_id: int, correspondent: Correspondent) -> bool:
    """One verified address supports once; True when it is new. Raises ValidationError for an unverified address."""
    if correspondent.verified_at is None:
        raise ValidationError(_("Confirm your e-mail first."), code="unverified")
    subject = lock(subject_id)
    require_public(subject)
    _row, new = Support.objects.get_or_create(subject=subject, correspondent=correspondent)
    if new:
        Subject.objects.filter(pk=subject.pk).update(support_count=F("support_count") + 1)
        append(subject, "supported", capacity="visitor", audience=Audience.STAFF, tells=False, bumps=False)
    return new


@transaction.atomic
def load_supports(subject_id: int, given: list[tuple[Correspondent, datetime.datetime]]) -> None:
    """Supports of verified addresses given earlier, each with its time and its row; for data that is loaded, not lived."""
    subject = lock(subject_id)
    require_public(subject)
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
    require_public(subject)
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
    require_public(subject)
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
