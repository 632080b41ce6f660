"""Whether anything changed around a planned project: counts in rings around it before and after a day, beside a far ring."""

from __future__ import annotations

import calendar
import datetime
import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, IntegerField, Min, Q, Value, When
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from layers.models import Project
from reports.parameters import BadParameter
from reports.planning import intervals
from reports.planning.analysis import Analysis
from reports.planning.around import rings, shape_of, with_metres
from reports.planning.parameters import Parameter, project_parameter
from reports.planning.provenance import Provenance, provenance
from reports.planning.result import Chart, Column, Result, Series
from reports.querysets import ReportQuerySet, today
from reports.wording import day as in_words

if TYPE_CHECKING:
    from reports.planning.question import Question

LEAST = 20
"""Fewer reports than that near the project, or in the comparison ring, say nothing about a change."""
LEAST_IN_BAND = 5
LEAST_DAYS = 28
MONTH = 365.25 / 12
Pair = tuple[int, int]
"""Reports before and after."""


@dataclass(frozen=True)
class Window:
    """From `start` to the day before `turn` is before, from `turn` to the day before `end` is after."""

    start: datetime.date
    turn: datetime.date
    end: datetime.date

    @property
    def days(self) -> Pair:
        return (self.turn - self.start).days, (self.end - self.turn).days


def months_from(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later (earlier when negative); the last of the month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def turning_day(project: Project, chosen: datetime.date | None) -> datetime.date | None:
    """The chosen day, else the first of January of the year in which the works begin; None where no source tells it."""
    if chosen or not project.starts_year:
        return chosen
    return datetime.date(project.starts_year, 1, 1)


def window(question: Question, turn: datetime.date) -> Window:
    """Both sides, cut where the site took no reports yet, at today, and at the days that the question asks about."""
    first = question.everything().aggregate(first=Min("created_at"))["first"]
    opened = timezone.localdate(first) if first else turn
    since, until = question.period
    start = max(months_from(turn, -question["months"]), since or opened, opened)
    ends = [months_from(turn, question["months"]), today() + datetime.timedelta(days=1)]
    if until:
        ends.append(until + datetime.timedelta(days=1))
    return Window(min(start, turn), turn, max(turn, min(ends)))


def counted(reports: ReportQuerySet, edges: tuple[int, ...], turn: datetime.date) -> list[Pair]:
    """(before, after) of each band between neighbouring edges, from reports with `metres`; one query."""
    bands = [When(metres__lte=edge, then=Value(number)) for number, edge in enumerate(edges[1:])]
    middle = timezone.make_aware(datetime.datetime.combine(turn, datetime.time.min))
    rows = (
        reports.order_by()
        .annotate(band=Case(*bands, output_field=IntegerField()))
        .values("band")
        .annotate(before=Count("pk", filter=Q(created_at__lt=middle)), after=Count("pk", filter=Q(created_at__gte=middle)))
    )
    found = {row["band"]: (row["before"], row["after"]) for row in rows}
    return [found.get(number, (0, 0)) for number in range(len(edges) - 1)]


def answer(question: Question) -> Result:
    """One row for each band and one for the comparison ring. Six queries whatever the number of reports."""
    project: Project | None = question["project"]
    if project is None:
        return _refused(question, _("Choose a planned project."))
    shape, turn = shape_of(project), turning_day(project, question["day"])
    if shape is None:
        return _refused(question, _("No place is known of this project, so nothing can be near it."))
    if turn is None:
        return _refused(question, _("No source tells when the works begin. Choose a day."))
    when = window(question, turn)
    if min(when.days) < LEAST_DAYS:
        said = _("Fewer than %(days)d days lie on one side of %(day)s: too early to compare.")
        return _refused(question, said % {"days": LEAST_DAYS, "day": in_words(turn)})
    edges = (0, *question["bands"], question["far"])
    reports = _inside(with_metres(question.reports(), shape, question["far"]), when)
    pairs = counted(reports, edges, turn)
    found = provenance(question, reports)
    common = _common(question, found, when)
    near = sum(map(sum, pairs[:-1]))
    if near < LEAST or sum(pairs[-1]) < LEAST:
        said = _("Too few to say: %(near)d reports near the project and %(ring)d in the comparison ring; each needs %(least)d.")
        return Result(**common, refusal=said % {"near": near, "ring": sum(pairs[-1]), "least": LEAST})
    rows = [_row(band, pair, pairs[-1], when) for band, pair in zip(itertools.pairwise(edges), pairs, strict=True)]
    rows[-1] |= {"band": _("comparison: %(band)s") % {"band": rows[-1]["band"]}, "against": None, "against_low": None}
    rows[-1]["against_high"] = None
    for number, (row, area) in enumerate(zip(rows, rings(shape, edges), strict=True)):
        row |= {"geometry": area, "weight": 1 - number / len(rows)}
    return Result(
        **common,
        columns=_columns(),
        rows=rows,
        caveats=_caveats(question, when),
        chart=Chart("bars", "band", (Series("before_rate", _("before"), "before_low", "before_high"),
                                     Series("after_rate", _("after"), "after_low", "after_high"))),
        totals={"n": found.n},
    )  # fmt: skip


def _inside(reports: ReportQuerySet, when: Window) -> ReportQuerySet:
    first, last = (timezone.make_aware(datetime.datetime.combine(day, datetime.time.min)) for day in (when.start, when.end))
    return reports.filter(created_at__gte=first, created_at__lt=last)


def _common(question: Question, found: Provenance, when: Window | None) -> dict[str, Any]:
    common: dict[str, Any] = {"method": _method(), **found.facts(question)}
    if when:
        common["period"] = when.start, when.end - datetime.timedelta(days=1)
        sides = (
            (_("Before"), f"{in_words(when.start)} – {in_words(when.turn - datetime.timedelta(days=1))}"),
            (_("After"), f"{in_words(when.turn)} – {in_words(when.end - datetime.timedelta(days=1))}"),
        )
        common["parameters"] = (*common["parameters"], *sides)
    return common


def _refused(question: Question, why: str) -> Result:
    return Result(**_common(question, provenance(question), None), refusal=why)


def _row(band: Pair, pair: Pair, ring: Pair, when: Window) -> dict[str, Any]:
    """One band: counts, rates a month with Poisson's interval, their ratio, and the ratio against the ring's."""
    row: dict[str, Any] = {
        "band": _("%(low)s–%(high)s m")
        % {name: number_format(v, force_grouping=True) for name, v in zip(("low", "high"), band, strict=True)}
    }
    for side, count, days in zip(("before", "after"), pair, when.days, strict=True):
        low, high = intervals.poisson(count)
        months = days / MONTH
        row |= {side: count, f"{side}_rate": count / months, f"{side}_low": low / months, f"{side}_high": high / months}
    row |= dict.fromkeys(("ratio", "ratio_low", "ratio_high", "against", "against_low", "against_high"))
    if sum(pair) >= LEAST_IN_BAND and pair[0]:
        exposure = when.days[1] / when.days[0]
        row["ratio"] = pair[1] / pair[0] / exposure
        ends = intervals.poisson_ratio(pair[1], pair[0], exposure)
        row["ratio_low"], row["ratio_high"] = ends or (None, None)
    if sum(pair) >= LEAST_IN_BAND and all((*pair, *ring)):
        row["against"], row["against_low"], row["against_high"] = against(pair, ring)
    return row


def against(pair: Pair, ring: Pair) -> tuple[float, float, float]:
    """How the change in a band compares with that in the ring: the ratio of both ratios, and its 95 % interval.

    The logarithm of four independent Poisson counts' ratio has about the variance 1/a + 1/b + 1/c + 1/d (Woolf, 1955).
    """
    value = pair[1] / pair[0] / (ring[1] / ring[0])
    factor = math.exp(intervals.Z * math.sqrt(sum(1 / count for count in (*pair, *ring))))
    return value, value / factor, value * factor


def _columns() -> tuple[Column, ...]:
    return (
        Column("band", _("Distance from the project")),
        Column("before", _("Reports before")),
        Column("after", _("Reports after")),
        Column("before_rate", _("A month before"), digits=1),
        Column("before_low", _("A month before, from"), digits=1),
        Column("before_high", _("A month before, to"), digits=1),
        Column("after_rate", _("A month after"), digits=1),
        Column("after_low", _("A month after, from"), digits=1),
        Column("after_high", _("A month after, to"), digits=1),
        Column("ratio", _("After against before"), "×", 2),
        Column("ratio_low", _("Ratio, from"), "×", 2),
        Column("ratio_high", _("Ratio, to"), "×", 2),
        Column("against", _("Against the comparison ring"), "×", 2),
        Column("against_low", _("Against the ring, from"), "×", 2),
        Column("against_high", _("Against the ring, to"), "×", 2),
    )


def _method() -> str:
    return _(
        "Reports by distance from the project's shape on the ground, counted before and from the turning day on. Rates are for a"
        " month of 30.4 days, with Poisson's 95 % interval. The ratio compares after with before for equal time; the last column"
        " divides it by the same ratio of the comparison ring, so that what changed everywhere cancels out: an interval that"
        " holds 1 shows no change."
    )


def _caveats(question: Question, when: Window) -> tuple[str, ...]:
    said = [
        _("A change beside a project is not yet a change because of it."),
        _("Works themselves bring reports while they last."),
    ]
    if question["day"] is None:
        said.append(_("Only the year of the works is known: its first of January is taken for the turning day."))
    if question["project"].approximate:
        said.append(_("The project's shape is approximate, and so are the distances."))
    if when.start > months_from(when.turn, -question["months"]) or when.end < months_from(when.turn, question["months"]):
        said.append(_("One side is shorter than asked for: there are no reports from so early, or the time is not over yet."))
    if when.start.replace(year=2000) != when.turn.replace(year=2000) or when.end.replace(year=2000) != when.turn.replace(
        year=2000
    ):
        said.append(_("The sides do not hold the same seasons."))
    return tuple(said)


def fits(values: Mapping[str, Any]) -> None:
    """The comparison ring begins where the last band ends."""
    if values["far"] <= values["bands"][-1]:
        found = BadParameter("far", _("The comparison ring must end farther out than the last distance."))
        found.label = _("Outer edge of the comparison ring")
        raise found


METRES = gettext_lazy("m")
ANALYSIS = Analysis(
    "before_after",
    gettext_lazy("Before and after"),
    gettext_lazy("Did anything change around a project?"),
    (
        project_parameter(gettext_lazy("Its shape is the middle of the rings."), pgettext_lazy("one", "planned project")),
        Parameter("bands", gettext_lazy("Distances"), gettext_lazy("Outer edges of the rings that are near, with commas."),
                  kind="distances", default=(50, 150, 300), lowest=10, highest=5000, unit=METRES),
        Parameter("far", gettext_lazy("Outer edge of the comparison ring"),
                  gettext_lazy("It begins where the last distance ends; what lies farther is left out."),
                  default=1000, lowest=20, highest=20000, unit=METRES),
        Parameter("day", gettext_lazy("Turning day"),
                  gettext_lazy("Before and after which day; without one, the start of the works."), kind="day"),
        Parameter("months", gettext_lazy("Months on each side"), gettext_lazy("So long before and after the day."),
                  default=12, lowest=1, highest=60),
    ),
    answer,
    check=fits,
)  # fmt: skip
