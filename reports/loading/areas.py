"""The tree of areas: polygons from files, cells around points, circles; surveyed boundaries imported later stay."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from geoportal.kernel import geometry
from municipality.models import Area, Installation
from reports.loading.cells import cells, circle, covers
from reports.loading.geojson import geojson_file
from reports.loading.rows import LoadError, Row
from reports.loading.upsert import Load

POLYGONS = frozenset(["Polygon", "MultiPolygon"])
MOST_RADIUS_M = 50_000
SETTLEMENT_CODES = {"BG": re.compile(r"\d{5}", re.ASCII)}


def areas(load: Load, folder: Path, rows: list[Row]) -> None:
    """Loads the tree from its root; every point must lie inside the area above it."""
    load.each(rows, lambda row: _area(load, folder, row, None, None))


def _area(load: Load, folder: Path, row: Row, parent: Area | None, drawn: MultiPolygon | None) -> None:
    """One area and all below it. `drawn`: its cell, computed with those of its siblings."""
    children, slug = row.rows("children"), row.text("slug")
    if parent is None and Area.objects.filter(parent=None).exclude(slug=slug).exists():
        raise row.error("slug", _("another municipality is loaded here; start from an empty database"))
    point = row.shape("point", "Point")
    if point and parent and parent.polygon and not covers(parent.polygon, point):
        raise row.error("point", _("lies outside %(area)s") % {"area": parent})
    surveyed = _file(folder, row, "polygon")
    outline = _file(folder, row, "outline")
    _cell_fits(load, row, point)
    if (radius := row.number("circle_m", None)) is not None and not 1 <= radius <= MOST_RADIUS_M:
        raise row.error("circle_m", _("must be from 1 to %(most)d metres") % {"most": MOST_RADIUS_M})
    if radius and point and parent and parent.polygon:
        drawn = circle(point, radius, parent.polygon)
    values: dict[str, Any] = {
        "kind": row.text("kind"), "code": _code(load, row), "parent": parent, "prefix": row.texts("prefix", None),
        "name": row.texts("name"), "point": point, "population": row.number("population", None),
        "population_year": row.number("population_year", None), "support_threshold": row.number("support_threshold", None),
    }  # fmt: skip
    known = Area.objects.filter(slug=slug).first()
    if known is None or known.schematic or known.polygon is None:
        polygon = surveyed or outline or drawn
        values |= {"polygon": polygon, "schematic": surveyed is None and polygon is not None}
    values["path"] = known.path if known else f"new.{slug}"
    area = load.upsert(row, Area, {"slug": slug}, values)
    path = f"{parent.path if parent else ''}{area.pk}."
    if area.path != path:
        area.path = path
        area.save(update_fields=["path"])
    below = _cells(area, children)
    load.each(children, lambda child: _area(load, folder, child, area, below.get(child.text("slug"))))


def _cell_fits(load: Load, row: Row, point: Point | None) -> None:
    """A cell is drawn around a point of its own, and nothing else is drawn there."""
    if row.flag("cell", False):
        if point is None:
            raise row.error("cell", _("needs a point"))
        if row.raw("circle_m", None) is not None:
            raise row.error("circle_m", _("keep one of cell and circle_m"))
    if point and row.text("kind") == "settlement":
        if point.coords in (seen := load.seen.setdefault("points", set())):
            raise row.error("point", _("another settlement stands at this point"))
        seen.add(point.coords)


def _code(load: Load, row: Row) -> str:
    """The official code, which boundaries and statistics of others are matched by; each stands once."""
    code: str = row.text("code", "")
    if code in (seen := load.seen.setdefault("codes", set())):
        raise row.error("code", _("%(name)s stands twice") % {"name": code})
    if code:
        seen.add(code)
        form = SETTLEMENT_CODES.get(Installation.objects.values_list("country", flat=True).first() or "")
        if form and row.text("kind") == "settlement" and not form.fullmatch(code):
            raise row.error("code", _("is not the code of a settlement: EKATTE has five digits"))
    return code


def _cells(area: Area, children: list[Row]) -> dict[str, MultiPolygon]:
    """The cells of those children that ask for one. A point outside is the child's own error, told when its turn comes."""
    points = {row.text("slug"): row.shape("point", "Point") for row in children if row.flag("cell", False)}
    if area.polygon is None:
        return {}
    inside = {slug: point for slug, point in points.items() if point and covers(area.polygon, point)}
    first = {point.coords: slug for slug, point in reversed(inside.items())}  # of two at one point the second is refused later
    inside = {slug: point for slug, point in inside.items() if first[point.coords] == slug}
    return cells(inside, area.polygon) if inside else {}


def _file(folder: Path, row: Row, name: str) -> MultiPolygon | None:
    """The first polygon of the GeoJSON file that the field names."""
    found = geojson_file(folder, row, name)
    if found is None:
        return None
    path, content = found
    try:
        return polygon_of(content)
    except RecursionError:
        raise LoadError(str(path), 1, _("is nested too deeply")) from None
    except ValidationError as error:
        raise LoadError(str(path), 1, _("feature 1: %(reason)s") % {"reason": error.messages[0]}) from None


def polygon_of(found: Any, *, max_vertices: int = geometry.MOST_VERTICES) -> MultiPolygon:
    """The first geometry of a GeoJSON object, through the gate, as a MultiPolygon. Raises GeometryRefused."""
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        features = found.get("features")
        found = features[0] if isinstance(features, list) and features else {}
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    made = geometry.geojson(found if isinstance(found, dict) else {}, kinds=POLYGONS, max_vertices=max_vertices)
    return MultiPolygon(made, srid=4326) if isinstance(made, Polygon) else made  # type: ignore[return-value]
