"""What whoever makes an account confirms. A module of its own: the library reads it while its own forms are read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AgreeForm(forms.Form):
    field_order = ("email", "password1", "guardian")
    guardian = forms.BooleanField(
        label=_("I am 14 or older, or a parent or guardian agrees"),
        error_messages={"required": _("Under 14, make the account together with a parent or guardian, and tick this.")},
    )

    def signup(self, request: Any, user: Any) -> None:
        """The library asks for it; nothing of this is kept beside the account itself."""
