"""The installation, kept in the process for a few seconds: every page asks for it."""

from __future__ import annotations

from django.core.cache import cache

from municipality.models import Installation, Sector

SECONDS = 5


def installation() -> Installation:
    """The one row; raises Installation.DoesNotExist before a municipality was loaded."""
    return cache.get_or_set("installation", lambda: Installation.objects.get(), SECONDS)


def sectors() -> list[Sector]:
    """All sectors in their order."""
    return cache.get_or_set("sectors", lambda: list(Sector.objects.all()), SECONDS)


def forget() -> None:
    """After a load: the next reader asks the database."""
    cache.delete_many(["installation", "sectors"])
