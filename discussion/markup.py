"""The little of Markdown that a comment may use: emphasis, lists, links, quotes. All else stands as it was typed."""

from __future__ import annotations

from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe


def rendered(text: str) -> SafeString:
    """HTML of a comment's words, safe to show."""
    return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308
