"""Fields of the dialog in which parts of a photo are covered before it is sent."""

from __future__ import annotations

from typing import Any

from django import template

from reports.forms.cover import CoverForm

register = template.Library()


@register.simple_tag
def cover_rows() -> list[list[Any]]:
    """Rows of empty fields for components/_cover_boxes.html."""
    return CoverForm(prefix="dialog").rows
