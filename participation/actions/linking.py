"""What an initiative belongs to: ideas, reports, plans, events, practices; typed links, shown from both ends."""

from __future__ import annotations

import datetime

from django.db.models import Min

import discussion.actions
from accounts.models import User
from discussion.models import Audience, Link, Subject, TimelineRow
from participation.models import Initiative
from participation.workflow import Who

CARRIED_OUT = frozenset({Subject.Kind.PROBLEM, Subject.Kind.IDEA, Subject.Kind.PROJECT, Subject.Kind.POLICY})
"""Kinds that an initiative carries out: the link leads from them to it."""
DRAWN = ("linked", "unlinked", "discussed")
"""Rows of a link's source that tell of links which the initiative's organisers did not draw."""


def _link(initiative: Subject, other: Subject) -> Link:
    if other.kind in CARRIED_OUT:
        return Link(source=other, target=initiative, kind=Link.Kind.CARRIED_OUT_BY)
    kind = Link.Kind.DISCUSSED_AT if other.kind == Subject.Kind.EVENT else Link.Kind.INSPIRED_BY
    return Link(source=initiative, target=other, kind=kind)


def linked_with(initiative: Subject, others: list[Subject]) -> None:
    """Makes the links to these and takes its organisers' other ones away. The caller holds the initiative's lock."""
    others = [one for one in others if one.pk != initiative.pk]
    wanted = {(link.source_id, link.target_id, link.kind): link for link in (_link(initiative, each) for each in others)}
    known = links_of(initiative)
    kept = {(link.source_id, link.target_id, link.kind) for link in known}
    own = [link for link in own_links(known, initiative) if (link.source_id, link.target_id, link.kind) not in wanted]
    Link.objects.filter(pk__in=[link.pk for link in own]).delete()
    wanted = {key: link for key, link in wanted.items() if key not in kept}
    Link.objects.bulk_create(wanted.values(), ignore_conflicts=True)


def links_of(initiative: Subject) -> list[Link]:
    """Its own links: what it carries out, where it was agreed on, what it came from."""
    carried = Link.objects.filter(target=initiative, kind=Link.Kind.CARRIED_OUT_BY)
    own = Link.objects.filter(source=initiative, kind__in=[Link.Kind.DISCUSSED_AT, Link.Kind.INSPIRED_BY])
    return list((carried | own).select_related("source", "target").order_by("pk"))


def own_links(links: list[Link], initiative: Subject) -> list[Link]:
    """Those of them that its organisers named: to what everyone may see, and drawn neither by staff nor by the minutes of an event."""
    rows = TimelineRow.objects.filter(subject__in={link.source_id for link in links}, code__in=DRAWN).order_by("pk")
    drawn: dict[tuple[int, int, str], bool] = {}
    for source, code, data in rows.values_list("subject", "code", "data"):
        if code == "discussed":
            drawn[source, data["event"], Link.Kind.DISCUSSED_AT] = True
        else:
            drawn[source, data["linked"], data["kind"]] = code == "linked"
    other = lambda link: link.source if link.target_id == initiative.pk else link.target  # noqa: E731
    return [link for link in links if other(link).is_public and not drawn.get((link.source_id, link.target_id, link.kind))]


def named_in(initiative: Subject) -> list[Subject]:
    """What its organisers said it belongs to, as far as everyone may see it."""
    return [
        link.source if link.target_id == initiative.pk else link.target for link in own_links(links_of(initiative), initiative)
    ]


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
            public = TimelineRow.objects.filter(subject=subject, audience=Audience.PUBLIC).aggregate(since=Min("at"))["since"]
            discussion.actions.append(
                discussion.actions.lock(subject.pk), "organised", by=by, capacity=Who.ORGANISER, at=max(at, public or at),
                audience=Audience.PUBLIC, data={"linked": initiative.pk}, bumps=False,
            )  # fmt: skip
