"""The index of the sitemap and its sections, as absolute addresses of SITE_URL."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from reports.sitemaps import SITEMAPS

SECONDS = 3600


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """One line for each page of each section."""
    places = []
    for name, kind in SITEMAPS.items():
        for number in kind().paginator.page_range:
            places.append(f"{settings.SITE_URL}/sitemap-{name}.xml{f'?p={number}' if number > 1 else ''}")
    sitemaps = [{"location": place, "last_mod": None} for place in places]
    return _kept(render(request, "sitemap_index.xml", {"sitemaps": sitemaps}, content_type="application/xml"))


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponseBase:
    """The addresses of one section."""
    return _kept(sitemap(request, SITEMAPS, section).render())


def _kept(response: HttpResponseBase) -> HttpResponseBase:
    patch_cache_control(response, public=True, max_age=SECONDS)
    return response
