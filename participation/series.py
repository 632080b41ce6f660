"""Figures as a line with its table: one indicator, perhaps with the target of a goal."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from geoportal.kernel.multilingual import text_in
from participation.models import Figure, Indicator
from reports.planning.chart import svg
from reports.planning.result import Chart, Column, Result, Series


def number(indicator: Indicator, value: Decimal) -> str:
    """„31 238 души“."""
    words = number_format(value, decimal_pos=indicator.digits, use_l10n=True, force_grouping=True).replace(" ", "\u00a0")
    return f"{words} {text_in(indicator.unit)}".strip()


def when(indicator: Indicator, figure: Figure) -> str:
    return f"{figure.on.year}" if indicator.yearly else figure.on.strftime("%d.%m.%Y")


def shown(indicator: Indicator, figures: Iterable[Figure], *, target: Decimal | None = None) -> dict[str, Any]:
    """Context of participation/sectors/_indicator.html: the last figure in words, the chart where there are two, the table."""
    rows = sorted(figures, key=lambda figure: figure.on)
    last = rows[-1] if rows else None
    return {
        "indicator": indicator, "area": indicator.area.full_name if indicator.area else "",
        "last": number(indicator, last.value) if last else "", "as_of": when(indicator, last) if last else "",
        "rows": [(when(indicator, one), number(indicator, one.value)) for one in rows],
        "chart": svg(_result(indicator, rows, target)) if len(rows) > 1 else "",
        "target": number(indicator, target) if target is not None else "",
    }  # fmt: skip


def _result(indicator: Indicator, figures: list[Figure], target: Decimal | None) -> Result:
    """The figures in the form from which charts are drawn."""
    series = [Series("value", text_in(indicator.name))]
    if target is not None:
        series.append(Series("target", _("Target")))
    rows = [
        {"on": when(indicator, one), "value": _plain(indicator, one.value), "target": None if target is None else _plain(indicator, target)}
        for one in figures
    ]  # fmt: skip
    return Result(
        analysis="indicator", title=text_in(indicator.name), method="", source=text_in(indicator.source_name), n=len(rows),
        columns=(Column("on", _("When")), Column("value", text_in(indicator.name), digits=indicator.digits)), rows=rows,
        chart=Chart("line", "on", tuple(series)),
    )  # fmt: skip


def _plain(indicator: Indicator, value: Decimal) -> float | int:
    return float(value) if indicator.digits else round(value)


def of(indicators: QuerySet[Indicator]) -> list[dict[str, Any]]:
    """The indicators with their figures, in one query."""
    theirs = Figure.objects.filter(indicator=OuterRef("pk")).order_by("on").values(one=JSONObject(on="on", value="value"))
    return [shown(row, map(_figure, row.theirs)) for row in indicators.annotate(theirs=ArraySubquery(theirs))]  # type: ignore[attr-defined]


def _figure(told: dict[str, Any]) -> Figure:
    return Figure(on=datetime.date.fromisoformat(told["on"]), value=Decimal(str(told["value"])))
