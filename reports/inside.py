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


def inside(key: str, area: str, *, areas: bool) -> str:
    """SQL condition: the report of this `key` lies in one of the polygons `%(zone)s` or, with `areas`, in one of `%(area)s`.

    Without areas nothing stands beside the polygons: an OR with an empty list would have every report read.
    """
    held = f"{key} IN ({COVERED.format(ids='%(zone)s')})"
    return f"({area} = ANY (%(area)s::bigint[]) OR {held})" if areas else held


def covered(features: Sequence[int]) -> RawSQL:
    """The same for `pk__in`."""
    return RawSQL(COVERED.format(ids="%s"), [list(features)])  # noqa: S611  our own words; keys are a parameter
