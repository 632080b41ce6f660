"""The installation, kept in the process for a few seconds: every page asks for it."""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import Max

from municipality.models import Installation, Page, Sector

SECONDS = 5


def installation() -> Installation:
    """The one row; raises Installation.DoesNotExist before a municipality was loaded."""
    found: Installation = cache.get("installation") or Installation.objects.get()
    cache.add("installation", found, SECONDS)
    return found


def sectors() -> list[Sector]:
    """All sectors in their order."""
    found: list[Sector] = cache.get("sectors") or list(Sector.objects.all())
    cache.add("sectors", found, SECONDS)
    return found


def page_versions() -> dict[str, int]:
    """The newest version of each page, by slug."""
    found: dict[str, int] = cache.get("page-versions") or dict(
        Page.objects.order_by().values_list("slug").annotate(Max("version"))
    )
    cache.add("page-versions", found, SECONDS)
    return found


def forget() -> None:
    """After a load: the next reader asks the database."""
    cache.delete_many(["installation", "sectors", "page-versions"])
