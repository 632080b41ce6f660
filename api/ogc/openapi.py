"""The description of this interface as OpenAPI 3.0, written from the same lists that answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from api.ogc.answering import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, at
from api.ogc.asked import FORMATS, LANGUAGE, LIMIT, MOST
from api.ogc.collections import Collection
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.problems import CONTENT_TYPE as PROBLEM
from geoportal.kernel.systems import CRS84, SYSTEMS
from municipality.site import installation
from reports.parameters import LABELS

_OBJECT = {"type": "object"}


def document(collections: list[Collection]) -> dict[str, Any]:
    """The whole description, in the language in force."""
    paths: dict[str, Any] = {
        "/": _get("landing", _("What there is"), JSON, "page", ["f"]),
        "/conformance": _get("conformance", _("What is kept of the standards"), JSON, "conformance", ["f"]),
        "/api": _get("api", _("Description of this interface"), OPENAPI, "any", ["f"]),
        "/collections": _get("collections", _("Collections"), JSON, "collections", ["f"]),
    }
    for each in collections:
        paths |= _of(each)
    contact = {"name": text_in(installation().name)}
    if email := installation().contact.get("email"):
        contact["email"] = email
    return {
        "openapi": "3.0.3",
        "info": {
            "title": ": ".join((text_in(installation().name), _("geodata"))), "version": "1", "contact": contact,
            "description": _("Everything public on this site as layers that QGIS and other programs open (OGC API – Features)."),
        },
        "servers": [{"url": at("").rstrip("/")}],
        "paths": paths,
        "components": {
            "parameters": {**_parameters(), **_words(collections)}, "schemas": _schemas(),
            "responses": {"Problem": {"description": _("What went wrong"), "content": {PROBLEM: {"schema": _ref("schemas", "exception")}}}},
        },
    }  # fmt: skip


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _get(
    name: str, summary: str, kind: str, schema: str, parameters: list[str], headers: dict[str, Any] | None = None
) -> dict[str, Any]:
    content = {kind: {"schema": _ref("schemas", schema)}, HTML: {"schema": {"type": "string"}}}
    found = {"description": summary, "content": content, **({"headers": headers} if headers else {})}
    listed = [_ref("parameters", each) for each in parameters]
    problem = _ref("responses", "Problem")
    return {
        "get": {
            "operationId": name, "summary": summary, "parameters": listed,
            "responses": {"200": found, "400": problem, "404": problem, "500": problem},
        }
    }  # fmt: skip


def _of(collection: Collection) -> dict[str, Any]:
    """The addresses of one collection: written out each, as QGIS and GDAL look for them."""
    name, here = collection.id, f"/collections/{collection.id}"
    title = str(collection.title)
    crs = {"Content-Crs": {"description": _("Coordinate system of the answer"), "schema": {"type": "string"}}}
    words = [_component(each) for each in collection.language]
    asked = ["f", "limit", "cursor", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs", *words]
    return {
        here: _get(f"collection.{name}", title, JSON, "collection", ["f"]),
        f"{here}/items": _get(f"items.{name}", title, GEOJSON, "features", asked, crs),
        f"{here}/items/{{featureId}}": _get(f"item.{name}", title, GEOJSON, "feature", ["featureId", "f", "crs"], crs),
        f"{here}/queryables": _get(f"queryables.{name}", _("What filters may speak of"), SCHEMA, "any", ["f"]),
        f"{here}/schema": _get(f"schema.{name}", _("What each feature holds"), SCHEMA, "any", ["f"]),
    }


def _component(name: str) -> str:
    """What the parameter of the filter language is called here: `status` may mean something else one day."""
    return f"word-{name}"


def _query(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema, **more}


def _parameters() -> dict[str, Any]:
    text, systems = {"type": "string"}, {"type": "string", "enum": list(SYSTEMS), "default": CRS84.uri}
    numbers = {
        "type": "array",
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        "items": {"type": "number"},
    }
    return {
        "f": _query("f", _("The format; without it, what Accept asks for"), {"type": "string", "enum": list(FORMATS)}),
        "limit": _query(
            "limit", _("Features on a page; where more are asked for, so many are given"),
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}, style="form", explode=False,
        ),
        "cursor": _query("cursor", _("Where the page begins: follow the link with rel=next"), text),
        "bbox": _query(
            "bbox", _("Only features that touch this box: west,south,east,north, with heights six numbers"), numbers, style="form",
            explode=False,
        ),
        "bbox-crs": _query("bbox-crs", _("Coordinate system of the box"), systems),
        "datetime": _query(
            "datetime", _("Only features of this time: a moment, a day, or an interval with / whose open side is .."), text,
            style="form", explode=False,
        ),
        "crs": _query("crs", _("Coordinate system of the answer"), systems),
        "filter": _query("filter", _("A condition in CQL2 text over the queryables"), text),
        "filter-lang": _query("filter-lang", _("Language of the condition"), {**text, "enum": [LANGUAGE], "default": LANGUAGE}),
        "filter-crs": _query("filter-crs", _("Coordinate system of places in the condition"), systems),
        "featureId": {"name": "featureId", "in": "path", "required": True, "description": _("Number or short name of the feature"), "schema": text},
    }  # fmt: skip


def _words(collections: list[Collection]) -> dict[str, Any]:
    """The site's own filter language."""
    names = dict.fromkeys(name for each in collections for name in each.language)
    days = {"since", "until"}
    return {
        _component(name): _query(name, str(LABELS[name]), {"type": "string", **({"format": "date"} if name in days else {})})
        for name in names
    }


def _schemas() -> dict[str, Any]:
    text, links = {"type": "string"}, {"type": "array", "items": _ref("schemas", "link")}
    described = {"id": text, "title": text, "description": text, "links": links, "extent": _OBJECT, "itemType": text, "storageCrs": text,
                 "crs": {"type": "array", "items": text}}  # fmt: skip
    geometry = {**_OBJECT, "nullable": True}
    one = {"type": {**text, "enum": ["Feature"]}, "id": text, "geometry": geometry, "properties": _OBJECT, "links": links}
    listed = {
        "type": {**text, "enum": ["FeatureCollection"]}, "features": {"type": "array", "items": _ref("schemas", "feature")}, "links": links,
        "timeStamp": {**text, "format": "date-time"}, "numberReturned": {"type": "integer"}, "numberMatched": {"type": "integer"},
    }  # fmt: skip
    return {
        "any": _OBJECT,
        "link": {**_OBJECT, "required": ["href", "rel"], "properties": dict.fromkeys(("href", "rel", "type", "title"), text)},
        "page": {**_OBJECT, "required": ["links"], "properties": {"title": text, "description": text, "links": links}},
        "conformance": {**_OBJECT, "required": ["conformsTo"], "properties": {"conformsTo": {"type": "array", "items": text}}},
        "collection": {**_OBJECT, "required": ["id", "links"], "properties": described},
        "collections": {
            **_OBJECT, "required": ["links", "collections"],
            "properties": {"links": links, "collections": {"type": "array", "items": _ref("schemas", "collection")}},
        },
        "feature": {**_OBJECT, "required": ["type", "id", "geometry", "properties"], "properties": one},
        "features": {**_OBJECT, "required": ["type", "features"], "properties": listed},
        "exception": {
            **_OBJECT, "required": ["code", "status"],
            "properties": {"code": text, "description": text, "title": text, "status": {"type": "integer"}, "detail": text, "parameter": text},
        },
    }  # fmt: skip
