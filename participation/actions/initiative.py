"""Initiatives are begun, changed, gather people, are under way, and end with a result or with the word that they stopped."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import User
from discussion.models import Audience, Subject, TimelineRow
from discussion.search import vector
from municipality.models import Area, Organisation, Sector
from participation import rules, workflow
from participation.actions import move, rewording
from participation.actions.event import area_of, may_speak_for, voice_of
from participation.actions.linking import linked_with, show_links
from participation.actions.move import edge_of, locked, take
from participation.actions.once import once
from participation.models import Initiative, InitiativeTask
from participation.workflow import Kind, Who

MESSAGES_A_DAY = 3
"""So often an organiser writes to all; what is more can wait until tomorrow."""


@dataclass(kw_only=True)
class Proposed:
    """What an organiser says. `tasks`: (title, people needed, until when); `linked`: ideas, plans, events, practices it belongs to."""

    title: str
    text: str
    sector: Sector
    settlement: Area | None = None
    place: str = ""
    point: Point | None = None
    starts_on: datetime.date | None = None
    people_needed: int | None = None
    tasks: list[tuple[str, int, datetime.date | None]] = field(default_factory=list)
    linked: list[Subject] = field(default_factory=list)
    organisation: Organisation | None = None
    public_name: str = ""
    language: str = ""

    def facts(self) -> dict[str, Any]:
        """Fields of Initiative."""
        return {name: getattr(self, name) for name in ("text", "place", "point", "starts_on", "people_needed")}


def propose(said: Proposed, *, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None = None) -> Initiative:
    """Keeps the initiative; the same client UUID again answers the first one. Staff's is public at once, others' once it was read.

    Raises ValidationError by field, PermissionDenied for an organisation of which one is no member.
    """
    return once(Initiative, client_uuid, lambda: _propose(said, by, client_uuid, at or timezone.now()))


@transaction.atomic
def _propose(said: Proposed, by: User, client_uuid: uuid.UUID, at: datetime.datetime) -> Initiative:
    blocks.require_free_account(by)
    if said.starts_on is not None and said.starts_on < timezone.localdate(at):
        raise ValidationError({"starts_on": _("The day has passed. Choose a later one, or leave it empty.")})
    may_speak_for(by, said.organisation)
    status = workflow.FIRST[Kind.INITIATIVE] if rules.publishes_at_once(by, said.organisation) else "awaiting_moderation"
    subject = Subject.objects.create(
        kind=Subject.Kind.INITIATIVE, client_uuid=client_uuid, title=said.title, sector=said.sector, area=area_of(said),
        language=said.language or get_language() or "bg", is_public=workflow.STATES[status].public, created_at=at,
    )  # fmt: skip
    made = Initiative(
        subject=subject, status=status, status_at=at, author=by, organisation=said.organisation,
        public_name=said.public_name, **said.facts(),
    )  # fmt: skip
    made.full_clean(exclude=["subject"], validate_constraints=False)
    made.save(force_insert=True)
    _belongings(made, said)
    discussion.actions.append(
        subject, "submitted" if made.state.public else f"kept_{status}", by=by, capacity=Who.ORGANISER, at=at, after=status,
        audience=Audience.PUBLIC if made.state.public else Audience.AUTHOR, bumps=False,
    )  # fmt: skip
    show_links(made, by=by, at=at)
    return made


def _belongings(made: Initiative, said: Proposed) -> None:
    words = [title for title, _needed, _until in said.tasks]
    Subject.objects.filter(pk=made.pk).update(search=vector(said.title, said.text, said.place, *words))
    _keep_tasks(made, said.tasks)
    linked_with(made.subject, said.linked)


def _keep_tasks(made: Initiative, tasks: list[tuple[str, int, datetime.date | None]]) -> None:
    """Tasks of the same title stay with who took them. Raises as `_check_tasks`."""
    gone = _check_tasks(made, tasks)
    made.joinings.filter(task__in=gone).delete()
    gone.delete()
    for order, (title, needed, until) in enumerate(tasks):
        InitiativeTask.objects.update_or_create(
            initiative=made, title=title, defaults={"order": order, "needed": needed, "until": until}
        )


def _check_tasks(made: Initiative, tasks: list[tuple[str, int, datetime.date | None]]) -> QuerySet[InitiativeTask]:
    """The tasks that go. Raises ValidationError for two of one name, and for one that goes although somebody took it."""
    titles = [title for title, _needed, _until in tasks]
    if len(set(titles)) != len(titles):
        raise ValidationError({"tasks": _("Two tasks have the same name. Join them, or name them apart.")})
    gone = made.tasks.exclude(title__in=titles)
    if taken := gone.filter(joinings__state="going").first():
        said = _("Somebody took the task “%(task)s”: keep its name. You can write to all who joined that it is done.")
        raise ValidationError({"tasks": said % {"task": taken.title}})
    return gone


@transaction.atomic
def change(initiative_id: int, said: Proposed, *, by: User, version: int | None = None) -> TimelineRow:
    """Everyone who joined or follows hears of another day or place."""
    made = locked(Initiative, initiative_id, version=version)
    edge = edge_of(made, "change", by)
    _check_tasks(made, said.tasks)
    said, data = _kept_back(made, replace(said, organisation=voice_of(by, made, said.organisation)), by)
    moved = [name for name in ("starts_on", "place") if getattr(made, name) != getattr(said, name)]
    for name, value in said.facts().items():
        setattr(made, name, value)
    made.organisation = said.organisation
    made.full_clean(exclude=["subject"], validate_constraints=False)
    made.save()
    Subject.objects.filter(pk=made.pk).update(title=said.title, sector=said.sector, area=area_of(said))
    _belongings(made, said)
    data |= {"moved": moved} if moved else {}
    row = take(made, edge, by=by, capacity=Who.ORGANISER, data=data, tells=bool(moved or data.get("overtaken")))
    show_links(made, by=by, at=row.at)
    return row


def _kept_back(made: Initiative, said: Proposed, by: User) -> tuple[Proposed, dict[str, Any]]:
    """What is said at once, and data of the row: that new words wait for a moderator, or that such words fell away."""
    lines = [[title, needed, until.isoformat() if until else None] for title, needed, until in said.tasks]
    if not rewording.waits(by, made, said.organisation):
        return said, rewording.overtake(made, said.title, said.text, lines, where=rewording.where_of(said))
    if not rewording.keep(made, said.title, said.text, lines, by, where=rewording.where_of(said)):
        return said, {}
    tasks = _counted_anew(made, said) if rewording.holds_lines(made) else said.tasks
    stands: dict[str, Any] = {"title": made.subject.title, "text": made.text, "tasks": tasks, **rewording.held_where(made)}
    return replace(said, **stands), {"waits": True}


def _counted_anew(made: Initiative, said: Proposed) -> list[tuple[str, int, datetime.date | None]]:
    """The tasks that are public, with the numbers and days that were said."""
    given = {each[0]: each for each in said.tasks}
    return [given.get(task.title, (task.title, task.needed, task.until)) for task in made.tasks.all()]


@transaction.atomic
def act(model: type[Initiative], initiative_id: int, name: str, *, by: User, **given: Any) -> TimelineRow:
    """As `move.act`; what it is linked with hears of it once it is public."""
    row = move.act(model, initiative_id, name, by=by, **given)
    if name == "publish":
        show_links(locked(Initiative, initiative_id), by=by, at=row.at)
    return row


@transaction.atomic
def finish(
    initiative_id: int, *, text: str, link: str = "", by: User, version: int | None = None,
    at: datetime.datetime | None = None, photos: uuid.UUID | None = None, photo_words: str = "",
) -> TimelineRow:  # fmt: skip
    """Ends with what came of it, in words, with photos where a draft holds some. Raises ValidationError without words."""
    made = locked(Initiative, initiative_id, version=version)
    edge = edge_of(made, "finish", by)
    if not text:
        raise ValidationError({"text": _("Write what came of it: an initiative is finished with its result.")})
    made.result, made.result_link = text, link
    made.save(update_fields=["result", "result_link"])
    data = {"link": link} if link else None
    return take(made, edge, by=by, capacity=Who.ORGANISER, text=text, data=data, at=at, photos=photos, photo_words=photo_words)


@transaction.atomic
def write_to_all(
    initiative_id: int, *, text: str, followers: bool = True, by: User, at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """A message to who joined, and to followers when so chosen: public, and nobody learns who they are.

    The same words sent twice are one message. Raises ValidationError beyond MESSAGES_A_DAY.
    """
    blocks.require_free_account(by)
    made, at = locked(Initiative, initiative_id), at or timezone.now()
    edge = edge_of(made, "message", by)
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    if known := discussion.actions.repeated(made.subject, edge.name, by=by, text=text):
        return known
    lately = TimelineRow.objects.filter(subject=made.subject, code=edge.name, at__gt=at - datetime.timedelta(days=1))
    if lately.count() >= MESSAGES_A_DAY:
        said = _("Today %(n)d messages were sent already. Send the next one tomorrow, or add it to the conversation.")
        raise ValidationError({"text": said % {"n": MESSAGES_A_DAY}}, code="often")
    return discussion.actions.append(
        made.subject, edge.name, by=by, capacity=Who.ORGANISER, at=at, before=made.status, after=made.status,
        data={"followers": followers}, text=text, bumps=False,
    )  # fmt: skip
