"""The table that answers a consultation: proposal, what was decided, why. Without it nothing counts as answered."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import discussion.actions
from accounts.models import User
from discussion.models import Audience, Comment, Link, Subject, TimelineRow
from participation.actions.move import edge_of, locked, take
from participation.models import Consultation, Proposal, ProposalSource
from participation.workflow import Who

ASKS = (Comment.Kind.ARGUMENT, Comment.Kind.WORDING)
"""Kinds of comments that must be answered in the table; others may be put into it."""


def comments_of(consultation: Consultation) -> QuerySet[Comment]:
    """What everyone reads of others than the administration, in its order."""
    found = Comment.objects.published().filter(subject=consultation.pk)
    return found.exclude(stakeholder=Comment.Stakeholder.ADMINISTRATION).order_by("pk")


def ideas_of(consultation: Consultation) -> QuerySet[Subject]:
    """Public ideas given to it, in their order."""
    given = Link.objects.filter(target=consultation.pk, kind=Link.Kind.GIVEN_TO, source__kind=Subject.Kind.IDEA)
    return Subject.objects.filter(pk__in=given.values("source"), is_public=True).order_by("pk")


def outside_table(consultation: Consultation) -> tuple[list[Comment], list[Subject]]:
    """(comments, ideas) that stand in no row yet, remarks and questions among them."""
    rows = ProposalSource.objects.filter(proposal__consultation=consultation.pk)
    comments = comments_of(consultation).exclude(pk__in=rows.exclude(comment=None).values("comment"))
    ideas = ideas_of(consultation).exclude(pk__in=rows.exclude(idea=None).values("idea"))
    return list(comments.select_related("organisation")), list(ideas)


@transaction.atomic
def collect(consultation_id: int, *, by: User, more: Iterable[int] = (), version: int | None = None) -> int:
    """One row for each argument, suggested wording and idea that has none, and for the comments named in `more`.

    Answers how many rows were made; a second time makes none.
    """
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "collect", by)
    comments, ideas = outside_table(found)
    wanted = set(more)
    chosen = [one for one in comments if one.kind in ASKS or one.pk in wanted]
    first = (found.proposals.order_by("-order").values_list("order", flat=True).first() or 0) + 1
    sources: list[dict[str, Comment | Subject]] = [{"comment": one} for one in chosen]
    sources += [{"idea": one} for one in ideas]
    for order, source in enumerate(sources, first):
        ProposalSource.objects.create(proposal=Proposal.objects.create(consultation=found, order=order), **source)
    if sources:
        take(found, edge, by=by, capacity=Who.ORGANISER, data={"rows": len(sources)}, tells=False, inside=True)
    return len(sources)


@transaction.atomic
def write_row(
    consultation_id: int, pk: int, *, by: User, verdict: str, reason: str, text: str = "", joined: Iterable[int] = (),
    version: int | None = None,
) -> Proposal:  # fmt: skip
    """The verdict on one row, with its reason. `joined`: other rows that say the same; their sources come to this one."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "collect", by)
    row = found.proposals.get(pk=pk)
    wrong = {}
    if verdict and verdict not in Proposal.Verdict.values:
        wrong["verdict"] = _("Choose one from the list.")
    if verdict and not reason:
        wrong["reason"] = _("A verdict needs its reason.")
    if wrong:
        raise ValidationError(wrong)
    others = found.proposals.filter(pk__in=list(joined)).exclude(pk=row.pk)
    known = set(row.sources.exclude(idea=None).values_list("idea", flat=True))
    ProposalSource.objects.filter(proposal__in=others).exclude(idea__in=known).update(proposal=row)
    others.delete()
    row.text, row.verdict, row.reason = text, verdict, reason
    row.save()
    take(found, edge, by=by, capacity=Who.ORGANISER, data={"row": row.pk}, tells=False, inside=True)
    return row


def unanswered(consultation: Consultation) -> tuple[int, int]:
    """(rows without a verdict or reason, contributions that must be answered and stand in no row)."""
    empty = consultation.proposals.filter(Q(verdict="") | Q(reason="")).count()
    comments, ideas = outside_table(consultation)
    return empty, len([one for one in comments if one.kind in ASKS]) + len(ideas)


@transaction.atomic
def answer(
    consultation_id: int, *, by: User, version: int | None = None, text: str = "", at: datetime.datetime | None = None
) -> TimelineRow:
    """The table is public, and followers hear so. Refused while a row lacks verdict or reason, or a proposal has no row."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "answer", by)
    if Comment.objects.waiting().filter(subject=found.pk, kind__in=ASKS).exists():
        raise ValidationError(_("Some proposals still wait for a moderator."), code="waiting")
    empty, outside = unanswered(found)
    if outside:
        words = ngettext(
            "%(n)d proposal stands in no row of the table. Collect the proposals first.",
            "%(n)d proposals stand in no row of the table. Collect the proposals first.",
            outside,
        )
        raise ValidationError(words % {"n": outside}, code="outside")
    if empty:
        words = ngettext(
            "%(n)d row of the table has no verdict with a reason yet. Fill it, then publish.",
            "%(n)d rows of the table have no verdict with a reason yet. Fill them, then publish.",
            empty,
        )
        raise ValidationError(words % {"n": empty}, code="table")
    rows = found.proposals.count()
    row = take(found, edge, by=by, capacity=Who.ORGANISER, text=text, data={"rows": rows}, at=at)
    _tell_ideas(found, by, row.at)
    return row


def _tell_ideas(found: Consultation, by: User, at: datetime.datetime) -> None:
    """Each idea's own history says what was decided on it and why; its state stays. Its author hears with the table's row."""
    given = ProposalSource.objects.filter(proposal__consultation=found.pk, idea__is_public=True)
    for source in given.select_related("proposal", "idea").order_by("idea", "pk"):
        assert source.idea is not None
        discussion.actions.append(
            discussion.actions.lock(source.idea.pk), "table_answered", by=by, capacity=Who.ORGANISER, audience=Audience.PUBLIC, at=at,
            data={"linked": found.pk, "verdict": source.proposal.verdict}, text=source.proposal.reason,
            language=found.subject.language, tells=False, bumps=False,
        )  # fmt: skip
