"""The table of analyses: a new one is a module of its own and a line here."""

from __future__ import annotations

from reports.planning import areas, before_after, beside, clusters, contributors, hotspots, series
from reports.planning.analysis import Analysis

ANALYSES: dict[str, Analysis] = {
    module.ANALYSIS.slug: module.ANALYSIS for module in (clusters, hotspots, areas, series, before_after, beside, contributors)
}
