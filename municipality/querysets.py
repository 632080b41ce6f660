"""Reading areas and organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import connection
from django.db.models.functions import Length

if TYPE_CHECKING:
    from municipality.models import Area

MARGIN = 0.0003
"""Degrees, some 30 m."""


class AreaQuerySet(models.QuerySet["Area"]):
    def root(self) -> Area:
        """The whole: the only area without a parent."""
        return self.get(parent=None)

    def below(self, slug: str) -> Self:
        """The area with that slug and everything under it; empty when there is none."""
        path = self.filter(slug=slug).values_list("path", flat=True).first()
        return self.filter(path__startswith=path) if path else self.none()

    def smallest_containing(self, point: Point) -> Area | None:
        """The deepest area whose polygon covers the point (WGS84); None outside the whole."""
        return self.filter(polygon__covers=point).defer("polygon").order_by(-Length("path"), "id").first()

    def beside(self, point: Point) -> Area | None:
        """The settlement whose land is nearest to a point (WGS84) that lies in none; of those without land the nearest label."""
        found = self.settlements().filter(polygon__isnull=False).annotate(far=Distance("polygon", point))
        return found.defer("polygon").order_by("far", "id").first() or self.filter(parent=None).defer("polygon").first()

    def settlements(self) -> Self:
        return self.filter(kind="settlement")

    def within(self, border: GEOSGeometry) -> list[str]:
        """Full names of the settlements on whose land a border (WGS84) lies, in their order. Lines that were drawn twice agree within MARGIN."""
        inner = border.buffer(-MARGIN)
        found = self.settlements().filter(polygon__relate=(border if inner.empty else inner, "T********"))
        return [area.full_name for area in found.defer("polygon").order_by("path")]

    def settlement(self, slug: str) -> Area | None:
        """The settlement of that slug, whatever was sent as one."""
        slug = slug.replace("\0", "")
        return self.settlements().filter(slug=slug).defer("polygon").first() if slug else None

    def nearest_border(self, point: Point) -> tuple[float, float, float] | None:
        """(longitude, latitude, metres) of the border point of the whole that is nearest to `point`."""
        with connection.cursor() as cursor:
            cursor.execute(
                """WITH p AS (SELECT ST_SetSRID(ST_MakePoint(%s, %s), 4326) AS g),
                        n AS (SELECT ST_ClosestPoint(ST_Boundary(a.polygon), p.g) AS b, p.g
                                FROM municipality_area a, p WHERE a.parent_id IS NULL AND a.polygon IS NOT NULL)
                   SELECT ST_X(b), ST_Y(b), ST_Distance(b::geography, g::geography) FROM n""",
                [point.x, point.y],
            )
            return cursor.fetchone()


class OrganisationQuerySet(models.QuerySet[Any]):
    def departments(self) -> Self:
        return self.filter(kind="department", active=True)

    def bodies(self) -> Self:
        """Bodies outside the municipality that a report can be forwarded to."""
        return self.filter(kind="body", active=True)
