"""What the author and visitors write on a report's page."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.geometry_fields import LonLatForm
from geoportal.kernel.text import CleanCharField
from reports.forms.watched import WatchedForm
from reports.models import Category, Reason, Report

LONGEST = 4000


def words(label: Any, *, required: bool = True, most: int = LONGEST, hint: Any = "") -> CleanCharField:
    return CleanCharField(
        max_length=most, lines=True, required=required, label=label, help_text=hint,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


class EditForm(WatchedForm):
    watched = ("title", "text")
    title = CleanCharField(max_length=150, label=_("In a few words"))
    text = words(_("In detail"), required=False)


class PhotoKept(WatchedForm):
    """A photo that came with words that are not right yet is kept, and named here the next time."""

    kept = forms.UUIDField(required=False, widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})


class AddForm(PhotoKept):
    text = words(_("What do you want to add?"), hint=_("Everyone will read it."))
    photo = forms.FileField(required=False, label=_("A photo"))


class ActForm(PhotoKept):
    """Words to an act of the author: an answer, a reason."""

    text = words(_("Your words"))
    photo = forms.FileField(required=False, label=_("A photo"))

    def __init__(self, *args: Any, fields: tuple[str, ...] = ("text",), required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = required
        if "photo" not in fields:
            del self.fields["photo"], self.fields["kept"]


class NameForm(forms.Form):
    """Under what name everyone reads the report."""

    public_name = forms.ChoiceField(
        choices=[("", _("A resident"))], required=False, label=_("Who is shown as the author?"), widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the three.")},
    )  # fmt: skip

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list(dict.fromkeys(word for word in (name, name.partition(" ")[0]) if word))
        self.fields["public_name"].choices = [("", _("A resident")), *((word, word) for word in names)]  # type: ignore[attr-defined]


class MoveForm(LonLatForm):
    """Another category or place, while nobody has acted on the report."""

    category = forms.ModelChoiceField(
        Category.objects.none(), to_field_name="slug", label=_("Category"), empty_label=None,
        error_messages={"invalid_choice": _("Choose a category from the list.")},
    )  # fmt: skip
    place = CleanCharField(max_length=200, required=False, label=_("The place in words"))

    def __init__(self, *args: Any, report: Report, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Category.objects.open_to(user).filter(kind=report.kind)
        self.fields["category"].queryset = rows  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    """A guest's address for support or following; nothing for those whom the browser knows."""

    email = forms.EmailField(
        max_length=254, label=_("E-mail"), help_text=_("We send one link to it. It is shown to nobody."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Write the e-mail as name@example.org.")},
    )  # fmt: skip
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["email"]


class FixedForm(WatchedForm, AddressForm):
    text = words(_("What do you see there now?"), most=1000)
    photo = forms.FileField(required=False, label=_("A photo of how it looks now"))
    client_uuid = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"invalid": _("Open the form anew.")}
    )
    field_order = ["text", "photo", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].wanted = True  # type: ignore[attr-defined]


class FlagForm(WatchedForm):
    reason = forms.ModelChoiceField(
        Reason.objects.none(), to_field_name="slug", label=_("What is wrong with it?"), empty_label=None,
        widget=forms.RadioSelect, error_messages={"invalid_choice": _("Choose a reason from the list.")},
    )  # fmt: skip
    text = words(_("In your words"), required=False, most=1000)
    comment = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    client_uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = Reason.objects.filter(serves__contains=["flag"])  # type: ignore[attr-defined]
