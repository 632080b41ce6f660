"""Search by words, and similar reports nearby."""

from __future__ import annotations

from bench.asked import Request, get
from bench.figures import Goal
from bench.row import FRESH, LIMIT, Context, Row, Variant
from bench.words import RARE

# Common and rare words, alone and together, an unfinished one.
QUERIES = ("дупка", "осветление спирката", "контейнер", "дърво училището", "улица", *RARE, "ул Шипка", "лампа паркът", "тротоа")


def words(_context: Context) -> list[Request]:
    return [get("/api/v1/reports/", q=text, limit=20) for text in QUERIES]


def nearby(context: Context) -> list[Request]:
    places = zip(context.drawn.places, context.drawn.title, strict=True)
    return [
        get("/reports/near/", lon=f"{lon:.5f}", lat=f"{lat:.5f}", title=title[:60]) for (lon, lat), title in list(places)[:200]
    ]


ROWS = (
    Row(
        "search", "search", {"limit": Variant(LIMIT, words, 1), "ours": Variant(FRESH, words, 1)},
        (Goal("mean < 10 ms", "most", 10, figure="mean"),),
    ),
    Row(
        "similar", "similar nearby", {"limit": Variant(LIMIT, nearby, 1), "ours": Variant(FRESH, nearby, 1)},
        (
            Goal("SQL mean < 1 ms", "most", 1, of="limit", figure="mean", to_rows=10**6),
            Goal("SQL mean < 5 ms", "most", 5, of="limit", figure="mean", from_rows=10**7),
        ),
    ),
)  # fmt: skip
