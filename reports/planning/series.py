"""How many reports came month by month, and whether that is usual for the season."""

from __future__ import annotations

import datetime
import statistics
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geoportal.kernel.multilingual import text_in
from municipality.site import sectors
from reports import workflow
from reports.planning import progress
from reports.planning.analysis import Analysis
from reports.planning.parameters import Parameter, Words
from reports.planning.provenance import provenance
from reports.planning.result import Chart, Column, Result, Series
from reports.querysets import ReportQuerySet, today
from reports.wording import KIND_NAMES

if TYPE_CHECKING:
    from reports.planning.question import Question

Months = dict[int, dict[Any, int]]
"""{month counted from the year 0: {value that the series is divided by: reports}}"""


def month_number(day: datetime.date) -> int:
    """Months since the year 0: neighbours differ by one, the same month of the year before by twelve."""
    return day.year * 12 + day.month - 1


def month_begins(number: int) -> datetime.date:
    """The first day of a month given by its number."""
    return datetime.date(number // 12, number % 12 + 1, 1)


def monthly(reports: ReportQuerySet, column: str = "") -> Months:
    """Reports by local month of sending and, with `column`, by its value; one query."""
    names = ["month", *([column] if column else [])]
    rows = reports.order_by().annotate(month=TruncMonth("created_at")).values_list(*names).annotate(n=Count("pk"))
    found: Months = defaultdict(dict)
    for row in rows:
        found[month_number(row[0])][row[1] if column else None] = row[-1]
    return found


def usual(counts: Mapping[int, int], month: int, opened: int) -> tuple[float, int, int, int] | None:
    """(median, least, most, years) of the same month in earlier years; None where there is none.

    Only whole months since the first report of all count: `opened` is the number of the first of them.
    """
    earlier = [counts.get(number, 0) for number in range(month - 12, opened - 1, -12)]
    return (statistics.median(earlier), min(earlier), max(earlier), len(earlier)) if earlier else None


def answer(question: Question) -> Result:
    """The months of the period in order; the earlier years beside them are those before it too."""
    column = "" if question["by"] == "none" else question["by"]
    past = question.filters.without("since").apply(question.everything(), question.user)
    if question.within:
        past = past.filter(geom__coveredby=question.within.polygon)
    progress.tell(0, 2, _("Counting the reports of each month"))
    counted = monthly(past, column)
    progress.tell(1, 2, _("Reading how the reports came"))
    found = provenance(question)
    common: dict[str, Any] = {"method": _method(bool(column)), **found.facts(question)}
    if found.period is None:
        return Result(**common, refusal=_("There are no reports that fit the question."))
    first = question.everything().aggregate(first=Min("created_at"))["first"]
    opened = month_number(timezone.localdate(first)) + 1
    sums = {month: sum(parts.values()) for month, parts in counted.items()}
    months = range(month_number(found.period[0]), month_number(min(found.period[1], today())) + 1)
    parts = _parts(column, {value for month in months for value in counted.get(month, {})})
    rows = [_row(month, counted.get(month, {}), parts, usual(sums, month, opened)) for month in months]
    return Result(
        **common,
        columns=(*_columns()[:2], *(Column(key, name) for key, _value, name in parts), *_columns()[2:]),
        rows=rows,
        caveats=_caveats(found.period[1], any(row["years"] for row in rows)),
        chart=_chart(parts, any(row["years"] for row in rows)),
        totals={"n": found.n},
    )


def _parts(column: str, seen: set[Any]) -> list[tuple[str, Any, str]]:
    """(column's key, value, name) of each part that the months have, in the usual order."""
    if column == "kind":
        known: list[tuple[Any, Any]] = [(kind.value, KIND_NAMES[kind.value]) for kind in workflow.Kind]
    elif column == "sector":
        known = [(sector.pk, text_in(sector.short_name)) for sector in sectors()]
    else:
        return []
    return [(f"part{number}", value, capfirst(str(name))) for number, (value, name) in enumerate(known) if value in seen]


def _row(month: int, counts: Mapping[Any, int], parts: list[tuple[str, Any, str]], before: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"month": date_format(month_begins(month), "F Y"), "n": sum(counts.values())}
    row |= {key: counts.get(value, 0) for key, value, _name in parts}
    row["usual"], row["least"], row["most"], row["years"] = before or (None, None, None, 0)
    row["change"] = None if before is None else row["n"] - before[0]
    return row


def _columns() -> tuple[Column, ...]:
    return (
        Column("month", _("Month")),
        Column("n", _("Reports")),
        Column("usual", _("Same month in earlier years, median"), digits=1),
        Column("least", _("Least of them")),
        Column("most", _("Most of them")),
        Column("years", _("Years compared")),
        Column("change", _("Difference from the median"), digits=1),
    )


def _chart(parts: list[tuple[str, Any, str]], compared: bool) -> Chart:
    if parts:
        return Chart("line", "month", tuple(Series(key, name) for key, _value, name in parts))
    lines = [Series("n", _("reports"))]
    if compared:
        lines.append(Series("usual", _("same month in earlier years"), "least", "most"))
    return Chart("line", "month", tuple(lines))


def _method(divided: bool) -> str:
    said = _(
        "Reports by the month in which they were sent. Beside each month stand the same months of all earlier years: their median,"
        " least and most. Earlier years are read beyond the chosen period; the month in which the site took its first report is"
        " not whole and is left out of them."
    )
    return said + " " + _("A report counts once, in its leading sector.") if divided else said


def _caveats(last: datetime.date, compared: bool) -> tuple[str, ...]:
    said = [_("More reports can come from more people who know the site, not only from more problems.")]
    if last >= today().replace(day=1):
        said.append(_("The present month is not over."))
    if not compared:
        said.append(_("There are no earlier years to compare with yet."))
    return tuple(said)


def groupings() -> list[tuple[str, Words]]:
    """What a series can be divided by."""
    return [("none", gettext_lazy("Nothing")), ("kind", gettext_lazy("Kind")), ("sector", gettext_lazy("Sector"))]


ANALYSIS = Analysis(
    "time",
    gettext_lazy("Over time"),
    gettext_lazy("How many come month by month, and is that usual for the season?"),
    (
        Parameter("by", gettext_lazy("Divided by"), gettext_lazy("One line for each value."), kind="choice",
                  default="none", choices=groupings),
    ),
    answer,
    long_from=300_000,
)  # fmt: skip
