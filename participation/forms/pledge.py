"""What somebody promises, and until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from geoportal.kernel.text import CleanCharField
from municipality.models import Organisation
from participation.forms.voices import offer_voices
from reports.forms.author import words
from reports.forms.days import DayField
from reports.forms.watched import WatchedForm


class PledgeForm(WatchedForm):
    watched = ("what",)
    what = CleanCharField(
        max_length=500, lines=True, label=_("What do you promise?"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As exactly as you can: “20 saplings”, “I paint the fence”."),
    )  # fmt: skip
    until = DayField(label=_("Until when?"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), to_field_name="slug", required=False, label=_("In the name of"), empty_label=_("myself"),
        error_messages={"invalid_choice": _("You are no member of this organisation.")},
    )  # fmt: skip
    named = forms.BooleanField(required=False, label=_("Show my name"), help_text=_("Otherwise it says: a resident."))
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_voices(self.fields, user)


class PledgeEndForm(WatchedForm):
    """What became of a promise."""

    text = words(_("Your words"), most=1000, hint=_("Everyone will read it."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
