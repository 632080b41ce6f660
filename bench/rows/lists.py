"""Lists of the API: the hundred newest in a street's or a city's box."""

from __future__ import annotations

from bench.asked import Request, get
from bench.figures import Goal
from bench.row import FRESH, Ask, Context, Row, Variant, against_limit

STREET_M, CITY_M = 300.0, 5_000.0


def boxes(half_m: float, path: str = "/api/v1/reports/", **more: str) -> Ask:
    """The newest 100 in 200 boxes."""

    def ask(context: Context) -> list[Request]:
        return [get(path, bbox=box, limit=100, **more) for box in context.drawn.boxes(half_m)]

    return ask


def peers(half_m: float) -> dict[str, Variant]:
    return {
        "drf-gis": Variant("drf-gis", boxes(half_m, "/reports/")),
        "tipg": Variant("tipg", boxes(half_m, "/collections/bench.reports/items", sortby="-created_at")),
        "pygeoapi": Variant("pygeoapi", boxes(half_m, "/collections/reports/items", f="json", sortby="-created_at")),
    }


ROWS = (
    Row(
        "list-street", "list of 100, street box", against_limit(boxes(STREET_M), FRESH, kept=True),
        (Goal("≥ 15 × DRF-GIS", "ratio", 15, to="drf-gis"), Goal("≥ 12 × tipg", "ratio", 12, to="tipg")),
        peers(STREET_M),
    ),
    Row(
        "list-city", "list of 100, city box", against_limit(boxes(CITY_M), FRESH, kept=True),
        (
            Goal("≥ 40 × DRF-GIS", "ratio", 40, to="drf-gis"),
            Goal("p95 < 20 ms", "most", 20, figure="p95"),
            Goal("1M → 10M ≤ 4 ×", "growth", 4, from_rows=10**7),
        ),
        peers(CITY_M),
    ),
)  # fmt: skip
