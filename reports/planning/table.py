"""An answer's table in the reader's words: what page, print and clipboard show, and how strongly the map paints a row."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reports.planning.look import swatch
from reports.planning.result import Column, Result
from reports.wording import day

LEVELS = 5
UNKNOWN = "–"
"""Stands for what is not known or may not be said."""


@dataclass(frozen=True)
class Line:
    """One row: `cells` are (words, is a number); `level` 0 to 4 where the row has a weight; `drawn`: it has a shape."""

    index: int
    name: str
    cells: tuple[tuple[str, bool], ...]
    url: str
    drawn: bool
    level: int | None
    weighed: bool

    @property
    def swatch(self) -> SafeString:
        """Its colour and strokes; nothing in a table without weights."""
        return swatch(self.level) if self.weighed else SafeString("")


@dataclass(frozen=True)
class Step:
    """One colour of the map's key: its level and the values it stands for."""

    level: int | None
    words: str

    @property
    def swatch(self) -> SafeString:
        return swatch(self.level)


def is_number(column: Column, rows: Any) -> bool:
    """Whether the column is set to the right: every value in it that is known is a number."""
    values = [row.get(column.key) for row in rows if row.get(column.key) is not None]
    return column.digits is not None or (
        bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    )


def words(value: Any, digits: int | None = None) -> str:
    """A value as the reader's language writes it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.date):
        return day(value)
    if isinstance(value, int | float):
        places = digits if digits is not None else (0 if isinstance(value, int) else 1)
        if places and 0 < value < 10**-places / 2:  # not nothing, only less than the decimals can say
            return f"< {formats.number_format(10**-places, decimal_pos=places, use_l10n=True)}"
        # number_format cuts off; whoever reads expects rounding.
        return formats.number_format(round(value, places), decimal_pos=places, use_l10n=True, force_grouping=True)
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)


def said(column: Column, row: dict[str, Any]) -> str:
    """What stands in the row's cell of that column."""
    value = row.get(column.key)
    return str(value) if column.year and value is not None else words(value, column.digits)


def level_of(weight: float | None) -> int | None:
    """0 (weak) to 4 (strong)."""
    return None if weight is None else min(LEVELS - 1, max(0, int(weight * LEVELS)))


def lines(result: Result) -> list[Line]:
    """Every row of the answer, in its order."""
    numbers = _numbers(result)
    painted = levels(result)
    weighed = any(level is not None for level in painted)
    return [
        Line(
            index=index,
            name=name_of(result, row),
            cells=tuple((said(column, row), number) for column, number in zip(result.columns, numbers, strict=True)),
            url=_address(str(row.get("url") or "")),
            drawn=bool(row.get("geometry")),
            level=painted[index],
            weighed=weighed,
        )
        for index, row in enumerate(result.rows)
    ]


def _address(url: str) -> str:
    """A query alone is a question of the planner's page, wherever the table stands."""
    return f"{reverse('planning')}{url}" if url.startswith("?") else url


def name_of(result: Result, row: dict[str, Any]) -> str:
    """What a row is called: its first column."""
    return said(result.columns[0], row) if result.columns else ""


def heads(result: Result) -> list[tuple[str, bool]]:
    """(label with its unit, is a number) of each column."""
    return [
        (f"{column.label}, {column.unit}" if column.unit else str(column.label), number)
        for column, number in zip(result.columns, _numbers(result), strict=True)
    ]


def _numbers(result: Result) -> list[bool]:
    """Which columns are set to the right; the first one names the row, whatever stands in it."""
    return [bool(at) and is_number(column, result.rows) for at, column in enumerate(result.columns)]


def spoken(result: Result, row: dict[str, Any]) -> str:
    """One sentence for a shape on the map: „с. Дъбрава. Сигнали: 31. На 1000 жители: 10,1“."""
    parts = [name_of(result, row)]
    for column in result.columns[1:5]:
        if row.get(column.key) is not None:
            parts.append(f"{column.label}: {said(column, row)}{f' {column.unit}' if column.unit else ''}")
    return ". ".join(parts)


def weighed_by(result: Result) -> Column | None:
    """The column that the weights follow: where it is known, none of its values falls while the weight rises.

    Nor does one value stand at two levels: the key would say the same of both.
    """
    rows = sorted((row for row in result.rows if row.get("weight") is not None), key=lambda row: row["weight"])
    charted = {one.key for one in result.chart.series} if result.chart else set()
    for column in sorted(result.columns, key=lambda column: column.key not in charted):
        told = [row for row in rows if row.get(column.key) is not None]
        values = [row[column.key] for row in told]
        numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        levels_of = {(row[column.key], level_of(row["weight"])) for row in told}
        once = len(levels_of) == len(set(values))
        if (
            values
            and numbers
            and once
            and values == sorted(values)
            and not any(row["weight"] for row in rows if row not in told)
        ):
            return column
    return None


def levels(result: Result) -> list[int | None]:
    """How strongly each row is painted; None where it has no weight, or where what it follows may not be said."""
    column = weighed_by(result)
    return [None if column is not None and row.get(column.key) is None else level_of(row.get("weight")) for row in result.rows]


def key(result: Result) -> tuple[str, list[Step]]:
    """(what the colours mean, from weak to strong); empty where no row has a weight."""
    drawn = [(row, level) for row, level in zip(result.rows, levels(result), strict=True) if row.get("geometry")]
    if all(level is None for _row, level in drawn):
        return "", []
    column = weighed_by(result)
    if column is None:
        named = {0: _("weak"), LEVELS - 1: _("strong")}
        return _("Strength"), [Step(level, named.get(level, "")) for level in range(LEVELS)]
    steps = []
    for level in range(LEVELS):
        if values := [row[column.key] for row, painted in drawn if painted == level]:
            low, high = words(min(values), column.digits), words(max(values), column.digits)
            steps.append(Step(level, low if low == high else f"{low} – {high}"))
    if any(level is None for _row, level in drawn):
        steps.append(Step(None, _("not told")))
    return f"{column.label}, {column.unit}" if column.unit else str(column.label), steps


def facts(result: Result) -> list[tuple[str, str]]:
    """What stands beside every answer: method, parameters, period, n, and how the data came to be."""
    counted = words(result.n)
    if result.of is not None and result.of != result.n:
        counted = _("%(n)s of %(of)s") % {"n": counted, "of": words(result.of)}
    period = f"{day(result.period[0])} – {day(result.period[1])}" if result.period else ""
    named = [(_("Method"), result.method), *result.parameters, (_("Period"), period), (_("Reports"), counted)]
    return [(capfirst(label), text) for label, text in [*named, (_("Where the data come from"), result.source)] if text]
