"""Reports inside polygons of layers: the one condition that list, map, tiles and programs share.

Nothing is transformed: the polygon comes from its row, the point's index finds what it covers.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models.expressions import RawSQL

COVERED = (
    "SELECT z.subject_id FROM layers_feature f JOIN reports_report z ON ST_Covers(f.polygon, z.geom) WHERE f.id = ANY ({ids})"
)
"""Keys of the reports whose point one of the features' polygons covers, its border too. `ids`: a placeholder of their keys."""


def covered(features: Sequence[int]) -> RawSQL:
    """The same for `pk__in`."""
    return RawSQL(COVERED.format(ids="%s"), [list(features)])  # noqa: S611  our own words; keys are a parameter
