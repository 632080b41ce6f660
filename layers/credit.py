"""Whom names of places are owed to: OpenStreetMap's licence asks for a credit wherever names from its extract are shown."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.utils.functional import lazy
from django.utils.translation import gettext

from layers.ground import HOUR
from layers.models import OSM, Place
from municipality.site import installation

TEXT = "© OpenStreetMap contributors"
URL = "https://www.openstreetmap.org/copyright"


def credit() -> dict[str, str] | None:
    """{words: what is theirs, text, url} while the gazetteer holds names of OpenStreetMap, else None; looked up once per edition of the
    installation's data."""
    owed: bool = cache.get_or_set(
        f"osm-names-{installation().edition}", lambda: Place.objects.filter(source=OSM).exists(), HOUR
    )
    return {"words": gettext("Names of places:"), "text": TEXT, "url": URL} if owed else None


def _credited(title: Any) -> str:
    owed = credit()
    return f"{title} · {owed['text']}, {owed['url']}" if owed else str(title)


credited = lazy(_credited, str)
"""A title or a sentence with the credit behind it, where one is owed at the moment in which it is said."""
