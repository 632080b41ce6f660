"""What residents write anew of something public is read by a moderator first, as their first words were; the old ones stay until then."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import User
from discussion.models import Audience, Subject, TimelineRow
from discussion.search import vector
from municipality.models import Organisation
from participation import rules
from participation.actions.move import NotAllowed, edge_of, locked
from participation.models import AgendaItem, Event, Initiative, InitiativeTask, Matter, Rewording
from participation.workflow import Who
from reports.models import Reason
from reports.rules import is_moderator


def waits(by: User, matter: Matter, organisation: Organisation | None) -> bool:
    """Whether new words of this person, said in this name, are read before they are public."""
    return matter.shown and not (is_moderator(by) or rules.publishes_at_once(by, organisation))


def lines_of(matter: Matter) -> list[Any]:
    """Its agenda or tasks as `Rewording.lines` keeps them."""
    if isinstance(matter, Event):
        return [item.title for item in matter.agenda.all()]
    assert isinstance(matter, Initiative)
    return [[task.title, task.needed, task.until.isoformat() if task.until else None] for task in matter.tasks.all()]


def where_of(said: Any) -> dict[str, str]:
    """The words that say where it is, of what stands or of what is said."""
    return {name: str(getattr(said, name)) for name in ("place", "link", "form") if hasattr(said, name)}


def keep(matter: Matter, title: str, text: str, lines: list[Any], by: User, *, where: dict[str, str]) -> bool:
    """Keeps the words until they are read; the caller leaves the old ones on the page. What only goes from the agenda or the tasks, or
    is counted anew, holds no new words; no more does a place that goes. Whether anything waits now."""
    known = {_title(line) for line in lines_of(matter)}
    fresh = lines if {_title(line) for line in lines} - known else None
    moved = {name: value for name, value in where.items() if value != where_of(matter)[name]}
    if not (moved.get("place") or moved.get("link")):
        moved = {}
    if (title, text) == (matter.subject.title, matter.text) and fresh is None and not moved:
        Rewording.objects.filter(subject=matter.pk).delete()
        return False
    now = {"title": title, "text": text, "lines": fresh, "where": moved, "by": by, "asked_at": timezone.now()}
    Rewording.objects.update_or_create(subject=matter.subject, defaults=now)
    return True


def overtake(matter: Matter, title: str, text: str, lines: list[Any], *, where: dict[str, str]) -> dict[str, Any]:
    """Before words change at once: older ones that wait would replace them when they are read, so these fall away. Data of the act's row,
    by which their writer is told; {} where nothing waits or no words change."""
    if (title, text, lines, where) == (matter.subject.title, matter.text, lines_of(matter), where_of(matter)):
        return {}
    found = Rewording.objects.filter(subject=matter.pk).first()
    if found is None:
        return {}
    found.delete()
    return {"overtaken": True, "writer": found.by_id}


def holds_lines(matter: Matter) -> bool:
    """Whether the agenda or the tasks wait too."""
    return Rewording.objects.filter(subject=matter.pk).exclude(lines=None).exists()


def held_where(matter: Matter) -> dict[str, str]:
    """Of the words that say where it is, those that stand while others wait; {} where none wait."""
    found = Rewording.objects.filter(subject=matter.pk).first()
    return {name: value for name, value in where_of(matter).items() if found is not None and name in found.where}


def _title(line: Any) -> str:
    return line if isinstance(line, str) else line[0]


def _waiting(matter: Matter, name: str) -> Rewording:
    found = Rewording.objects.filter(subject=matter.pk).first()
    if found is None:
        raise NotAllowed(matter, name)
    return found


@transaction.atomic
def publish(
    model: type[Matter], subject_id: int, *, by: User, version: int | None = None, quotes: bool = True,
    at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """A moderator has read the new words: the page says them, whoever wrote them is told, the timeline quotes what it said before;
    without `quotes` that is gone."""
    matter = locked(model, subject_id, version=version)
    edge_of(matter, "reword", by)
    found = _waiting(matter, "reword")
    blocks.require_publishable_account(found.by)
    if not matter.subject.is_public:
        raise ValidationError(_("It is hidden: nothing of it becomes public before it is shown again."), code="hidden")
    before = "\n".join(
        [matter.subject.title, matter.text, *([_title(line) for line in lines_of(matter)] if found.lines else []),
         *(getattr(matter, name) for name in ("place", "link") if found.where.get(name) and getattr(matter, name))]
    )  # fmt: skip
    matter.text, matter.subject.title = found.text, found.title
    for name, value in found.where.items():
        setattr(matter, name, value)
    matter.full_clean(exclude=["subject"], validate_constraints=False)
    matter.save(update_fields=["text", *found.where])
    if found.lines is not None:
        _set_lines(matter, found.lines)
    search = vector(found.title, found.text, matter.place, *[_title(line) for line in lines_of(matter)])
    Subject.objects.filter(pk=matter.pk).update(title=found.title, search=search)
    found.delete()
    # Another place is of concern to everyone who comes or follows, other words to whoever wrote them.
    told: dict[str, Any] = {"moved": sorted(found.where)} if found.where else {"followers": False}
    data = {**told, "writer": found.by_id, **({} if quotes else {"unquoted": True})}
    return _row(
        matter,
        "reword",
        by,
        Who.ORGANISER,
        Audience.PUBLIC,
        at,
        text=before if quotes else "",
        data=data,
        language=matter.subject.language,
    )


@transaction.atomic
def refuse(
    model: type[Matter], subject_id: int, *, by: User, reason: Reason | None, text: str = "", version: int | None = None,
    at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """The old words stay; whoever wrote the new ones is told why."""
    matter = locked(model, subject_id, version=version)
    edge_of(matter, "keep_words", by)
    found = _waiting(matter, "keep_words")
    if reason is None:
        raise ValidationError({"reason": _("This is needed here.")})
    found.delete()
    data = {"reason": reason.slug, "writer": found.by_id}
    return _row(matter, "keep_words", by, Who.MODERATOR, Audience.AUTHOR, at, text=text, data=data)


def _row(
    matter: Matter, code: str, by: User, capacity: Who, audience: Audience, at: datetime.datetime | None, *, text: str,
    data: dict[str, Any], language: str = "",
) -> TimelineRow:  # fmt: skip
    return discussion.actions.append(
        matter.subject, code, by=by, capacity=capacity, audience=audience, at=at, before=matter.status, after=matter.status,
        text=text, data=data, language=language,
    )  # fmt: skip


def _set_lines(matter: Matter, lines: list[Any]) -> None:
    """A task that somebody took meanwhile stays, with who took it."""
    if isinstance(matter, Event):
        kept = {item.title: item.subject for item in matter.agenda.all()}
        matter.agenda.all().delete()
        AgendaItem.objects.bulk_create(
            AgendaItem(event=matter, order=n, title=title, subject=kept.get(title)) for n, title in enumerate(lines)
        )
        return
    assert isinstance(matter, Initiative)
    gone = matter.tasks.exclude(title__in=[title for title, _needed, _until in lines])
    gone = gone.exclude(pk__in=matter.joinings.filter(state="going").exclude(task=None).values("task"))
    matter.joinings.filter(task__in=gone).delete()
    gone.delete()
    for order, (title, needed, until) in enumerate(lines):
        InitiativeTask.objects.update_or_create(
            initiative=matter, title=title, defaults={"order": order, "needed": needed, "until": until}
        )
