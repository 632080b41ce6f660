"""`/ground/<edition>.pmtiles`: the ground of the map as one file, whole or in ranges (RFC 9110 § 14), as readers of PMTiles ask for it."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from layers import ground_file
from municipality.site import installation

DAY = 86_400
RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


@require_safe
def tiles(request: HttpRequest, edition: int) -> HttpResponseBase:
    """The file of the present edition; its address changes with it, so it may be kept for a year."""
    path = ground_file.there() if edition == installation().edition else None
    if path is None:
        raise Http404
    content = path.read_bytes()
    response = _part(request, content)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"public, max-age={365 * DAY}, immutable"
    return response


def _part(request: HttpRequest, content: bytes) -> HttpResponse:
    kind = "application/vnd.pmtiles"
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not asked:
        return HttpResponse(content, content_type=kind)
    first, last = int(asked[1]), min(int(asked[2] or len(content) - 1), len(content) - 1)
    if asked[2] and int(asked[2]) < first:
        return HttpResponse(content, content_type=kind)  # no range at all: not to be heeded
    if first > last:
        refused = HttpResponse(status=416, content_type=kind)
        refused["Content-Range"] = f"bytes */{len(content)}"
        return refused
    part = HttpResponse(content[first : last + 1], content_type=kind, status=206)
    part["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return part
