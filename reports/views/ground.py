"""`/ground/<edition>.pmtiles` and `/basemap/<name>.pmtiles`: the ground of the map and the own base map, each one file, whole or in
ranges (RFC 9110 § 14), as readers of PMTiles ask for it. An address changes with what stands in its file, so it may be kept for a year."""

from __future__ import annotations

import re
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from layers import ground_file, osm_tiles
from municipality.site import installation

DAY = 86_400
RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
MOST_PART = 8_000_000
"""Bytes of one answer to a range; the answer says which bytes they are."""


@require_safe
def tiles(request: HttpRequest, edition: int) -> HttpResponseBase:
    """The ground of the present edition."""
    return _sent(request, ground_file.there() if edition == installation().edition else None)


@require_safe
def base_map(request: HttpRequest, name: str) -> HttpResponseBase:
    """The base map that `import_osm` wrote."""
    return _sent(request, osm_tiles.there(name))


def _sent(request: HttpRequest, path: Path | None) -> HttpResponseBase:
    if path is None:
        raise Http404
    response = _part(request, path)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"public, max-age={365 * DAY}, immutable"
    return response


def _part(request: HttpRequest, path: Path) -> HttpResponseBase:
    kind, size = "application/vnd.pmtiles", path.stat().st_size
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip())
    # A range that ends before it begins is none, and not to be heeded.
    if not asked or (asked[2] and int(asked[2]) < int(asked[1])):
        return FileResponse(path.open("rb"), content_type=kind)
    first = int(asked[1])
    last = min(int(asked[2] or size - 1), size - 1, first + MOST_PART - 1)
    if first > last:
        refused = HttpResponse(status=416, content_type=kind)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    with path.open("rb") as file:
        file.seek(first)
        part = HttpResponse(file.read(last - first + 1), content_type=kind, status=206)
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    return part
