"""How the data came to be: number, period and ways in which reports were sent, so that no figure stands without them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.querysets import ReportQuerySet
from reports.rules import can_see_all_restricted
from reports.wording import CHANNEL_NAMES, day

if TYPE_CHECKING:
    from reports.planning.question import Question

REMEMBERED = 600
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
    channels, days = _counted(question.reports() if reports is None else reports)
    n = sum(channels.values())
    of = question.everything().count() if question.narrowed or reports is not None else n
    period = (question.period[0] or days[0], question.period[1] or days[1]) if days else None
    return Provenance(n, of if of > n else None, period, _source(channels, period))


def provenance_of_many(question: Question, n: int) -> Provenance:
    """The same for so many reports (`n`, counted elsewhere) that reading each would take too long: how all came to be.

    All reports in force are counted once in REMEMBERED seconds; no query in between.
    """
    key = f"planning-source-{'all' if can_see_all_restricted(question.user) else question.user.pk}"
    everything = cache.get(key)
    if everything is None:
        everything = _counted(question.everything())
        cache.set(key, everything, REMEMBERED)
    channels, whole = everything
    period = (question.period[0] or whole[0], question.period[1] or whole[1]) if whole else None
    total = sum(channels.values())
    said = (
        _("Of all reports: %(source)s") % {"source": _source(channels, whole)}
        if question.narrowed
        else _source(channels, whole)
    )
    return Provenance(n, total if total > n else None, period, said)


def _counted(reports: ReportQuerySet) -> tuple[dict[str, int], Period | None]:
    """({channel: reports}, first and last local day of sending); one query."""
    rows = list(
        reports.order_by()
        .values("channel")
        .annotate(n=Count("pk"), first=Min("created_at"), last=Max("created_at"))
        .order_by("-n")
    )
    if not rows:
        return {}, None
    days = timezone.localdate(min(row["first"] for row in rows)), timezone.localdate(max(row["last"] for row in rows))
    return {row["channel"]: row["n"] for row in rows}, days


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
