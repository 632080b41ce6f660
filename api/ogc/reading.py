"""Rows of a collection by keyset: one statement a page, the same on the first page and the last, and no model is made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from django.db.models import F, QuerySet

from api.ogc.asked import Asked
from api.ogc.collections import GEOMETRY, Collection
from geoportal.kernel.systems import System

MOST_COUNTED = 10_000
"""So many are counted; where there are more, nobody needs the number so much that all would have to be looked at."""


def _found(asked: Asked) -> QuerySet[Any]:
    """The rows that are asked for, in no order, with no more joined to them than the filter speaks of: so they are counted."""
    collection = asked.collection
    used = {part.name for part in asked.where.flatten() if isinstance(part, F)}
    named = {field.alias: field.expression for field in collection.fields if field.alias in used}
    rows = collection.rows(asked.filters).order_by()
    return rows.annotate(**{GEOMETRY: collection.shape}).annotate(**named).filter(asked.where)


def _columns(rows: QuerySet[Any], collection: Collection, system: System) -> QuerySet[Any, Any]:
    aliases = [field.alias for field in collection.fields]
    further = {field.alias: field.expression for field in collection.fields if field.alias not in rows.query.annotations}
    shown = rows.annotate(ogc_id=F(collection.key), ogc_shown=system.shown(GEOMETRY, F(GEOMETRY)), **further)
    return shown.values_list("pk", "ogc_id", "ogc_shown", *aliases)


def page(asked: Asked) -> tuple[list[tuple[Any, ...]], int | None, int | None]:
    """(rows, key after which the next page begins or None, how many there are in all or None): two statements. A row is the key, the
    public id, GeoJSON text or None, and the values of the fields."""
    found = _found(asked)
    rows = list(_columns(found, asked.collection, asked.system).filter(pk__gt=asked.after).order_by("pk")[: asked.limit + 1])
    count = found.values("pk")[: MOST_COUNTED + 1].count()
    total = count if count <= MOST_COUNTED else None
    if len(rows) <= asked.limit:
        return rows, None, total
    return rows[: asked.limit], rows[asked.limit - 1][0], total


def one(collection: Collection, name: str, system: System) -> tuple[Any, ...] | None:
    """The row of a feature's public id."""
    asked = Asked(collection)
    return _columns(_found(asked).filter(**{collection.key: name}), collection, system).first()


def features(collection: Collection, rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """GeoJSON of rows; their geometry is the database's own text."""
    names = [field.name for field in collection.fields]
    return [
        {
            "type": "Feature",
            "id": name,
            "geometry": None if shape is None else orjson.Fragment(shape),
            "properties": dict(zip(names, values, strict=True)),
        }
        for _key, name, shape, *values in rows
    ]
