"""Layers of named points, lines and polygons: written out in layers.yaml, or from a GeoJSON file beside it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiLineString, MultiPolygon
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from geoportal.kernel import geometry
from layers import contents, styling
from layers.models import Feature, Layer
from reports.loading.geojson import geojson_file
from reports.loading.rows import LoadError, Row, table
from reports.loading.upsert import Load

COLUMNS = {
    "Point": "point", "LineString": "line", "MultiLineString": "line", "Polygon": "polygon", "MultiPolygon": "polygon",
}  # fmt: skip
MOST_FEATURES = 5000
SAID = ("source", "licence", "licence_url", "updated_every")
SERVICE = ("url", "wms", "legend_url")
Shape = dict[str, GEOSGeometry | None]


def layers(load: Load, folder: Path) -> None:
    """Every layer in its order."""
    load.in_order(table(folder, "layers", required=False), partial(_layer, folder))


def _layer(folder: Path, load: Load, row: Row, order: int) -> None:
    features = row.rows("features") + _of_file(folder, row)
    values = {
        "name": row.texts("name"), "ground": row.flag("ground", False), "order": order,
        "published": row.flag("published", True), "areas": row.flag("areas", False), **_said(row),
    }  # fmt: skip
    if features and values.get("url"):
        raise row.error("url", _("a layer has either the address of another server or features"))
    layer = load.upsert(row, Layer, {"slug": row.text("slug")}, values)
    load.each(features, lambda found: _feature(load, found, layer))
    contents.keep(layer.pk)


def _said(row: Row) -> dict[str, Any]:
    """What a layer says of itself and how it is drawn; only what is written here, so that what planners wrote stays."""
    found: dict[str, Any] = {name: row.text(name) for name in SAID if name in row.values}
    found |= {name: row.text(name) for name in SERVICE if name in row.values}
    found |= {name: row.number(name, 0) for name in ("opacity", "max_zoom") if name in row.values}
    if "group" in row.values:
        found["group"] = row.texts("group")
    if "pickable" in row.values:
        found["pickable"] = row.flag("pickable", False)
    if "popup" in row.values:
        found["popup"] = [name.strip() for name in row.text("popup").split(",")]
    if "colour" in row.values:
        style = {"colour": row.text("colour"), "field": row.text("colour_by", "")}
        try:
            rules = styling.read(row.text("colours", ""))
        except ValidationError as error:
            raise row.error("colours", error.messages[0]) from None
        found["style"] = {name: value for name, value in {**style, "rules": rules}.items() if value}
    return found


def _properties(row: Row) -> dict[str, Any]:
    """What is said of a feature: texts, numbers, yes or no."""
    said = row.row("fields") if "fields" in row.values else None
    values = dict(said.values) if said else {}
    if said and not all(isinstance(value, str | int | float) for value in values.values()):
        raise row.error("fields", _("write texts and numbers"))
    return {"properties": values} if said else {}


def _feature(load: Load, row: Row, layer: Layer) -> None:
    number = row.raw("feature", None)
    try:
        values = {
            "name": row.texts("name"), "icon": row.icon("icon", "l", ""), "approximate": row.flag("approximate", False),
            **_shape(row), **_properties(row),
        }  # fmt: skip
        load.upsert(row, Feature, {"slug": row.text("slug"), "layer": layer}, values)
    except LoadError as error:
        if number is None:
            raise
        reason = {"number": number, "reason": error.message}
        raise LoadError(error.file, error.line, _("feature %(number)d: %(reason)s") % reason) from None


def _shape(row: Row) -> Shape:
    """The one shape of a feature: written out as `point`, `line` or `polygon` (its outer ring, then holes), or a geometry."""
    given = row.raw("geometry", None)
    found = [_gated(row, given)] if given is not None else []
    for name, kind in (("point", "Point"), ("line", "LineString"), ("polygon", "Polygon")):
        shape = row.shape(name, kind)
        if shape is not None:
            found.append(shape)
    if not found:
        raise row.error("point", _("is missing"))
    if len(found) > 1:
        raise row.error("point", _("give exactly one shape: a point, a line or a polygon"))
    return _columns(found[0])


def _columns(shape: GEOSGeometry) -> Shape:
    column = COLUMNS[shape.geom_type]
    several = {"LineString": MultiLineString, "Polygon": MultiPolygon}.get(shape.geom_type)
    kept = several(shape, srid=geometry.WGS84) if several else shape
    return {"point": None, "line": None, "polygon": None, column: kept}


def _gated(row: Row, given: Any) -> GEOSGeometry:
    try:
        return geometry.geojson(given if isinstance(given, dict) else {}, kinds=frozenset(COLUMNS))
    except ValidationError as error:
        raise row.error("geometry", error.messages[0]) from None


def _of_file(folder: Path, row: Row) -> list[Row]:
    """The features of the GeoJSON file that `file` names; `properties` says which of theirs are slug and name.

    Without it they are called slug and name, the name in the installation's first language.
    """
    names = row.row("properties") if "properties" in row.values else None
    slug = names.text("slug", "slug") if names else "slug"
    texts = names.texts("name") if names else {}
    if names:
        names.done()
    found = geojson_file(folder, row, "file")
    if found is None:
        return []
    path, content = found
    whole = isinstance(content, dict) and content.get("type") == "FeatureCollection"
    features = content.get("features") if whole else None
    if not isinstance(features, list) or len(features) > MOST_FEATURES:
        raise LoadError(str(path), 1, _("must be a FeatureCollection of at most %(most)d features") % {"most": MOST_FEATURES})
    return [_row(str(path), number, each, slug, texts) for number, each in enumerate(features, start=1)]


def _row(file: str, number: int, feature: Any, slug: str, texts: dict[str, str]) -> Row:
    """One feature as a record, read from here on like a written one."""
    given = feature if isinstance(feature, dict) else {}
    said_of_it = given.get("properties")
    properties: dict[str, Any] = said_of_it if isinstance(said_of_it, dict) else {}
    names = texts or {settings.LANGUAGE_CODE: "name"}
    said = {language: properties.get(name) for language, name in names.items()}
    values = {
        "feature": number, "slug": _word(properties.get(slug)), "geometry": given.get("geometry"),
        "name": Row(file, 1, {language: text for language, text in said.items() if text}, {}),
    }  # fmt: skip
    return Row(file, 1, values, {})


def _word(value: Any) -> Any:
    """Numbers serve as keys in many files."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
