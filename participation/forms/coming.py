"""Who comes: an address where the browser is not known, and the hours of the reminder."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.forms.author import AddressForm

HOURS = [
    ("0", _("no reminder")), ("1", _("an hour before")), ("3", _("three hours before")), ("24", _("a day before")),
    ("48", _("two days before")), ("168", _("a week before")), ("336", _("two weeks before")),
]  # fmt: skip


class ComingForm(AddressForm):
    """The address alone, for those whom the browser does not know."""


class RemindForm(forms.Form):
    hours = forms.ChoiceField(
        choices=HOURS, label=_("When shall we remind you?"), error_messages={"invalid_choice": _("Choose from the list.")}
    )
