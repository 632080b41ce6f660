"""Photos beside words that are being written, on a page without scripts: sent with the form, kept while something else is wrong."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from discussion.models import SubjectPhoto
from discussion.pictures import MOST
from geoportal.kernel.text import CleanCharField
from reports.forms.submit import SeveralFiles

DESCRIBED = 300


class Draft(forms.UUIDField):
    widget = forms.HiddenInput
    default_error_messages = {"invalid": _("Open the form anew.")}


def photo_field() -> forms.FileField:
    return forms.FileField(
        required=False, label=_("Photos"), help_text=_("Up to 3, JPEG, PNG, WebP or HEIC, 12 MB each. Place and device are removed."),
        widget=SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic", "multiple": True}),
    )  # fmt: skip


class ShotsForm(forms.Form):
    """Adds photos, what they show, and the draft that holds those which came already. The view keeps them: `views.shots.kept`."""

    photo = photo_field()
    photo_words = CleanCharField(
        max_length=DESCRIBED, required=False, label=_("What does the photo show?"),
        help_text=_("For people who do not see it."),
    )  # fmt: skip
    shots = Draft(required=False, initial=uuid.uuid4)

    @property
    def draft(self) -> uuid.UUID | None:
        """The draft under which the photos of this form are kept."""
        try:
            return uuid.UUID(str(self["shots"].value() or ""))
        except ValueError:
            return None

    @property
    def kept_shots(self) -> list[SubjectPhoto]:
        """Photos that came with an earlier sending."""
        draft = self.draft if self.is_bound else None
        return list(SubjectPhoto.objects.waiting().filter(draft=draft).order_by("created_at")) if draft else []

    @property
    def shown_shots(self) -> list[dict[str, Any]]:
        return [{"client_uuid": photo.client_uuid, "small": photo.url("small")} for photo in self.kept_shots]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if len(self.kept_shots) > MOST:
            self.add_error("photo", gettext("At most %(most)s photos.") % {"most": MOST})
        return cleaned

    def taken(self) -> dict[str, Any]:
        """What the verb of the words takes with them."""
        return {"photos": self.cleaned_data.get("shots"), "photo_words": self.cleaned_data.get("photo_words", "")}
