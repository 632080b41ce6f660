"""Keeping somebody from writing."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.forms.author import words
from reports.forms.days import DayField
from reports.models import Reason


class BlockForm(forms.Form):
    reason = forms.ModelChoiceField(
        Reason.objects.none(), to_field_name="slug", label=_("Reason"), empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose a reason from the list.")},
    )  # fmt: skip
    until = DayField(label=_("Until which day"), help_text=_("The last day of it; at most a year from now."))
    text = words(_("Words to the person"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = Reason.objects.filter(serves__contains=["comment"])  # type: ignore[attr-defined]
        self.fields["until"].initial = timezone.localdate() + datetime.timedelta(days=14)


class WholeForm(forms.Form):
    """Hiding a whole subject, or showing it again (`shows`: then words alone are needed). `seen` is what the page offered."""

    seen = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    reason = forms.ModelChoiceField(
        Reason.objects.none(), to_field_name="slug", label=_("Reason"), empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose a reason from the list.")},
    )  # fmt: skip
    text = words(_("Words to the author"), required=False)

    def __init__(self, *args: Any, shows: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = "show" if shows else "hide"
        if shows:
            del self.fields["reason"]
            self.fields["text"].required = True
        else:
            self.fields["reason"].queryset = Reason.objects.filter(serves__contains=["hide"])  # type: ignore[attr-defined]
