"""Tiles of reports: points while they are few, clusters where they are many, so that no tile grows with the table."""

from __future__ import annotations

from typing import Any

from geoportal.kernel.postgis import prepared
from geoportal.kernel.tiles import EXTENT, Tile, as_mvt, fetch
from reports.spatial import clusters, grid
from reports.spatial.summary import PLAIN
from reports.spatial.wanted import Place, Wanted

MOST_POINTS = 4000
MOST_SCANNED = 50_000
"""A tile with more reports than this is answered by clusters whatever the filter leaves: finding a few would read them all."""
CELLS_LEVEL, COARSER = 4, 2
"""A cluster for each of 16 × 16 squares of the tile, or of 4 × 4 where only the sums of so coarse ones hold what is asked."""
SUMMED_ZOOM = PLAIN.deepest - CELLS_LEVEL


def reports_tile(wanted: Wanted, tile: Tile) -> bytes:
    """Layer `reports`: id (the public reference), kind, sector, status, late; or, where there are many, layer `clusters`."""
    sql, parameters = points_sql(wanted, tile)
    with prepared() as cursor:
        cursor.execute(sql, parameters)
        found, drawn = cursor.fetchone()
    return clusters_tile(wanted, tile) if found is None or found > MOST_POINTS else bytes(drawn or b"")


def clusters_tile(wanted: Wanted, tile: Tile) -> bytes:
    """Layer `clusters`: n, late, by squares of the tile; a lone report has its reference as id."""
    sql, parameters = clusters_sql(wanted, tile)
    return fetch(sql, parameters)


def _frame(tile: Tile) -> dict[str, Any]:
    """First and last Morton code of the tile, its corner, and grid units per unit of the tile."""
    size = 1 << (grid.UNITS_LEVEL - tile.z)
    first = grid.morton(tile.x, tile.y) << 2 * (grid.UNITS_LEVEL - tile.z)
    return {"first": first, "last": first + size * size - 1, "left": tile.x * size, "top": tile.y * size, "unit": size / EXTENT}


def points_sql(wanted: Wanted, tile: Tile) -> tuple[str, dict[str, Any]]:
    """(SQL, parameters) of one row: how many points (at most one more than MOST_POINTS; None: too many to look through), tile."""
    conditions = ["p.m BETWEEN %(first)s AND %(last)s", *wanted.over_points("p")]
    crowd, few = "", ""
    parameters = {**wanted.parameters, **_frame(tile), "most": MOST_POINTS + 1}
    # Without a filter the sum says beforehand whether there are too many.
    parameters["scanned"] = MOST_POINTS if wanted == Wanted(public=wanted.public) else MOST_SCANNED
    if tile.z <= SUMMED_ZOOM:
        level = next(level for level in PLAIN.levels if level >= tile.z)
        up = 56 - 2 * level
        parameters |= {"level": level, "first_cell": parameters["first"] >> up, "last_cell": parameters["last"] >> up}
        crowd = """crowd AS (SELECT coalesce(sum(n), 0) AS n FROM reports_cell
          WHERE public = ANY (%(public)s) AND level = %(level)s AND rank = 0 AND cell BETWEEN %(first_cell)s AND %(last_cell)s), """
        conditions.append("(SELECT n FROM crowd) <= %(scanned)s")
        few = "CASE WHEN (SELECT n FROM crowd) <= %(scanned)s THEN "
    found = f"""p AS MATERIALIZED (SELECT p.ref, p.x, p.y, p.class_id, p.status, p.due FROM reports_point p
      WHERE {" AND ".join(conditions)} LIMIT %(most)s), many AS MATERIALIZED (SELECT count(*) AS n FROM p)"""
    drawn = as_mvt(
        """SELECT p.ref AS id, ST_MakePoint((p.x - %(left)s) / %(unit)s, (p.y - %(top)s) / %(unit)s) AS geom, k.kind,
          s.slug AS sector, p.status::text AS status, coalesce(p.due < %(today)s, false) AS late
          FROM p JOIN reports_class k ON k.id = p.class_id JOIN municipality_sector s ON s.id = k.sector_id
          WHERE (SELECT n FROM many) < %(most)s""",
        "reports",
    )
    counted = f"{few}(SELECT n FROM many){' END' if few else ''}"
    return f"WITH {crowd}{found} SELECT {counted}, ({drawn})", parameters


def clusters_sql(wanted: Wanted, tile: Tile) -> tuple[str, dict[str, Any]]:
    """(SQL, parameters) of the tile with layer `clusters`."""
    level = clusters.held_level(wanted, tile.z + CELLS_LEVEL, COARSER)
    side = 1 << (level - tile.z)
    cells = (tile.x * side, tile.x * side + side - 1, tile.y * side, tile.y * side + side - 1)
    found = clusters.source(wanted, Place(level, cells), clusters.ALL)
    rows = f"""SELECT CASE WHEN c.n = 1 THEN (SELECT p.ref FROM reports_point p WHERE p.id = c.sid) END AS id,
        ST_MakePoint((c.sx / c.n - %(left)s) / %(unit)s, (c.sy / c.n - %(top)s) / %(unit)s) AS geom, c.n, c.late
      FROM (SELECT sum(n) AS n, coalesce(sum(n) FILTER (WHERE late), 0) AS late, sum(sx) AS sx, sum(sy) AS sy,
        sum(sid)::bigint AS sid FROM ({found.sql}) every GROUP BY cell HAVING sum(n) > 0) c"""
    return as_mvt(rows, "clusters"), {**found.parameters, **_frame(tile)}
