"""How every address under `/ogc/` answers: JSON for programs, a page for people, errors as problems; readable from other sites."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from api.ogc.asked import known_formats
from api.v1.answers import absolute
from geoportal.kernel.conditional import public
from geoportal.kernel.problems import Problem, problem
from reports.freshness import data_version

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
SCHEMA, OPENAPI = "application/schema+json", "application/vnd.oai.openapi+json;version=3.0"
METHODS = "GET, HEAD, OPTIONS"
ROOT = "/ogc/"
Cell = tuple[str, str]
"""Words and an address, "" where they lead nowhere."""


@dataclass(frozen=True)
class Table:
    heading: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Page:
    """What a resource shows to people."""

    title: str
    lead: str = ""
    crumbs: Sequence[Cell] = ()
    tables: Sequence[Table] = ()
    links: Sequence[Cell] = ()
    following: str = ""


@dataclass(frozen=True)
class Answer:
    """A resource: `body` as JSON of the media type `kind`, and the same as a page, made where one is asked for."""

    body: Any
    page: Callable[[], Page]
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


Resource = Callable[..., Answer]


def resource(kind: str = JSON) -> Callable[[Resource], Callable[..., HttpResponseBase]]:
    """Decorates what makes the Answer of an address; `kind`: its media type for programs."""

    def decorate(make: Resource) -> Callable[..., HttpResponseBase]:
        # Each format under a validator of its own: one address answers in both.
        @public(lambda: f"json {data_version()}", everyone=True)
        def as_json(request: HttpRequest, **names: str) -> HttpResponseBase:
            made = make(request, **names)
            body = orjson.dumps(made.body, option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS)
            return HttpResponse(body, content_type=made.kind, headers=made.headers)

        @public(lambda: f"html {data_version()}")
        def as_html(request: HttpRequest, **names: str) -> HttpResponseBase:
            made = make(request, **names)
            facts = {"page": _under_its_language(made.page()), "json_url": address(request, f="json")}
            return render(request, "api/ogc.html", facts)

        @functools.wraps(make)
        def view(request: HttpRequest, **names: str) -> HttpResponseBase:
            return _dressed(_answered(request, kind, as_json, as_html, names))

        return csrf_exempt(view)  # nothing is written here: who tries hears so, not of cookies

    return decorate


def _answered(request: HttpRequest, kind: str, as_json: Any, as_html: Any, names: dict[str, str]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": METHODS, "Cache-Control": "public, max-age=3600"})
    try:
        if request.method not in ("GET", "HEAD"):
            raise Problem(status=405, code="method", headers={"Allow": METHODS})
        if _wants_page(request, kind):
            return _in_the_sites_language(request, as_html)(request, **names)
        return as_json(request, **names)
    except Http404:
        failed = Problem(_("There is no such collection or feature here."), status=404, code="not_found")
    except Problem as found:
        failed = found
    # `description` beside `detail`: what Part 1 calls it in its own example of an error.
    members = {**failed.members, **({"description": failed.detail} if failed.detail else {})}
    return problem(failed.status, failed.detail, headers=failed.headers, code=failed.code, **members)


def _wants_page(request: HttpRequest, kind: str) -> bool:
    """`f` decides, then Accept; who names neither JSON nor HTML gets JSON."""
    if len(request.GET.getlist("f")) == 1 and (chosen := known_formats(request.GET)):
        return chosen == "html"
    return request.get_preferred_type([kind, JSON, GEOJSON, HTML]) == HTML


def _in_the_sites_language(request: HttpRequest, page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page is in the language of its address, like every page of the site; only programs choose by Accept-Language."""
    request.LANGUAGE_CODE = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    translation.activate(request.LANGUAGE_CODE)
    return page


def _under_its_language(page: Page) -> Page:
    """The page with its links to pages of this interface in the language in force."""
    machine, here = at(""), absolute(reverse("ogc"))

    def led(cells: Sequence[Cell]) -> list[Cell]:
        return [(words, here + url.removeprefix(machine) if url.startswith(machine) else url) for words, url in cells]

    tables = [replace(table, rows=[led(row) for row in table.rows]) for table in page.tables]
    ((_words, following),) = led([("", page.following)])
    return replace(page, crumbs=led(page.crumbs), links=led(page.links), tables=tables, following=following)


def _dressed(response: HttpResponseBase) -> HttpResponseBase:
    """Everything here is public and the same for everyone: scripts of other sites may read it, without anybody's cookies."""
    patch_vary_headers(response, ["Accept"])
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
    response["Access-Control-Expose-Headers"] = "Content-Crs, ETag"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def address(request: HttpRequest, **changes: str) -> str:
    """The address that was asked for with some parameters changed ("" takes one away)."""
    given = {**request.GET.dict(), **changes}
    query = urlencode({name: value for name, value in given.items() if value != ""})
    return absolute(request.path) + (f"?{query}" if query else "")


def at(path: str) -> str:
    """An address below the landing page."""
    return absolute(f"{ROOT}{path}")


def link(rel: str, href: str, kind: str, title: str = "") -> dict[str, str]:
    return {"rel": rel, "href": href, "type": kind, **({"title": title} if title else {})}


def both(request: HttpRequest, kind: str = JSON) -> list[dict[str, str]]:
    """`self` and `alternate` of a resource: the JSON of what was asked for, and its page."""
    return [
        link("self", address(request, f="json") if "f" in request.GET else address(request), kind, _("This document")),
        link("alternate", address(request, f="html"), HTML, _("This document as a page")),
    ]
