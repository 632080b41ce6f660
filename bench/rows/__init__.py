"""The rows of the table, one file per family; the order is the table's."""

from __future__ import annotations

from bench.row import Row
from bench.rows import clusters, lists, pages, planner, search, tiles, writes

ROWS: tuple[Row, ...] = (*tiles.ROWS, *clusters.ROWS, *lists.ROWS, *pages.ROWS, *planner.ROWS, *search.ROWS, *writes.ROWS)
