"""The table of analyses: a new one is a module of its own and a line here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reports.planning import areas, before_after, beside, clusters, contributors, series
from reports.planning.analysis import Analysis
from reports.planning.parameters import Parameter, Words

METRES = _("m")


def denominators() -> list[tuple[str, Words]]:
    """What a hexagon's count is divided by."""
    return [("none", _("Nothing")), ("population", _("Population"))]


ANALYSES: dict[str, Analysis] = {
    row.slug: row
    for row in (
        clusters.ANALYSIS,
        Analysis(
            "hotspots",
            _("Hot spots"),
            _("Where are there more reports than chance would bring?"),
            (
                Parameter("side", _("Width of a hexagon"), _("From one side to the opposite one."),
                          default=500, lowest=100, highest=5000, unit=METRES),
                Parameter("level", _("Share of false finds"), _("Of the places named, so large a share may be there by chance."),
                          kind="number", default=0.05, lowest=0.01, highest=0.2),
                Parameter("per", _("Divided by"), _("What the counts are compared with."),
                          kind="choice", default="none", choices=denominators),
            ),
        ),
        areas.ANALYSIS,
        series.ANALYSIS,
        before_after.ANALYSIS,
        beside.ANALYSIS,
        contributors.ANALYSIS,
    )
}  # fmt: skip
