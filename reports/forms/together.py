"""What co-authors and organisations behind an idea write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.text import CleanCharField
from municipality.models import Organisation
from reports.forms.watched import WatchedForm


class InviteForm(forms.Form):
    email = forms.EmailField(
        max_length=254, label=_("E-mail of who writes along"), help_text=_("We send one invitation to it. It is shown to nobody."),
        error_messages={"invalid": _("Write the e-mail as name@example.org.")},
    )  # fmt: skip


class JoinForm(WatchedForm):
    watched = ("public_name",)
    public_name = CleanCharField(
        max_length=80, required=False, label=_("Show me as"), help_text=_("Everyone will read it. Empty: you are not named.")
    )


class EndorseForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), to_field_name="slug", label=_("Organisation"), empty_label=None, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose an organisation of which you are a member.")},
    )  # fmt: skip

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[row.pk for row in organisations])  # type: ignore[attr-defined]
        field.initial = organisations[0].slug if organisations else None
