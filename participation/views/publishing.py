"""A moderator's last page before something is public: its words, and a button that publishes these words and no others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from participation.forms.publishing import CHANGED
from participation.unread import Words


def reading(request: HttpRequest, form: forms.Form, words: list[Words], version: Any) -> dict[str, Any]:
    """Context of participation/form.html: `words` as they are now. The button gets their `version`; that they have changed
    since the page or the queue showed them is said above."""
    if form.is_bound:
        form.data = {**form.data.dict(), "version": version}  # type: ignore[attr-defined]
    else:
        form.initial["version"] = version
    read = request.GET.get("version", "")
    changed = request.method != "POST" and read not in ("", str(version))
    return {"words": words, "changed": changed, "say": CHANGED if changed else _("Everyone sees it then.")}
