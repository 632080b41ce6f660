"""Ways to divide the municipality: levels of its area tree, layers of polygons; each says which unit a report belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import BigIntegerField
from django.db.models.expressions import Combinable, RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import as_geojson, simpler
from layers.models import Feature
from layers.zones import SETTLEMENTS, zone_layers
from municipality.models import Area
from reports.planning.parameters import Words

ELSEWHERE = 0
"""Key of the reports that lie in none of the units."""
_NAMES: dict[str, Words] = {"settlement": gettext_lazy("Settlements"), "quarter": gettext_lazy("Quarters")}
_LAYER = "layer."
_FIRST = "SELECT min(f.id) FROM layers_feature f WHERE f.id = ANY (%s) AND ST_Covers(f.polygon, reports_report.geom)"


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
    """`column`: what a report is grouped by; `unit_of`: its value → the unit's key, ELSEWHERE for all others.

    `zones`: the units are polygons of a layer, which may overlap.
    """

    units: Sequence[Unit]
    column: str | Combinable
    unit_of: Mapping[int, int]
    zones: bool = False


def levels() -> list[tuple[str, Words]]:
    """(name in the address, label): levels of the area tree that have rows."""
    found = set(Area.objects.order_by().values_list("kind", flat=True).distinct())
    return [(kind, name) for kind, name in _NAMES.items() if kind in found]


def divisions() -> list[tuple[str, Words]]:
    """The same, and each published layer of areas: „layer.plan“."""
    return [*levels(), *((f"{_LAYER}{slug}", name) for slug, name in zone_layers() if slug != SETTLEMENTS)]


def division(by: str, zones: Sequence[int] = ()) -> Division:
    """The units of one of `divisions`; of a layer only the `zones` asked about, all where none is. One query."""
    return _zones(by.removeprefix(_LAYER), zones) if by.startswith(_LAYER) else _level(by)


def _zones(layer: str, only: Sequence[int]) -> Division:
    """Polygons of a layer; a report in several of them belongs to the first."""
    rows = Feature.objects.areas().addressed().filter(layer__slug=layer).annotate(outline=as_geojson(simpler("polygon"), 5))
    units = [
        Unit(pk, text_in(name), address, geometry=orjson.loads(shape))
        for pk, address, name, shape in rows.values_list("pk", "address", "name", "outline")
    ]
    units = [unit for unit in units if unit.key in only] or units
    keys = [unit.key for unit in units]
    first = RawSQL(_FIRST, [keys], output_field=BigIntegerField())  # noqa: S611  our own words; keys are a parameter
    return Division(units, first, dict(zip(keys, keys, strict=True)), True)


def _level(kind: str) -> Division:
    """The areas of one level of the tree; what lies below one belongs to it."""
    rows = Area.objects.annotate(outline=as_geojson(simpler("polygon"), 5)).values_list(
        "pk", "path", "kind", "slug", "prefix", "name", "population", "population_year", "outline", named=True
    )
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
