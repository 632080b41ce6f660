"""The installation, kept in the process for a few seconds: every page asks for it."""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import Max

from municipality.models import Area, Installation, Page, Sector

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


def support_needed(area_id: int) -> int:
    """How many supports bring an idea for this area before the administration: the one answer for pages, mails and programs.

    The area's own number; else so many for each 1,000 of its people, from `support_least` to `support_threshold`; an area of
    unknown population takes the number of the one above it. Where the installation names no rule it is `support_threshold`.
    """
    return _support_by_area().get(area_id) or installation().support_threshold


def _support_by_area() -> dict[int, int]:
    """{area: supports needed} of the areas that differ from the installation's number."""
    known: dict[int, int] | None = cache.get("support-by-area")
    if known is not None:
        return known
    here, found = installation(), {}
    rows = Area.objects.order_by("path").values_list("pk", "parent_id", "population", "support_threshold")
    for pk, parent, people, own in rows:  # whoever stands above comes first
        by_people = support_for(here, people) if here.support_per_thousand is not None and people is not None else None
        if needed := own or by_people or found.get(parent or 0):
            found[pk] = needed
    cache.add("support-by-area", found, SECONDS)
    return found


def support_for(here: Installation, people: int) -> int:
    """By the installation's rule, for so many people: rounded up, from the least to the most."""
    share = -(-people * (here.support_per_thousand or 0) // 1000)
    return max(1, min(here.support_threshold, max(here.support_least, share)))


def forget() -> None:
    """After a load: the next reader asks the database."""
    cache.delete_many(["installation", "sectors", "page-versions", "support-by-area"])
