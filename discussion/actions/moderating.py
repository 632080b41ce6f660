"""What moderators do with a conversation: publish, remove, hide, pin, answer appeals, close with a summary, open again."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import blocks
from accounts.models import Correspondent, Role, User
from discussion.actions.comments import answered, locked_comment, recount, say_anew
from discussion.actions.spine import append, lock, require_public
from discussion.models import Appeal, Audience, Comment, Conclusion, Flag, Subject, TimelineRow
from discussion.read import present_mark

State = Comment.State
TAKEN_DOWN = (State.REMOVED, State.HIDDEN)


def _require_moderator(by: User) -> None:
    if not by.has_role(Role.MODERATOR):
        raise PermissionDenied


@transaction.atomic
def settle_comment(
    comment_id: int, *, publish: bool, by: User, reason: str = "", text: str = "", at: datetime.datetime | None = None,
    hide: bool = False, read: str | None = None,
) -> Comment:  # fmt: skip
    """A moderator publishes, removes or hides a comment; its flags are settled with it, its writer is told.

    Where it was mended, publishing lets everyone read the new words; `keep_words` leaves those before. Removed: everyone reads in its
    place that it was, and why. With `hide` it is as if missing for all but author and staff.
    `read`: the mark (`discussion.read`) of what a person has read before publishing; None where nobody decides by reading.
    Raises ValidationError for one that its author withdrew, with the code "changed" where it says something else by now, and
    "blocked" for words that were never public, of somebody who is kept from writing.
    """
    subject, found = locked_comment(comment_id)
    if found.state == State.WITHDRAWN:
        raise ValidationError(_("Its author has withdrawn it."), code="state")
    if publish and read is not None and read != present_mark(found):
        raise ValidationError(_("It was changed after you opened it. Read what it says now, then publish it."), code="changed")
    if publish and not (found.state in TAKEN_DOWN and found.published_at):
        blocks.require_publishable(found.correspondent)
    if publish and found.state == State.PUBLISHED and found.mended:
        say_anew(found, found.mended)
    found.state = State.PUBLISHED if publish else State.HIDDEN if hide else State.REMOVED
    found.reason, found.reason_text = ("", "") if publish else (reason, text)
    if publish:
        found.published_at = found.published_at or at or timezone.now()
    else:
        found.pinned_at = None
    found.save(update_fields=["state", "reason", "reason_text", "published_at", "pinned_at"])
    recount(subject, found)
    Flag.objects.open().filter(comment=found).update(settled_at=timezone.now(), settled_by=by)
    data = {"comment": found.pk, "correspondent": found.correspondent_id, "reason": reason, **answered(found)}
    _row(
        subject, "comment_published" if publish else "comment_hidden" if hide else "comment_removed", by, data=data, text=text,
        at=at,
    )  # fmt: skip
    return found


@transaction.atomic
def keep_words(comment_id: int, *, by: User, reason: str, text: str = "", read: str | None = None) -> Comment:
    """A moderator does not publish what its author mended: the words before stand, its writer is told why. A second time changes
    nothing. Raises ValidationError with the code "changed" where it says something else than was `read`."""
    _require_moderator(by)
    subject, found = locked_comment(comment_id)
    if not found.mended:
        return found
    if read is not None and read != present_mark(found):
        raise ValidationError(_("It was changed after you opened it. Read what it says now, then publish it."), code="changed")
    found.mended = ""
    found.save(update_fields=["mended"])
    data = {"comment": found.pk, "correspondent": found.correspondent_id, "reason": reason}
    _row(subject, "comment_kept", by, data=data, text=text)
    return found


def _row(
    subject: Subject, code: str, by: User, *, data: dict[str, Any], text: str = "", at: datetime.datetime | None = None,
    audience: str = Audience.STAFF, tells: bool = True,
) -> TimelineRow:  # fmt: skip
    return append(
        subject, code, by=by, capacity="moderator", audience=audience, data=data, text=text, at=at, tells=tells, bumps=False
    )


@transaction.atomic
def pin(comment_id: int, *, pinned: bool, by: User, at: datetime.datetime | None = None) -> Comment:
    """A comment that everyone reads stands first, or no longer; only a comment, no answer. A second time changes nothing."""
    _require_moderator(by)
    subject, found = locked_comment(comment_id)
    if pinned == (found.pinned_at is not None):
        return found
    if pinned and (found.parent_id or found.state != State.PUBLISHED):
        raise ValidationError(_("Only a comment that everyone reads can stand first, not an answer."), code="state")
    found.pinned_at = (at or timezone.now()) if pinned else None
    found.save(update_fields=["pinned_at"])
    _row(subject, "comment_pinned" if pinned else "comment_unpinned", by, data={"comment": found.pk}, at=at, tells=False)
    return found


@transaction.atomic
def appeal(comment_id: int, *, text: str, correspondent: Correspondent, by: User | None = None) -> Appeal:
    """The author of a comment that was taken down says, once, why it should stand; the same words again answer the first."""
    subject, found = locked_comment(comment_id)
    if found.correspondent_id != correspondent.pk:
        raise ValidationError(_("Only who wrote it may do this."), code="forbidden")
    if known := Appeal.objects.filter(comment=found).first():
        if known.text == text:
            return known
        raise ValidationError(_("You have asked once already. The answer comes by mail."), code="twice")
    if found.state not in TAKEN_DOWN:
        raise ValidationError(_("No moderator took it down."), code="state")
    made = Appeal.objects.create(comment=found, text=text)
    data = {"comment": found.pk, "correspondent": found.correspondent_id, "appeal": made.pk}
    append(subject, "appealed", by=by, capacity="visitor", audience=Audience.STAFF, data=data, bumps=False, tells=False)
    return made


@transaction.atomic
def settle_appeal(appeal_id: int, *, upheld: bool, answer: str, by: User) -> Appeal:
    """A moderator answers with a reason; `upheld`: the comment stands again. Raises ValidationError when it is answered, and
    where it would stand again while its writer is kept from writing."""
    _require_moderator(by)
    if not answer:
        raise ValidationError({"answer": _("This is needed here.")}, code="required")
    subject, found = locked_comment(Appeal.objects.values_list("comment_id", flat=True).get(pk=appeal_id))
    asked = Appeal.objects.get(pk=appeal_id)
    if asked.settled_at is not None:
        raise ValidationError(_("It has been answered already."), code="twice")
    if upheld:
        blocks.require_publishable(found.correspondent)
    asked.settled_at, asked.settled_by, asked.upheld, asked.answer = timezone.now(), by, upheld, answer
    asked.save(update_fields=["settled_at", "settled_by", "upheld", "answer"])
    if upheld and found.state in TAKEN_DOWN:
        found.state, found.reason, found.reason_text = State.PUBLISHED, "", ""
        found.published_at = found.published_at or timezone.now()
        found.save(update_fields=["state", "reason", "reason_text", "published_at"])
        recount(subject, found)
    data = {"comment": found.pk, "correspondent": found.correspondent_id, "appeal": asked.pk}
    _row(subject, "appeal_upheld" if upheld else "appeal_declined", by, data=data, text=answer)
    return asked


@transaction.atomic
def conclude(subject_id: int, *, text: str, by: User, language: str = "", at: datetime.datetime | None = None) -> Conclusion:
    """A moderator sums the conversation up; from then on nobody writes there. Said anew, it replaces the summary before."""
    _require_moderator(by)
    if not text:
        raise ValidationError({"text": _("This is needed here.")}, code="required")
    subject = lock(subject_id)
    require_public(subject)
    language = language or get_language() or settings.LANGUAGE_CODE
    known = Conclusion.objects.filter(subject=subject).first()
    if known and known.closes and known.text == text:
        return known
    made, _new = Conclusion.objects.update_or_create(
        subject=subject,
        defaults={"text": text, "language": language, "by": by, "closed_at": at or timezone.now(), "opened_at": None},
    )
    _row(subject, "talk_closed", by, data={}, text=text, at=at, audience=Audience.PUBLIC)
    return made


@transaction.atomic
def open_again(subject_id: int, *, by: User) -> Conclusion:
    """People may write again; the summary stays as what was said until then. Raises ValidationError when it is open."""
    _require_moderator(by)
    subject = lock(subject_id)
    found = Conclusion.objects.filter(subject=subject, opened_at=None).first()
    if found is None:
        raise ValidationError(_("The conversation is open already."), code="state")
    found.opened_at = timezone.now()
    found.save(update_fields=["opened_at"])
    _row(subject, "talk_opened", by, data={}, audience=Audience.PUBLIC, tells=False)
    return found
