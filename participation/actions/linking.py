"""What an initiative belongs to: ideas, reports, plans, events, practices; typed links, shown from both ends."""

from __future__ import annotations

import datetime

import discussion.actions
from accounts.models import User
from discussion.models import Audience, Link, Subject, TimelineRow
from participation.models import Initiative
from participation.workflow import Who

CARRIED_OUT = frozenset({Subject.Kind.PROBLEM, Subject.Kind.IDEA, Subject.Kind.PROJECT, Subject.Kind.POLICY})
"""Kinds that an initiative carries out: the link leads from them to it."""


def _link(initiative: Subject, other: Subject) -> Link:
    if other.kind in CARRIED_OUT:
        return Link(source=other, target=initiative, kind=Link.Kind.CARRIED_OUT_BY)
    kind = Link.Kind.DISCUSSED_AT if other.kind == Subject.Kind.EVENT else Link.Kind.INSPIRED_BY
    return Link(source=initiative, target=other, kind=kind)


def linked_with(initiative: Subject, others: list[Subject]) -> None:
    """Makes the links to these and takes those to all else away. The caller holds the initiative's lock."""
    others = [one for one in others if one.pk != initiative.pk]
    wanted = {(link.source_id, link.target_id, link.kind): link for link in (_link(initiative, each) for each in others)}
    for link in links_of(initiative):
        if wanted.pop((link.source_id, link.target_id, link.kind), None) is None:
            link.delete()
    Link.objects.bulk_create(wanted.values(), ignore_conflicts=True)


def links_of(initiative: Subject) -> list[Link]:
    """Its own links: what it carries out, where it was agreed on, what it came from."""
    carried = Link.objects.filter(target=initiative, kind=Link.Kind.CARRIED_OUT_BY)
    own = Link.objects.filter(source=initiative, kind__in=[Link.Kind.DISCUSSED_AT, Link.Kind.INSPIRED_BY])
    return list((carried | own).select_related("source", "target").order_by("pk"))


def others_of(initiative: Subject) -> list[Subject]:
    """What it belongs to and everyone may see."""
    ends = [link.source if link.target_id == initiative.pk else link.target for link in links_of(initiative)]
    return [subject for subject in ends if subject.is_public]


def show_links(initiative: Initiative, *, by: User, at: datetime.datetime) -> None:
    """Each thing it belongs to has one line „people organise themselves“ in its history, once the initiative is public."""
    if not initiative.subject.is_public:
        return
    others = [subject for subject in others_of(initiative.subject) if subject.pk != initiative.pk]
    for subject in sorted(others, key=lambda one: one.pk):
        told = TimelineRow.objects.filter(subject=subject, code="organised", data__linked=initiative.pk)
        if not told.exists():
            discussion.actions.append(
                discussion.actions.lock(subject.pk), "organised", by=by, capacity=Who.ORGANISER, at=at,
                audience=Audience.PUBLIC, data={"linked": initiative.pk}, bumps=False,
            )  # fmt: skip
