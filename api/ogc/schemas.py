"""A collection's properties as JSON Schema: what features hold (Part 5) and what filters may speak of (Part 3)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from api.ogc.answering import at
from api.ogc.collections import Collection

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def geometry(collection: Collection, *, told: bool) -> dict[str, Any]:
    """`format` is all that Part 5 allows; for filters (`told`) QGIS knows a geometry by the address of its schema."""
    name = "Point" if collection.kind == "point" else "Geometry"
    return {
        "title": _("Geometry"),
        **({"$ref": f"https://geojson.org/schema/{name}.json"} if told else {}),
        "format": f"geometry-{collection.kind}",
        "x-ogc-role": "primary-geometry",
    }


def schema(collection: Collection) -> dict[str, Any]:
    """All properties in their order; nothing can be written, so all are read alone."""
    properties = {field.name: {**field.schema, "readOnly": True} for field in collection.fields}
    return _document(collection, "schema", properties)


def queryables(collection: Collection) -> dict[str, Any]:
    """Those that a filter may name; it may name no others."""
    properties = {name: field.schema for name, field in collection.queryables.items()}
    return {**_document(collection, "queryables", properties), "additionalProperties": False}


def _document(collection: Collection, name: str, properties: dict[str, Any]) -> dict[str, Any]:
    ordered = {"geometry": geometry(collection, told=name == "queryables"), **properties}
    return {
        "$schema": DIALECT,
        "$id": at(f"collections/{collection.id}/{name}"),
        "type": "object",
        "title": str(collection.title),
        "properties": {key: {**each, "x-ogc-propertySeq": place} for place, (key, each) in enumerate(ordered.items(), start=1)},
    }
