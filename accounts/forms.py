"""Forms of accounts and of the people who work here."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import RequestReauthenticationCodeForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from geoportal.kernel.text import CleanCharField
from municipality.models import Organisation

ROLE_NAMES = {
    Role.OFFICIAL: _("official: answers for the department"),
    Role.DISPATCHER: _("dispatcher: routes everything that comes in"),
    Role.HEAD: _("head of department: assigns and answers"),
    Role.MODERATOR: _("moderator: reads before publishing"),
    Role.PLANNER: _("planner: sees everything on the planning map"),
    Role.COUNCIL_OFFICER: _("council officer: takes ideas to the council"),
    Role.ADMINISTRATOR: _("administrator: people and set-up data"),
}


class ProfileForm(forms.Form):
    name = CleanCharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Shown with a report only where you choose it.")
    )
    language = forms.ChoiceField(label=_("Language of mails"), choices=lambda: settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class ReauthenticationCodeForm(RequestReauthenticationCodeForm):
    """Where a code goes by which the page knows again who asks; the library has no words for the field."""

    recipient = forms.ChoiceField(label=_("Send the code to"), choices=[])


class AcceptForm(forms.Form):
    """Name and password of an invited person."""

    name = CleanCharField(label=_("Name"), max_length=120, help_text=_("Colleagues see it; residents see the department."))
    password = forms.CharField(
        label=_("Password"), max_length=200, strip=False,
        help_text=_("At least 10 characters; your present one if you have an account."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=list(ROLE_NAMES.items()), widget=forms.CheckboxSelectMultiple, required=False
    )


class InviteForm(RolesForm):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    organisation = forms.ModelChoiceField(label=_("Department"), queryset=Organisation.objects.none())
    language = forms.ChoiceField(label=_("Language of the letter"), choices=lambda: settings.LANGUAGES)
    field_order = ("email", "organisation", "roles", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.departments()  # type: ignore[attr-defined]

    def clean_roles(self) -> list[str]:
        if not self.cleaned_data["roles"]:
            raise ValidationError(_("Choose at least one role."))
        return self.cleaned_data["roles"]


class EraseForm(forms.Form):
    sure = forms.BooleanField(label=_("I understand that this cannot be undone"))


class LinkForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "email", "inputmode": "email"}
