"""Sample initiatives and promises: begun, joined, written to, finished and stopped by the verbs that people use."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from discussion.models import Subject
from municipality.models import Area, Organisation, Sector
from participation.actions import joining
from participation.actions import pledge as pledges
from participation.actions.initiative import Proposed, act, finish, propose, write_to_all
from participation.loading.events import SPACE as EVENTS
from participation.loading.practices import SPACE as PRACTICES
from participation.models import Initiative, Pledge
from reports.loading.categories import one
from reports.loading.histories import uuid_of
from reports.loading.people import People
from reports.loading.rows import Row, table
from reports.loading.upsert import Load

SPACE = uuid.UUID("3c1f6a52-9c1e-4c0b-9a55-6a7f0d1be0aa")
STEPS = {"gathering": ["gather"], "under_way": ["gather", "begin"], "finished": ["gather", "begin"]}


def initiatives(load: Load, folder: Path, people: People, now: datetime.datetime) -> None:
    """Those of `initiatives.yaml` that are missing, with their promises."""
    load.each(table(folder, "initiatives", required=False), lambda row: _initiative(load, row, people, now))


def _initiative(load: Load, row: Row, people: People, now: datetime.datetime) -> None:
    key = uuid.uuid5(SPACE, row.text("slug"))
    if Initiative.objects.filter(subject__client_uuid=key).exists():
        load.count(Initiative, "same")
        return
    organisation = one(row, "organisation", Organisation, optional=True)
    by = _person(row, organisation, people)
    at, days = now - datetime.timedelta(days=row.number("ago")), row.number("in_days", None)
    tasks = [_task(each) for each in row.rows("tasks")]
    said = Proposed(
        title=row.text("title"), text=row.text("text"), sector=one(row, "sector", Sector), place=row.text("place", ""),
        settlement=one(row, "settlement", Area, optional=True), point=row.shape("at", "Point"), language="bg",
        starts_on=None if days is None else timezone.localdate(now) + datetime.timedelta(days=days),
        people_needed=row.number("people_needed", None), tasks=[(what, needed, None) for what, needed, _taken in tasks],
        linked=_linked(row.words("linked")), organisation=organisation,
    )  # fmt: skip
    made, state = propose(said, by=by, client_uuid=key, at=at), row.text("state")
    if state != "waits" and made.status == "awaiting_moderation":
        act(Initiative, made.pk, "publish", by=people.moderator, at=at + datetime.timedelta(hours=4))
    for number, name in enumerate(STEPS.get(state, []), 1):
        act(Initiative, made.pk, name, by=by, at=at + datetime.timedelta(days=number))
    if state in STEPS:
        _join(made, people, row.number("going", 0), {what: taken for what, _needed, taken in tasks})
    ends = [_promise(load, each, made.pk, people, now) for each in row.rows("promises")]
    for ago, end in sorted((found for found in ends if found), key=lambda found: -found[0]):
        end(now - datetime.timedelta(days=ago))
    _told(row, made, by, now)
    _end(row, made, by, now)
    row.done()
    load.count(Initiative, "new")


def _task(row: Row) -> tuple[str, int, int]:
    found = (row.text("what"), row.number("needed"), row.number("taken", 0))
    row.done()
    return found


def _person(row: Row, organisation: Organisation | None, people: People) -> User:
    """A neighbour by number, an account by name, else an official of the organisation."""
    by = row.raw("by", None)
    if organisation is not None and by is None and organisation.pk in people.official_of:
        return people.official_of[organisation.pk]
    user = people.author(by) or people.moderator
    return people.speaker_for(organisation, user) if organisation is not None else user


def _linked(slugs: list[str]) -> list[Subject]:
    keys = [key for slug in slugs for key in (uuid_of(slug), uuid.uuid5(EVENTS, slug), uuid.uuid5(PRACTICES, slug))]
    return list(Subject.objects.filter(client_uuid__in=keys).order_by("pk"))


def _join(made: Initiative, people: People, going: int, taken: dict[str, int]) -> None:
    """So many people, the first of them with tasks."""
    crowd = people.supporters[:going]
    for each in crowd:
        joining.join(made.pk, each)
    for task in made.tasks.all():
        for each in crowd[: taken[task.title]]:
            joining.join(made.pk, each, task.pk)
        crowd = crowd[taken[task.title] :] + crowd[: taken[task.title]]


def _told(row: Row, made: Initiative, by: User, now: datetime.datetime) -> None:
    for each in row.rows("messages"):
        write_to_all(made.pk, text=each.text("text"), by=by, at=now - datetime.timedelta(days=each.number("ago")))
        each.done()


def _end(row: Row, made: Initiative, by: User, now: datetime.datetime) -> None:
    """Finished with its result, or stopped with words."""
    if row.raw("finished", None) is not None:
        finish(made.pk, text=row.text("result"), by=by, at=now - datetime.timedelta(days=row.number("finished")))
    if row.raw("stopped", None):
        stopped = row.row("stopped")
        at = now - datetime.timedelta(days=stopped.number("ago"))
        act(Initiative, made.pk, "stop", by=by, text=stopped.text("text"), at=at)
        stopped.done()


def _promise(
    load: Load, row: Row, subject_id: int, people: People, now: datetime.datetime
) -> tuple[int, Callable[[datetime.datetime], object]] | None:
    """Makes it; answers (days ago, what then becomes of it), so that ends come in their order."""
    organisation = one(row, "organisation", Organisation, optional=True)
    by, at = _person(row, organisation, people), now - datetime.timedelta(days=row.number("ago"))
    made = pledges.promise(
        subject_id, what=row.text("what"), until=timezone.localdate(now) + datetime.timedelta(days=row.number("until")), by=by,
        client_uuid=uuid.uuid4(), organisation=organisation, language="bg", at=at,
    )  # fmt: skip
    if made.state == "awaiting_moderation":
        pledges.act(made.pk, "publish", by=people.moderator, at=at + datetime.timedelta(hours=2))
    end = None
    for name, verb in (("kept", "done"), ("withdrawn", "withdraw")):
        if row.raw(name, None) is not None:
            note = row.text("note")
            then = lambda at, verb=verb, note=note: pledges.act(made.pk, verb, by=by, text=note, at=at)  # noqa: E731
            end = (row.number(name), then)
    row.done()
    load.count(Pledge, "new")
    return end
