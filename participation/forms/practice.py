"""A practice of another place, summed up in the reader's own language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.geometry_fields import LonLatForm
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import CleanCharField
from municipality.models import Sector
from participation.actions.practice import Summary
from participation.models import Practice
from reports.forms.author import words
from reports.forms.watched import WatchedForm

COSTS: dict[str, Promise] = {
    "low": pgettext_lazy("cost", "Low"),
    "middle": pgettext_lazy("cost", "Middle"),
    "high": pgettext_lazy("cost", "High"),
    "unknown": pgettext_lazy("cost", "Not known"),
}
WRITTEN = ("title", "city", "country", "what", "result", "lesson", "cost_note")
"""Fields whose text stands under the language in which it was written."""
NUMBER = {"invalid": _("Write a whole number.")}


class PracticeForm(WatchedForm, LonLatForm):
    watched = ("title", "what", "result", "lesson", "cost_note")
    title = CleanCharField(max_length=150, label=_("What do they do there, in a few words?"))
    city = CleanCharField(max_length=80, label=_("Town"))
    country = CleanCharField(max_length=80, label=_("Country"))
    lat = forms.CharField(
        required=False, max_length=40, label=_("Latitude of the town"), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("As maps give it, 43.84 for example; south of the equator with a minus. With both it stands on the map."),
    )  # fmt: skip
    lon = forms.CharField(
        required=False, max_length=40, label=_("Longitude of the town"), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("East of Greenwich, 10.57 for example; west of it with a minus."),
    )  # fmt: skip
    sector = forms.ModelChoiceField(
        Sector.objects.all(), to_field_name="slug", label=_("Sector"), empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose a sector from the list.")},
    )  # fmt: skip
    year = forms.IntegerField(min_value=1800, max_value=2200, label=_("Since what year?"), error_messages=NUMBER)
    until = forms.IntegerField(
        required=False, min_value=1800, max_value=2200, label=_("Until what year?"), help_text=_("Empty: it goes on."),
        error_messages=NUMBER,
    )  # fmt: skip
    what = words(_("What is done?"), hint=_("In your own words, from what the source says."))
    result = words(_("What came of it?"), required=False)
    lesson = words(_("What can we learn from it?"), required=False, most=1000)
    cost = forms.ChoiceField(
        choices=list(COSTS.items()), initial="unknown", label=_("How costly is it?"), widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )  # fmt: skip
    cost_note = CleanCharField(max_length=300, required=False, label=_("Who says so?"))
    source_url = forms.URLField(
        max_length=600, label=_("Address of the source"), assume_scheme="https",
        error_messages={"invalid": _("Write the address as https://example.org/…")},
    )  # fmt: skip
    source_name = CleanCharField(max_length=150, label=_("Who published it?"))
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("title", "city", "country", "lat", "lon")

    def said(self) -> Summary:
        """What the valid form says."""
        data, language = self.cleaned_data, get_language() or "bg"
        texts = {name: {language: data[name]} for name in WRITTEN if data[name]}
        plain = {name: data[name] for name in ("sector", "year", "until", "cost", "source_url", "source_name")}
        return Summary(**texts, **plain, point=data["point"])

    @staticmethod
    def first(practice: Practice) -> dict[str, Any]:
        """The practice as the form's first values."""
        plain = {name: getattr(practice, name) for name in ("year", "until", "cost", "source_url", "source_name")}
        subject = practice.subject
        more = {"sector": subject.sector, "version": subject.version, "client_uuid": subject.client_uuid}
        point = practice.point
        place = {"lon": f"{point.x:.6f}", "lat": f"{point.y:.6f}"} if point else {}
        return {name: text_in(getattr(practice, name)) for name in WRITTEN} | plain | more | place
