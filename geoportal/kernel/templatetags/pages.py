"""Where a page stands: its address in another language, the menu entry it belongs to."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import translate_url

register = template.Library()


@register.simple_tag(takes_context=True)
def in_language(context: Context, code: str, *, absolute: bool = False) -> str:
    """The address of this page in language `code`, without its query; with host where `absolute`."""
    request: HttpRequest | None = context.get("request")
    address = translate_url(request.path, code) if request else "/"
    return f"{settings.SITE_URL}{address}" if absolute else address


@register.simple_tag(takes_context=True)
def here(context: Context, *prefixes: str) -> bool:
    """Whether this page's address, without its language, starts with one of `prefixes`; `/` matches only itself."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return False
    path = request.path
    for code, _name in settings.LANGUAGES[1:]:
        if path.startswith(f"/{code}/"):
            path = path[len(code) + 1 :]
    return any(path == prefix if prefix == "/" else path.startswith(prefix) for prefix in prefixes)
