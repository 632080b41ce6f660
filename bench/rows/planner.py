"""Hot spots of the largest town, against PostGIS's own hexagon grid joined with the reports."""

from __future__ import annotations

import math
from dataclasses import replace

from bench.asked import Request, get
from bench.figures import Goal
from bench.row import FRESH, Context, Row, Variant
from bench.towns import towns

WIDTH_M = 500
# What somebody without our summaries would write. PostGIS wants the length of a side, in units of the projection.
HEXAGONS = """
SELECT ST_AsGeoJSON(h.geom), count(*)
  FROM (SELECT ST_Transform(geom, 4326) AS geom
          FROM ST_HexagonGrid({size}, ST_Transform(ST_MakeEnvelope({box}, 4326), 3857))) h
  JOIN reports_report r ON r.is_public AND ST_Intersects(h.geom, r.geom)
 GROUP BY h.geom"""


def city_box() -> str:
    town = towns()[0]
    west, south = town.degrees(-town.half, -town.half)
    east, north = town.degrees(town.half, town.half)
    return f"{float(west):.5f},{float(south):.5f},{float(east):.5f},{float(north):.5f}"


def hot_spots(context: Context) -> list[Request]:
    """The planner's answer as GeoJSON: hexagons, Gi*, bound on false finds, outline of the area, provenance."""
    west, south, east, north = city_box().split(",")
    corners = (f"{west} {south}", f"{east} {south}", f"{east} {north}", f"{west} {north}", f"{west} {south}")
    asked = get("/planning/answer.geojson", analysis="hotspots", side=WIDTH_M, within=f"polygon:{','.join(corners)}")
    return [replace(asked, headers=(("Cookie", context.cookie),))]


def hexagons(_context: Context) -> list[Request]:
    """Not a request: the statement stands for it, see rounds.py."""
    side = WIDTH_M / math.sqrt(3) / math.cos(math.radians(towns()[0].lat))
    return [Request(HEXAGONS.format(size=round(side, 1), box=city_box()), method="SQL")]


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
