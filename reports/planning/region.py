"""The part of the ground that a question is about, and the settlements on it, as shapes in local metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from django.core.cache import cache
from django.db.models import BinaryField, Func, QuerySet
from django.utils.translation import get_language

from geoportal.kernel.postgis import box as box_of
from layers.models import Feature
from municipality.models import Area
from municipality.site import installation
from reports.planning.local import REMEMBERED, Local
from reports.querysets import BBox

if TYPE_CHECKING:
    from reports.planning.question import Question


MOST_KEPT = 100
"""So many settlements with outlines are kept; those of a country are read by the box each time."""


@dataclass(frozen=True)
class Region:
    """`shape` in local metres, its `box` in degrees. `cuts`: it may cut off reports that the filters alone let through."""

    shape: Any
    box: BBox
    cuts: bool


@dataclass(frozen=True)
class Settlement:
    """One settlement with an outline in local metres; `box` is the outline's, in degrees."""

    name: str
    population: int
    shape: Any
    box: BBox


def in_metres(shape: Any, local: Local) -> Any:
    """A shape in degrees as one in local metres."""
    return shapely.transform(shape, lambda at: np.column_stack(local.metres(at[:, 0], at[:, 1])))


def _whole() -> list[tuple[int, Any]]:
    """(key, outline in degrees) of the municipality, where one is loaded."""
    wkb = Func("polygon", function="ST_AsBinary", output_field=BinaryField())
    rows = Area.objects.filter(parent=None, polygon__isnull=False).values_list("pk", wkb)
    return [(key, shapely.from_wkb(bytes(shape))) for key, shape in rows]


def asked_region(question: Question, local: Local) -> Region | None:
    """Drawn area, box and areas of the filters, each cut by the whole; None where nothing of all that is known, or no outline
    of the areas that are named: in the whole instead of them, everything around would be empty.

    A query for what the filters name; the whole is kept as long as the municipality's data stay.
    """
    wkb = Func("polygon", function="ST_AsBinary", output_field=BinaryField())
    known = cache.get_or_set(f"planning-whole-{installation().edition}", _whole, REMEMBERED) or _whole()
    whole = [shape for _key, shape in known]
    all_of_it = any(key in question.filters.area for key, _shape in known)
    chosen = []
    if question.filters.area and not all_of_it:
        rows = Area.objects.filter(pk__in=question.filters.area, polygon__isnull=False).exclude(parent=None)
        chosen = [shapely.from_wkb(bytes(shape)) for shape in rows.values_list(wkb, flat=True)]
    if question.filters.zone and not all_of_it:
        zones = Feature.objects.filter(pk__in=question.filters.zone).values_list(wkb, flat=True)
        chosen += [shapely.from_wkb(bytes(shape)) for shape in zones]
    if (question.filters.area or question.filters.zone) and not all_of_it and not chosen:
        return None
    parts = [*([shapely.union_all(chosen)] if chosen else []), *whole]
    if question.within:
        parts.append(shapely.from_wkb(bytes(question.within.polygon.wkb)))
    if question.filters.bbox:
        parts.append(shapely.box(*question.filters.bbox))
    if not parts:
        return None
    shape = parts[0]
    for part in parts[1:]:
        shape = shapely.intersection(shape, part)
    # Where outlines only touch, points and lines come with the areas.
    shape = shapely.union_all([one for one in shapely.get_parts(shape) if one.geom_type in ("Polygon", "MultiPolygon")])
    if shape.is_empty:
        shape = parts[-1]
    cuts = question.within is not None or question.filters.bbox is not None
    return Region(in_metres(shape, local), shape.bounds, cuts)


def settlements(local: Local, box: BBox) -> list[Settlement]:
    """The settlements whose outlines may touch the box (degrees); one query, or none where they are few and kept."""
    west, south, east, north = box
    key = f"planning-settlements-{installation().edition}-{get_language()}"
    every: list[Settlement] | None = cache.get(key)
    if every is None:
        areas = Area.objects.settlements().filter(polygon__isnull=False)
        every = _settlements(local, areas) if areas.count() <= MOST_KEPT else []
        cache.set(key, every, REMEMBERED)
    if not every:
        return _settlements(local, Area.objects.settlements().filter(polygon__bboverlaps=box_of(box)))
    return [one for one in every if one.box[0] <= east and one.box[2] >= west and one.box[1] <= north and one.box[3] >= south]


def _settlements(local: Local, areas: QuerySet[Area]) -> list[Settlement]:
    wkb = Func("polygon", function="ST_AsBinary", output_field=BinaryField())
    found = []
    for prefix, name, population, outline in areas.values_list("prefix", "name", "population", wkb):
        shape = shapely.from_wkb(bytes(outline))
        full = Area(prefix=prefix, name=name).full_name
        found.append(Settlement(full, population or 0, in_metres(shape, local), shape.bounds))
    return found
