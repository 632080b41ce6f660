"""The one table of notifications: kind of event × channel, what holds unless somebody said otherwise, and quiet hours."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Correspondent, User
from notifications.models import Channel, Choice, Frequency, Habits


class Event(StrEnum):
    """The rows of the table."""

    MINE = "mine"
    QUESTION = "question"
    FOLLOW = "follow"
    ALERT = "alert"
    COMMENT = "comment"
    WORK = "work"
    DUE = "due"


OF_STAFF = (Event.WORK, Event.DUE)
LABELS: dict[Event, Promise | str] = {
    Event.MINE: _("What becomes of my reports and ideas"),
    Event.QUESTION: _("Questions to me"),
    Event.FOLLOW: _("What I follow and support"),
    Event.ALERT: _("My alerts"),
    Event.COMMENT: _("Comments: mine, and on what I sent"),
    Event.WORK: _("Work that is given to me"),
    Event.DUE: _("Due dates that come near"),
}
CHANNEL_LABELS: dict[str, Promise | str] = {
    Channel.EMAIL: _("E-mail"),
    Channel.INBOX: _("On the site"),
    Channel.PUSH: _("On my devices"),
    Channel.SMS: _("SMS"),
}
UNLESS_SAID: dict[Event, frozenset[str]] = {event: frozenset({Channel.EMAIL, Channel.INBOX, Channel.PUSH}) for event in Event}
"""Mail and inbox for all; push reaches only browsers that were allowed to take it; SMS only who asks for it."""


def channels_offered() -> list[str]:
    """The columns of the table; SMS only where the installation has a gateway."""
    return [channel for channel in Channel.values if channel != Channel.SMS or settings.SMS_URL]


def chosen(correspondents: Iterable[int]) -> dict[tuple[int, str], frozenset[str]]:
    """{(correspondent, event): channels wanted}, for those who changed anything there; one query."""
    found: dict[tuple[int, str], set[str]] = {}
    rows = Choice.objects.filter(correspondent__in=list(correspondents))
    for pk, event, channel, wanted in rows.values_list("correspondent", "event", "channel", "wanted"):
        if event not in set(Event):
            continue
        cell = found.setdefault((pk, event), set(UNLESS_SAID[Event(event)]))
        (cell.add if wanted else cell.discard)(channel)
    return {key: frozenset(cell) for key, cell in found.items()}


def wanted(correspondent: Correspondent) -> dict[Event, frozenset[str]]:
    """The whole table of one person."""
    said = chosen([correspondent.pk])
    return {event: said.get((correspondent.pk, event), UNLESS_SAID[event]) for event in Event}


@transaction.atomic
def choose(correspondent: Correspondent, cells: Mapping[tuple[str, str], bool]) -> None:
    """Writes the cells that the form showed, and no other consent. A cell as it is for everybody leaves no row."""
    for (event, channel), value in cells.items():
        if value == (channel in UNLESS_SAID[Event(event)]):
            Choice.objects.filter(correspondent=correspondent, event=event, channel=channel).delete()
        else:
            Choice.objects.update_or_create(
                correspondent=correspondent, event=event, channel=channel, defaults={"wanted": value}
            )


@dataclass(frozen=True)
class Hours:
    """When somebody is written to. Times are the town's."""

    quiet_from: datetime.time | None = None
    quiet_until: datetime.time | None = None
    digest_hour: int = 8
    digest_weekday: int = 0
    follow_frequency: str = Frequency.INSTANT
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(settings.TIME_ZONE))

    def after_quiet(self, moment: datetime.datetime) -> datetime.datetime:
        """The moment itself, or the end of the quiet hours it falls into."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return moment
        local = moment.astimezone(self.zone)
        clock = local.time().replace(tzinfo=None)
        over_night = start > end
        if over_night and (clock >= start or clock < end):
            day = local.date() + datetime.timedelta(days=1 if clock >= start else 0)
        elif not over_night and start <= clock < end:
            day = local.date()
        else:
            return moment
        return max(moment, self._at(day, end))

    def last_due(self, now: datetime.datetime, frequency: str) -> tuple[datetime.date, datetime.datetime]:
        """(day, moment) of the newest summary whose time has come. A day has one, also when the clocks are changed."""
        day = now.astimezone(self.zone).date() + datetime.timedelta(days=1)
        while True:
            if frequency == Frequency.DAILY or day.weekday() == self.digest_weekday:
                moment = self.after_quiet(self._at(day, datetime.time(self.digest_hour)))
                if moment <= now:
                    return day, moment
            day -= datetime.timedelta(days=1)

    def _at(self, day: datetime.date, clock: datetime.time) -> datetime.datetime:
        """In UTC; a time that the clocks jump over is the same moment by the older reckoning."""
        return datetime.datetime.combine(day, clock, tzinfo=self.zone).astimezone(datetime.UTC)


def hours_of(correspondents: Iterable[int]) -> dict[int, Hours]:
    """For those who changed anything; one query."""
    rows = Habits.objects.filter(correspondent__in=list(correspondents))
    return {
        row.pk: Hours(row.quiet_from, row.quiet_until, row.digest_hour, row.digest_weekday, row.follow_frequency)
        for row in rows
    }


@transaction.atomic
def set_habits(correspondent: Correspondent, *, language: str = "", **values: object) -> None:
    """Writes the named habits and leaves the others; the language is the person's, in an account too."""
    if language:
        Correspondent.objects.filter(pk=correspondent.pk).update(language=language)
        User.objects.filter(correspondent=correspondent).update(language=language)
    Habits.objects.update_or_create(correspondent=correspondent, defaults=values)
