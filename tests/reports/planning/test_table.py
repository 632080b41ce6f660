"""Figures in the reader's words."""

from __future__ import annotations

import pytest
from django.utils import translation

from reports.planning.table import words


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
