"""How areas differ: count, rate per 1,000 people, share answered, days to an answer, share late, supports."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Func, IntegerField, Q, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.planning import intervals, progress
from reports.planning.analysis import Analysis
from reports.planning.divisions import ELSEWHERE, Division, Unit, division, divisions, elsewhere
from reports.planning.parameters import Parameter
from reports.planning.provenance import provenance
from reports.planning.result import Chart, Column, Result, Series
from reports.planning.suppression import LEAST, suppressed
from reports.querysets import ReportQuerySet, today

if TYPE_CHECKING:
    from reports.planning.question import Question


@dataclass
class Tally:
    """What was counted in one area. `days`: {days from sending to answer: reports}, answered ones only."""

    n: int = 0
    late: int = 0
    supports: int = 0
    days: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def answered(self) -> int:
        return sum(self.days.values())


def tallies(reports: ReportQuerySet, parts: Division) -> dict[int, Tally]:
    """{unit's key: Tally} in one query, whose rows are at most the areas times the different numbers of days."""
    days = Func(
        F("answered_on"), TruncDate("created_at"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )
    rows = (
        reports.order_by()
        .annotate(part=F(parts.column) if isinstance(parts.column, str) else parts.column, days=days)
        .values("part", "days")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today())), supports=Sum("subject__support_count"))
    )
    found: dict[int, Tally] = defaultdict(Tally)
    for row in rows:
        tally = found[parts.unit_of.get(row["part"], ELSEWHERE)]
        tally.n += row["n"]
        tally.late += row["late"]
        tally.supports += row["supports"] or 0
        if row["days"] is not None:
            tally.days[row["days"]] += row["n"]
    return found


def answer(question: Question) -> Result:
    """The table of areas. Six queries whatever the number of areas."""
    parts = division(question["by"], question.filters.zone)
    progress.tell(0, 2, _("Counting the reports of each area"))
    counted = tallies(question.reports(), parts)
    progress.tell(1, 2, _("Reading how the reports came"))
    found = provenance(question)
    units = _asked_about(question, parts)
    if counted[ELSEWHERE].n:
        units.append(elsewhere())
    common: dict[str, Any] = {"method": _method(parts.zones), **found.facts(question)}
    if found.n < LEAST:
        return Result(
            **common, refusal=_("Fewer than %(least)d reports fit the question: too few to compare areas.") % {"least": LEAST}
        )
    hidden = suppressed({unit.key: counted[unit.key].n for unit in units})
    whole = question.within is None and question.filters.bbox is None
    rows = [_row(question, unit, counted[unit.key], unit.key in hidden, whole) for unit in units]
    rows.sort(key=lambda row: (row["n"] is None, -(row["rate"] or 0), -(row["n"] or 0), row["area"]))
    rated = any(row["rate"] is not None for row in rows)
    highest = max((row["rate" if rated else "n"] or 0 for row in rows), default=0)
    for row in rows:
        told = (row["rate" if rated else "n"] or 0) / highest if highest else 0.0
        row["weight"] = None if row["n"] is None else told  # what may not be told is not painted as little
    return Result(
        **common,
        columns=_columns(parts.zones),
        rows=rows,
        caveats=_caveats(bool(hidden), whole or parts.zones),
        chart=Chart("bars", "area", (Series("rate", _("per 1,000 people")) if rated else Series("n", _("reports")),)),
        totals={"n": found.n},
    )


def _asked_about(question: Question, parts: Division) -> list[Unit]:
    """All units, or with the filter `area` those that it names; a part of one unit is not compared with the others."""
    chosen = set(() if parts.zones else question.filters.area)
    return [unit for unit in parts.units if not chosen or unit.key in chosen]


def _row(question: Question, unit: Unit, tally: Tally, hidden: bool, whole: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"area": unit.name, "population": unit.population, "population_year": unit.population_year}
    if unit.geometry:
        row["geometry"] = unit.geometry
    if unit.slug and not hidden:  # the narrowed question says its number of reports, which is what is hidden
        row["url"] = f"?{question.as_query(area=unit.slug)}"
    keys = ("n", "rate", "answered", "answered_low", "answered_high", "days", "days_low", "days_high", "late", "supports")
    row |= dict.fromkeys(keys)
    if hidden:
        return row
    row |= {"n": tally.n, "supports": tally.supports}
    if unit.population and whole:
        row["rate"] = tally.n * 1000 / unit.population
    if tally.n < LEAST:
        return row
    low, high = intervals.wilson(tally.answered, tally.n) or (0.0, 1.0)
    row |= {"answered": tally.answered * 100 / tally.n, "answered_low": low * 100, "answered_high": high * 100}
    row["late"] = tally.late * 100 / tally.n
    middle = intervals.median(tally.days) if tally.answered >= LEAST else None
    if middle:
        row["days"] = middle[0]
        row["days_low"], row["days_high"] = middle[1] or (None, None)
    return row


def _columns(zones: bool) -> tuple[Column, ...]:
    # What is compared comes first: beside a large map a reader sees only the first columns at once.
    people = (Column("population", _("Population")), Column("population_year", _("Counted in"), year=True))
    return (
        Column("area", _("Area")),
        Column("n", _("Reports")),
        *(() if zones else (Column("rate", _("Per 1,000 people"), digits=1),)),
        Column("answered", _("Answered"), "%", 0),
        Column("answered_low", _("Answered, from"), "%", 0),
        Column("answered_high", _("Answered, to"), "%", 0),
        Column("days", _("Days to an answer, median"), digits=1),
        Column("days_low", _("Days, from"), digits=0),
        Column("days_high", _("Days, to"), digits=0),
        Column("late", _("Late now"), "%", 0),
        Column("supports", _("Supports")),
        *(() if zones else people),  # nobody counts the people of a plan's zones
    )


def _method(zones: bool) -> str:
    counted = (
        _("Reports counted by the polygon that holds their place, where several do by the first of them.")
        if zones
        else _(
            "Reports counted by the smallest area that holds their place. Per 1,000 people: reports of the whole period divided by"
            " the population."
        )
    )
    return (
        counted
        + " "
        + _(
            "Answered: share with an answer, with Wilson's 95 % interval. Days: the median from sending to answer among the"
            " answered ones, with a 95 % interval from order statistics (binomial), which assumes no distribution. Late: the date in force"
            " has passed."
        )
    )


def _caveats(hidden: bool, whole: bool) -> tuple[str, ...]:
    said = [
        _("Reports that are still in term count as not answered, and the days of unanswered ones are not in the median."),
        _("Few reports can mean few problems or few people who report."),
    ]
    if hidden:
        said.append(
            _("Areas with fewer than %(least)d reports are not told, and so are those from which they could be computed.")
            % {"least": LEAST}
        )
    if not whole:
        said.append(
            _(
                "No rate is given: only parts of areas lie inside the chosen piece of the map, the population is the whole area's."
            )
        )
    return tuple(said)


ANALYSIS = Analysis(
    "areas",
    gettext_lazy("By area"),
    gettext_lazy("How do settlements or quarters differ?"),
    (
        Parameter("by", gettext_lazy("Areas"), gettext_lazy("How the municipality is divided."), kind="choice",
                  default="settlement", choices=divisions),
    ),
    answer,
    long_from=100_000,
)  # fmt: skip
