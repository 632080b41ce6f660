"""Rows of a collection by keyset: one statement a page, the same on the first page and the last, and no model is made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from django.db.models import Case, F, Func, IntegerField, QuerySet, RowRange, Sum, TextField, When, Window
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from api.ogc.asked import Asked
from api.ogc.collections import GEOMETRY, Collection
from geoportal.kernel.systems import System
from reports.filters import Filters

MOST_COUNTED = 10_000
"""So many are counted; where there are more, nobody needs the number so much that all would have to be looked at."""

MOST_CORNERS = 500_000
"""Of one page, which ends with the feature that reaches so many: 10,000 borders of a country would be gigabytes of text."""


def _found(asked: Asked) -> QuerySet[Any]:
    """The rows that are asked for, in no order, with no more joined to them than the filter speaks of: so they are counted."""
    collection = asked.collection
    used = {part.name for part in asked.where.flatten() if isinstance(part, F)}
    named = {field.alias: field.expression for field in collection.fields if field.alias in used}
    rows = collection.rows(asked.filters).order_by()
    return rows.annotate(**{GEOMETRY: collection.shape}).annotate(**named).filter(asked.where)


def _columns(rows: QuerySet[Any], collection: Collection, system: System, **last: Any) -> QuerySet[Any, Any]:
    aliases = [field.alias for field in collection.fields]
    further = {field.alias: field.expression for field in collection.fields if field.alias not in rows.query.annotations}
    shape = system.shown(GEOMETRY, F(GEOMETRY))
    for corners in last.values():
        shape = Case(When(LessThan(Coalesce(corners, 0), MOST_CORNERS), then=shape), output_field=TextField())
    shown = rows.annotate(ogc_id=F(collection.key), ogc_shown=shape, **further, **last)
    return shown.values_list("pk", "ogc_id", "ogc_shown", *aliases, *last)


def page(asked: Asked) -> tuple[list[tuple[Any, ...]], int | None, int | None]:
    """(rows, key after which the next page begins or None, how many there are in all or None): two statements. A row is the key, the
    public id, GeoJSON text or None, and the values of the fields."""
    found = _found(asked)
    rows = _page(found, asked)
    count = found.values("pk")[: MOST_COUNTED + 1].count()
    total = count if count <= MOST_COUNTED else None
    fitting = [row[:-1] for row in rows[: asked.limit] if (row[-1] or 0) < MOST_CORNERS]
    return fitting, (fitting[-1][0] if len(fitting) < len(rows) else None), total


def _page(found: QuerySet[Any], asked: Asked) -> list[tuple[Any, ...]]:
    """One row more than a page has, each with the corners of the rows before it at its end. The page is picked before anything is
    joined to it or counted in it; shapes behind MOST_CORNERS are not even written."""
    collection = asked.collection
    keys = found.filter(pk__gt=asked.after).order_by("pk").values("pk")[: asked.limit + 1]
    picked = collection.rows(Filters()).order_by("pk").filter(pk__in=keys).annotate(**{GEOMETRY: collection.shape})
    corners = Func(F(GEOMETRY), function="ST_NPoints", output_field=IntegerField())
    before = Window(Sum(corners), order_by=F("pk").asc(), frame=RowRange(start=None, end=-1))
    return list(_columns(picked, collection, asked.system, ogc_corners=before))


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
