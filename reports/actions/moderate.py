"""The moderator's verbs. Hiding and removing are not states: the report keeps its own, and comes back to it."""

from __future__ import annotations

import datetime
import re
from difflib import SequenceMatcher

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.models import Audience, Flag, Subject, TimelineRow, TimelineText, Visibility
from discussion.search import vector
from reports import rules
from reports.actions.move import locked
from reports.models import Photo, Reason, Report, Words
from reports.workflow import Who

LONGEST_TITLE = 150
CUT = "[…]"
"""What a reader sees where words were cut."""


def _moderated(report: Report, by: User) -> None:
    if Who.MODERATOR not in rules.capacities(by, report):
        raise PermissionDenied


def _set_visibility(
    report_id: int, visibility: str, code: str, *, by: User, reason: Reason | None, text: str, version: int | None,
    at: datetime.datetime | None, audience: str, capacity: str = Who.MODERATOR,
) -> TimelineRow:  # fmt: skip
    subject, report = locked(report_id, version=version)
    if capacity == Who.MODERATOR:
        _moderated(report, by)
    elif not rules.may_note(by, report):
        raise PermissionDenied
    if subject.visibility == visibility:
        raise ValidationError(_("It is so already."), code="same")
    public = visibility == Visibility.PUBLIC and report.in_public_state
    Subject.objects.filter(pk=subject.pk).update(visibility=visibility, is_public=public)
    Flag.objects.filter(subject=subject, comment=None, settled_at=None).update(settled_at=timezone.now(), settled_by=by)
    return discussion.actions.append(
        subject, code, by=by, capacity=capacity, audience=audience, at=at, text=text, department=report.department,
        data={"reason": reason.slug} if reason else {}, before=report.status, after=report.status,
    )  # fmt: skip


@transaction.atomic
def hide(report_id: int, *, reason: Reason, by: User, text: str = "", version: int | None = None,
         at: datetime.datetime | None = None) -> TimelineRow:  # fmt: skip
    """For everyone but author and staff the page is then as if it had never been."""
    return _set_visibility(report_id, Visibility.HIDDEN, "hidden", by=by, reason=reason, text=text, version=version,
                           at=at, audience=Audience.AUTHOR)  # fmt: skip


@transaction.atomic
def remove(report_id: int, *, reason: Reason, by: User, text: str = "", version: int | None = None,
           at: datetime.datetime | None = None) -> TimelineRow:  # fmt: skip
    """The address stays and shows date and reason; no words, photos or author."""
    return _set_visibility(report_id, Visibility.REMOVED, "removed", by=by, reason=reason, text=text, version=version,
                           at=at, audience=Audience.PUBLIC)  # fmt: skip


@transaction.atomic
def publish_again(report_id: int, *, by: User, text: str, version: int | None = None,
                  at: datetime.datetime | None = None) -> TimelineRow:  # fmt: skip
    """Undoes hiding or removing."""
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    return _set_visibility(report_id, Visibility.PUBLIC, "shown_again", by=by, reason=None, text=text, version=version,
                           at=at, audience=Audience.AUTHOR)  # fmt: skip


@transaction.atomic
def restrict(report_id: int, *, restricted: bool, text: str, by: User, version: int | None = None,
             at: datetime.datetime | None = None) -> TimelineRow:  # fmt: skip
    """Staff takes a report out of the public set, or puts it back, with a reason in words."""
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    return _set_visibility(
        report_id, Visibility.RESTRICTED if restricted else Visibility.PUBLIC,
        "restricted" if restricted else "unrestricted", by=by, reason=None, text=text, version=version, at=at,
        audience=Audience.AUTHOR, capacity=Who.OFFICIAL,
    )  # fmt: skip


def marked(before: str, after: str) -> str:
    """`after` with the mark wherever words of `before` are gone and no mark was typed."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    result = []
    for what, start, end, at, to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        kept = "".join(new[at:to])
        lost = what in ("delete", "replace") and "".join(old[start:end]).strip()
        result.append(f"{kept} {CUT} " if lost and CUT[1] not in kept else kept)
    return re.sub(r" +(\[…\]) +", r" \1 ", "".join(result)).strip()


def _only_cut(field: str, written: str, after: str) -> None:
    """Refuses words that the author did not write: what is shown stays the author's."""
    old, new = re.findall(r"\w+", written.lower()), re.findall(r"\w+", after.lower())
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    if foreign := " ".join(
        " ".join(new[at:to]) for what, _start, _end, at, to in steps if what in ("insert", "replace")
    ).strip():
        said = _("Only cut: the author did not write “%(words)s”.") % {"words": foreign[:80]}
        raise ValidationError({field: said}, code="foreign")


def _require_cut(changed: object) -> None:
    if not changed:
        raise ValidationError({"words": _("Nothing was cut: replace the words that must go, or choose a photo.")}, code="same")


@transaction.atomic
def redact(
    report_id: int, *, title: str, text: str, reason: Reason, by: User, said: str = "", row_id: int | None = None,
    hide_photos: list[str] | None = None, version: int | None = None, at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """Replaces the words by the same words with cuts; the original stays for authorised staff. Photos can be hidden too.

    With `row_id` the words of that act are cut instead of the report's own. `said`: words to the author.
    """
    subject, report = locked(report_id, version=version)
    _moderated(report, by)
    if row_id is not None:
        words = TimelineText.objects.get(row_id=row_id, row__subject=subject)
        _require_cut(text != words.text or hide_photos)
        words.original = words.original or words.text
        _only_cut("words", words.original, text)
        words.text = marked(words.original, text)
        words.save(update_fields=["original", "text"])
    else:
        own = Words.objects.get(report=report)
        _require_cut(text != own.text or title != subject.title or hide_photos)
        own.original, own.original_title = own.original or own.text, own.original_title or subject.title
        _only_cut("words", own.original, text)
        _only_cut("title", own.original_title, title)
        own.text = text = marked(own.original, text)
        title = marked(own.original_title, title)
        if len(title) > LONGEST_TITLE:
            raise ValidationError({"title": _("With the mark of the cut the title is too long: shorten it.")})
        own.save(update_fields=["original", "original_title", "text"])
        Subject.objects.filter(pk=subject.pk).update(title=title, search=vector(title, text, *report.where_words))
    Photo.objects.filter(report=report, pk__in=hide_photos or []).update(hidden=True)
    count = Photo.objects.filter(report=report, row=None, hidden=False).count()
    Report.objects.filter(pk=report.pk).update(photo_count=count)
    return discussion.actions.append(
        subject, "redacted", by=by, capacity=Who.MODERATOR, audience=Audience.AUTHOR, at=at, text=said,
        department=report.department, data={"reason": reason.slug, "row": row_id, "photos": len(hide_photos or [])},
        before=report.status, after=report.status,
    )  # fmt: skip


@transaction.atomic
def settle_report_flags(report_id: int, *, by: User) -> int:
    """The moderator leaves the report as it is; its open flags are settled one by one, each with its row."""
    _subject, report = locked(report_id)
    _moderated(report, by)
    open_flags = list(Flag.objects.filter(subject_id=report_id, comment=None, settled_at=None))
    for found in open_flags:
        discussion.actions.settle_flag(found.pk, by=by)
    return len(open_flags)


__all__ = ["CUT", "hide", "marked", "publish_again", "redact", "remove", "restrict", "settle_report_flags"]
