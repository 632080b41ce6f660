"""Typed links between subjects in words, as they read from both ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from discussion.addresses import page_of
from discussion.models import Link, Subject

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
BY_HAND = (
    Link.Kind.INSPIRED_BY, Link.Kind.CARRIED_OUT_BY, Link.Kind.ANSWERS, Link.Kind.REPLACES, Link.Kind.SERVES, Link.Kind.RECOMMENDS,
)  # fmt: skip
"""Kinds that staff may draw by hand; the others belong to an act: marking a duplicate, planning, minutes of an event, giving an idea."""
MOST = 100


@dataclass(frozen=True)
class Related:
    """What stands under one heading: (subject, the path of its page in the reader's language)."""

    words: Promise
    subjects: list[tuple[Subject, str]] = field(default_factory=list)


def public_links(subject: Subject) -> Any:
    """Links of this subject with public ones, from either end, the latest first; with both ends."""
    out = Q(source=subject, target__is_public=True)
    into = Q(target=subject, source__is_public=True) & ~Q(kind=Link.Kind.GIVEN_TO)  # these have a place of their own there
    return Link.objects.filter(out | into).select_related("source", "target").order_by("-pk")[:MOST]


def related(subject: Subject) -> list[Related]:
    """Public subjects that this one is linked with, from either end, by what the link says; one query."""
    found: dict[tuple[str, bool], Related] = {}
    for link in public_links(subject):
        leads_out = link.source_id == subject.pk
        group = found.setdefault((link.kind, leads_out), Related(WORDS[link.kind][0 if leads_out else 1]))
        other = link.target if leads_out else link.source
        group.subjects.append((other, page_of(other)))
    order = list(WORDS)
    return [found[key] for key in sorted(found, key=lambda key: (order.index(key[0]), not key[1]))]
