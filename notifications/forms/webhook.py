"""A webhook as a form: where to, of what, for whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geoportal.kernel import outside
from geoportal.kernel.text import CleanCharField
from municipality.models import Organisation
from notifications.webhooks import filtering
from notifications.webhooks.events import CASE, COMMENT, MOVED, NAMES, PUBLISHED
from notifications.webhooks.owners import Owners
from notifications.webhooks.rows import Webhook
from reports.parameters import BadParameter

NO_BLANKS = RegexValidator(r"\A\S*\Z", _("Copy it from the address of a list or of the map: it has no blanks."))
LONGEST_ADDRESS = LONGEST_FILTER = 500


class WebhookForm(forms.Form):
    """`owners`: for whom a new one may be made; a webhook that is there keeps its owner. `cases`: whether those may be chosen.

    `trusting`: hosts of the operator's own (`host:port`) that may be named.
    """

    name = CleanCharField(
        max_length=120, label=_("Name"), help_text=_("So that you find it again. For example: Our own map of potholes.")
    )
    address = forms.URLField(
        max_length=LONGEST_ADDRESS, assume_scheme="https", label=_("Address of the receiver"),
        help_text=_("Begins with https:// and is reached from the internet. Messages come to it as POST."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        choices=list(NAMES.items()), widget=forms.CheckboxSelectMultiple, initial=[PUBLISHED, MOVED, COMMENT],
        label=_("What it is told"),
    )  # fmt: skip
    filter = CleanCharField(
        max_length=LONGEST_FILTER, required=False, validators=[NO_BLANKS], label=_("Only what a filter lets through"),
        help_text=_(
            "Choose filters on the list or the map and copy the address here. Kind, sector, category, state, settlement, part of the "
            "map and words count. Empty: everything."
        ),
    )  # fmt: skip
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, empty_label=_("in my own name"), to_field_name="slug", label=_("For whom"),
        help_text=_("The organisation's managers see and change it; when it fails, its mailbox is written to."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, owners: Owners | None = None, cases: bool = False, trusting: Collection[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.trusting = trusting
        if not cases:
            self.fields["events"].choices = [(name, words) for name, words in NAMES.items() if name != CASE]  # type: ignore[attr-defined]
        if owners is None:
            del self.fields["organisation"]
            return
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[each.pk for each in owners.organisations])
        if not owners.in_person:
            field.required, field.empty_label = True, None if len(owners.organisations) == 1 else "---------"

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address == self.initial.get("address"):  # it is there already; whoever only renames need not be able to give it
            return address
        try:
            outside.check(address, trusting=self.trusting)
        except outside.NotAllowed as refused:
            message = gettext("Write an address with https:// and a name, without a port, a number or a password in it.")
            raise ValidationError(message, code="address") from refused
        return address

    def clean_filter(self) -> str:
        try:
            self.parsed = filtering.columns(filtering.query_of(self.cleaned_data["filter"]))
        except BadParameter as bad:
            raise ValidationError(bad.sentence, code="filter") from bad
        return self.cleaned_data["filter"]

    def what(self) -> dict[str, Any]:
        """What the verb takes."""
        return {name: self.cleaned_data[name] for name in ("name", "address", "events")} | self.parsed


def of_webhook(webhook: Webhook) -> dict[str, Any]:
    """What the form of this webhook begins with."""
    return {"name": webhook.name, "address": webhook.address, "events": webhook.events, "filter": webhook.filter}
