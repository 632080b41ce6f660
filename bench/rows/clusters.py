"""Cluster tiles: the whole country, and with the filters that a summary must hold."""

from __future__ import annotations

import datetime
from dataclasses import replace
from urllib.parse import urlencode

from bench.asked import Request
from bench.figures import Goal
from bench.row import FRESH, Context, Row, Variant, against_limit
from bench.rows.tiles import DJANGO_VECTORTILES, TIPG, at

CLUSTERS = "/tiles/clusters/{z}/{x}/{y}.mvt"
MONTHS = 36


def filtered(context: Context) -> list[Request]:
    """Zooms 6 to 9 with a sector, two states and 36 whole months."""
    today = datetime.date.today()  # noqa: DTZ011  a day of the address
    months = today.year * 12 + today.month - 1 - MONTHS
    since = datetime.date(months // 12, months % 12 + 1, 1)
    until = today.replace(day=1) - datetime.timedelta(days=1)
    query = urlencode({
        "sector": context.drawn.sector, "status": "resolved,in_progress", "since": since.isoformat(), "until": until.isoformat(),
    })  # fmt: skip
    tiles = [request for zoom in (6, 7, 8, 9) for request in at(zoom, CLUSTERS, 10)(context)]
    return [replace(request, path=f"{request.path}?{query}") for request in tiles]


ROWS = (
    Row(
        "clusters-z6", "clusters z6", against_limit(at(6, CLUSTERS), FRESH, bare=True),
        (
            Goal("≥ 0.23 of the limit", "ratio", 0.23),
            Goal("≥ 100 × tipg", "ratio", 100, to="tipg"),
            Goal("1M → 10M ≤ 2 ×", "growth", 2, from_rows=10**7),
        ),
        {
            "tipg": Variant("tipg", at(6, TIPG)),
            "django-vectortiles": Variant("django-vectortiles", at(6, DJANGO_VECTORTILES)),
            "supercluster": Variant("supercluster", at(6, "/{z}/{x}/{y}")),
        },
    ),
    Row(
        "clusters-filtered", "clusters, sector + 2 states + 36 months",
        {"limit": Variant("limit", filtered, connections=1), "ours": Variant(FRESH, filtered, connections=1)},
        (Goal("p95 < 20 ms", "most", 20, figure="p95"),),
    ),
)  # fmt: skip
