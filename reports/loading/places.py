"""The gazetteer: the names of places.yaml, and those that areas and the features of the map's ground have already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from layers.folding import folded
from layers.models import Feature, Place
from municipality.models import Area
from reports.loading.categories import one
from reports.loading.rows import Row, table
from reports.loading.upsert import Load

NEIGHBOURS = "neighbours"


def places(load: Load, folder: Path) -> None:
    """Every place of the file, then those of areas and features under slugs of their own."""
    load.each(table(folder, "places", required=False), lambda row: _place(load, row))
    if load.problems:
        return
    settlements = list(Area.objects.filter(kind=Area.Kind.SETTLEMENT))
    for area in Area.objects.exclude(parent=None).order_by("path"):
        values = {"name": _full(area), "area": area, "point": area.point, "approximate": area.kind != Area.Kind.SETTLEMENT}
        kind = area.kind if area.kind in Place.Kind.values else Place.Kind.QUARTER
        _upsert(load, f"area-{area.slug}", {**values, "kind": kind}, [*area.name.values()])
    features = Feature.objects.filter(layer__ground=True, layer__published=True, point__isnull=False)
    for feature in features.exclude(layer__slug=NEIGHBOURS).select_related("layer").order_by("pk"):
        home = _home(feature.point, settlements)
        if home is None:
            continue
        values = {"name": feature.name, "area": home, "point": feature.point, "approximate": feature.approximate}
        _upsert(load, f"{feature.layer.slug}-{feature.slug}", {**values, "kind": Place.Kind.LANDMARK}, [])


def _place(load: Load, row: Row) -> None:
    kind = row.text("kind")
    if kind not in Place.Kind.values:
        raise row.error("kind", _("“%(slug)s” is not known") % {"slug": kind})
    number = row.text("number", "")
    if (kind == Place.Kind.POST) != bool(number):
        raise row.error("number", _("a lamp post has a number, nothing else has one"))
    values = {
        "kind": kind, "name": row.texts("name"), "also": row.words("also"), "number": number, "area": one(row, "area", Area),
        "point": row.shape("point", "Point"), "approximate": row.flag("approximate", False), "example": row.flag("example", False),
    }  # fmt: skip
    values["folded"] = _folded(values["name"], values["also"])
    load.upsert(row, Place, {"slug": row.text("slug")}, values)


def _upsert(load: Load, slug: str, values: dict[str, Any], more: list[str]) -> None:
    row = Row("areas, layers", 1, {}, {})
    load.upsert(row, Place, {"slug": slug}, {**values, "folded": _folded(values["name"], more)})


def _folded(name: dict[str, str], more: list[str]) -> str:
    """Every spelling once, parted by a sign that no spelling holds, so that a search never runs over two of them."""
    return " | ".join(dict.fromkeys(folded(text) for text in [*name.values(), *more]))[:400]


def _full(area: Area) -> dict[str, str]:
    return {language: f"{(area.prefix or {}).get(language, '')} {text}".strip() for language, text in area.name.items()}


def _home(point: Point, settlements: list[Area]) -> Area | None:
    """The settlement whose land holds the point, else the nearest one."""
    for area in settlements:
        if area.polygon is not None and area.polygon.covers(point):
            return area
    placed = [(area.point.distance(point), area.pk, area) for area in settlements if area.point is not None]
    return min(placed)[2] if placed else None
