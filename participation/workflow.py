"""The law of what people take part in: states and transitions as data, nothing else decides.

Pure Python, as `reports.workflow`: buttons, tests and the words derive from these tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from reports.workflow import STAYS as STAYS
from reports.workflow import Phase, State


class Kind(StrEnum):
    EVENT = "event"
    PRACTICE = "practice"
    SURVEY = "survey"
    INITIATIVE = "initiative"
    PLEDGE = "pledge"
    POLICY = "policy"
    CONSULTATION = "consultation"
    COMPARISON = "comparison"
    ALTERNATIVE = "alternative"
    GOAL = "goal"


class Who(StrEnum):
    """In what capacity a person acts; `rules.capacities` says which of them somebody has."""

    ORGANISER = "organiser"
    MODERATOR = "moderator"
    SYSTEM = "system"


@dataclass(frozen=True)
class Transition:
    """One edge: who may take it and what it must be given. `from_beginning`: not before the event has begun."""

    name: str
    kind: Kind
    sources: frozenset[str]
    target: str
    who: frozenset[Who]
    requires: tuple[str, ...] = ()
    from_beginning: bool = False
    fields: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", self.requires)


STATES: dict[str, State] = {
    state.code: state
    for state in (
        State("awaiting_moderation", Phase.DRAFT, public=False),
        State("rejected", Phase.REFUSED, public=False, ends=True),
        State("published", Phase.ACTIVE),
        State("announced", Phase.NEW),
        State("held", Phase.DONE, ends=True),
        State("not_held", Phase.REFUSED, ends=True),
        State("cancelled", Phase.REFUSED, ends=True),
        State("reported", Phase.DONE, ends=True),
        State("taken_back", Phase.REFUSED, public=False, ends=True),
        State("forming", Phase.NEW),
        State("gathering", Phase.ACTIVE),
        State("under_way", Phase.ACTIVE),
        State("finished", Phase.DONE, ends=True),
        State("preparing", Phase.DRAFT, public=False),
        State("open", Phase.ACTIVE),
        State("closed", Phase.WAITING),
        State("answered", Phase.DONE, answered=True),
        State("adopted", Phase.DONE, ends=True, answered=True),
        State("stopped", Phase.REFUSED, ends=True),
        State("in_force", Phase.ACTIVE),
        State("ended", Phase.DONE, ends=True),
        State("decided", Phase.DONE, ends=True),
        State("withdrawn", Phase.REFUSED, ends=True),
    )
}
MAKERS_ALONE: frozenset[str] = frozenset({"withdraw"})
"""Edges that a moderator cannot take in place of whoever made it."""
OFFICIAL: frozenset[str] = frozenset({Kind.SURVEY, Kind.POLICY, Kind.CONSULTATION, Kind.COMPARISON})
"""Kinds that the administration makes: they stay with it when their author leaves."""
KEPT = ("awaiting_moderation", "rejected")
STATES_OF: dict[Kind, tuple[str, ...]] = {
    Kind.EVENT: (*KEPT, "taken_back", "announced", "held", "not_held", "cancelled"),
    Kind.PRACTICE: (*KEPT, "taken_back", "published"),
    Kind.SURVEY: ("preparing", "open", "closed", "reported", "stopped"),
    Kind.INITIATIVE: (*KEPT, "taken_back", "forming", "gathering", "under_way", "finished", "stopped"),
    Kind.POLICY: ("in_force", "ended"),
    Kind.CONSULTATION: ("preparing", "open", "closed", "answered", "adopted", "stopped"),
    Kind.COMPARISON: ("preparing", "open", "closed", "decided", "stopped"),
    Kind.ALTERNATIVE: ("preparing", *KEPT, "taken_back", "published", "withdrawn"),
    Kind.GOAL: ("aimed_at", "reached", "ended"),
}


def public_states(kind: Kind) -> tuple[str, ...]:
    """Those in which everyone may read what is of this kind, in their order."""
    return tuple(code for code in STATES_OF[kind] if code not in STATES or STATES[code].public)


JOINABLE = ("gathering", "under_way")
"""States of an initiative in which people join it."""
FIRST: dict[Kind, str] = {
    Kind.SURVEY: "open", Kind.EVENT: "announced", Kind.PRACTICE: "published", Kind.INITIATIVE: "forming", Kind.POLICY: "in_force",
    Kind.CONSULTATION: "preparing", Kind.COMPARISON: "preparing", Kind.ALTERNATIVE: "preparing",
}  # fmt: skip
"""The first state in force."""


def _edge(kind: Kind, name: str, sources: str, target: str, who: Who, requires: str = "", *, begun: bool = False) -> Transition:
    return Transition(name, kind, frozenset(sources.split()), target, frozenset({who}), tuple(requires.split()), begun)


def _event() -> list[Transition]:
    kind, organiser = Kind.EVENT, Who.ORGANISER
    return [
        _edge(kind, "publish", "awaiting_moderation", "announced", Who.MODERATOR),
        _edge(kind, "reject", "awaiting_moderation", "rejected", Who.MODERATOR, "reason"),
        _edge(kind, "change", "awaiting_moderation announced", STAYS, organiser),
        _edge(kind, "reword", "announced", STAYS, Who.MODERATOR),
        _edge(kind, "keep_words", "announced", STAYS, Who.MODERATOR, "reason"),
        _edge(kind, "take_back", "awaiting_moderation", "taken_back", organiser),
        _edge(kind, "cancel", "announced", "cancelled", organiser, "text"),
        _edge(kind, "discuss", "announced", STAYS, organiser, begun=True),
        _edge(kind, "hold", "announced", "held", organiser, "minutes", begun=True),
        _edge(kind, "not_hold", "announced", "not_held", organiser, "text", begun=True),
        _edge(kind, "correct", "held", STAYS, organiser, "text why"),
    ]


def _practice() -> list[Transition]:
    kind = Kind.PRACTICE
    return [
        _edge(kind, "publish", "awaiting_moderation", "published", Who.MODERATOR),
        _edge(kind, "reject", "awaiting_moderation", "rejected", Who.MODERATOR, "reason"),
        _edge(kind, "change", "awaiting_moderation", STAYS, Who.ORGANISER),
        _edge(kind, "take_back", "awaiting_moderation", "taken_back", Who.ORGANISER),
    ]


def _initiative() -> list[Transition]:
    kind, organiser = Kind.INITIATIVE, Who.ORGANISER
    return [
        _edge(kind, "publish", "awaiting_moderation", "forming", Who.MODERATOR),
        _edge(kind, "reject", "awaiting_moderation", "rejected", Who.MODERATOR, "reason"),
        _edge(kind, "take_back", "awaiting_moderation", "taken_back", organiser),
        _edge(kind, "gather", "forming", "gathering", organiser),
        _edge(kind, "begin", "gathering", "under_way", organiser),
        _edge(kind, "finish", "under_way", "finished", organiser, "text"),
        _edge(kind, "message", "forming gathering under_way finished", STAYS, organiser, "text"),
        _edge(kind, "change", "awaiting_moderation forming gathering under_way", STAYS, organiser),
        _edge(kind, "reword", "forming gathering under_way", STAYS, Who.MODERATOR),
        _edge(kind, "keep_words", "forming gathering under_way", STAYS, Who.MODERATOR, "reason"),
        _edge(kind, "stop", "forming gathering under_way", "stopped", organiser, "text"),
    ]


def _policy() -> list[Transition]:
    """Of what was adopted, its owner tells what is promised, what was kept and with what evidence."""
    kind, organiser = Kind.POLICY, Who.ORGANISER
    return [
        _edge(kind, "change", "in_force", STAYS, organiser, "text"),
        _edge(kind, "weigh", "in_force", STAYS, organiser),
        _edge(kind, "carried_out_by", "in_force", STAYS, organiser, "project"),
        _edge(kind, "not_carried_out_by", "in_force", STAYS, organiser, "project"),
        _edge(kind, "promise", "in_force", STAYS, organiser, "promise due_on"),
        _edge(kind, "keep", "in_force", STAYS, organiser, "done_on evidence"),
        _edge(kind, "unkeep", "in_force", STAYS, organiser),
        _edge(kind, "postpone", "in_force", STAYS, organiser, "due_on text"),
        _edge(kind, "end", "in_force", "ended", organiser, "text"),
    ]


def _consultation() -> list[Transition]:
    """Nothing but the table leads from closed to answered; whether the time is over is the verbs' to ask."""
    kind, organiser = Kind.CONSULTATION, Who.ORGANISER
    return [
        _edge(kind, "change", "preparing", STAYS, organiser),
        _edge(kind, "renew_link", "preparing", STAYS, organiser),
        _edge(kind, "open", "preparing", "open", organiser, "clock papers"),
        _edge(kind, "amend", "open", STAYS, organiser),
        _edge(kind, "prolong", "open", STAYS, organiser, "closes_on text"),
        _edge(kind, "give", "open", STAYS, organiser),
        _edge(kind, "carry", "preparing open", STAYS, organiser),
        _edge(kind, "close", "open", "closed", Who.SYSTEM),
        _edge(kind, "collect", "closed", STAYS, organiser),
        _edge(kind, "answer", "closed", "answered", organiser, "table"),
        _edge(kind, "adopt", "answered", "adopted", organiser, "act"),
        _edge(kind, "correct", "adopted", STAYS, organiser, "act text"),
        _edge(kind, "stop", "open closed", "stopped", organiser, "text"),
    ]


def _survey() -> list[Transition]:
    kind, organiser = Kind.SURVEY, Who.ORGANISER
    return [
        _edge(kind, "change", "preparing", STAYS, organiser),
        _edge(kind, "ask", "preparing", STAYS, organiser),
        _edge(kind, "open", "preparing", "open", organiser),
        _edge(kind, "extend", "open", STAYS, organiser),
        _edge(kind, "enter_paper", "open closed", STAYS, organiser),
        _edge(kind, "close", "open", "closed", organiser),
        _edge(kind, "show_words", "open closed reported", STAYS, Who.MODERATOR),
        _edge(kind, "report", "closed", "reported", organiser),
        _edge(kind, "stop", "open closed", "stopped", organiser, "text"),
    ]


def _comparison() -> list[Transition]:
    """Variants are added while it is prepared; after the clock closed it, one of them is preferred, with the reason."""
    kind, organiser = Kind.COMPARISON, Who.ORGANISER
    return [
        _edge(kind, "change", "preparing", STAYS, organiser),
        _edge(kind, "add", "preparing", STAYS, organiser),
        _edge(kind, "open", "preparing", "open", organiser),
        _edge(kind, "prolong", "open", STAYS, organiser, "closes_on text"),
        _edge(kind, "close", "open", "closed", Who.SYSTEM),
        _edge(kind, "decide", "closed", "decided", organiser, "preferred text"),
        _edge(kind, "stop", "open closed", "stopped", organiser, "text"),
    ]


def _alternative() -> list[Transition]:
    """One of the municipality's is public once its comparison opens and stays as it is; a resident's is read by a moderator first."""
    kind, organiser = Kind.ALTERNATIVE, Who.ORGANISER
    return [
        _edge(kind, "change", "preparing awaiting_moderation", STAYS, organiser),
        _edge(kind, "drop", "preparing", "taken_back", organiser),
        _edge(kind, "show", "preparing", "published", Who.SYSTEM),
        _edge(kind, "publish", "awaiting_moderation", "published", Who.MODERATOR),
        _edge(kind, "reject", "awaiting_moderation", "rejected", Who.MODERATOR, "reason"),
        _edge(kind, "take_back", "awaiting_moderation", "taken_back", organiser),
        _edge(kind, "lapse", "awaiting_moderation", "rejected", Who.SYSTEM),  # the comparison ended first
        _edge(kind, "withdraw", "published", "withdrawn", organiser, "text"),
        _edge(kind, "prefer", "published", STAYS, Who.SYSTEM),
        _edge(kind, "pass_over", "published", STAYS, Who.SYSTEM),
    ]


_EDGES = (_survey(), _event(), _practice(), _initiative(), _policy(), _consultation(), _comparison(), _alternative())
TRANSITIONS: dict[tuple[Kind, str], Transition] = {(edge.kind, edge.name): edge for edges in _EDGES for edge in edges}
PUBLIC: frozenset[str] = frozenset(code for code, state in STATES.items() if state.public)
DRAFTS: frozenset[str] = frozenset(code for code, state in STATES.items() if state.phase is Phase.DRAFT)
ENDS: frozenset[str] = frozenset(code for code, state in STATES.items() if state.ends)


def allowed(kind: str, status: str) -> list[Transition]:
    """The edges that leave `status`, in the table's order."""
    return [edge for (of, _name), edge in TRANSITIONS.items() if of == kind and status in edge.sources]


PLEDGE_FIRST = "promised"
PLEDGE_STATES = ("awaiting_moderation", "rejected", "taken_back", "promised", "done", "withdrawn", "removed")
PLEDGE_PUBLIC = ("promised", "done", "withdrawn")
PLEDGE_OPEN = ("promised",)
"""A promise is no subject of its own: it stands on one. „Slipped“ is an open one whose day has passed."""
PLEDGES: dict[str, Transition] = {
    edge.name: edge
    for edge in (
        _edge(Kind.PLEDGE, "publish", "awaiting_moderation", "promised", Who.MODERATOR),
        _edge(Kind.PLEDGE, "reject", "awaiting_moderation", "rejected", Who.MODERATOR, "reason"),
        _edge(Kind.PLEDGE, "take_back", "awaiting_moderation", "taken_back", Who.ORGANISER),
        _edge(Kind.PLEDGE, "done", "promised", "done", Who.ORGANISER, "text"),
        _edge(Kind.PLEDGE, "withdraw", "promised", "withdrawn", Who.ORGANISER, "text"),
        _edge(Kind.PLEDGE, "remove", "promised done withdrawn", "removed", Who.MODERATOR, "reason"),
        _edge(Kind.PLEDGE, "show_again", "removed", STAYS, Who.MODERATOR),  # as it was before it was taken down
    )
}
GOAL_FIRST = "aimed_at"
GOAL_STATES = STATES_OF[Kind.GOAL]
"""A goal has no states of its progress: that is told by what serves it. „Ended“: it is not aimed at any more."""
GOALS: dict[str, Transition] = {
    edge.name: edge
    for edge in (
        _edge(Kind.GOAL, "change", "aimed_at", STAYS, Who.ORGANISER, "text"),
        _edge(Kind.GOAL, "reach", "aimed_at", "reached", Who.ORGANISER, "text"),
        _edge(Kind.GOAL, "end", "aimed_at", "ended", Who.ORGANISER, "text"),
    )
}
