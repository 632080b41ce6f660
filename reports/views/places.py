"""The gazetteer at `/places/?q=` and in the place step, and what is known at a place."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from geoportal.kernel import throttle
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import point
from geoportal.kernel.middleware import answers_data
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.problems import Problem
from layers.credit import credit
from layers.folding import LONGEST
from layers.gazetteer import chosen, search, streets_of
from layers.models import Feature
from municipality.models import Area
from municipality.site import installation
from reports import at_objects
from reports.nearby import around
from reports.views import drafts
from reports.views.beside_draft import things


@answers_data
@require_safe
def places(request: HttpRequest) -> HttpResponseBase:
    """{places: [layers.gazetteer.Hit.as_json, and `whole`: whether it is all that was asked], credit: layers.credit.credit where there
    are any}, likeliest first, at most eight; the same for everyone, for five minutes."""
    if not request.GET.get("q", "").strip():
        raise Problem(_("q: write the name of a street, a settlement or a place."), status=400, code="parameter")
    if len(request.GET["q"]) > LONGEST:
        raise Problem(_("q: at most %(most)d characters.") % {"most": LONGEST}, status=400, code="parameter")
    throttle.limit(request, "search")
    return _answer(request)


@public(lambda: installation().edition, max_age=300)
def _answer(request: HttpRequest) -> HttpResponseBase:
    typed = request.GET["q"]
    hits = search(typed)
    return JsonResponse(
        {"places": [hit.as_json() | {"whole": hit.whole(typed)} for hit in hits], "credit": credit() if hits else None}
    )


@answers_data
@require_safe
def streets(request: HttpRequest) -> HttpResponseBase:
    """{streets: [{slug, name}]} of the `settlement` (its slug) in the order of their names; the same for everyone, for five minutes."""
    home = Area.objects.settlement(request.GET.get("settlement", ""))
    if home is None:
        raise Problem(_("settlement: choose a settlement from the list."), status=400, code="parameter")
    throttle.limit(request, "search")
    return _streets(request, home)


@public(lambda: installation().edition, max_age=300)
def _streets(request: HttpRequest, home: Area) -> HttpResponseBase:
    return JsonResponse({"streets": [{"slug": street.slug, "name": text_in(street.name)} for street in streets_of(home)]})


def lookup(typed: str, key: str | None) -> dict[str, Any]:
    """Context of templates/reports/_find_place.html: what was looked up, the hits, and the key of the one that is chosen."""
    typed = typed.replace("\0", "").strip()[:LONGEST]
    hits = search(typed) if typed else []
    before = chosen(key) if key else None
    if before and before.key not in [hit.key for hit in hits]:
        hits = [before, *hits]
    return {"find": typed, "hits": hits, "hit": before.key if before else ""}


@require_http_methods(["GET", "HEAD"])
def near(request: HttpRequest) -> HttpResponse:
    """The fragment with similar reports and planned projects at `lon`, `lat`; empty without a place.

    Inside the form of a `draft` a report is supported by a button of that form; `settled`: something was said about them already.
    """
    lon, lat = request.GET.get("lon", ""), request.GET.get("lat", "")
    if not lon and not lat:
        return HttpResponse("")
    try:
        here = point(lon, lat)
    except ValidationError as bad:
        raise Problem(f"lon, lat: {bad.messages[0]}", status=400, code="parameter") from bad
    thing = at_objects.chosen(request.GET.get("object", ""))
    found = around(here, words=request.GET.get("title", "")[:150], feature=thing.pk if thing else None)
    street = Feature.objects.street(here)
    context = {
        "around": found, "draft": drafts.named(request), "settled": bool(request.GET.get("settled")),
        "street": text_in(street.name) if street else "",
    }  # fmt: skip
    return render(request, "reports/_around.html", context)


@require_http_methods(["GET", "HEAD"])
def objects(request: HttpRequest) -> HttpResponse:
    """The fragment with the things at `lon`, `lat` that can be picked, nearest first; `object`: the one that was picked."""
    try:
        here = point(request.GET.get("lon", ""), request.GET.get("lat", ""))
    except ValidationError as bad:
        raise Problem(f"lon, lat: {bad.messages[0]}", status=400, code="parameter") from bad
    return render(request, "reports/_objects.html", things(here, request.GET.get("object", "")))
