"""Public answers go compressed: they hold no token and no secret, so their length gives nothing away (BREACH), and they are kept.

Private answers go as they are.
"""

from __future__ import annotations

import gzip

import brotli
from django.http import HttpRequest, HttpResponse

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
