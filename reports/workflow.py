"""The law of a report's life: states and transitions as data, nothing else decides.

Pure Python: no model, no database. Buttons, API, tests and the diagram in the documentation derive from these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    PROBLEM = "problem"
    IDEA = "idea"


class Phase(StrEnum):
    DRAFT = "draft"
    NEW = "new"
    ACTIVE = "active"
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class Who(StrEnum):
    """In what capacity a person acts on one report; `rules.capacities` says which of them somebody has."""

    AUTHOR = "author"
    OFFICIAL = "official"
    DISPATCHER = "dispatcher"
    MODERATOR = "moderator"
    SYSTEM = "system"


@dataclass(frozen=True)
class State:
    """`public`: may be seen by everyone (see `is_public`). `ends`: nothing more is owed. `answered`: the legal clock has been met."""

    code: str
    phase: Phase
    public: bool = True
    ends: bool = False
    answered: bool = False

    @property
    def open311(self) -> str:
        return "closed" if self.ends else "open"


LEFT = "left"
"""Target meaning: the state that the report was in before the one it is in now."""
STAYS = "stays"
"""Target meaning: the state does not change."""


@dataclass(frozen=True)
class Transition:
    """One edge: who may take it, what it must be given (`one_of`: at least one of these), what it does to the clock.

    `restarts`: the answer clock begins anew. `sign`: the mark on the timeline.
    """

    name: str
    kind: Kind
    sources: frozenset[str]
    target: str
    who: frozenset[Who]
    requires: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    restarts: bool = False
    tells_author: bool = True
    fields: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", (*self.requires, *self.one_of, *self.optional))


def _states(*rows: State) -> dict[str, State]:
    return {row.code: row for row in rows}


STATES: dict[str, State] = _states(
    State("awaiting_confirmation", Phase.DRAFT, public=False),
    State("awaiting_moderation", Phase.DRAFT, public=False),
    State("rejected", Phase.REFUSED, public=False, ends=True, answered=True),
    # problem
    State("received", Phase.NEW),
    State("assigned", Phase.ACTIVE),
    State("in_progress", Phase.ACTIVE),
    State("planned", Phase.ACTIVE, answered=True),
    State("forwarded", Phase.WAITING, answered=True),
    State("waiting_for_reporter", Phase.WAITING),
    State("resolved", Phase.DONE, ends=True, answered=True),
    State("refused", Phase.REFUSED, ends=True, answered=True),
    State("duplicate", Phase.REFUSED, ends=True, answered=True),
    State("withdrawn", Phase.REFUSED, ends=True, answered=True),
    State("reopen_requested", Phase.WAITING),
    State("reopened", Phase.ACTIVE),
    # idea
    State("gathering_support", Phase.NEW),
    State("under_review", Phase.ACTIVE),
    State("filed_with_council", Phase.WAITING),
    State("accepted", Phase.ACTIVE, answered=True),
    State("partly_accepted", Phase.ACTIVE, answered=True),
    State("carried_out", Phase.DONE, ends=True, answered=True),
    State("archived", Phase.REFUSED, ends=True, answered=True),
)

KEPT = ("awaiting_confirmation", "awaiting_moderation", "rejected")
STATES_OF: dict[Kind, tuple[str, ...]] = {
    Kind.PROBLEM: (
        *KEPT, "received", "assigned", "in_progress", "planned", "forwarded", "waiting_for_reporter",
        "resolved", "refused", "duplicate", "withdrawn", "reopen_requested", "reopened",
    ),
    Kind.IDEA: (
        *KEPT, "gathering_support", "under_review", "filed_with_council", "accepted", "partly_accepted", "planned",
        "carried_out", "refused", "duplicate", "withdrawn", "archived",
    ),
}  # fmt: skip

OPEN_PROBLEM = "received assigned in_progress planned forwarded waiting_for_reporter reopened"
OFFICIAL = (Who.OFFICIAL,)
DESK = (Who.OFFICIAL, Who.DISPATCHER)
AUTHOR = (Who.AUTHOR,)


def _edge(
    kind: Kind,
    name: str,
    sources: str,
    target: str,
    who: tuple[Who, ...],
    requires: str = "",
    *,
    one_of: str = "",
    optional: str = "",
    restarts: bool = False,
    tells_author: bool = True,
) -> Transition:
    return Transition(
        name,
        kind,
        frozenset(sources.split()),
        target,
        frozenset(who),
        tuple(requires.split()),
        tuple(one_of.split()),
        tuple(optional.split()),
        restarts,
        tells_author,
    )


def _problem() -> list[Transition]:
    kind, active = Kind.PROBLEM, "assigned in_progress reopened"
    working = "received assigned in_progress planned reopened"
    return [
        _edge(kind, "confirm", "awaiting_confirmation", "received", AUTHOR, restarts=True),
        _edge(kind, "publish", "awaiting_moderation", "received", (Who.MODERATOR,), restarts=True),
        _edge(kind, "reject", "awaiting_moderation", "rejected", (Who.MODERATOR,), "reason", optional="text"),
        _edge(kind, "hand_over", working, "received", DESK, "text", optional="department"),
        _edge(kind, "assign", "received reopened", "assigned", DESK, "person", optional="text", tells_author=False),
        _edge(kind, "reassign", "assigned in_progress planned forwarded waiting_for_reporter", STAYS, DESK, "person",
              optional="text", tells_author=False),
        _edge(kind, "forward", "received assigned reopened", "forwarded", OFFICIAL, "forwarded_to text"),
        _edge(kind, "start", "received assigned reopened planned forwarded", "in_progress", OFFICIAL, optional="text"),
        _edge(kind, "plan", active, "planned", OFFICIAL, one_of="expected_on project", optional="text"),
        _edge(kind, "ask", active, "waiting_for_reporter", OFFICIAL, "text"),
        _edge(kind, "answer", "waiting_for_reporter", LEFT, AUTHOR, "text", optional="photo"),
        _edge(kind, "answer_lapsed", "waiting_for_reporter", LEFT, (Who.SYSTEM,)),
        _edge(kind, "extend", "received assigned in_progress reopened", STAYS, OFFICIAL, "extended_to text notice"),
        _edge(kind, "resolve", "received assigned in_progress planned forwarded reopened", "resolved", OFFICIAL, "text",
              optional="photo"),
        _edge(kind, "refuse", OPEN_PROBLEM, "refused", OFFICIAL, "reason text"),
        _edge(kind, "mark_duplicate", OPEN_PROBLEM, "duplicate", OFFICIAL, "duplicate_of", optional="text"),
        _edge(kind, "unmark_duplicate", "duplicate", LEFT, OFFICIAL, "text"),
        _edge(kind, "withdraw", OPEN_PROBLEM, "withdrawn", AUTHOR, "text"),
        _edge(kind, "request_reopen", "resolved refused duplicate", "reopen_requested", AUTHOR, "text", optional="photo"),
        _edge(kind, "reopen", "reopen_requested", "reopened", OFFICIAL, "text", restarts=True),
        _edge(kind, "keep_closed", "reopen_requested", LEFT, OFFICIAL, "text"),
    ]  # fmt: skip


def _idea() -> list[Transition]:
    kind, deciding = Kind.IDEA, "under_review filed_with_council"
    decision = "decided_on decision_number source document link"
    repeated = "gathering_support under_review"
    return [
        _edge(kind, "confirm", "awaiting_confirmation", "gathering_support", AUTHOR),
        _edge(kind, "publish", "awaiting_moderation", "gathering_support", (Who.MODERATOR,)),
        _edge(kind, "reject", "awaiting_moderation", "rejected", (Who.MODERATOR,), "reason", optional="text"),
        _edge(kind, "hand_over", "gathering_support under_review", STAYS, DESK, "text department"),
        _edge(kind, "reassign", "gathering_support under_review filed_with_council accepted partly_accepted planned", STAYS,
              DESK, "person", optional="text", tells_author=False),
        _edge(kind, "reach_threshold", "gathering_support", "under_review", (Who.SYSTEM,), restarts=True),
        _edge(kind, "take_up", "gathering_support", "under_review", OFFICIAL, optional="text", restarts=True),
        _edge(kind, "extend", "under_review", STAYS, OFFICIAL, "extended_to text notice"),
        _edge(kind, "file_with_council", "under_review", "filed_with_council", OFFICIAL, "number filed_on body",
              optional="document link text"),
        _edge(kind, "accept", deciding, "accepted", OFFICIAL, "text", optional=decision),
        _edge(kind, "partly_accept", deciding, "partly_accepted", OFFICIAL, "reason text", optional=decision),
        _edge(kind, "refuse", deciding, "refused", OFFICIAL, "reason text", optional=decision),
        _edge(kind, "plan", "accepted partly_accepted", "planned", OFFICIAL, one_of="expected_on project", optional="text"),
        _edge(kind, "carry_out", "planned accepted partly_accepted", "carried_out", OFFICIAL, "text",
              one_of="photo link", optional="done_on amount"),
        _edge(kind, "mark_duplicate", repeated, "duplicate", OFFICIAL, "duplicate_of", optional="text"),
        _edge(kind, "unmark_duplicate", "duplicate", LEFT, OFFICIAL, "text"),
        _edge(kind, "withdraw", "gathering_support under_review", "withdrawn", AUTHOR, "text"),
        _edge(kind, "archive", "gathering_support", "archived", (Who.SYSTEM,)),
        _edge(kind, "take_up_again", "archived", "gathering_support", AUTHOR, optional="text"),
        _edge(kind, "reconsider", "refused archived", "under_review", OFFICIAL, "text", restarts=True),
    ]  # fmt: skip


TRANSITIONS: dict[tuple[Kind, str], Transition] = {(edge.kind, edge.name): edge for edge in (*_problem(), *_idea())}
ASKS_AUTHOR: frozenset[str] = TRANSITIONS[(Kind.PROBLEM, "answer")].sources
"""States that wait for a word of the author."""
SOLVED: frozenset[str] = frozenset({TRANSITIONS[(Kind.PROBLEM, "resolve")].target})
"""States of which the author is asked whether it was solved."""
VERBS = frozenset(name for _kind, name in TRANSITIONS) | {
    "hide", "remove", "redact", "restrict", "publish_again", "comment", "flag",
}  # fmt: skip
"""What a reason or a ready answer can serve: the workflow's transitions and the moderator's verbs."""

ENDS: frozenset[str] = frozenset(code for code, state in STATES.items() if state.ends)
PUBLIC: frozenset[str] = frozenset(code for code, state in STATES.items() if state.public)
PUBLIC_OF_IDEAS: frozenset[str] = frozenset({"withdrawn"})
"""Of PUBLIC those that are so for ideas alone: what many supported stays in lists, counts and search."""
WORDLESS: frozenset[str] = frozenset({"withdrawn"})
"""States of which everyone but author and staff reads the title, the day and the reason alone: no words, photos or author."""
OVER_FOR_SUPPORT: frozenset[str] = frozenset({"withdrawn", "duplicate"})
"""States in which nobody new supports an idea."""
BEFORE_COUNCIL: frozenset[str] = frozenset({"filed_with_council"})
"""States in which a body outside the administration has the word."""
COUNCIL_WORK: frozenset[str] = frozenset({"under_review", "filed_with_council", "accepted", "partly_accepted", "planned"})
"""States of ideas that the council's officers have before them."""
DECISIONS: frozenset[str] = frozenset({"accept", "partly_accept", "refuse"})
"""Edges by which an idea is decided."""
DRAFTS: frozenset[str] = frozenset(code for code, state in STATES.items() if state.phase is Phase.DRAFT)
OFF_MAP: frozenset[str] = DRAFTS | {"rejected"}
"""States in which a report is on no map, not even one of the staff."""
TAKEN_OVER: dict[Kind, dict[str, str]] = {
    Kind.PROBLEM: {
        "received": "", "in_progress": "start", "planned": "plan", "resolved": "resolve", "refused": "refuse",
    },
    Kind.IDEA: {
        "gathering_support": "", "under_review": "take_up", "accepted": "accept", "partly_accepted": "partly_accept",
        "planned": "plan", "carried_out": "carry_out", "refused": "refuse", "archived": "archive",
    },
}  # fmt: skip
"""State in which one comes from another system → the edge as which its history tells it ("": it comes in the first state). What
happened there in between is not known, so any of them follows the first."""
UNTOUCHED: frozenset[str] = DRAFTS | {"received", "gathering_support"}
"""States in which no official has acted yet (an act without change of state is seen in the timeline)."""


def is_public(kind: str, status: str) -> bool:
    """Whether everyone may see one of this kind in this state; of problems a withdrawn one is a tombstone."""
    return status in PUBLIC and not (kind == Kind.PROBLEM and status in PUBLIC_OF_IDEAS)


def required(edge: Transition, status: str) -> tuple[str, ...]:
    """What the edge needs from this state: a decision of the Council is told with its day and its source."""
    if edge.kind is Kind.IDEA and edge.name in DECISIONS and status in BEFORE_COUNCIL:
        return (*edge.requires, "decided_on", "source")
    return edge.requires


def tells_author(edge: Transition, data: Mapping[str, Any]) -> bool:
    """Author and followers hear of it. Of who works on it they hear when that is another department (`data` of its row)."""
    return edge.tells_author or "to_department" in data


def without_person(status: str) -> str:
    """The state of a report whose person left the department: what was assigned waits again."""
    return "received" if status == "assigned" else status


def allowed(kind: str, status: str) -> list[Transition]:
    """The edges that leave `status`, in the table's order."""
    return [edge for (of, _name), edge in TRANSITIONS.items() if of == kind and status in edge.sources]


def first_state(kind: str, *, confirmed: bool, moderated: bool, official: bool) -> str:
    """Where a new report begins: kept until its author confirms, held for the moderator, or received at once."""
    if not confirmed:
        return "awaiting_confirmation"
    if moderated:
        return "awaiting_moderation"
    return entry_state(kind, official=official)


def entry_state(kind: str, *, official: bool) -> str:
    """The first state in force; an officially filed idea is reviewed at once."""
    if kind == Kind.IDEA:
        return "under_review" if official else "gathering_support"
    return "received"
