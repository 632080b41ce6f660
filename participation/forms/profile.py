"""A person's public card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.text import CleanCharField
from municipality.models import Area, Sector
from participation.actions.profile import Card
from participation.models.profile import Profile
from reports.forms.author import words
from reports.forms.watched import WatchedForm


class ProfileForm(WatchedForm):
    watched = ("name", "about", "helps")
    name = CleanCharField(max_length=80, label=_("Name that everyone reads"), help_text=_("Your own or one that you choose."))
    about = words(_("What are you interested in?"), most=1000)
    helps = words(_("What can you help with?"), required=False, most=1000, hint=_("For example: a van, carpentry, English."))
    area = forms.ModelChoiceField(
        Area.objects.none(), to_field_name="slug", required=False, label=_("Settlement or quarter"),
        empty_label=_("the whole municipality"), error_messages={"invalid_choice": _("Choose a place from the list.")},
    )  # fmt: skip
    sectors = forms.ModelMultipleChoiceField(
        Sector.objects.all(), to_field_name="slug", required=False, label=_("Sectors"), widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose a sector from the list.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.exclude(parent=None).defer("polygon").order_by("path")  # type: ignore[attr-defined]

    @staticmethod
    def first(profile: Profile) -> dict[str, Any]:
        """Initial values for a card that exists."""
        return {
            "name": profile.name, "about": profile.about, "helps": profile.helps, "area": profile.area and profile.area.slug,
            "sectors": [sector.slug for sector in profile.sectors.all()],
        }  # fmt: skip

    def said(self) -> Card:
        given = self.cleaned_data
        return Card(given["name"], given["about"], given["helps"], given["area"], tuple(given["sectors"]))
