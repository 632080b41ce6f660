"""Point tiles: single zooms against the limit, any zoom for size and latency, kept ones, 304."""

from __future__ import annotations

from bench.asked import Request
from bench.figures import Goal
from bench.row import FRESH, SITE, Ask, Context, Row, Variant, against_limit

ANY_ZOOMS = (6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18)
KIB = 1024
KEPT = 40


def at(zoom: int, template: str = "/tiles/reports/{z}/{x}/{y}.mvt", count: int = 200) -> Ask:
    """Distinct tiles of one zoom that hold reports."""

    def ask(context: Context) -> list[Request]:
        return [Request(template.format(z=z, x=x, y=y)) for z, x, y in context.drawn.tiles(zoom, count)]

    return ask


def any_tile(context: Context) -> list[Request]:
    each = [at(zoom, count=18)(context) for zoom in ANY_ZOOMS]
    return [request for requests in each for request in requests]


def known(ask: Ask) -> Ask:
    """The same requests by a reader who has the answers already."""

    def again(context: Context) -> list[Request]:
        found = []
        for request in ask(context)[:100]:
            _status, _body, headers = context.ask(request)
            found.append(Request(request.path, headers=(("If-None-Match", headers.get("ETag", "")),)))
        return found

    return again


TIPG = "/collections/bench.points/tiles/WebMercatorQuad/{z}/{x}/{y}"
DJANGO_VECTORTILES = "/tiles/{z}/{x}/{y}"
PYGEOAPI = "/collections/reports/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt"


def peers(zoom: int, *, capped: bool = False) -> dict[str, Variant]:
    """Who serves tiles. supercluster makes clusters and points of them, as a map with clusters would ask."""
    return {
        "tipg": Variant("tipg", at(zoom, TIPG)),
        "django-vectortiles": Variant("django-vectortiles", at(zoom, DJANGO_VECTORTILES)),
        "pygeoapi": Variant("pygeoapi", at(zoom, PYGEOAPI)),
        "supercluster": Variant("supercluster", at(zoom, "/{z}/{x}/{y}")),
    }


ROWS = (
    Row(
        "tile-z16", "tile z16", against_limit(at(16), FRESH, bare=True),
        (
            Goal("≥ 0.33 of the limit", "ratio", 0.33),
            Goal("≥ 0.6 of bare WSGI", "ratio", 0.6, to="bare"),
            Goal("≥ 5 × tipg", "ratio", 5, to="tipg"),
        ),
        peers(16),
    ),
    Row(
        "tile-z13", "tile z13", against_limit(at(13), FRESH, bare=True),
        (Goal("≥ 0.75 of the limit", "ratio", 0.75), Goal("≥ 5 × tipg", "ratio", 5, to="tipg")),
        peers(13),
    ),
    Row(
        "tile-any", "any tile", {"ours": Variant(FRESH, any_tile)},
        (
            Goal("largest ≤ 300 KiB", "most", 300 * KIB, figure="largest"),
            Goal("p95 < 50 ms", "most", 50, figure="p95"),
        ),
        sizes=True,
    ),
    Row(
        "tile-kept", "kept tile z13", {"ours": Variant(SITE, at(13, count=KEPT), warm=True), "fresh": Variant(FRESH, at(13, count=KEPT))},
        (Goal("≥ 6 × a database tile", "ratio", 6, to="fresh"),),
    ),
    Row(
        "tile-304", "tile z13, 304", {"ours": Variant(SITE, known(at(13)), anew=True)},
        (Goal("no SQL", "most", 0, figure="queries"), Goal("≥ 1,000/s", "least", 1_000)),
        counts_queries=True,
    ),
)  # fmt: skip
