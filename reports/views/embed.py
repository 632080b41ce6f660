"""`/embed/…`: map and list inside other sites, under the same filters; `/embed/`: the code to copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from geoportal.kernel.conditional import public
from geoportal.kernel.middleware import reads_address
from layers.ground import base_maps
from reports import mapping
from reports.cards import card, card_rows
from reports.filter_words import in_force
from reports.filters import Filters
from reports.freshness import data_version
from reports.models import Report
from reports.querysets import today
from reports.views.map import map_setup, panel

ROWS = 20
HEIGHTS = {"map": 520, "list": 640}


def framed(view: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    """May stand in a frame of the sites that the settings name; the same for everyone, whoever has signed in here."""

    def of_nobody(request: HttpRequest) -> HttpResponseBase:
        request.user = AnonymousUser()
        return view(request)

    return reads_address(xframe_options_exempt(csp_replace({"frame-ancestors": settings.EMBED_HOSTS})(of_nobody)))


def _map(request: HttpRequest) -> HttpResponseBase:
    filters, bad = Filters.readable(request.GET, request.user)
    if bad or filters.private:
        return _refused(request, [one.reason for one in bad])
    scope = mapping.Scope.public(request.user)
    context = {**panel(mapping.View.of(filters, scope)), "setup": map_setup(), "base_maps": base_maps(), "filters": filters}
    return render(request, "embed/map.html", context | {"whole_url": _page("map", filters)})


def _list(request: HttpRequest) -> HttpResponseBase:
    filters, bad = Filters.readable(request.GET, request.user, limit=ROWS)
    if bad or filters.private:
        return _refused(request, [one.reason for one in bad])
    rows, _cursor = filters.page(card_rows(filters.apply(Report.objects.public(), request.user)))
    now = today()
    context = {
        "cards": [card(row, now) for row in rows], "words": [words for _name, words in in_force(filters)],
        "whole_url": _page("report_list", filters), "filters": filters,
    }  # fmt: skip
    return render(request, "embed/list.html", context)


def _page(name: str, filters: Filters) -> str:
    query = filters.as_query()
    return f"{settings.SITE_URL}{reverse(name)}{f'?{query}' if query else ''}"


def _refused(request: HttpRequest, reasons: list[str]) -> HttpResponse:
    context = {"reasons": reasons or [_("An embedded page knows no “me”.")]}
    return render(request, "embed/refused.html", context, status=400)


embedded_map = require_safe(framed(public(data_version, everyone=True)(_map)))
embedded_list = require_safe(framed(public(data_version, everyone=True)(_list)))


@reads_address
@require_safe
@public(data_version)
def about(request: HttpRequest) -> HttpResponse:
    """The code for other sites, with the filters of the address."""
    filters, bad = Filters.readable(request.GET, request.user)
    query = filters.without("cursor").as_query(supported="", assigned="")
    codes = []
    for kind, title in (("map", _("Map of reports and ideas")), ("list", _("List of reports and ideas"))):
        address = f"{settings.SITE_URL}{reverse(f'embed_{kind}')}{f'?{query}' if query else ''}"
        code = f'<iframe src="{address}" title="{title}" width="100%" height="{HEIGHTS[kind]}" loading="lazy"></iframe>'
        codes.append(
            {"kind": kind, "title": title, "address": address, "code": code.replace("&", "&amp;"), "height": HEIGHTS[kind]}
        )
    feed = settings.SITE_URL + filters.feed_url()
    context = {
        "codes": codes, "feed": feed, "words": [words for _name, words in in_force(filters)], "reasons": [one.reason for one in bad],
    }  # fmt: skip
    return render(request, "embed/about.html", context, status=400 if bad else 200)
