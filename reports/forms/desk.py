"""Forms of the desk beside the workflow's own: notes, place and category, kind, restriction, moderation, intake."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.text import CleanCharField
from reports.forms.author import MoveForm, words
from reports.forms.submit import NAMES, PHONE, SendForm
from reports.forms.transition import version_field
from reports.models import Category, Channel, Reason, Report

CHANNELS = [
    (Channel.PHONE.value, _("By telephone")),
    (Channel.DESK.value, _("At the counter")),
    (Channel.PAPER.value, _("On paper")),
]


class VersionForm(forms.Form):
    """`version`: what the official saw."""

    version = version_field()


class NoteForm(forms.Form):
    text = words(_("Note"), hint=_("Only the administration reads it."))


class SettleForm(VersionForm):
    """The official's words to „looks fixed“."""

    text = words(_("Your words"))
    field_order = ["text"]


class DeskMoveForm(MoveForm, VersionForm):
    """Another category or place by an official."""


class TurnForm(VersionForm):
    category = forms.ModelChoiceField(
        Category.objects.none(), to_field_name="slug", label=_("Category"), empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose a category from the list.")},
    )  # fmt: skip
    text = words(_("Why"))

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other = "idea" if report.kind == "problem" else "problem"
        self.fields["category"].queryset = Category.objects.filter(kind=other)  # type: ignore[attr-defined]


class RestrictForm(VersionForm):
    text = words(_("Why"))


class ModerateForm(VersionForm):
    """A moderator's verb with its reason."""

    reason = forms.ModelChoiceField(
        Reason.objects.none(), to_field_name="slug", required=False, label=_("Reason"), empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose a reason from the list.")},
    )  # fmt: skip
    text = words(_("Words to the author"), required=False)

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if verb == "show":
            del self.fields["reason"]
            self.fields["text"].required = True
            return
        if verb == "remove":
            self.fields["text"].help_text = gettext("Everyone can read them at the address of the report.")
        self.fields["reason"].queryset = Reason.objects.filter(serves__contains=[verb])  # type: ignore[attr-defined]
        self.fields["reason"].required = True


class RedactForm(ModerateForm):
    title = CleanCharField(max_length=150, label=_("Title"))
    words = words(_("Words"), required=False, hint=_("Replace what must go by […]."))
    hide_photos = forms.MultipleChoiceField(
        required=False, label=_("Photos to hide"), widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose photos from the list.")},
    )  # fmt: skip
    field_order = ["title", "words", "hide_photos", "reason", "text"]

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, verb="redact", **kwargs)
        photos = report.photos.filter(hidden=False)
        label = gettext("photo")
        self.fields["hide_photos"].choices = [(str(photo.pk), f"{label} {n}") for n, photo in enumerate(photos, 1)]  # type: ignore[attr-defined]


class IntakeForm(forms.Form):
    """Who says it and how it came: by telephone, at the counter, on paper."""

    channel = forms.ChoiceField(
        choices=CHANNELS,
        label=_("How did it come?"), widget=forms.RadioSelect, initial=Channel.PHONE.value,
        error_messages={"invalid_choice": _("Choose one of the three.")},
    )  # fmt: skip
    name = CleanCharField(max_length=120, required=False, label=_("Names"))
    phone = CleanCharField(max_length=40, required=False, validators=[PHONE], label=_("Telephone"))
    email = forms.EmailField(
        required=False, max_length=254, label=_("E-mail"), help_text=_("For the receipt and the answer."),
        error_messages={"invalid": _("Write the e-mail as name@example.org.")},
    )  # fmt: skip
    address = CleanCharField(max_length=250, required=False, label=_("Address"))
    official = forms.BooleanField(
        required=False, label=_("File it officially"), help_text=_("It gets a register number; names and address are needed.")
    )
    happened_on = SendForm.base_fields["happened_on"]
    public_name = forms.ChoiceField(
        choices=NAMES, required=False, label=_("Who is shown as the author?"), widget=forms.RadioSelect, initial="none",
        error_messages={"invalid_choice": _("Choose one of the three.")},
    )  # fmt: skip
    restricted = forms.BooleanField(required=False, label=_("Do not publish it"))
    client_uuid = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={"invalid": _("Open the form anew."), "required": _("Open the form anew.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        happens = self.data.get("kind") != "idea"
        if happens and cleaned.get("official") and not cleaned.get("happened_on") and "happened_on" not in self.errors:
            self.add_error("happened_on", gettext("Official filing asks when it happened."))
        return cleaned
