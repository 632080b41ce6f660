"""What stands on the map and was reported already: a lamp post with an open report at its foot."""

from __future__ import annotations

from django.contrib.gis.db.models import GeometryField
from django.db.models import Exists, Func, OuterRef, Value

from reports.models import Report

DEGREES = 0.00005
"""About five metres north and south, four east and west: so far a sign that was set by hand may stand from its object."""


def reported() -> Exists:
    """For features with `shape`: whether an open report that everyone sees lies there."""
    around = Func(OuterRef("shape"), Value(DEGREES), function="ST_Expand", output_field=GeometryField(srid=4326))
    return Exists(Report.objects.public().open().filter(geom__bboverlaps=around).order_by())
