"""Hot spots of the largest town, against PostGIS's own hexagon grid joined with the reports."""

from __future__ import annotations

from bench.asked import Request, get
from bench.figures import Goal
from bench.row import FRESH, Context, Row, Variant
from bench.towns import towns

CELL_M = 500
# What somebody without our summaries would write; $… are filled in below.
HEXAGONS = """
SELECT ST_AsGeoJSON(h.geom), count(*)
  FROM reports_report r
  JOIN ST_HexagonGrid({size}, ST_Transform(ST_MakeEnvelope({box}, 4326), 3857)) h
    ON ST_Intersects(h.geom, ST_Transform(r.geom, 3857))
 WHERE r.is_public AND r.geom && ST_MakeEnvelope({box}, 4326)
 GROUP BY h.geom"""


def city_box() -> str:
    town = towns()[0]
    west, south = town.degrees(-town.half, -town.half)
    east, north = town.degrees(town.half, town.half)
    return f"{float(west):.5f},{float(south):.5f},{float(east):.5f},{float(north):.5f}"


def hot_spots(_context: Context) -> list[Request]:
    return [get("/planning/hotspots.json", bbox=city_box(), size=CELL_M)]


def hexagons(_context: Context) -> list[Request]:
    """Not a request: the statement stands for it, see rounds.py."""
    return [Request(HEXAGONS.format(size=CELL_M, box=city_box()), method="SQL")]


ROWS = (
    Row(
        "hot-spots", "hot spots of a city",
        {"ours": Variant(FRESH, hot_spots, connections=1), "hexagons": Variant("limit", hexagons, connections=1)},
        (
            Goal("p50 < 25 ms", "most", 25, figure="p50"),
            Goal("≥ 20 × ST_HexagonGrid", "ratio", 20, to="hexagons"),
        ),
    ),
)  # fmt: skip
