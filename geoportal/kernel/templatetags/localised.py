"""`{{ sector.name|localised }}`: a municipal text in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from geoportal.kernel.multilingual import language_of, text_in
from geoportal.kernel.references import display

register = template.Library()


@register.filter
def localised(value: Mapping[str, str] | None) -> str | SafeString:
    """The text; marked up with its language where that is not the reader's."""
    code = language_of(value)
    text = text_in(value)
    return text if not text or code == get_language() else format_html('<span lang="{}">{}</span>', code, text)


@register.filter
def plain(value: Mapping[str, str] | None) -> str:
    """The text alone, for attributes and titles."""
    return text_in(value)


@register.filter
def lang(value: Any) -> str | SafeString:
    """The attribute that names the language of a municipal text, or of a row by what it is called; "" where that is the reader's."""
    code = language_of(value) if isinstance(value, Mapping) else _called_in(value)
    return "" if code in ("", get_language()) else format_html(' lang="{}"', code)


def _called_in(row: Any) -> str:
    """In which language a row says what it is called; "" where that is not known, for names of people too. Asks the database nothing."""
    texts = getattr(row, "title", None) or getattr(row, "name", None)
    if isinstance(texts, Mapping):
        return language_of(texts)
    fields = getattr(getattr(row, "_state", None), "fields_cache", {})
    owner = fields.get("subject", row)
    return str(getattr(owner, "language", "")) if getattr(owner, "title", None) else ""


@register.filter
def headline(row: Any) -> SafeString:
    """What happened, as a line of a timeline says it; titles in other languages within it are marked up with theirs."""
    words = row["headline"] if isinstance(row, Mapping) else row.headline
    codes = dict(getattr(row, "foreign", ()))
    if not codes:
        return conditional_escape(words)
    parts = re.split("(" + "|".join(map(re.escape, codes)) + ")", words)
    return format_html_join("", "{}", ((localised({codes[one]: one}) if one in codes else one,) for one in parts))


@register.filter
def reference(value: str) -> str:
    """123 456 7890, with no-break spaces."""
    return display(value).replace(" ", "\u00a0")
