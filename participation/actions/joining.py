"""Who joins an initiative: with a task while it has a free place, or without. Who it is, nobody else learns."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import Correspondent
from discussion.models import Audience, Subject
from discussion.wishes import Wish
from participation import workflow
from participation.actions.move import locked
from participation.models import Initiative, InitiativeTask, Joining

State = Joining.State


def is_open(initiative: Initiative) -> bool:
    """People join it now."""
    return initiative.subject.is_public and initiative.status in workflow.JOINABLE


def _require_open(initiative: Initiative) -> None:
    if not is_open(initiative):
        raise ValidationError(_("The initiative does not gather people now. Follow it to hear when it does."), code="closed")


def _task(initiative: Initiative, task_id: int | None) -> InitiativeTask | None:
    if task_id is None:
        return None
    found = initiative.tasks.filter(pk=task_id).first()
    if found is None:
        raise ValidationError({"task": _("This task is not here any more. Choose another one.")})
    return found


def _require_place(task: InitiativeTask | None) -> None:
    if task is not None and task.joinings.going().count() >= task.needed:
        said = _("All places of the task “%(task)s” are taken. Choose another one, or join without a task.")
        raise ValidationError({"task": ValidationError(said % {"task": task.title}, code="full")})


@transaction.atomic
def join(initiative_id: int, correspondent: Correspondent, task_id: int | None = None) -> Joining:
    """Joins, with the task or without; a second time answers the first. The Subject's lock makes a queue of the crowd.

    Raises ValidationError for an unverified address, where nobody can join, and for a task without a free place.
    """
    if correspondent.verified_at is None:
        raise ValidationError(_("Confirm your e-mail first."), code="unverified")
    initiative = locked(Initiative, initiative_id)
    task = _task(initiative, task_id)
    known = Joining.objects.filter(initiative=initiative, correspondent=correspondent, task=task).first()
    if known is not None and known.state == State.GOING:
        return known
    _require_open(initiative)
    _require_place(task)
    found, _new = Joining.objects.update_or_create(
        initiative=initiative, correspondent=correspondent, task=task, defaults={"state": State.GOING, "since": timezone.now()}
    )
    _append(initiative, "joined", correspondent, task)
    return found


@transaction.atomic
def ask(initiative_id: int, correspondent: Correspondent, task_id: int | None = None) -> None:
    """A stranger wishes to join: a link goes to the address, which holds no place before it answers.

    Raises ValidationError where nobody can join and for a task without a free place.
    """
    initiative = locked(Initiative, initiative_id)
    _require_open(initiative)
    task = _task(initiative, task_id)
    _require_place(task)  # whoever asks hears the same, so that nobody learns who has it
    Joining.objects.filter(initiative=initiative, correspondent=correspondent, state=State.ASKED).delete()
    known = Joining.objects.filter(initiative=initiative, correspondent=correspondent, task=task)
    if not known.going().exists():
        Joining.objects.update_or_create(
            initiative=initiative, correspondent=correspondent, task=task, defaults={"state": State.ASKED}
        )
    discussion.actions.ask_to_confirm(initiative.pk, correspondent, Wish.JOIN)


@transaction.atomic
def confirmed(subject: Subject, correspondent: Correspondent) -> str:
    """The address of a stranger has answered; what came of the wish in words. Raises ValidationError as `join`."""
    asked = Joining.objects.filter(initiative=subject.pk, correspondent=correspondent, state=State.ASKED).first()
    joined = join(subject.pk, correspondent, asked.task_id if asked else None)
    return said(joined)


def said(joined: Joining) -> str:
    """What became of somebody's wish to join."""
    if joined.task is None:
        return _("You take part. The organisers' messages reach you; they do not see who you are.")
    words = _("You took the task “%(task)s”. The organisers' messages reach you; they do not see who you are.")
    return words % {"task": joined.task.title}


@transaction.atomic
def leave(initiative_id: int, correspondent: Correspondent, task_id: int | None = None) -> bool:
    """Gives the task back, or without one everything. True when there was something to give back."""
    initiative = locked(Initiative, initiative_id)
    mine = Joining.objects.going().filter(initiative=initiative, correspondent=correspondent)
    if task_id is not None:
        mine = mine.filter(task=task_id)
    if not mine.update(state=State.LEFT, since=timezone.now()):
        return False
    _append(initiative, "left", correspondent, initiative.tasks.filter(pk=task_id).first() if task_id else None)
    return True


def _append(initiative: Initiative, code: str, correspondent: Correspondent, task: InitiativeTask | None) -> None:
    """Who joins is nobody's business: the row is the administration's, and names a correspondent's id alone."""
    data = {"correspondent": correspondent.pk} | ({"task": task.pk} if task else {})
    discussion.actions.append(
        initiative.subject, code, capacity="visitor", audience=Audience.STAFF, data=data, tells=False, bumps=False
    )


def counts(initiative: Initiative) -> dict[str, Any]:
    """{people: each once, tasks: {task's id: how many took it}}: numbers alone, for everyone. One query."""
    rows = list(Joining.objects.going().filter(initiative=initiative).values_list("task", "correspondent"))
    return {"people": len({who for _task, who in rows}), "tasks": Counter(task for task, _who in rows if task)}
