"""The table of a consultation as everyone reads it: on its page, as CSV, on paper. People's words are never copied into it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from discussion.addresses import page_of
from discussion.markup import plain, rendered
from discussion.models import Comment
from geoportal.kernel.references import display
from geoportal.kernel.text import cell
from participation.admittance import GATE
from participation.models import Consultation, Proposal, ProposalSource
from participation.wording_consultation import VERDICTS


class Source(NamedTuple):
    """Who said what; the address where it stands, the name of the part it is about, the language of the words."""

    who: str
    words: str
    url: str = ""
    part: str = ""
    language: str = ""
    html: str = ""
    """The words as its writer meant them to look; `words` are plain."""


@dataclass(frozen=True)
class Line:
    """One row with where it comes from."""

    number: int
    proposal: Proposal
    sources: list[Source]

    @property
    def said(self) -> str:
        """The official's summary, or what was said."""
        return self.proposal.text or "\n".join(one.words for one in self.sources)

    @property
    def who(self) -> str:
        """Those who proposed it, each once."""
        return ", ".join(dict.fromkeys(one.who for one in self.sources if one.who))

    @property
    def about(self) -> str:
        return ", ".join(dict.fromkeys(one.part for one in self.sources if one.part))

    @property
    def verdict(self) -> str:
        return str(VERDICTS[self.proposal.verdict][0]) if self.proposal.verdict else ""

    @property
    def sign(self) -> str:
        return VERDICTS[self.proposal.verdict][1] if self.proposal.verdict else "waiting"


def _source(source: ProposalSource, parts: dict[str, str], path: str) -> Source:
    if source.idea is not None:
        idea = source.idea
        if not idea.is_public:
            return Source("", _("An idea that is not public any more"))
        return Source(
            _("idea № %(number)s") % {"number": display(idea.reference)}, idea.title, page_of(idea), "", idea.language
        )
    comment = source.comment
    assert comment is not None
    if comment.state != Comment.State.PUBLISHED:
        withdrawn = comment.state == Comment.State.WITHDRAWN
        return Source("", _("Withdrawn by its author") if withdrawn else _("Removed by a moderator"))
    who = str(comment.organisation) if comment.organisation else comment.public_name or _("a resident")
    url = f"{path}?thread={comment.parent_id or comment.pk}#comment-{comment.pk}"
    return Source(who, plain(comment.text), url, parts.get(comment.anchor, ""), comment.language, rendered(comment.text))


def lines(consultation: Consultation) -> list[Line]:
    """The rows in their order, each with where it comes from; four queries however many they are."""
    parts, path = GATE.parts(consultation.subject), page_of(consultation.subject)
    sources: dict[int, list[Source]] = {}
    found = ProposalSource.objects.filter(proposal__consultation=consultation.pk)
    for source in found.select_related("comment__organisation", "comment__parent", "idea").order_by("pk"):
        sources.setdefault(source.proposal_id, []).append(_source(source, parts, path))
    rows = consultation.proposals.order_by("order", "pk")
    return [Line(number, row, sources.get(row.pk, [])) for number, row in enumerate(rows, 1)]


def totals(consultation: Consultation) -> list[dict[str, Any]]:
    """{words, sign, count} of each verdict."""
    counted = dict(consultation.proposals.order_by().values_list("verdict").annotate(n=Count("pk")))
    return [{"words": words, "sign": sign, "count": counted.get(code, 0)} for code, (words, sign) in VERDICTS.items()]


def as_csv(consultation: Consultation) -> bytes:
    """UTF-8 with a mark; no cell can be read as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    heads = ("№", _("Proposal"), _("From"), _("About"), _("Decision on it"), pgettext("table", "Reason"), _("Address"))
    writer.writerow([cell(word) for word in heads])
    for line in lines(consultation):
        urls = " ".join(settings.SITE_URL + one.url for one in line.sources if one.url)
        values = (line.number, line.said, line.who, line.about, line.verdict, line.proposal.reason, urls)
        writer.writerow([cell(value) for value in values])
    return f"\ufeff{out.getvalue()}".encode()
