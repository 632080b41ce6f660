"""Hiding a whole subject that is no report (these have verbs of their own), and showing it again."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from discussion.actions.spine import append, lock
from discussion.models import Audience, Flag, Subject, TimelineRow, Visibility

WITH_PARTS: dict[str, Callable[[int, bool], None]] = {}
"""Kind → what takes its parts, subjects themselves, out of everyone's sight (False) or brings them back; the app that owns it knows."""
WITHIN: dict[str, Callable[[int], bool]] = {}
"""Kind of a part → whether everyone may see what it is a part of."""


def _set(
    subject_id: int, code: str, visibility: str, public: bool, by: User, reason: str, text: str, at: datetime.datetime | None
) -> TimelineRow:
    if not by.has_role(Role.MODERATOR):
        raise PermissionDenied
    subject = lock(subject_id)
    if subject.kind in (Subject.Kind.PROBLEM, Subject.Kind.IDEA):
        raise ValidationError(_("Reports and ideas are moderated at the desk."), code="kind")
    if subject.visibility == visibility:
        raise ValidationError(_("It is so already."), code="same")
    data = {"reason": reason} if reason else {}
    public = public and (subject.kind not in WITHIN or WITHIN[subject.kind](subject.pk))
    Subject.objects.filter(pk=subject.pk).update(visibility=visibility, is_public=public)
    if subject.kind in WITH_PARTS:
        WITH_PARTS[subject.kind](subject.pk, public)
    Flag.objects.open().filter(subject=subject, comment=None).update(settled_at=timezone.now(), settled_by=by)
    return append(subject, code, by=by, capacity="moderator", audience=Audience.AUTHOR, at=at, text=text, data=data)


@transaction.atomic
def hide_whole(subject_id: int, *, reason: str, by: User, text: str = "", at: datetime.datetime | None = None) -> TimelineRow:
    """For everyone but author and moderators its page, and those of its parts, are then as if they had never been."""
    return _set(subject_id, "whole_hidden", Visibility.HIDDEN, False, by, reason, text, at)


@transaction.atomic
def show_whole(subject_id: int, *, public: bool, by: User, text: str = "", at: datetime.datetime | None = None) -> TimelineRow:
    """Undoes it; `public`: its state is one that everyone reads, which the app that owns the kind knows. What was hidden by itself
    before stays hidden, and a part of what is hidden comes back with that."""
    return _set(subject_id, "whole_shown", Visibility.PUBLIC, public, by, "", text, at)
