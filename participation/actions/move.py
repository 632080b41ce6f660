"""The one door through which an event or all else that people take part in changes its state."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import User
from discussion.actions import photos as shots
from discussion.models import Audience, Subject, TimelineRow, Visibility
from participation import rules, workflow
from participation.models import (
    Alternative,
    Comparison,
    Consultation,
    Event,
    Initiative,
    Matter,
    Policy,
    Practice,
    Rewording,
    Survey,
)
from participation.workflow import STAYS, Kind, Transition, Who
from reports.models import Reason

MODELS: dict[Kind, type[Matter]] = {
    Kind.SURVEY: Survey,
    Kind.EVENT: Event, Kind.PRACTICE: Practice, Kind.INITIATIVE: Initiative, Kind.POLICY: Policy,
    Kind.CONSULTATION: Consultation, Kind.COMPARISON: Comparison, Kind.ALTERNATIVE: Alternative,
}  # fmt: skip
M = TypeVar("M", bound=Matter)


def matter_of(subject: Subject) -> Matter | None:
    """The row that this subject stands for; None where it is none of this app's."""
    model = MODELS.get(Kind(subject.kind)) if subject.kind in set(Kind) else None
    return model._default_manager.filter(pk=subject.pk).first() if model else None


def _in_public_state(model: type[Matter]) -> Callable[[int], bool]:
    return lambda pk: model._default_manager.get(pk=pk).shown


PUBLIC_STATES: dict[str, Callable[[int], bool]] = {kind.value: _in_public_state(model) for kind, model in MODELS.items()}


class NotAllowed(Exception):
    """The workflow has no such edge from the present state; `matter` is the fresh one."""

    def __init__(self, matter: Matter, name: str) -> None:
        super().__init__(name)
        self.matter, self.name = matter, name


def locked(model: type[M], subject_id: int, *, version: int | None = None) -> M:
    """The row with its Subject locked first; Stale when the version given is not the present one."""
    subject = discussion.actions.lock(subject_id, version=version)
    matter = model._default_manager.select_related("organisation").get(pk=subject_id)
    matter.subject = subject
    return matter


def edge_of(matter: Matter, name: str, by: User | None, *, system: bool = False) -> Transition:
    """The edge, when it leaves the present state and this person may take it. Raises NotAllowed, PermissionDenied, and ValidationError
    for who is kept from writing: they take back alone what nobody has read yet."""
    edge = workflow.TRANSITIONS.get((Kind(matter.subject.kind), name))
    if edge is None or matter.status not in edge.sources:
        raise NotAllowed(matter, name)
    if not system and not rules.may(by, matter, edge):
        raise PermissionDenied
    if not system and by is not None and Who.ORGANISER in edge.who and name != "take_back":
        blocks.require_free_account(by)
    if not system and name == "publish":
        blocks.require_publishable_account(matter.author)
    if edge.from_beginning and isinstance(matter, Event) and matter.starts_at > timezone.now():
        raise ValidationError(_("The event has not begun yet."), code="early")
    return edge


def save_state(matter: Matter, status: str, at: datetime.datetime) -> None:
    """The new state, and what follows from it for lists."""
    matter.status, matter.status_at = status, at
    matter.save(update_fields=["status", "status_at"])
    public = matter.shown and matter.subject.visibility == Visibility.PUBLIC
    Subject.objects.filter(pk=matter.pk).update(is_public=public)
    matter.subject.is_public = public
    if matter.state.ends:  # nobody reads new words of what is over
        Rewording.objects.filter(subject=matter.pk).delete()


def take(
    matter: Matter, edge: Transition, *, by: User | None, capacity: Who, text: str = "", data: dict[str, Any] | None = None,
    at: datetime.datetime | None = None, tells: bool = True, inside: bool = False, photos: uuid.UUID | None = None,
    photo_words: str = "",
) -> TimelineRow:  # fmt: skip
    """Writes the state that the edge leads to, and the act's row; `inside`: only the administration reads it.

    `photos`: the draft that holds photos of the act, `photo_words`: what they show.
    """
    at, before = at or timezone.now(), matter.status
    save_state(matter, before if edge.target == STAYS else edge.target, at)
    audience = Audience.STAFF if inside else Audience.PUBLIC if matter.state.public else Audience.AUTHOR
    row = discussion.actions.append(
        matter.subject, edge.name, by=by, capacity=capacity, audience=audience, at=at, before=before, after=matter.status,
        data={**(data or {}), **shots.beside(photos)}, text=text, tells=tells,
    )  # fmt: skip
    shots.take(photos, row, photo_words)
    return row


@transaction.atomic
def act(
    model: type[M], subject_id: int, name: str, *, by: User, version: int | None = None, text: str = "",
    reason: Reason | None = None, at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """Publishing, rejecting, calling off: edges that need words or a reason alone."""
    matter = locked(model, subject_id, version=version)
    edge = edge_of(matter, name, by)
    given = {"text": text, "reason": reason}
    wrong = {field: _("This is needed here.") for field in edge.requires if not given.get(field)}
    if wrong:
        raise ValidationError(wrong)
    (capacity,) = edge.who
    return take(matter, edge, by=by, capacity=capacity, text=text, data={"reason": reason.slug} if reason else None, at=at)
