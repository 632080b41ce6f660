"""Events and initiatives in words: when, how, how many; cards of what people take part in."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from discussion import sentences
from discussion.words import in_words
from geoportal.kernel.multilingual import language_of, text_in
from participation import rules, workflow
from participation.models import Event, Goal, Initiative, Matter, Pledge, Practice, Service
from participation.sentences import GOAL_STATUS
from participation.workflow import GOAL_FIRST
from reports.workflow import Phase

FORM_NAMES: dict[str, Promise] = {
    "in_person": pgettext_lazy("event", "In person"),
    "online": pgettext_lazy("event", "Online"),
    "hybrid": pgettext_lazy("event", "In person and online"),
}
MARKS: dict[Phase, str] = {Phase.DRAFT: "waiting"}
"""Phase → sign, where it is not called the same."""


def day_in_words(day: datetime.date) -> str:
    """„сряда, 2 декември 2026“, „Wednesday, 2 December 2026“: months are written small where the language does so."""
    words = date_format(day, "l, j E Y")
    return words if get_language() == "en" else words.lower()


def when(event: Event) -> str:
    return between(timezone.localtime(event.starts_at), timezone.localtime(event.ends_at))


def between(first: datetime.datetime, last: datetime.datetime) -> str:
    """„сряда, 2 декември 2026, 18:00 – 20:00“ in local time; over several days both ends with their day."""
    if first.date() == last.date():
        return f"{day_in_words(first)}, {first:%H:%M} – {last:%H:%M}"
    return f"{day_in_words(first)}, {first:%H:%M} – {day_in_words(last)}, {last:%H:%M}"


def mark(event: Matter) -> str:
    phase = event.state.phase
    return MARKS.get(phase, str(phase))


def status(event: Event) -> str:
    """„Предстои“, „Сега“, „Чака протокол“: an event that is over and has no minutes yet says so."""
    if event.status == "announced" and event.ends_at < timezone.now():
        return _("Over, waits for its minutes")
    if event.status == "announced" and event.starts_at <= timezone.now():
        return pgettext("event", "Goes on now")
    return str(sentences.STATUS["event"][event.status])


def seats(event: Event, going: int, waiting: int) -> str:
    """„Идват 12 души, остават 3 места“; "" where nobody registers."""
    if not event.registration:
        return ""
    if event.ends_at < timezone.now():
        return _seats_then(going, waiting)
    words = [ngettext("%(n)d person comes", "%(n)d people come", going) % {"n": going}]
    if event.capacity is not None:
        left = max(0, event.capacity - going)
        words.append(
            ngettext("%(n)d seat is left", "%(n)d seats are left", left) % {"n": left} if left else _("all seats are taken")
        )
    if waiting:
        words.append(ngettext("%(n)d person waits", "%(n)d people wait", waiting) % {"n": waiting})
    return ", ".join(words)


def _seats_then(going: int, waiting: int) -> str:
    """The same once it is over; who came is told by the minutes."""
    words = [ngettext("%(n)d person had registered", "%(n)d people had registered", going) % {"n": going}]
    if waiting:
        words.append(ngettext("%(n)d person had waited", "%(n)d people had waited", waiting) % {"n": waiting})
    return ", ".join(words)


def when_and_where(event: Event) -> str:
    """„сряда, 2 декември 2026, 18:00 – 20:00 · гр. Левка“."""
    where = str(FORM_NAMES["online"]) if event.form == Event.Form.ONLINE else event.where
    return f"{when(event)} · {where}"


def card(event: Event) -> dict[str, Any]:
    """Context of components/_card.html, with lon and lat; the place line begins with the time."""
    subject = event.subject
    return {
        "ref": subject.reference, "url": reverse("event", args=[subject.reference]), "kind": "event",
        "sector": subject.sector.slug, "icon": subject.sector.icon, "mark": mark(event), "title": subject.title,
        "lang": subject.language, "place": when_and_where(event), "status": status(event), "photo": "",
        "lon": event.point.x if event.point else None, "lat": event.point.y if event.point else None,
    }  # fmt: skip


def practice_card(practice: Practice) -> dict[str, Any]:
    """Context of components/_card.html; the place line is the town and the year."""
    subject = practice.subject
    years = f"{practice.year} – {practice.until}" if practice.until else _("since %(year)s") % {"year": practice.year}
    return {
        "ref": subject.reference, "url": reverse("practice", args=[subject.reference]), "kind": "practice",
        "icon": subject.sector.icon, "mark": mark(practice), "title": text_in(practice.title), "lang": language_of(practice.title), "photo": "",
        "place": f"{practice.where} · {years}", "status": str(subject.sector.short_name and text_in(subject.sector.short_name)),
    }  # fmt: skip


def people(joined: int, needed: int | None) -> str:
    """„Участват 12 души, нужни са 20“; without the second half where nobody said how many."""
    words = ngettext("%(n)d person takes part", "%(n)d people take part", joined) % {"n": joined}
    if needed is None:
        return words
    return f"{words}, " + ngettext("%(n)d is needed", "%(n)d are needed", needed) % {"n": needed}


def initiative_card(initiative: Initiative) -> dict[str, Any]:
    """Context of components/_card.html; the initiative with its `people` (querysets.with_people)."""
    subject = initiative.subject
    day = [day_in_words(initiative.starts_on)] if initiative.starts_on else []
    return {
        "ref": subject.reference, "url": reverse("initiative", args=[subject.reference]), "kind": "initiative",
        "sector": subject.sector.slug, "icon": subject.sector.icon, "mark": mark(initiative), "title": subject.title,
        "lang": subject.language, "photo": "",
        "place": " · ".join([*day, initiative.where, people(initiative.people, None if initiative.state.ends else initiative.people_needed)]),
        "status": str(sentences.STATUS["initiative"][initiative.status]),
    }  # fmt: skip


STEPS = ("forming", "gathering", "under_way", "finished")


def steps(initiative: Initiative) -> list[dict[str, Any]]:
    """The way of an initiative for `ol.milestones`; none where it stopped or is not public."""
    if initiative.status not in STEPS:
        return []
    at = STEPS.index(initiative.status)
    names = sentences.STATUS["initiative"]
    state = lambda n: "now" if n == at and n < len(STEPS) - 1 else "was" if n <= at else "next"  # noqa: E731
    marks = {"was": "done", "now": "active", "next": "next"}
    return [{"name": str(names[code]), "state": state(n), "mark": marks[state(n)]} for n, code in enumerate(STEPS)]


PLEDGE_LISTS: dict[str, Promise] = {
    "open": pgettext_lazy("promises", "Open"),
    "kept": pgettext_lazy("promises", "Kept"),
    "slipped": pgettext_lazy("promises", "Slipped"),
    "withdrawn": pgettext_lazy("promises", "Withdrawn"),
}


def pledge_status(pledge: Pledge, today: datetime.date, held: Collection[int] = ()) -> tuple[str, str]:
    """(sign, words) of how a promise stands on that day. `held`: keys of promises whose author is kept from writing."""
    if pledge.state == "promised":
        if pledge.slipped(today):
            return "late", _("Slipped: it was promised until %(day)s") % {"day": in_words(pledge.until)}
        return "active", _("Promised until %(day)s") % {"day": in_words(pledge.until)}
    if pledge.state == "done" and pledge.ended_on:
        late = pledge.ended_on > pledge.until
        words = _("Kept late, on %(day)s") if late else _("Kept on %(day)s")
        return "done", words % {"day": in_words(pledge.ended_on)}
    if pledge.state == "removed" and pledge.pk in held:
        return "waiting", _("Not shown while who promised it cannot write here")
    return {
        "withdrawn": ("refused", pgettext("promise", "Withdrawn")),
        "rejected": ("refused", pgettext("promise", "Not published")),
        "removed": ("refused", pgettext("promise", "Taken down")),
    }.get(pledge.state, ("waiting", _("Waits for a moderator")))  # fmt: skip


def pledge(pledge: Pledge, today: datetime.date, user: Any, held: Collection[int] = ()) -> dict[str, Any]:
    """A promise as participation/_pledge.html shows it, with the acts that this person may take now."""
    mark, status = pledge_status(pledge, today, held)
    who = rules.makers(user, pledge)
    acts = [name for name, edge in workflow.PLEDGES.items() if pledge.state in edge.sources and edge.who & who]
    by = str(pledge.organisation) if pledge.organisation else pledge.public_name or pgettext("author", "a resident")
    return {"pledge": pledge, "mark": mark, "status": status, "by": by, "acts": acts, "subject": pledge.subject}


def service_card(one: Service) -> dict[str, Any]:
    """Context of components/_card.html; the place line says whom it is for."""
    return {
        "ref": one.subject.reference, "url": reverse("service", args=[one.slug]), "kind": "service", "icon": one.subject.sector.icon,
        "mark": "", "title": text_in(one.name), "lang": language_of(one.name), "photo": "", "place": text_in(one.who), "status": "",
    }  # fmt: skip


GOAL_MARKS = {"aimed_at": "active", "reached": "done", "ended": "refused"}


def goal_card(one: Goal, far: str = "") -> dict[str, Any]:
    """Context of components/_card.html; the place line says by what it is measured, `far` how much is done."""
    ended = "" if one.status == GOAL_FIRST else str(GOAL_STATUS[one.status])
    return {
        "ref": one.subject.reference, "url": reverse("goal", args=[one.subject.reference]), "kind": "goal",
        "icon": one.subject.sector.icon, "mark": GOAL_MARKS[one.status], "title": text_in(one.title), "lang": language_of(one.title), "photo": "",
        "place": text_in(one.measure), "status": " · ".join(part for part in (ended, _("by %(year)s") % {"year": one.by_year}, far) if part),
    }  # fmt: skip
