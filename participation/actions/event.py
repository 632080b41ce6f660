"""Events are announced, changed, and end with minutes or with the word that they did not take place."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django.contrib.gis.geos import Point
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import User
from discussion.models import Audience, Link, Subject, TimelineRow
from discussion.search import vector
from municipality.models import Area, Organisation, Sector
from participation import rules, workflow
from participation.actions import rewording, taking_part
from participation.actions.move import edge_of, locked, take
from participation.actions.once import once
from participation.models import AgendaItem, Decision, Event, Matter, Minutes
from participation.workflow import Kind, Who
from reports.actions.submit import outside, responsible


class Placed(Protocol):
    """What says where it is."""

    point: Point | None
    settlement: Area | None


@dataclass(kw_only=True)
class Announced:
    """What an event's organiser says of it. `settlement`: where it is, when no point says it; `agenda`: titles in order."""

    title: str
    text: str
    sector: Sector
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    form: str = Event.Form.IN_PERSON
    settlement: Area | None = None
    place: str = ""
    point: Point | None = None
    link: str = ""
    registration: bool = False
    capacity: int | None = None
    remind_hours: int = 24
    agenda: list[str] = field(default_factory=list)
    further_sectors: list[Sector] = field(default_factory=list)
    organisation: Organisation | None = None
    public_name: str = ""
    language: str = ""

    def facts(self) -> dict[str, Any]:
        """Fields of Event."""
        names = ("text", "starts_at", "ends_at", "form", "place", "point", "link", "registration", "capacity", "remind_hours")
        return {name: getattr(self, name) for name in names}


@dataclass(kw_only=True)
class Held:
    """What came of it. `decisions`: (what, who does it, until when); `discussed`: ideas, problems and others spoken about;
    `photos`: the draft that holds them, `photo_words`: what they show."""

    text: str
    attendance: int
    organisations: list[Organisation] = field(default_factory=list)
    decisions: list[tuple[str, str, datetime.date | None]] = field(default_factory=list)
    discussed: list[Subject] = field(default_factory=list)
    photos: uuid.UUID | None = None
    photo_words: str = ""


def area_of(said: Placed) -> Area:
    """Where it is: as the point says, else the settlement, else the whole municipality. Raises ValidationError outside of it."""
    if said.point is not None:
        found, _beside = responsible(said.point)
        if found is None:
            raise ValidationError({"point": outside(said.point)}, code="outside")
        return found
    return said.settlement or Area.objects.root()


def _check(said: Announced, *, new: bool) -> None:
    wrong: dict[str, str] = {}
    if said.ends_at <= said.starts_at:
        wrong["ends_at"] = _("The end lies before the beginning.")
    elif new and said.ends_at <= timezone.now():
        wrong["starts_at"] = _("The time has passed. Choose a later one.")
    if said.form != Event.Form.IN_PERSON and not said.link:
        wrong["link"] = _("Write the address where one takes part online.")
    if said.form != Event.Form.ONLINE and not (said.place or said.point):
        wrong["place"] = _("Say where it is: street and number, or the name of the building.")
    if said.capacity is not None and not said.registration:
        wrong["registration"] = _("Seats are counted by registration: tick it, or leave the number of seats empty.")
    if wrong:
        raise ValidationError(wrong)


def announce(said: Announced, *, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None = None) -> Event:
    """Keeps the event; the same client UUID again answers the first one. Staff's is public at once, others' once it was read.

    Raises ValidationError by field, PermissionDenied for an organisation of which one is no member.
    """
    return once(Event, client_uuid, lambda: _announce(said, by, client_uuid, at or timezone.now(), lived=at is None))


@transaction.atomic
def _announce(said: Announced, by: User, client_uuid: uuid.UUID, at: datetime.datetime, *, lived: bool) -> Event:
    blocks.require_free_account(by)
    _check(said, new=lived)
    may_speak_for(by, said.organisation)
    status = workflow.FIRST[Kind.EVENT] if rules.publishes_at_once(by, said.organisation) else "awaiting_moderation"
    language = said.language or get_language() or "bg"
    subject = Subject.objects.create(
        kind=Subject.Kind.EVENT, client_uuid=client_uuid, title=said.title, language=language, sector=said.sector,
        area=area_of(said), is_public=workflow.STATES[status].public, created_at=at,
    )  # fmt: skip
    made = Event(
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
    return made


def may_speak_for(by: User, organisation: Organisation | None) -> None:
    """Raises PermissionDenied for an organisation of which one is no member, or that is not verified (any more)."""
    member = organisation is not None and any(each.organisation_id == organisation.pk for each in by.held)
    if organisation is not None and not (member and organisation.trusted):
        raise PermissionDenied


def voice_of(by: User, matter: Matter, organisation: Organisation | None) -> Organisation | None:
    """In whose name it stands from now on: that is its author's word, others mend what is written. Raises as `may_speak_for`."""
    if matter.author_id != by.pk:
        return matter.organisation
    may_speak_for(by, organisation if organisation != matter.organisation else None)
    return organisation


def _belongings(event: Event, said: Announced) -> None:
    Subject.objects.filter(pk=event.pk).update(search=vector(said.title, said.text, said.place, *said.agenda))
    event.subject.further_sectors.set(said.further_sectors)
    kept = {item.title: item.subject for item in event.agenda.all()}
    event.agenda.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(event=event, order=order, title=title, subject=kept.get(title)) for order, title in enumerate(said.agenda)
    )


@transaction.atomic
def change(event_id: int, said: Announced, *, by: User, version: int | None = None) -> TimelineRow:
    """Everyone who comes or follows hears of another time or place, of a place once its words were read; more seats are given to those
    who wait."""
    event = locked(Event, event_id, version=version)
    edge = edge_of(event, "change", by)
    _check(said, new=False)
    said, data = _kept_back(event, replace(said, organisation=voice_of(by, event, said.organisation)), by)
    moved = [name for name in ("starts_at", "ends_at", "form", "place", "link") if getattr(event, name) != getattr(said, name)]
    for name, value in said.facts().items():
        setattr(event, name, value)
    event.organisation = said.organisation
    event.full_clean(exclude=["subject"], validate_constraints=False)
    event.save()
    Subject.objects.filter(pk=event.pk).update(title=said.title, sector=said.sector, area=area_of(said))
    _belongings(event, said)
    data |= {"moved": moved} if moved else {}
    row = take(event, edge, by=by, capacity=Who.ORGANISER, data=data, tells=bool(moved or data.get("overtaken")))
    taking_part.move_up(event)
    return row


def _kept_back(event: Event, said: Announced, by: User) -> tuple[Announced, dict[str, Any]]:
    """What is said at once, and data of the row: that new words wait for a moderator, or that such words fell away."""
    if not rewording.waits(by, event, said.organisation):
        return said, rewording.overtake(event, said.title, said.text, said.agenda, where=rewording.where_of(said))
    if not rewording.keep(event, said.title, said.text, said.agenda, by, where=rewording.where_of(said)):
        return said, {}
    agenda = rewording.lines_of(event) if rewording.holds_lines(event) else said.agenda
    stands: dict[str, Any] = {"title": event.subject.title, "text": event.text, "agenda": agenda, **rewording.held_where(event)}
    return replace(said, **stands), {"waits": True}


@transaction.atomic
def hold(
    event_id: int, held: Held, *, by: User, version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow:
    """Closes the event with its minutes; each thing that was discussed gets a row of its own and a link."""
    event = locked(Event, event_id, version=version)
    edge = edge_of(event, "hold", by)
    if not held.text:
        raise ValidationError(
            {"text": _("Without minutes the event cannot be closed. Write what was said, or that it did not take place.")}
        )
    _check_decisions(event, held)
    minutes = Minutes.objects.create(event=event, text=held.text, attendance=held.attendance)
    minutes.organisations.set(held.organisations)
    _decide(minutes, held)
    row = take(event, edge, by=by, capacity=Who.ORGANISER, at=at, photos=held.photos, photo_words=held.photo_words)
    for subject in sorted(held.discussed, key=lambda one: one.pk):
        _discussed(event, subject, by, at)
    return row


def _check_decisions(event: Event, held: Held) -> None:
    """Raises ValidationError for a decision that was due before it was made."""
    day = timezone.localdate(event.starts_at)
    for number, (_text, _who, until) in enumerate(held.decisions, 1):
        if until is not None and until < day:
            words = _("Line %(n)d: the event was on %(day)s; what was decided there cannot be due before.")
            raise ValidationError({"decisions": words % {"n": number, "day": f"{day:%d.%m.%Y}"}})


def _decide(minutes: Minutes, held: Held) -> None:
    Decision.objects.bulk_create(
        Decision(minutes=minutes, order=order, text=text, who=who, until=until)
        for order, (text, who, until) in enumerate(held.decisions)
    )


@transaction.atomic
def correct(
    event_id: int, held: Held, *, by: User, why: str, version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow:
    """The minutes anew, with the reason; what they said before stands in the history. Raises ValidationError by field.

    What was discussed there and the first photos stay; new ones stand with this act."""
    event = locked(Event, event_id, version=version)
    edge = edge_of(event, "correct", by)
    if wrong := {name: _("This is needed here.") for name, given in (("text", held.text), ("why", why)) if not given}:
        raise ValidationError(wrong)
    _check_decisions(event, held)
    minutes = event.minutes
    before = [minutes.text, *(one.text for one in minutes.decisions.all())]
    minutes.text, minutes.attendance = held.text, held.attendance
    minutes.save(update_fields=["text", "attendance"])
    minutes.organisations.set(held.organisations)
    minutes.decisions.all().delete()
    _decide(minutes, held)
    gone = [old for old in before if old not in (held.text, *(text for text, _who, _until in held.decisions))]
    told = "\n".join([why, *(_("It said before: “%s”") % old for old in gone)])
    return take(event, edge, by=by, capacity=Who.ORGANISER, text=told, at=at, photos=held.photos, photo_words=held.photo_words)


def _discussed(event: Event, subject: Subject, by: User, at: datetime.datetime | None) -> None:
    _link, new = Link.objects.get_or_create(source=subject, target=event.subject, kind=Link.Kind.DISCUSSED_AT)
    if new:
        discussion.actions.append(
            discussion.actions.lock(subject.pk), "discussed", by=by, capacity=Who.ORGANISER, at=at,
            audience=Audience.PUBLIC, data={"event": event.pk}, bumps=False,
        )  # fmt: skip
