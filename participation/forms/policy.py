"""What the owner of a policy writes: a promise, that it was kept, that it moves, that the policy is over."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.text import CleanCharField
from participation.actions.policy import Promised
from participation.models import Promise
from reports.forms.author import words
from reports.forms.days import DayField
from reports.forms.shots import ShotsForm
from reports.forms.watched import WatchedForm


class PromiseForm(WatchedForm):
    watched = ("promise",)
    promise = CleanCharField(
        max_length=300, label=_("What do you promise?"), help_text=_("In plain words, so that everyone can see whether it was kept."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    due_on = DayField(label=_("Until when?"))
    weight = forms.IntegerField(
        min_value=1, max_value=100, initial=1, label=_("Weight"), error_messages={"invalid": _("Write a whole number.")},
        help_text=_("How much it counts beside the others: 2 counts twice as much as 1."),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def said(self) -> Promised:
        """What the valid form says."""
        data = self.cleaned_data
        return Promised(text={get_language() or "bg": data["promise"]}, due_on=data["due_on"], weight=data["weight"])


class KeepForm(WatchedForm, ShotsForm):
    watched = ("note", "photo_words")
    done_on = DayField(label=_("On which day was it kept?"))
    note = CleanCharField(
        max_length=500,
        required=False,
        label=_("What was done, or where can it be seen?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Words or an address are needed: a photo alone does not say what was kept."),
    )
    evidence_url = forms.URLField(
        max_length=300, required=False, label=_("Address of the evidence"), assume_scheme="https",
        help_text=_("A document or a page, where there is one."),
        error_messages={"invalid": _("Write the address as https://example.org/…")},
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("done_on", "note", "photo", "photo_words", "evidence_url")

    def kept(self) -> dict[str, Any]:
        """Arguments of `keep`."""
        return {name: self.cleaned_data[name] for name in ("done_on", "note", "evidence_url", "version")} | self.taken()


class PostponeForm(WatchedForm):
    due_on = DayField(label=_("New day"))
    text = words(_("Why?"), most=500, hint=_("Everyone reads it. The day promised first stays to be seen."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def first(promise: Promise, version: int) -> dict[str, Any]:
        """A month later, as a proposal."""
        return {"due_on": promise.due_on + datetime.timedelta(days=30), "version": version}


class EndForm(WatchedForm):
    text = words(_("What came of it?"), hint=_("Everyone will read it."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ChangeForm(WatchedForm):
    text = words(
        _("What has changed in the service?"), hint=_("Everyone will read it. Name the recommendation where it came from one.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
