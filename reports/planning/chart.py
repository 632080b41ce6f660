"""The small chart beside a table, drawn from the same rows: bars, or lines over time, with their intervals.

Colours come from the page's style sheet by class; the attributes beside them are for paper, where there is none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.planning.letters import shortened, width
from reports.planning.look import tag
from reports.planning.result import Chart, Result, Series
from reports.planning.table import words

WIDTH = 360
MOST_BARS = 24
MOST_POINTS = 240
MOST_NAME = 176
"""Units that names beside bars may take; what is longer is shortened."""
LETTERS, SMALL = 12, 11
"""Sizes of letters, in the drawing's units: names and figures of bars, figures at lines."""
BAR, GAP = 13, 9
PLOT = 150
RIGHT = 8
COLOURS = ("#1f5fa8", "#8f5500", "#1b7f4b", "#6b4e9b")
DASHES = ("", "6 3", "2 3", "9 3 2 3")


@dataclass(frozen=True)
class Axis:
    """From nought (or below) to the highest figure, in round steps."""

    low: float
    high: float
    step: float

    def at(self, value: float, size: float) -> float:
        """Distance of a value from the low end, on an axis of that length."""
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low) * size

    @property
    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * index for index in range(count + 1)]


def svg(result: Result, *, silent: bool = True) -> SafeString:
    """The chart of an answer, or nothing where it has none. `silent`: the table beside it says the same to a screen reader."""
    chart = result.chart
    known = [row for row in result.rows if chart and any(_known(row.get(one.key)) is not None for one in chart.series)]
    if chart is None or not known:
        return SafeString("")
    # A month of which nothing is known keeps its place under the line; a place of which nothing is known needs no bar.
    rows = list(result.rows)[:MOST_POINTS] if chart.kind == "line" else known[:MOST_BARS]
    axis = axis_of(chart, rows)
    draw = _lines if chart.kind == "line" else _bars
    height, parts = draw(chart, rows, axis)
    names = ", ".join(one.label for one in chart.series)
    said = _("%(title)s: %(names)s. The table holds the same figures.") % {"title": result.title, "names": names}
    speaks = {"aria-hidden": "true"} if silent else {"role": "img", "aria-label": said}
    box = f"0 0 {WIDTH} {height:g}"
    text = tag("title", text=result.title) + tag("desc", text=said)
    return SafeString(tag("svg", text + "".join(parts), css="chart", viewBox=box, width=WIDTH, height=f"{height:g}", **speaks))


def _known(value: Any) -> float | None:
    """A finite number, or None for what is not known."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def axis_of(chart: Chart, rows: list[dict[str, Any]]) -> Axis:
    """Holds every value and the ends of its interval."""
    keys = [name for one in chart.series for name in (one.key, one.low, one.high) if name]
    values = [found for row in rows for name in keys if (found := _known(row.get(name))) is not None]
    least, most = min([0.0, *values]), max([0.0, *values])
    span = (most - least) or 1.0
    rough = span / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    if all(value == int(value) for value in values):
        step = max(1.0, math.ceil(step))
    return Axis(math.floor(least / step) * step, math.ceil(most / step) * step or step, step)


def _legend(chart: Chart, *, line: bool) -> tuple[float, list[str]]:
    """(height, marks with names), where there is more than one series."""
    if len(chart.series) < 2:
        return 4, []
    parts = []
    for index, one in enumerate(chart.series):
        y = 12 + index * 17
        if line:
            parts.append(_stroke(index, points=f"0,{y - 4} 26,{y - 4}"))
        else:
            parts.append(tag("rect", css=f"c-bar c-{index % 4}", x=0, y=y - 10, width=26, height=10, fill=_colour(index)))
        name = shortened(str(one.label), WIDTH - 32, LETTERS)
        parts.append(tag("text", css="c-name", x=32, y=y, font_size=LETTERS, text=name))
    return 12 + len(chart.series) * 17, parts


def _colour(index: int) -> str:
    return COLOURS[index % len(COLOURS)]


@dataclass(frozen=True)
class _Room:
    """Where bars lie: from `left` on, `size` broad, with names before and figures behind them."""

    left: float
    size: float
    axis: Axis

    def at(self, value: float) -> float:
        return self.left + self.axis.at(value, self.size)


def _room(chart: Chart, names: list[str], rows: list[dict[str, Any]], axis: Axis) -> _Room:
    """As much as the longest name (up to MOST_NAME) and the longest figure leave."""
    figures = [_figure(row[one.key]) for row in rows for one in chart.series if _known(row.get(one.key)) is not None]
    left = min(MOST_NAME, max(width(name, LETTERS) for name in names)) + 9
    return _Room(left, WIDTH - left - max(width(figure, LETTERS) for figure in figures) - 6, axis)


def _bars(chart: Chart, rows: list[dict[str, Any]], axis: Axis) -> tuple[float, list[str]]:
    """Lying bars: names of places are long, and a phone is narrow."""
    y, parts = _legend(chart, line=False)
    names = [shortened(words(row.get(chart.x)), MOST_NAME, LETTERS) for row in rows]
    room = _room(chart, names, rows, axis)
    nought = f"{room.at(0):.1f}"
    top = y
    for name, row in zip(names, rows, strict=True):
        middle = y + (BAR * len(chart.series)) / 2 + 4
        parts.append(tag("text", css="c-name", x=f"{room.left - 8:.1f}", y=f"{middle:.1f}", text_anchor="end",
                         font_size=LETTERS, text=name))  # fmt: skip
        for index, one in enumerate(chart.series):
            parts += _bar(row, one, index, y + index * BAR, room)
        y += BAR * len(chart.series) + GAP
    parts.append(tag("line", css="c-axis", x1=nought, x2=nought, y1=top, y2=y - GAP + 2, stroke="#65716a"))
    return y, parts


def _bar(row: dict[str, Any], one: Series, index: int, y: float, room: _Room) -> list[str]:
    value = _known(row.get(one.key))
    nought = room.at(0)
    label: dict[str, Any] = {"css": "c-value", "y": f"{y + BAR - 2.5:.1f}", "font_size": LETTERS}
    if value is None:
        return [tag("text", x=f"{nought + 5:.1f}", text="–", **label)]
    end = room.at(value)
    left, broad = min(nought, end), abs(end - nought)
    parts = [tag("rect", css=f"c-bar c-{index % 4}", x=f"{left:.1f}", y=f"{y:.1f}", width=f"{max(broad, 0.5):.1f}",
                 height=BAR - 2, fill=_colour(index))]  # fmt: skip
    furthest = max(end, nought)
    low, high = _known(row.get(one.low)), _known(row.get(one.high))
    if low is not None and high is not None:
        a, b, m = room.at(low), room.at(high), y + (BAR - 2) / 2
        whisker = f"M{a:.1f} {m - 3:.1f}v6M{a:.1f} {m:.1f}H{b:.1f}M{b:.1f} {m - 3:.1f}v6"
        parts.append(tag("path", css="c-span", d=whisker, fill="none", stroke="#17211b", stroke_width=1.4))
        furthest = max(furthest, b)
    parts.append(tag("text", x=f"{furthest + 5:.1f}", text=_figure(row[one.key]), **label))
    return parts


def _figure(value: float) -> str:
    return words(value, _digits(value))


def _digits(value: float) -> int:
    return 0 if isinstance(value, int) or abs(value) >= 100 or value == int(value) else 1


def _lines(chart: Chart, rows: list[dict[str, Any]], axis: Axis) -> tuple[float, list[str]]:
    top, parts = _legend(chart, line=True)
    top += 8
    digits = 0 if axis.step == int(axis.step) else 1
    left = max(38, max(width(words(tick, digits), SMALL) for tick in axis.ticks) + 6)
    room = WIDTH - left - RIGHT
    place = lambda index: left + (room * index / max(1, len(rows) - 1))  # noqa: E731
    height = lambda value: top + PLOT - axis.at(value, PLOT)  # noqa: E731
    for tick in axis.ticks:
        y = f"{height(tick):.1f}"
        parts.append(tag("line", css="c-grid" if tick else "c-axis", x1=left, x2=WIDTH - RIGHT, y1=y, y2=y, stroke="#c9d1c8"))
        parts.append(tag("text", css="c-value", x=left - 5, y=f"{height(tick) + 4:.1f}", text_anchor="end", font_size=SMALL,
                         text=words(tick, digits)))  # fmt: skip
    for index, one in enumerate(chart.series):
        band = [(place(at), height(low), height(high)) for at, row in enumerate(rows)
                if (low := _known(row.get(one.low))) is not None and (high := _known(row.get(one.high))) is not None]  # fmt: skip
        if len(band) > 1:
            path = " ".join(
                f"{x:.1f},{y:.1f}"
                for x, y in [*((x, high) for x, _l, high in band), *((x, low) for x, low, _h in reversed(band))]
            )
            parts.append(tag("polygon", css=f"c-band c-{index % 4}", points=path, fill=_colour(index), fill_opacity=0.18))
    for index, one in enumerate(chart.series):
        for run in _runs(rows, one.key):
            if len(run) == 1:
                parts.append(
                    tag(
                        "circle",
                        css=f"c-dot c-{index % 4}",
                        cx=f"{place(run[0][0]):.1f}",
                        cy=f"{height(run[0][1]):.1f}",
                        r=2.5,
                        fill=_colour(index),
                    )
                )
            parts.append(_stroke(index, points=" ".join(f"{place(at):.1f},{height(value):.1f}" for at, value in run)))
    parts += _dates(chart, rows, place, room, top + PLOT + 16)
    return top + PLOT + 24, parts


def _stroke(index: int, *, points: str) -> str:
    return tag("polyline", css=f"c-line c-{index % 4}", points=points, fill="none", stroke=_colour(index), stroke_width=2,
               stroke_dasharray=DASHES[index % len(DASHES)])  # fmt: skip


def _runs(rows: list[dict[str, Any]], name: str) -> list[list[tuple[int, float]]]:
    """Stretches of known values: a line is not drawn over what nobody knows."""
    found: list[list[tuple[int, float]]] = [[]]
    for at, row in enumerate(rows):
        value = _known(row.get(name))
        if value is not None:
            found[-1].append((at, value))
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def _dates(chart: Chart, rows: list[dict[str, Any]], place: Any, room: float, y: float) -> list[str]:
    """As many labels under the line as fit side by side, evenly, the first at the left and the last at the right end."""
    names = [words(row.get(chart.x)) for row in rows]
    fitting = int(room / (max(width(name, SMALL) for name in names) + 8))
    count = max(2, min(6, len(rows), fitting))
    picked = sorted({round(index * (len(rows) - 1) / (count - 1)) for index in range(count)})
    ends = {picked[0]: "start", picked[-1]: "end"} if len(picked) > 1 else {}
    return [
        tag(
            "text",
            css="c-value",
            x=f"{place(at):.1f}",
            y=y,
            text_anchor=ends.get(at, "middle"),
            font_size=SMALL,
            text=names[at],
        )
        for at in picked
    ]
