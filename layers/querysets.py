"""Reading planned projects and layers' features."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.db.models import JSONField, Q, TextField
from django.db.models.functions import Cast, Coalesce, Concat, Lower

from geoportal.kernel.postgis import metres_between

SHAPE = Coalesce("polygon", "line", "point", output_field=models.GeometryField())
"""Of a feature the one shape that it has."""
LOWERED = Cast(Lower(Cast("name", TextField())), JSONField())
"""Of a feature its names in small letters; an index stands over it."""
STREET_METRES = 25
"""So far from its middle line one stands in a street, or in front of a house of it."""


class ProjectQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: object) -> Self:
        """Published projects; everyone sees the same ones."""
        return self.filter(subject__is_public=True)

    def near(self, point: Point, metres: float) -> Self:
        """Projects within `metres` of a WGS84 point, nearest first, with `metres` annotated.

        A degree box (generous at these latitudes) is cut out first, so that the index is used.
        """
        box = point.buffer(metres / 60_000, 2).envelope
        shapes = Q()
        for column in ("point", "points", "line", "polygon"):
            shapes |= Q(**{f"{column}__bboverlaps": box})
        return self.filter(shapes).annotate(metres=self._distance(point)).filter(metres__lte=metres).order_by("metres", "pk")

    @staticmethod
    def _distance(point: Point) -> models.Func:
        """Metres on the spheroid from the shape (its most extensive form) to the point."""
        shape = Coalesce(*(models.F(c) for c in ("polygon", "line", "points", "point")), output_field=models.GeometryField())
        return models.Func(
            Cast(shape, models.GeometryField(geography=True)),
            Cast(models.Value(point, output_field=models.PointField()), models.PointField(geography=True)),
            function="ST_Distance",
            output_field=models.FloatField(),
        )


class LayerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: object) -> Self:
        """Published layers; those who plan here see the others too."""
        return self if getattr(user, "is_authenticated", False) and getattr(user, "plans", False) else self.public()

    def public(self) -> Self:
        return self.filter(published=True)

    def held(self) -> Self:
        """Layers of features that stand here; all that tiles, programs, files and imports know. The others are another server's pictures."""
        return self.filter(url="")

    def on_the_map(self) -> Self:
        """Published layers that everyone can switch on over the map: neither its ground nor areas to filter by."""
        return self.public().filter(ground=False, areas=False)

    def pickable(self) -> Self:
        """Public layers whose features one can choose while reporting."""
        return self.public().filter(pickable=True)

    def counted(self) -> Self:
        """With `points`, `lines` and `polygons`: how many there are of each; in the order of layers, which counting would lose."""
        kinds = {"points": "point", "lines": "line", "polygons": "polygon"}
        return self.annotate(
            **{
                name: models.Count("features", filter=Q(**{f"features__{column}__isnull": False}))
                for name, column in kinds.items()
            }
        ).order_by("order", "id")


class FeatureQuerySet(models.QuerySet[Any]):
    def pickable(self) -> Self:
        """Features that one can choose while reporting."""
        return self.filter(layer__published=True, layer__pickable=True)

    def within(self, point: Point, metres: float) -> Self:
        """Features within `metres` of a WGS84 point, nearest first, with `metres` annotated: 0 inside an area."""
        box = point.buffer(metres / 60_000, 2).envelope
        near = Q(point__bboverlaps=box) | Q(line__bboverlaps=box) | Q(polygon__bboverlaps=box)
        found = self.filter(near).annotate(metres=metres_between(SHAPE, point))
        return found.filter(metres__lte=metres).order_by("metres", "pk")

    def areas(self) -> Self:
        """Polygons of published layers that serve as areas, in their layers' order."""
        found = self.filter(layer__areas=True, layer__published=True, polygon__isnull=False)
        return found.order_by("layer__order", "layer", "pk")

    def extent(self) -> tuple[float, ...] | None:
        """West, south, east, north of all that there is, or None."""
        found = self.aggregate(a=models.Extent("point"), b=models.Extent("line"), c=models.Extent("polygon"))
        boxes = [box for box in found.values() if box]
        if not boxes:
            return None
        return (*(min(box[at] for box in boxes) for at in (0, 1)), *(max(box[at] for box in boxes) for at in (2, 3)))

    def neighbour(self, point: Point) -> Any:
        """The neighbouring municipality towards which a point lies: the nearest sign of the layer of neighbours, or None."""
        found = self.filter(layer__slug="neighbours", layer__published=True, point__isnull=False)
        return found.annotate(far=Distance("point", point)).order_by("far", "pk").first()

    def street(self, point: Point) -> Any:
        """The named line of the ground (a street, a road) within 25 m of a point, the nearest, or None; no line that is only a sketch."""
        box = point.buffer(STREET_METRES / 60_000, 2).envelope
        found = self.filter(layer__ground=True, layer__published=True, approximate=False, line__bboverlaps=box)
        found = found.annotate(metres=metres_between("line", point))
        return found.filter(metres__lte=STREET_METRES).order_by("metres", "pk").first()

    def addressed(self) -> Self:
        """With `address`, what the filter language calls them: „quarters.east“."""
        name = Concat("layer__slug", models.Value("."), "slug", output_field=models.CharField())
        return self.annotate(address=name)
