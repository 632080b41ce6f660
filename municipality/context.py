"""What every template may know of the installation."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from geoportal.kernel.conditional import theme_of
from municipality.site import installation as current


def installation(request: HttpRequest) -> dict[str, object]:
    return {
        "installation": SimpleLazyObject(current),
        "languages": settings.LANGUAGES,
        "theme": theme_of(request),
        "demo": settings.DEMO,
        "site_url": settings.SITE_URL,
    }
