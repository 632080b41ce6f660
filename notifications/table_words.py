"""What whoever contributed to a consultation is told when its table is public: the outcome and the reason of each of theirs."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discussion.markup import plain
from discussion.messages import Message
from discussion.models import Comment, TimelineRow
from participation.models import ProposalSource
from participation.wording_consultation import VERDICTS
from reports.models import Contact

ANSWERED = ("consultation", "answer")
"""Kind of subject and code of the act."""


def contributors(consultation: int) -> set[int]:
    """Correspondents whose published comments and public ideas stand in its table."""
    sources = _sources(consultation)
    ideas = Contact.objects.filter(report__in=sources.exclude(idea=None).values("idea"))
    writers = sources.exclude(comment=None).values_list("comment__correspondent", flat=True)
    return {pk for pk in (*writers, *ideas.values_list("correspondent", flat=True)) if pk is not None}


def _sources(consultation: int) -> QuerySet[ProposalSource]:
    shown = Q(comment__state=Comment.State.PUBLISHED) | Q(idea__is_public=True)
    found = ProposalSource.objects.filter(shown, proposal__consultation=consultation).exclude(proposal__verdict="")
    return found.order_by("proposal__order", "pk")


def answers(row: TimelineRow, reader: int | None) -> list[Message]:
    """First that they were answered and how, then each with its reason. What they withdrew meanwhile is not spoken of."""
    own = Q(comment__correspondent=reader) | Q(idea__report__contact__correspondent=reader)
    found = list(_sources(row.subject_id).filter(own).select_related("proposal", "comment", "idea")) if reader else []
    title = row.subject.title
    if not found:
        return [Message(_("The table of “%(title)s” is public.") % {"title": title}, at=row.at)]
    words = ngettext(
        "What you proposed in “%(title)s” was answered: %(outcomes)s.",
        "What you proposed in “%(title)s” was answered, in the order of the table: %(outcomes)s.",
        len(found),
    )
    outcomes = ", ".join(str(VERDICTS[one.proposal.verdict][0]) for one in found)
    told = [Message(words % {"title": title, "outcomes": outcomes}, at=row.at)]
    for one in found:
        told += _answer(one, row.subject.language)
    return told


def _answer(source: ProposalSource, language: str) -> list[Message]:
    """What was proposed, then the decision with its reason."""
    if source.comment is not None:
        said = Message(_("You wrote:"), text=plain(source.comment.text), text_language=source.comment.language)
    else:
        assert source.idea is not None
        said = Message(_("Your idea:"), text=source.idea.title, text_language=source.idea.language)
    decided = _("The answer: %(outcome)s. Why:") % {"outcome": VERDICTS[source.proposal.verdict][0]}
    return [said, Message(decided, text=source.proposal.reason, text_language=language, official=True)]
