"""Keeping somebody from writing for a term. What they wrote is held in the same act, and comes back when the block is lifted."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

import discussion.actions
from accounts.models import Block, Correspondent, Role, User
from discussion.actions.comments import recount
from discussion.models import Comment, Subject, TimelineRow, Visibility
from reports.actions.moderate import hide, publish_again
from reports.models import Reason, Report
from reports.moderated import PUBLIC_STATES, WRITTEN

MOST_DAYS = 365
BEGINNINGS = ("submitted", "kept_awaiting_moderation", "kept_awaiting_confirmation")
HIDES = ("hidden", "whole_hidden")
REPORTS = (Subject.Kind.PROBLEM, Subject.Kind.IDEA)


def writer_of(subject: Subject) -> Correspondent | None:
    """Whose subject it is: the first act's account, or the address behind a report."""
    contact = Correspondent.objects.filter(contacts__report=subject.pk).first()
    if contact is not None:
        return contact
    first = TimelineRow.objects.filter(subject=subject, code__in=BEGINNINGS).order_by("pk").select_related("actor").first()
    return discussion.actions.correspondent_of(first.actor) if first and first.actor else None


def _require(by: User, correspondent: Correspondent) -> None:
    if not by.has_role(Role.MODERATOR):
        raise PermissionDenied
    if correspondent.user is not None and correspondent.user.works_here:
        raise ValidationError(_("This is somebody who works here: the administrator ends that first."), code="staff")


@transaction.atomic
def block(correspondent: Correspondent, *, reason: Reason, until: datetime.date, by: User, text: str = "") -> Block:
    """From now on this person writes nothing; all that they wrote and everyone reads is hidden. Raises ValidationError for a day that is
    over or more than a year away, for staff, and where a block is in force."""
    _require(by, correspondent)
    today = timezone.localdate()
    if not today <= until <= today + datetime.timedelta(days=MOST_DAYS):
        raise ValidationError({"until": _("Choose a day from today on, within a year.")}, code="until")
    Correspondent.objects.select_for_update(of=("self",)).get(pk=correspondent.pk)
    old = Block.objects.filter(correspondent=correspondent, lifted_at=None).first()
    if old is not None and old.until >= today:
        raise ValidationError(_("This person is kept from writing already."), code="blocked")
    if old is not None:  # its term is over, what it held was never shown again: it goes on being held
        Block.objects.filter(pk=old.pk).update(lifted_at=timezone.now(), lifted_by=by)
    held = _hold(correspondent, reason, by)
    made = Block.objects.create(correspondent=correspondent, reason=reason.slug, text=text, until=until, by=by, held=held)
    jobs.configure_task("notifications.blocked").defer(block_id=made.pk)
    return made


def _hold(correspondent: Correspondent, reason: Reason, by: User) -> dict[str, list[int]]:
    comments = list(
        Comment.objects.filter(correspondent=correspondent, state=Comment.State.PUBLISHED).values_list("pk", flat=True)
    )
    for pk in comments:
        discussion.actions.settle_comment(pk, publish=False, hide=True, by=by, reason=reason.slug)
    reports = list(Report.objects.sent_by(correspondent).public().values_list("pk", flat=True))
    for pk in reports:
        hide(pk, reason=reason, by=by)
    others: list[int] = []
    more: dict[str, list[int]] = {}
    if correspondent.user is not None:
        begun = TimelineRow.objects.filter(actor=correspondent.user_id, code__in=BEGINNINGS).values("subject")
        others = list(
            Subject.objects.filter(pk__in=begun, is_public=True).exclude(kind__in=REPORTS).values_list("pk", flat=True)
        )
    for pk in others:
        discussion.actions.hide_whole(pk, reason=reason.slug, by=by)
    if correspondent.user is not None:
        more = {name: each.hold(correspondent.user, reason, by) for name, each in WRITTEN.items()}
    return with_rows({"comments": comments, "subjects": [*reports, *others], **more})


def with_rows(held: dict[str, Any]) -> dict[str, Any]:
    """With the acts that hid what is held. A block made before these were kept holds whatever was hidden last by any act."""
    found = {"rows": sorted(_hidden_by(held.get("comments", []), held.get("subjects", [])).values())}
    found |= {f"{name}_rows": sorted(each.rows(held[name]).values()) for name, each in WRITTEN.items() if name in held}
    return found | held


def _hidden_by(comments: list[int], subjects: list[int]) -> dict[tuple[str, int], int]:
    """("comment" or "subject", key) → the row of the act that hid it last."""
    found: dict[tuple[str, int], int] = {}
    whole = TimelineRow.objects.filter(subject__in=subjects, code__in=HIDES).order_by("pk").values_list("subject", "pk")
    found |= {("subject", subject): row for subject, row in whole}
    within = Comment.objects.filter(pk__in=comments).values("subject")
    said = TimelineRow.objects.filter(subject__in=within, code="comment_hidden", data__comment__in=comments).order_by("pk")
    return found | {("comment", data["comment"]): row for data, row in said.values_list("data", "pk")}


@transaction.atomic
def lift(block_id: int, *, by: User) -> Block:
    """The person may write again; what was held, and hidden by nobody since, comes back as its state allows. A second press does
    nothing."""
    found = Block.objects.select_for_update(of=("self",)).select_related("correspondent").get(pk=block_id)
    if not by.has_role(Role.MODERATOR):
        raise PermissionDenied
    if found.lifted_at is not None:
        return found
    found.lifted_at, found.lifted_by = timezone.now(), by
    found.save(update_fields=["lifted_at", "lifted_by"])
    _release(found.held, by)
    return found


def _release(held: dict[str, Any], by: User) -> None:
    """Shown again by a moderator and hidden once more for a reason of its own, a thing stays hidden."""
    held = with_rows(held)
    own = set(held["rows"])
    ours = {what for what, row in _hidden_by(held.get("comments", []), held.get("subjects", [])).items() if row in own}
    comments, subjects = ([key for each, key in ours if each == kind] for kind in ("comment", "subject"))
    for pk in Comment.objects.filter(pk__in=comments, state=Comment.State.HIDDEN).order_by("pk").values_list("pk", flat=True):
        discussion.actions.settle_comment(pk, publish=True, by=by)
    words = _("The block of its author was lifted.")
    for subject in Subject.objects.filter(pk__in=subjects, visibility=Visibility.HIDDEN).order_by("pk"):
        if subject.kind in REPORTS:
            publish_again(subject.pk, by=by, text=words)
        else:
            public = PUBLIC_STATES.get(subject.kind, lambda _pk: True)(subject.pk)
            discussion.actions.show_whole(subject.pk, public=public, by=by, text=words)
        recount(subject)  # an older count left out answers below a comment that was hidden
    for name, each in WRITTEN.items():
        own = set(held.get(f"{name}_rows", ()))
        each.release([key for key, row in each.rows(held.get(name, [])).items() if row in own], by)
