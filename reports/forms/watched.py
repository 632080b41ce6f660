"""Words that everyone will read: what is private in them is said before they are sent, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.text import clean
from reports.noticing import Notice, private_notice


class Several(forms.Field):
    """Every value that came under the field's name, as a list of short texts; refuses what is never typed by hand."""

    widget = forms.MultipleHiddenInput
    most = 20

    def to_python(self, value: Any) -> list[str]:
        return [clean(str(one)[:120]) for one in (value or [])[: self.most] if one]


class WatchedForm(forms.Form):
    """Refuses private data in the fields named by `watched` until its seal comes along, ticked by who wrote it."""

    watched: tuple[str, ...] = ("text",)
    noticed = Several(required=False, label=_("Seen"))
    """Seals of the notices that were read and left as they are (`reports.noticing`)."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        notice = self.notice
        if notice and notice.seal not in cleaned.get("noticed", []):
            self.add_error("noticed", gettext("Look at what stands below, then go on."))
        return cleaned

    @property
    def notice(self) -> Notice | None:
        """What is to be said about the words as they are typed now."""
        return private_notice(*(self.data.get(name, "") for name in self.watched)) if self.is_bound else None

    @property
    def seen(self) -> bool:
        """Whether the notice was read and left."""
        notice = self.notice
        return bool(notice and notice.seal in (self["noticed"].value() or []))
