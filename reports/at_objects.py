"""What stands on the map and can be picked while reporting: what is near, where a report about it lies, what was reported already."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db.models import GeometryField, PointField
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from layers.models import Feature, Layer
from layers.querysets import SHAPE
from reports.models import Report
from reports.picked import LONGEST, PickedObject
from reports.querysets import ReportQuerySet

DEGREES = 0.00005
"""About five metres north and south, four east and west: so far a sign that was set by hand may stand from its object."""
REACH = 50
"""Metres: so far from its place a report may be about a thing. Moved farther, it is about it no more."""
MOST = 8


def reported() -> Any:
    """For features: whether an open report that everyone sees is about it, or lies at the foot of a point."""
    around = Func(OuterRef("point"), Value(DEGREES), function="ST_Expand", output_field=GeometryField(srid=4326))
    beside = Exists(Report.objects.public().open().filter(geom__bboverlaps=around).order_by())
    return Q(beside) | Q(Exists(_about().filter(report__in=Report.objects.public().open()).order_by()))


def told() -> Coalesce:
    """For features: how many reports that everyone sees are about it, open and ended."""
    found = _about().filter(report__is_public=True).order_by().values("feature").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), Value(0))


def _about() -> Any:
    return PickedObject.objects.filter(feature=OuterRef("pk"))


def near(point: Point, keep: str = "") -> list[Feature]:
    """Things that can be picked within REACH metres, nearest first, at most MOST, each with its layer, `metres`, `foot` (what of it is
    nearest) and `marked`: whether it was reported already. `keep`: the address of one that stands among them however many are nearer."""
    foot = Func(SHAPE, Value(point, output_field=PointField()), function="ST_ClosestPoint", output_field=PointField())
    found = Feature.objects.pickable().within(point, REACH).annotate(marked=reported(), foot=foot)
    rows = list(found.select_related("layer")[:MOST])
    if keep and all(row.called != keep for row in rows):
        layer, _dot, slug = keep.partition(".")
        kept = list(found.select_related("layer").filter(layer__slug=layer, slug=slug))
        return rows[: MOST - len(kept)] + kept
    return rows


def chosen(address: str) -> Feature | None:
    """The thing that „layer.feature“ names, with its layer, if it can be picked."""
    layer, _dot, slug = address.partition(".")
    found = (
        Feature.objects.pickable().filter(layer__slug=layer, slug=slug) if len(address) <= LONGEST else Feature.objects.none()
    )
    return found.select_related("layer").first()


def place_at(feature: Feature, point: Point | None) -> Point:
    """Where a report about the thing lies: a point's own place; of a line or an area what of it is nearest to `point`, that
    is `point` itself inside an area, and any place of it where no point was given. ValidationError on `object` beyond REACH."""
    if point is None:
        where: Combinable = Func(SHAPE, function="ST_PointOnSurface", output_field=PointField())
        return _foot(feature, where)
    found = Feature.objects.filter(pk=feature.pk).within(point, REACH).first()
    if found is None:
        words = _("This is farther than %(metres)d m from the place. Choose it again, or choose “None of them”.")
        raise ValidationError({"object": words % {"metres": REACH}}, code="far")
    here = Func(SHAPE, Value(point, output_field=PointField()), function="ST_ClosestPoint", output_field=PointField())
    return _foot(feature, here)


def _foot(feature: Feature, where: Combinable) -> Point:
    """ValidationError on `object` where an import has just taken it away."""
    found = Feature.objects.filter(pk=feature.pk).annotate(foot=where).values_list("foot", flat=True).first()
    if found is None:
        raise ValidationError({"object": _("This is no longer on the map. Choose another place.")}, code="gone")
    return found


def stays(picked: PickedObject, point: Point) -> bool:
    """Whether a report that is moved to `point` is still about what was picked: within REACH of it, or, where that is gone, of
    the place that the report has had."""
    feature = Feature.objects.filter(pk=picked.feature_id)
    if feature.exists():
        return feature.within(point, REACH).exists()
    return Report.objects.filter(pk=picked.report_id).near(point, REACH).exists()


def about_layer(layer: Layer) -> int:
    """How many reports are about a thing of the layer."""
    return PickedObject.objects.filter(feature__layer=layer).count()


def about(feature: Feature) -> ReportQuerySet:
    """Reports about a thing, the newest first; whoever shows them asks who may see them."""
    return Report.objects.filter(picked__feature=feature).order_by("-created_at", "-pk")
