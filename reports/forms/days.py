"""The one field for a day: as people write it, within times that the site can reckon with."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
"""What a date input sends and what a Bulgarian writes, in every language of the pages: 11/12 is nobody's day for sure."""
FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)
WRONG = _("Write the day as 31.12.2026.")


class DayField(forms.DateField):
    """A day from FIRST to LAST; a year mistyped as 20266 or 0026 is asked again."""

    def __init__(self, *, label: Any, **more: Any) -> None:
        within = [MinValueValidator(FIRST, WRONG), MaxValueValidator(LAST, WRONG)]
        super().__init__(
            label=label, input_formats=DAY_FORMATS, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": WRONG}, validators=within, **more,
        )  # fmt: skip
