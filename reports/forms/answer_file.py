"""A list of the desk that comes back with answers in it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerFileForm(forms.Form):
    file = forms.FileField(
        label=_("The list with your answers"), help_text=_("CSV as it was taken from the desk; at most 5 MB, answers in at most 200 rows."),
        allow_empty_file=True, widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )  # fmt: skip
    whole = forms.BooleanField(
        required=False, label=_("All or none"), help_text=_("When one row is refused, nothing is done with the others either.")
    )
