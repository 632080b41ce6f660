"""How the data came to be: number, period and ways in which reports were sent, so that no figure stands without them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.querysets import ReportQuerySet
from reports.wording import CHANNEL_NAMES, day

if TYPE_CHECKING:
    from reports.planning.question import Question

Period = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class Provenance:
    """`n` reports went in, of `of` in all (None when these are all), sent in `period` (local days, both inclusive)."""

    n: int
    of: int | None
    period: Period | None
    source: str

    def facts(self, question: Question) -> dict[str, Any]:
        """The fields of a Result that do not depend on what the analysis finds."""
        return {
            "analysis": question.analysis.slug,
            "title": str(question.analysis.asks),
            "parameters": question.in_words,
            "n": self.n,
            "of": self.of,
            "period": self.period,
            "source": self.source,
        }


def provenance(question: Question, reports: ReportQuerySet | None = None) -> Provenance:
    """Two queries: one over the question's reports (or those given), one over all when the question is about fewer."""
    chosen = question.reports() if reports is None else reports
    rows = list(
        chosen.order_by()
        .values("channel")
        .annotate(n=Count("pk"), first=Min("created_at"), last=Max("created_at"))
        .order_by("-n")
    )
    n = sum(row["n"] for row in rows)
    of = question.everything().count() if question.narrowed or reports is not None else n
    period = None
    if rows:
        first, last = min(row["first"] for row in rows), max(row["last"] for row in rows)
        asked = question.period
        period = asked[0] or timezone.localdate(first), asked[1] or timezone.localdate(last)
    return Provenance(n, of if of > n else None, period, _source({row["channel"]: row["n"] for row in rows}, period))


def _source(channels: dict[str, int], period: Period | None) -> str:
    """„Сигнали и идеи, които хората сами са изпратили: на сайта 120, по телефона 14, …“"""
    if period is None:
        return _("There are no reports that fit the question.")
    ways = ", ".join(f"{CHANNEL_NAMES[channel]} {number_format(n, force_grouping=True)}" for channel, n in channels.items())
    total = sum(channels.values())
    said = ngettext(
        "%(n)s report that somebody chose to send (%(ways)s), from %(first)s to %(last)s.",
        "%(n)s reports that people chose to send (%(ways)s), from %(first)s to %(last)s.",
        total,
    ) % {"n": number_format(total, force_grouping=True), "ways": ways, "first": day(period[0]), "last": day(period[1])}
    return (
        said
        + " "
        + _(
            "Everyone could report, with or without an account; officials entered what came by telephone, at the counter and on paper."
            " Drafts and rejected ones are not counted. This shows what is reported, not all that exists."
        )
    )
