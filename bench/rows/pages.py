"""The map's page, with the whole middleware."""

from __future__ import annotations

from bench.asked import Request
from bench.figures import Goal
from bench.row import SITE, Context, Row, Variant


def page(_context: Context) -> list[Request]:
    return [Request("/", headers=(("Accept-Language", "bg"),))]


ROWS = (
    Row(
        "map-page", "map page", {"ours": Variant(SITE, page, warm=True)},
        (Goal("≥ 1,000/s", "least", 1_000), Goal("0 queries", "most", 0, figure="queries")),
        counts_queries=True,
    ),
    # Plans of tiles z13 before and after 1 % of the reports changed their state, and once the server has vacuumed.
    Row(
        "upkeep", "points after a day of updates", {},
        (
            Goal("≥ 0.98 of the rows from the index alone", "least", 0.98, figure="index_only"),
        ),
    ),
    # A tile of clusters far out, kept by the site, while reports come in.
    Row(
        "fresh", "clusters after a COMMIT", {},
        (Goal("< 2 s", "most", 2, figure="most_s"),),
    ),
    # Its figures are taken from the servers when all else is done.
    Row(
        "memory", "memory of a web process", {},
        (Goal("< 200 MB", "most", 200, figure="rss_mb"),),
    ),
)  # fmt: skip
