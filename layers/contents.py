"""What a layer holds, told without looking at its features again: their frame and the JSON types of everything that is said of them."""

from __future__ import annotations

from typing import Any

from django.db import connection

from layers.models import Layer

_FRAME = """SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (
  SELECT ST_Extent(coalesce(polygon, line, point)) AS e FROM layers_feature WHERE layer_id = %s) found WHERE e IS NOT NULL"""
_TYPES = """SELECT DISTINCT said.key, jsonb_typeof(said.value) FROM layers_feature f,
  jsonb_each(CASE WHEN jsonb_typeof(f.properties) = 'object' THEN f.properties ELSE '{}' END) said
WHERE f.layer_id = %s AND jsonb_typeof(said.value) <> 'null' ORDER BY 1, 2"""


def looked_up(layer: int) -> dict[str, Any]:
    """{frame: [west, south, east, north] or None, types: {field: JSON types}} of the layer with this key: two statements over all its
    features, so never in the request of somebody who only reads."""
    with connection.cursor() as cursor:
        cursor.execute(_FRAME, [layer])
        frame = cursor.fetchone()
        cursor.execute(_TYPES, [layer])
        types: dict[str, list[str]] = {}
        for name, kind in cursor.fetchall():
            types.setdefault(name, []).append(kind)
    return {"frame": list(frame) if frame else None, "types": types}


def lacking(layer: Layer) -> list[str]:
    """Fields by which the layer is coloured or that it shows, and that no feature has; nothing while there are none to look at."""
    types = (layer.facts or {}).get("types")
    wanted = filter(None, [layer.style.get("field", ""), *layer.popup])
    return [name for name in dict.fromkeys(wanted) if name not in types] if types else []


def keep(layer: int) -> None:
    """Writes it down on the layer; whoever changes its features calls this in the same transaction."""
    Layer.objects.filter(pk=layer).update(facts=looked_up(layer))
