"""What the site says of ideas where the installation has no words of its own."""

from __future__ import annotations

from django.utils.translation import gettext as _


def support_note() -> str:
    """What a support is not; `Installation.support_note` stands in its place."""
    return _(
        "A support here shows how many people want it. It is no signature under a petition or a citizens' initiative: "
        "those follow the law and are collected on lists of their own."
    )
