"""Sample events: announced, registered for, held and called off by the verbs that people use, dated from today."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path

from django.utils import timezone

import discussion.actions
from accounts.models import User
from discussion.models import Subject
from municipality.models import Area, Organisation, Sector
from participation.actions import taking_part
from participation.actions.event import Announced, Held, announce, hold
from participation.actions.move import act
from participation.models import Event
from reports.loading.categories import one
from reports.loading.histories import uuid_of
from reports.loading.people import People
from reports.loading.rows import Row, table
from reports.loading.upsert import Load

SPACE = uuid.UUID("0e5c3f0a-3a57-4c0e-8d6c-0f4f1f3f9e11")


def events(load: Load, folder: Path, people: People, now: datetime.datetime) -> None:
    """Those of `events.yaml` that are missing."""
    load.each(table(folder, "events", required=False), lambda row: _event(load, row, people, now))


def _event(load: Load, row: Row, people: People, now: datetime.datetime) -> None:
    key = uuid.uuid5(SPACE, row.text("slug"))
    if Event.objects.filter(subject__client_uuid=key).exists():
        load.count(Event, "same")
        return
    starts = _moment(now, row.number("in_days"), row.text("hour"))
    organisation = one(row, "organisation", Organisation, optional=True)
    by = _organiser(row, organisation, people)
    point = row.shape("at", "Point")
    said = Announced(
        title=row.text("title"), text=row.text("text"), sector=one(row, "sector", Sector), starts_at=starts,
        ends_at=starts + datetime.timedelta(minutes=row.number("minutes_long", 120)), form=row.text("form", "in_person"),
        settlement=one(row, "settlement", Area, optional=True), place=row.text("place", ""), point=point,
        link=row.text("link", ""), registration=row.flag("registration", False), capacity=row.number("capacity", None),
        agenda=row.words("agenda"), organisation=organisation, language="bg",
    )  # fmt: skip
    announced = min(now, starts) - datetime.timedelta(days=row.number("announced_before", 9))
    made = announce(said, by=by, client_uuid=key, at=announced)
    for person in people.neighbours[: row.number("going", 0)]:
        taking_part.register(made.pk, discussion.actions.correspondent_of(person))
    _end(row, made, by, people)
    row.done()
    load.count(Event, "new")


def _organiser(row: Row, organisation: Organisation | None, people: People) -> User:
    """A neighbour by number, an account by name, else an official of the organisation."""
    by = row.raw("by", None)
    if organisation is not None and organisation.pk in people.official_of and by is None:
        return people.official_of[organisation.pk]
    user = people.author(by) or people.moderator
    return people.speaker_for(organisation, user) if organisation is not None else user


def _end(row: Row, event: Event, by: User, people: People) -> None:
    """What became of it: read by the moderator (unless it still waits), called off, held with minutes."""
    after = event.ends_at + datetime.timedelta(hours=20)
    if event.status == "awaiting_moderation" and not row.flag("waits", False):
        act(Event, event.pk, "publish", by=people.moderator, at=event.subject.created_at + datetime.timedelta(hours=3))
    if why := row.text("cancelled", ""):
        act(Event, event.pk, "cancel", by=by, text=why)
    if row.raw("minutes", None):
        minutes = row.row("minutes")
        decisions = [(each.text("what"), each.text("who", ""), None) for each in minutes.rows("decisions")]
        discussed = list(Subject.objects.filter(client_uuid__in=[uuid_of(slug) for slug in minutes.words("discussed")]))
        held = Held(
            text=minutes.text("text"), attendance=minutes.number("attendance"), decisions=decisions, discussed=discussed
        )
        minutes.done()
        hold(event.pk, held, by=by, at=min(after, timezone.now()))


def _moment(now: datetime.datetime, days: int, hour: str) -> datetime.datetime:
    """Local time so many days from today."""
    day = timezone.localdate(now) + datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.fromisoformat(hour)))
