"""Which words a moderator read before they are public."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

CHANGED = _("It was changed after you opened it. What it says now stands below: read it, then publish it.")
NEEDED = {"required": CHANGED, "invalid": CHANGED, "max_length": CHANGED, "min_value": CHANGED, "max_value": CHANGED}


class ReadForm(forms.Form):
    """The version of a subject or a promise."""

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages=NEEDED)


class CardReadForm(forms.Form):
    """The same of a card, whose version is a moment."""

    version = forms.CharField(max_length=40, widget=forms.HiddenInput, error_messages=NEEDED)
