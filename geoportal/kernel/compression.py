"""Public answers go compressed: they hold no token and no secret, so their length gives nothing away (BREACH), and they are kept.

Private answers go as they are, but for pages that were asked for without a word: whoever made the reader open such a page could put no text of
theirs into it whose echo would shorten a secret (`compressed_unasked`).
"""

from __future__ import annotations

import functools
import gzip
from collections.abc import Callable
from typing import Any

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

KINDS = (
    "text/",
    "application/json",
    "application/geo+json",
    "application/manifest+json",
    "application/xml",
    "application/atom+xml",
)
LEAST = 1_000
"""Bytes from which it is worth it."""
QUALITY = 5
"""Of Brotli: the 94 kB of the map become 10 kB in 0.8 ms; the next steps gain one in a hundred."""


def of(request: HttpRequest) -> str:
    """The content coding to answer in: br, gzip or none."""
    accepted = request.headers.get("Accept-Encoding", "").lower()
    wanted = {
        name.strip() for name, _semicolon, weight in (each.partition(";") for each in accepted.split(",")) if not _never(weight)
    }
    return "br" if "br" in wanted else "gzip" if "gzip" in wanted else ""


def _never(weight: str) -> bool:
    """„q=0“ in any of its spellings: not in this coding."""
    name, _equals, value = weight.strip().partition("=")
    return name.strip() == "q" and value.strip().strip("0.") == ""


def compress(response: HttpResponse, coding: str) -> None:
    """Compresses the content in place, where it is text and long enough to gain."""
    if not coding or response.has_header("Content-Encoding") or len(response.content) < LEAST:
        return
    if not response.get("Content-Type", "").startswith(KINDS):
        return
    whole = response.content
    response.content = (
        brotli.compress(whole, quality=QUALITY) if coding == "br" else gzip.compress(whole, compresslevel=5, mtime=0)
    )
    response["Content-Encoding"] = coding
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))


def compressed_unasked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a page with a form that many open on a poor line: compressed when its address has no query."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        response = view(request, *args, **values)
        if request.method == "GET" and not request.META.get("QUERY_STRING"):
            compress(response, of(request))
        patch_vary_headers(response, ["Accept-Encoding"])
        return response

    return answer
