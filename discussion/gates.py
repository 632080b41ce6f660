"""What the app that owns a kind of subject says of taking part in it: when one may write, who, of which parts; who may give ideas.

An idea that is given to a subject is linked to it: `Link.Kind.GIVEN_TO`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Correspondent, User
from discussion.models import Link, Subject
from municipality.models import Area, Organisation


@dataclass(frozen=True)
class Writing:
    """Who wishes to write, for whom and about which part; `anchor`: "" for the whole and for an answer, which stands where what it
    answers does, also when the part is not there any more."""

    by: User | None
    correspondent: Correspondent
    organisation: Organisation | None
    anchor: str


@dataclass(frozen=True)
class Gift:
    """Who wishes to give an idea; `email`: an address is known."""

    by: User | None
    email: bool


class Outcome(NamedTuple):
    """What was decided on something that was said: in words, its sign, why, and the address where all of it is answered."""

    words: Any
    sign: str
    reason: str
    url: str


@dataclass(frozen=True)
class Gate:
    """`shut`: why nobody may write now, in words, "" when one may. `parts`: anchor → its name. `border`: where ideas must lie, WGS84.

    `admit` and `take` raise ValidationError. `guest`: why who is not signed in cannot take part, in words, "" where they can.
    `outcomes`: of those comments, what was decided on each.
    """

    shut: Callable[[Subject], str]
    admit: Callable[[Subject, Writing], None]
    parts: Callable[[Subject], dict[str, str]]
    take: Callable[[Subject, Gift], None]
    border: Callable[[Subject], GEOSGeometry | None]
    guest: Callable[[Subject], str] = lambda _subject: ""
    outcomes: Callable[[Subject, list[int]], dict[int, Outcome]] = lambda _subject, _comments: {}


GATES: dict[str, Gate] = {}
"""Kind of subject → its gate; kinds without one are open to all."""


def shut(subject: Subject) -> str:
    """Why nobody may write there now; "" when one may."""
    gate = GATES.get(subject.kind)
    return gate.shut(subject) if gate else ""


def guest(subject: Subject) -> str:
    """Why nobody may write there without signing in; "" where guests may."""
    gate = GATES.get(subject.kind)
    return gate.guest(subject) if gate else ""


def admit(subject: Subject, writing: Writing) -> None:
    """Raises ValidationError for who may not write there, or not of that part."""
    if gate := GATES.get(subject.kind):
        gate.admit(subject, writing)


def parts(subject: Subject) -> dict[str, str]:
    """{anchor: name in words} of the parts that a comment can be about."""
    gate = GATES.get(subject.kind)
    return gate.parts(subject) if gate else {}


def outcomes(subject: Subject, comments: list[int]) -> dict[int, Outcome]:
    """{comment: what was decided on it} of those on which everyone reads a decision."""
    gate = GATES.get(subject.kind)
    return gate.outcomes(subject, comments) if gate and comments else {}


def take(subject: Subject, gift: Gift) -> None:
    """Raises ValidationError on `given_to` for a subject that takes no ideas, and for who may not give one."""
    gate = GATES.get(subject.kind)
    if gate is None:
        raise ValidationError({"given_to": _("Ideas are not given to this.")}, code="kind")
    gate.take(subject, gift)


def require_inside(subject: Subject, point: GEOSGeometry | None, shape: GEOSGeometry | None, area: Area | None) -> None:
    """Raises ValidationError on `point` or `place` for what lies outside the border within which the subject takes ideas.

    Without point and shape the whole `area` must lie inside: its settlement, or the municipality.
    """
    gate = GATES.get(subject.kind)
    border = gate.border(subject) if gate else None
    if border is None:
        return
    for name, geometry in (("point", point), ("place", shape)):
        if geometry is not None and not border.covers(geometry):
            words = _("“%(title)s” takes ideas within its border only. Choose a place inside it; the map shows it.")
            raise ValidationError({name: words % {"title": subject.title}}, code="border")
    if point is None and shape is None and not (area is not None and area.polygon and border.covers(area.polygon)):
        words = _("“%(title)s” takes ideas within its border only. Show the place on the map, inside the border.")
        raise ValidationError({"place": words % {"title": subject.title}}, code="border")


def require_still_inside(idea: Subject, point: GEOSGeometry | None) -> None:
    """The same for an idea that moves, with each subject to which it was given."""
    for link in Link.objects.filter(source=idea, kind=Link.Kind.GIVEN_TO).select_related("target"):
        require_inside(link.target, point, None, None)
