"""Parts of a photo to cover, as numbers: the way that works with a keyboard and without scripts; a script lets them be drawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geoportal.kernel.photos import Box
from reports.forms.author import words
from reports.forms.transition import version_field

BOXES = 4
SIDES = {
    "x": gettext_lazy("From the left"),
    "y": gettext_lazy("From the top"),
    "w": gettext_lazy("Width"),
    "h": gettext_lazy("Height"),
}


class CoverForm(forms.Form):
    """`boxes()` after validation: those of the four that are filled in, cut at the picture's edge."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, BOXES + 1):
            for side, label in SIDES.items():
                self.fields[f"{side}{number}"] = forms.IntegerField(
                    required=False,
                    min_value=0,
                    max_value=100,
                    label=label,
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                )

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"{side}{number}"] for side in SIDES] for number in range(1, BOXES + 1)]

    def clean(self) -> dict[str, Any]:
        found: list[Box] = []
        for number in range(1, BOXES + 1):
            values = [self.cleaned_data.get(f"{side}{number}") for side in SIDES]
            if all(value is None for value in values):
                continue
            left, top, width, height = (value or 0 for value in values)
            width, height = min(width, 100 - left), min(height, 100 - top)
            if width < 1 or height < 1:
                self.add_error(f"w{number}", _("Box %(n)d needs a width and a height within the picture.") % {"n": number})
                continue
            found.append((left, top, width, height))
        if not found and not self.errors:
            raise ValidationError(_("Mark at least one part to cover."), code="none")
        self.cleaned_data["boxes"] = found
        return self.cleaned_data


class StaffCoverForm(CoverForm):
    """With words to the author, if there is something to say."""

    text = words(gettext_lazy("Words to the author"), required=False, most=1000)
    version = version_field()
