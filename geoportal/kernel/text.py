"""Text from outside: one form of Unicode, nothing invisible that deceives, and cells a spreadsheet cannot run."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

# Everything but tab and line breaks that draws nothing and steers a terminal or a parser; lone surrogates too.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Marks that turn the reading direction over; letters of right-to-left scripts need none of them.
_DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029]")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def clean(text: str, *, lines: bool = False) -> str:
    """`text` in NFC without invisible and direction marks, trimmed; on one line unless `lines`.

    Raises ValidationError (code "control") for NUL and other control characters: they are never typed by hand.
    """
    text = _BREAKS.sub("\n", text)
    if _CONTROL.search(text):
        raise ValidationError(_("The text holds characters that cannot be shown. Remove them and send again."), code="control")
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _DIRECTION.sub("", text)))
    if lines:
        return "\n".join(line.rstrip() for line in text.split("\n")).strip()
    return _BLANKS.sub(" ", text.replace("\n", " ")).strip()


def cell(value: object) -> str:
    """A CSV cell that no spreadsheet takes for a formula: an apostrophe stands before = + - @ and control blanks."""
    text = "" if value is None else str(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return text
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def uncelled(text: str) -> str:
    """A cell as it was before `cell` made it safe: what a spreadsheet brings back."""
    return text[1:] if text.startswith("'") and cell(text[1:]) == text else text


class CleanCharField(forms.CharField):
    """A form's text field whose value went through `clean`; `lines=True` for several lines."""

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        if lines:
            kwargs.setdefault("widget", forms.Textarea)
        super().__init__(**kwargs)
        # Django's own check would call NUL "null characters"; `clean` says it in the reader's words, and sooner.
        if self.max_length is not None:
            for validator in self.validators:
                if getattr(validator, "code", "") == "max_length":
                    validator.message = _(  # type: ignore[attr-defined]
                        "The text has %(show_value)d characters. At most %(limit_value)d fit: shorten it."
                    )

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return clean(text, lines=self.lines) if text else text


class CleanSerializerField(serializers.CharField):
    """The same for an API: one line unless `lines=True`."""

    default_error_messages = {
        "max_length": _("At most {max_length} characters fit: shorten the text."),
    }

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Numbers are no text, though the parent would spell them."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str):
            try:
                data = clean(data, lines=self.lines)
            except ValidationError as refused:
                raise serializers.ValidationError(refused.messages, code="control") from refused
        return super().run_validation(data)
