"""What every template may know of the installation."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from municipality.site import installation as current

THEMES = ("light", "dark", "contrast")


def installation(request: HttpRequest) -> dict[str, object]:
    theme = request.COOKIES.get("theme", "")
    return {
        "installation": SimpleLazyObject(current),
        "languages": settings.LANGUAGES,
        "theme": theme if theme in THEMES else "",
        "demo": settings.DEMO,
        "site_url": settings.SITE_URL,
    }
