"""What is drawn of an answer: chart, map on paper, key, and the words of the table."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ET

import pytest
from django.utils import translation

from reports.planning import chart, letters, look, picture, table
from reports.planning.result import Chart, Column, Result, Series
from tests import factories

SQUARE = {"type": "Polygon", "coordinates": [[[23.55, 42.85], [23.65, 42.85], [23.65, 42.95], [23.55, 42.85]]]}
COLUMNS = (
    Column("name", "Place"),
    Column("n", "Reports"),
    Column("rate", "Rate", "per 1,000", 1),
    Column("low", "From"),
    Column("high", "To"),
)


SERIES = (Series("rate", "rate", "low", "high"),)


def result(rows, kind="bars", series=SERIES, **more) -> Result:
    return Result("areas", "By <area>", "m", "s", 10, COLUMNS, rows, chart=Chart(kind, "name", series), **more)


def row(name="a", rate=1.0, **more):
    return {"name": name, "n": 3, "rate": rate, "low": None, "high": None, **more}


def parts(drawing: str, css: str) -> list[ET.Element]:
    return [node for node in ET.fromstring(drawing).iter() if css in node.get("class", "").split()]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_bars_are_as_long_as_their_values():
    drawing = chart.svg(result([row("a", 10.0), row("b", 5.0), row("c", None)]))
    first, second = (float(bar.get("width")) for bar in parts(drawing, "c-bar"))
    assert first == pytest.approx(2 * second, abs=0.2)
    assert [node.text for node in parts(drawing, "c-value")] == ["10", "5"]


def test_an_interval_lies_around_its_value():
    [bar] = parts(drawing := chart.svg(result([row(rate=10.0, low=5.0, high=20.0)])), "c-bar")
    [span] = parts(drawing, "c-span")
    end = float(bar.get("x")) + float(bar.get("width"))
    low, high = (float(text.split()[0]) for text in span.get("d").replace("v6", "").split("M")[1::2])
    assert low < end < high


def test_the_chart_is_silent_beside_its_table_and_speaks_alone():
    rows = [row()]
    assert ET.fromstring(chart.svg(result(rows))).get("aria-hidden") == "true"
    alone = ET.fromstring(chart.svg(result(rows), silent=False))
    assert (alone.get("role"), alone.find("title").text) == ("img", "By <area>")
    assert alone.find("desc").text


def test_a_line_breaks_where_nothing_is_known():
    drawing = chart.svg(result([row("1", 1), row("2", 2), row("3", None), row("4", 4), row("5", 3)], kind="line"))
    assert [len(line.get("points").split()) for line in parts(drawing, "c-line")] == [2, 2]


def test_labels_under_a_line_fit_side_by_side():
    rows = [row(f"September {2000 + number}", number) for number in range(40)]
    labels = [node for node in parts(chart.svg(result(rows, kind="line")), "c-value") if "September" in (node.text or "")]
    assert 2 <= len(labels) <= 4
    assert [labels[0].text, labels[-1].text] == ["September 2000", "September 2039"]


@pytest.mark.parametrize("rows", [[], [row(rate=None)], [row(rate=float("nan"))], [row(rate=float("inf"))]])
def test_nothing_known_is_no_chart(rows):
    assert chart.svg(result(rows)) == ""


@pytest.mark.parametrize("values", [(0.0, 0.0), (-3.0, 4.0), (1e-9, 2e-9), (1e12, 5.0)])
def test_every_axis_holds_its_values_and_nought(values):
    axis = chart.axis_of(result([]).chart, [row(rate=value) for value in values])
    assert axis.low <= min(0, *values) and max(0, *values) <= axis.high
    assert 1 <= len(axis.ticks) <= 12


def test_no_style_attribute_is_in_any_drawing():
    drawings = [chart.svg(result([row()])), chart.svg(result([row()], kind="line")), look.swatch(3), look.swatch(None)]
    assert all("style=" not in drawing for drawing in drawings)


def test_text_of_the_answer_is_escaped():
    assert "<b>" not in chart.svg(result([row("<b>x</b>")]))


@pytest.mark.django_db
def test_the_map_on_paper_numbers_its_shapes_as_the_table():
    factories.town()
    drawing = picture.svg(result([row("a"), row("b", geometry=SQUARE, weight=1.0)]), words="What it is")
    assert ET.fromstring(drawing).get("aria-label") == "What it is"
    assert len(parts(drawing, "p-shape")) == 1
    assert "2" in {node.text for node in parts(drawing, "p-name")}
    assert len(parts(drawing, "p-land")) == 1
    assert picture.svg(result([row("a")])) == ""


def test_the_key_names_the_values_behind_the_colours_and_what_is_not_told():
    rows = [row("a", 1.0, weight=0.1), row("b", 9.5, weight=1.0), row("c", None, weight=0.0)]
    name, steps = table.key(result([{**each, "geometry": SQUARE} for each in rows]))
    assert name == "Rate, per 1,000"
    assert [(step.level, step.words) for step in steps] == [(0, "1.0"), (4, "9.5"), (None, "not told")]


def test_a_weight_that_follows_no_column_is_said_in_words():
    rows = [row("a", 5.0, n=1, weight=0.1, geometry=SQUARE), row("b", 1.0, n=0, weight=0.9, geometry=SQUARE)]
    name, steps = table.key(result(rows))
    assert name == "Strength"
    assert (steps[0].words, steps[-1].words) == ("weak", "strong")


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [(None, None, "–"), (1234, None, "1,234"), (0.5, None, "0.5"), (2.346, 2, "2.35"), (True, None, "yes"),
     (datetime.date(2026, 11, 5), None, "05.11.2026"), (["a", "b"], None, "a, b")],
)  # fmt: skip
def test_values_in_words(value, digits, said):
    assert table.words(value, digits) == said


def test_facts_say_n_of_m_only_when_they_differ():
    assert dict(table.facts(result([], of=10)))["Reports"] == "10"
    assert dict(table.facts(result([], of=25)))["Reports"] == "10 of 25"


# Measured in DejaVu Sans, the broadest of the fonts that paper and page are set in: units at a size of one.
MEASURED = {"Център на Ботевград": 11.42, "Другаде в общината": 10.96, "жк. „Изток“ – ЮЖНО": 11.09, "18\u00a0948": 3.5}


@pytest.mark.parametrize(("text", "broad"), MEASURED.items())
def test_words_are_taken_to_be_as_broad_as_they_are_on_paper(text, broad):
    assert broad * 12 <= letters.width(text, 12) <= broad * 12 * 1.25


@pytest.mark.parametrize("name", ["Център на Ботевград", "Щ" * 80, "a"])
def test_names_beside_bars_and_figures_behind_them_are_not_cut(name):
    drawing = chart.svg(result([row(name, 123456.0), row("b", 5.0)]))
    for text in parts(drawing, "c-name"):
        assert float(text.get("x")) - letters.width(text.text, 12) >= 0
    for text in parts(drawing, "c-value"):
        assert float(text.get("x")) + letters.width(text.text, 12) <= chart.WIDTH
    said = parts(drawing, "c-name")[0].text
    assert said == name or (said.endswith("…") and name.startswith(said[:-1]) and len(said) > 8)


def test_figures_beside_a_line_are_not_cut():
    drawing = chart.svg(result([row("1", 123456), row("2", 1234567)], kind="line"))
    ends = [node for node in parts(drawing, "c-value") if node.get("text-anchor") == "end" and "," in node.text]
    assert len(ends) > 2
    assert all(float(node.get("x")) - letters.width(node.text, 11) >= 0 for node in ends)
