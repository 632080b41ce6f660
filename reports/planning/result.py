"""What every analysis answers: a table with shapes, and what one must know to believe it.

Page, chart, print and download are drawn from this one form; an analysis knows none of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Column:
    """One column of the table. `digits`: decimals of a number, None for words, whole numbers and dates.
    `year`: its numbers are years, whose digits are not grouped."""

    key: str
    label: str
    unit: str = ""
    digits: int | None = None
    year: bool = False


@dataclass(frozen=True)
class Series:
    """One line or group of bars of the chart, over the table's rows: `key` names the column, `low` and `high` an interval's."""

    key: str
    label: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class Chart:
    """How the table is drawn: `x` names the column of labels. `kind`: bars, line."""

    kind: str
    x: str
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Result:
    """The answer of one analysis.

    `rows`: one dict per row with the columns' keys, values plain (str, int, float, date, None: not known or suppressed);
    a row may have `geometry` (GeoJSON, WGS84), `url` and `weight` (0 to 1, how strongly the map paints it).
    `n`: reports that went in; `of`: how many the question has in all, where that is more. `period`: first and last day.
    `parameters`: label and value in words. `refusal`: why nothing is said; rows are then empty.
    """

    analysis: str
    title: str
    method: str
    source: str
    n: int
    columns: tuple[Column, ...] = ()
    rows: Sequence[dict[str, Any]] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    period: tuple[datetime.date, datetime.date] | None = None
    of: int | None = None
    caveats: tuple[str, ...] = ()
    chart: Chart | None = None
    refusal: str = ""
    totals: dict[str, Any] = field(default_factory=dict)
