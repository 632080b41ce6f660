"""Figures in the reader's words."""

from __future__ import annotations

import pytest
from django.utils import translation

from reports.planning.result import Column, Result
from reports.planning.table import key, lines, words


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (0.0000016, 4, "< 0.0001"),
        (0.00005, 4, "0.0001"),
        (0.0, 4, "0.0000"),
        (0.04, 1, "< 0.1"),
        (0.4, 0, "0"),
        (-0.01, 1, "0.0"),
    ],
)
def test_what_is_less_than_the_decimals_is_not_nothing(value, digits, said):
    with translation.override("en"):
        assert words(value, digits).lstrip("-") == said


def test_the_key_never_says_one_value_of_two_colours():
    columns = (Column("name", "Name"), Column("around", "Around"), Column("z", "z", digits=2))
    rows = [
        {"name": f"{at}", "around": around, "z": z, "weight": z / 5, "geometry": {"type": "Point", "coordinates": [23, 42]}}
        for at, (around, z) in enumerate([(39, 1.5), (39, 2.5), (47, 5.0)])
    ]
    name, steps = key(Result("hotspots", "t", "m", "s", 3, columns, rows))
    assert name == "z"
    assert len({step.words for step in steps}) == len(steps) == 3


def test_thousands_are_parted_and_years_are_not():
    columns = (Column("name", "Name"), Column("people", "People"), Column("counted", "Counted in", year=True))
    [line] = lines(Result("areas", "t", "m", "s", 1, columns, [{"name": "a", "people": 18948, "counted": 2021}]))
    assert [text for text, _number in line.cells] == ["a", "18\u00a0948", "2021"]
