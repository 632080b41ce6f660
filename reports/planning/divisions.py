"""Ways to divide the municipality: levels of its area tree; each says which unit a report belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Func, TextField, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.models import Area
from reports.planning.parameters import Words

ELSEWHERE = 0
"""Key of the reports that lie in none of the units."""
_NAMES: dict[str, Words] = {"settlement": gettext_lazy("Settlements"), "quarter": gettext_lazy("Quarters")}
# Degrees, about ten metres: an outline on a map of the whole needs no more.
_SIMPLER = 0.0001


@dataclass(frozen=True)
class Unit:
    """One area of a division. `slug` filters by it where it is set; `geometry` is GeoJSON in WGS84."""

    key: int
    name: str
    slug: str = ""
    population: int | None = None
    population_year: int | None = None
    geometry: dict[str, Any] | None = None


@dataclass(frozen=True)
class Division:
    """`column`: what a report is grouped by; `unit_of`: its value → the unit's key, ELSEWHERE for all others."""

    units: Sequence[Unit]
    column: str | Combinable
    unit_of: Mapping[int, int]


def divisions() -> list[tuple[str, Words]]:
    """(name in the address, label): levels of the area tree that have rows."""
    found = set(Area.objects.order_by().values_list("kind", flat=True).distinct())
    return [(kind, name) for kind, name in _NAMES.items() if kind in found]


def division(kind: str) -> Division:
    """The areas of one level of the tree; what lies below one belongs to it. One query."""
    shape = Func("polygon", Value(_SIMPLER), function="ST_SimplifyPreserveTopology")
    rows = Area.objects.annotate(
        outline=Func(shape, Value(5), Value(0), function="ST_AsGeoJSON", output_field=TextField())
    ).values_list("pk", "path", "kind", "slug", "prefix", "name", "population", "population_year", "outline", named=True)
    units, unit_of = [], {}
    chosen: dict[int, int] = {}
    for row in rows:  # in the order of paths: what is above comes first
        if row.kind == kind:
            name = Area(prefix=row.prefix, name=row.name).full_name
            outline = orjson.loads(row.outline) if row.outline else None
            units.append(Unit(row.pk, name, row.slug, row.population, row.population_year, outline))
            chosen[row.pk] = row.pk
        above = [int(step) for step in row.path.split(".") if step]
        unit_of[row.pk] = next((chosen[step] for step in reversed(above) if step in chosen), ELSEWHERE)
    return Division(units, "area", unit_of)


def elsewhere() -> Unit:
    """The row of what lies in none of the units."""
    return Unit(ELSEWHERE, _("elsewhere in the municipality"))
