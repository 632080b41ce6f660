"""The installation's own pages, the choice of theme, and the small files that machines ask for."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import language_of, text_in
from municipality.models import Page
from municipality.prose import blocks
from municipality.site import installation

THEME_DAYS = 365
SECURITY_DAYS = 365
PAGES = ("about", "contact", "privacy", "terms", "accessibility", "open-data")
"""What everyone may read and the site map lists; „open-data“ is answered by `api.open_data`, which adds the files."""


def _edition() -> object:
    return installation().edition


@require_safe
@public(_edition, max_age=60)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One text of the installation in its newest version."""
    found = Page.objects.filter(slug=slug).order_by("-version").first()
    if found is None:
        raise Http404
    context = {
        "page": found,
        "lang": language_of(found.body),
        "blocks": blocks(text_in(found.body)),
        "contact": slug in ("about", "contact"),
    }
    return render(request, "municipality/page.html", context)


@require_safe
def display(request: HttpRequest) -> HttpResponse:
    """How the site looks; `?theme=` keeps the choice in a cookie and goes back to `next`."""
    back = request.GET.get("next", "/")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, None):
        back = "/"
    wanted = request.GET.get("theme", "")
    if wanted not in (*settings.THEMES, "system"):
        return render(request, "municipality/display.html", {"next": back})
    response = redirect(back)
    if wanted == "system":
        response.delete_cookie(settings.THEME_COOKIE_NAME, samesite="Lax")
    else:
        age = datetime.timedelta(days=THEME_DAYS)
        response.set_cookie(
            settings.THEME_COOKIE_NAME, wanted, max_age=age, samesite="Lax", secure=settings.SECURE, httponly=True
        )
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may not walk through, and where the addresses are listed."""
    closed = ("/desk/", "/accounts/", "/admin/", "/api/", "/map.json", "/demo/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += [f"Disallow: /{code}{path}" for code, _name in settings.LANGUAGES[1:] for path in ("/desk/", "/accounts/")]
    return _plain("\n".join([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]))


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell about a weakness."""
    address = installation().contact.get("email", "")
    if not address:
        raise Http404
    end = (timezone.now() + datetime.timedelta(days=SECURITY_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{address}",
        f"Expires: {end.isoformat().replace('+00:00', 'Z')}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return _plain("\n".join(lines))


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address before they have read a page."""
    response = redirect(static("img/favicon-32.png"))
    patch_cache_control(response, public=True, max_age=86_400)
    return response


def _plain(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=3600)
    return response
