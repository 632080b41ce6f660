"""Typed links between subjects in words, as they read from both ends."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from discussion.addresses import page_of
from discussion.models import Link, Subject
from discussion.titles import in_readers_language

WORDS: dict[str, tuple[Promise, Promise]] = {
    Link.Kind.DUPLICATE_OF: (pgettext_lazy("link", "The same as"), pgettext_lazy("link", "The same was said in")),
    Link.Kind.PLANNED_BY: (pgettext_lazy("link", "Planned in"), pgettext_lazy("link", "Plans what was asked in")),
    Link.Kind.INSPIRED_BY: (pgettext_lazy("link", "Came from"), pgettext_lazy("link", "From it came")),
    Link.Kind.CARRIED_OUT_BY: (pgettext_lazy("link", "Carried out by"), pgettext_lazy("link", "Carries out")),
    Link.Kind.DISCUSSED_AT: (pgettext_lazy("link", "Discussed at"), pgettext_lazy("link", "What was discussed here")),
    Link.Kind.ANSWERS: (pgettext_lazy("link", "Answers"), pgettext_lazy("link", "Answered by")),
    Link.Kind.REPLACES: (pgettext_lazy("link", "Replaces"), pgettext_lazy("link", "Replaced by")),
    Link.Kind.SERVES: (pgettext_lazy("link", "Serves the goal"), pgettext_lazy("link", "What serves it")),
    Link.Kind.RECOMMENDS: (pgettext_lazy("link", "Recommends to the service"), pgettext_lazy("link", "Recommendations")),
    Link.Kind.GIVEN_TO: (pgettext_lazy("link", "Given to"), pgettext_lazy("link", "Ideas given to it")),
}
"""Kind → (what its source says of the target, what the target says of the source)."""
BEFORE: dict[str, tuple[Promise, Promise]] = {
    Link.Kind.DISCUSSED_AT: (pgettext_lazy("link", "Belongs to the event"), pgettext_lazy("link", "Linked with this event")),
}
"""The same of a target of which it is not true yet: an event that has not been held."""
NotYet = Callable[[Collection[int]], set[int]]
_not_yet: NotYet = lambda targets: set()  # noqa: E731


def not_yet_from(source: NotYet) -> None:
    """The app that owns events says here which of these subjects were not held (yet)."""
    global _not_yet
    _not_yet = source


_K = Subject.Kind
_ALL, _DONE_ELSEWHERE, _AIM, _SERVICE = frozenset(_K.values), _K.PRACTICE, _K.GOAL, _K.SERVICE


def _pairs(sources: Collection[str], targets: Collection[str]) -> frozenset[tuple[str, str]]:
    return frozenset((source, target) for source in sources for target in targets)


JOINS: dict[str, frozenset[tuple[str, str]]] = {
    Link.Kind.INSPIRED_BY: _pairs(_ALL, _ALL),
    Link.Kind.CARRIED_OUT_BY: _pairs(
        (_K.PROBLEM, _K.IDEA, _K.PROJECT, _K.EVENT, _K.CONSULTATION, _K.POLICY, _K.SURVEY, _AIM, _K.COMPARISON),
        (_K.PROJECT, _K.INITIATIVE, _K.POLICY),
    ),
    Link.Kind.ANSWERS: _pairs(_ALL - {_DONE_ELSEWHERE}, _ALL - {_DONE_ELSEWHERE, _AIM, _SERVICE}),
    Link.Kind.REPLACES: frozenset((kind, kind) for kind in _ALL - {_DONE_ELSEWHERE}),
    Link.Kind.SERVES: _pairs(_ALL - {_DONE_ELSEWHERE, _AIM}, (_AIM,)),
    Link.Kind.RECOMMENDS: _pairs(_ALL - {_DONE_ELSEWHERE, _AIM, _SERVICE}, (_SERVICE,)),
}
"""Kind of link → the kinds of (source, target) that it joins. A practice of another place inspires; it is part of nothing here."""
BY_HAND = tuple(JOINS)
"""Kinds that staff may draw by hand; the others belong to an act: marking a duplicate, planning, minutes of an event, giving an idea."""


def drawn_from(kind: str) -> list[str]:
    """Kinds of links that a subject of this kind can be the source of."""
    return [link for link in BY_HAND if any(source == kind for source, _target in JOINS[link])]


MOST = 100


@dataclass(frozen=True)
class Related:
    """What stands under one heading: (subject, the path of its page in the reader's language)."""

    words: Promise
    subjects: list[tuple[Subject, str]] = field(default_factory=list)


def public_links(subject: Subject) -> Any:
    """Links of this subject with public ones, from either end; with both ends."""
    out = Q(source=subject, target__is_public=True)
    into = Q(target=subject, source__is_public=True) & ~Q(kind=Link.Kind.GIVEN_TO)  # these have a place of their own there
    return Link.objects.filter(out | into).select_related("source", "target")


def not_yet(links: Collection[Link]) -> set[int]:
    """Targets of which their link is not true yet; nothing is asked where no link can wait."""
    may_wait = {link.target_id for link in links if link.kind in BEFORE}
    return _not_yet(may_wait) if may_wait else set()


def words_of(link: Link, leads_out: bool, early: Collection[int]) -> Promise:
    """What one end says of the other; `early`: targets as `not_yet` answers them."""
    waits = link.kind in BEFORE and link.target_id in early
    return (BEFORE if waits else WORDS)[link.kind][0 if leads_out else 1]


def related(subject: Subject) -> list[Related]:
    """Public subjects that this one is linked with, from either end, by what the link says; one query, two where
    events are among them."""
    found: dict[tuple[str, bool, bool], Related] = {}
    links = list(public_links(subject).order_by("-pk")[:MOST])
    in_readers_language(link.target if link.source_id == subject.pk else link.source for link in links)
    early = not_yet(links)
    for link in links:
        leads_out, waits = link.source_id == subject.pk, link.kind in BEFORE and link.target_id in early
        words = words_of(link, leads_out, early)
        group = found.setdefault((link.kind, leads_out, waits), Related(words))
        other = link.target if leads_out else link.source
        group.subjects.append((other, page_of(other)))
    order = list(WORDS)
    return [found[key] for key in sorted(found, key=lambda key: (order.index(key[0]), not key[1], key[2]))]


def without(groups: list[Related], kind: str, shown: Collection[int]) -> list[Related]:
    """These groups, less what links of that kind lead here from and the page shows elsewhere (keys)."""
    words, found = WORDS[kind][1], []
    for group in groups:
        left = [pair for pair in group.subjects if group.words is not words or pair[0].pk not in shown]
        if left:
            found.append(Related(group.words, left))
    return found
