"""The page of open data, its files, and their catalogue."""

from __future__ import annotations

import orjson
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import etag, require_safe

from api.open_data import catalogue, datasets, shelf
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import language_of, text_in
from municipality.models import Page
from municipality.prose import blocks
from municipality.site import installation

SECONDS = 300


def _state() -> object:
    written = shelf.newest()
    return installation().edition, written and written.made_at


@require_safe
@public(_state, max_age=60)
def page(request: HttpRequest) -> HttpResponse:
    """The installation's text on open data; below it what there is, how large, when made, and what each field means."""
    found = Page.objects.filter(slug="open-data").order_by("-version").first()
    if found is None:
        raise Http404
    written = shelf.newest()
    listed = [(each, written.of(each.id)) for each in datasets.every() if written.of(each.id)] if written else []
    context = {
        "page": found, "lang": language_of(found.body), "blocks": blocks(text_in(found.body)), "written": written,
        "datasets": listed, "whole": written.of("") if written else [],
    }  # fmt: skip
    return render(request, "api/open_data.html", context)


@require_safe
@public(_state, max_age=SECONDS, everyone=True)
def catalog(request: HttpRequest) -> HttpResponse:
    """DCAT-AP of all that has files."""
    return HttpResponse(orjson.dumps(catalogue.document(shelf.newest())), content_type="application/ld+json")


def _tag(_request: HttpRequest, name: str) -> str | None:
    written = shelf.newest()
    found = written.path(name) if written else None
    return f'"{found[1].sha256}"' if found else None


@require_safe
@etag(_tag)
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file of the newest set; 404 for a layer that is not public any more."""
    written = shelf.newest()
    found = written.path(name) if written else None
    if written is None or found is None:
        raise Http404
    # What holds all of them holds no layer that was public when it was written and is so no more.
    if not ({found[1].dataset} if found[1].dataset else set(written.layers)) <= datasets.ids():
        raise Http404
    path, facts = found
    try:
        answer = FileResponse(
            path.open("rb"), filename=facts.name, as_attachment=True, content_type=catalogue.FORMATS[facts.format][0]
        )
    except FileNotFoundError as gone:  # a newer set took its place this moment
        raise Http404 from gone
    patch_cache_control(answer, public=True, max_age=SECONDS)
    return answer
