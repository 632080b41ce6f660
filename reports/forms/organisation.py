"""What a representative or an administrator writes on the page of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from geoportal.kernel.text import CleanCharField
from municipality.models import Organisation, Sector
from reports.forms.watched import WatchedForm

ROLES = [
    (Role.MEMBER.value, _("member: speaks for it")),
    (Role.REPRESENTATIVE.value, _("representative: invites members and keeps this page too")),
]


class MemberForm(forms.Form):
    """Who is invited to speak for the organisation."""

    email = forms.EmailField(
        max_length=254, label=_("E-mail"), error_messages={"invalid": _("Write the e-mail as name@example.org.")}
    )  # fmt: skip
    role = forms.ChoiceField(
        choices=ROLES, initial=Role.MEMBER.value, label=_("As what?"), widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the letter"), choices=lambda: settings.LANGUAGES)


class DescriptionForm(WatchedForm):
    """What everyone reads of the organisation, in each language of the site."""

    watched = ()
    website = forms.URLField(
        max_length=200, required=False, label=_("Website"), assume_scheme="https",
        error_messages={"invalid": _("Write the address as https://example.org.")},
    )  # fmt: skip
    sectors = forms.ModelMultipleChoiceField(
        Sector.objects.none(), to_field_name="slug", required=False, label=_("What it is concerned with"),
        widget=forms.CheckboxSelectMultiple, error_messages={"invalid_choice": _("Choose from the list.")},
    )  # fmt: skip

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        initial = {"website": organisation.website, "sectors": [sector.slug for sector in organisation.sectors.all()]}
        initial |= {f"about_{code}": text for code, text in (organisation.about or {}).items()}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["sectors"].queryset = Sector.objects.all()  # type: ignore[attr-defined]
        for code, name in settings.LANGUAGES:
            self.fields[f"about_{code}"] = CleanCharField(
                max_length=600, lines=True, required=False, label=_("Who it is") if len(settings.LANGUAGES) == 1 else f"{_('Who it is')} ({name})",
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
            )  # fmt: skip
        self.watched = tuple(f"about_{code}" for code, _name in settings.LANGUAGES)
        self.order_fields([*self.watched, "website", "sectors"])

    @property
    def about(self) -> dict[str, str]:
        """{language: text} of a checked form, without empty ones."""
        texts = {code: self.cleaned_data[f"about_{code}"] for code, _name in settings.LANGUAGES}
        return {code: text for code, text in texts.items() if text}
