"""Forms of the desk beside the workflow's own: notes, place and category, kind, restriction, moderation, intake."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.text import CleanCharField
from reports.forms.author import MoveForm, words
from reports.forms.submit import PlaceForm, SendForm, WhatForm
from reports.models import Category, Channel, Reason, Report

CHANNELS = [
    (Channel.PHONE.value, _("by telephone")),
    (Channel.DESK.value, _("at the desk")),
    (Channel.PAPER.value, _("on paper")),
]


class VersionForm(forms.Form):
    """`version`: what the official saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class NoteForm(forms.Form):
    text = words(_("Note"), hint=_("Only the administration reads it."))


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


class IntakeForm(PlaceForm, WhatForm, SendForm):
    """A report that came by telephone, at the desk or on paper, entered on somebody's behalf, on one page."""

    channel = forms.ChoiceField(
        choices=CHANNELS, label=_("It came"), widget=forms.RadioSelect, initial="phone",
        error_messages={"invalid_choice": _("Choose one of the three."), "required": _("Choose one of the three.")},
    )  # fmt: skip
    terms = None  # type: ignore[assignment]
    website = None  # type: ignore[assignment]
    field_order = ["channel", "kind", "category", "title", "text", "settlement", "place"]

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Category.objects.open_to(user).select_related("sector").order_by("-kind", "sector__order", "order")
        self.fields["category"].queryset = rows  # type: ignore[attr-defined]
