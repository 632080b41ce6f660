"""What each variant of a comparison would touch: length, area, people near, contributions inside; one query for all of them.

Lengths, areas and distances are of the spheroid. People: a settlement's population spread evenly over the circle by which the map
draws its houses (`townRadius` in static/js/map/ground.js), and the share of that circle within so many metres of the variant. Over the
whole territory, as hot spots have it, the middle of a village would be as empty as its fields.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import cell
from municipality.models import Area
from participation import wording_alternatives as wording
from participation.models import Alternative
from reports.workflow import OVER_FOR_SUPPORT

NEAR, FAR = 300, 500
"""Metres within which people are counted."""
CIRCLE = (150, 9)
"""Metres of a settlement's circle: so many, and so many more for the root of its people; 11 people a hectare in a village of 300, 31 in
a town of 20,000."""
BESIDE = 50
"""Metres from a line or a place within which a contribution counts as inside."""

SQL = """
WITH v AS (
  SELECT a.subject_id AS id, a.points, a.lines, a.polygons,
         (SELECT ST_Collect(part) FROM unnest(ARRAY[a.points, a.lines, a.polygons]::geometry[]) AS part WHERE part IS NOT NULL) AS shape
    FROM participation_alternative a WHERE a.subject_id = ANY(%(ids)s)
), reach AS (
  SELECT v.id, m.metres, ST_Buffer(v.shape::geography, m.metres, 32)::geometry AS area
    FROM v CROSS JOIN unnest(%(metres)s::int[]) AS m(metres)
), homes AS (
  SELECT population, ST_Buffer(point::geography, %(least)s + %(each)s * sqrt(population), 32)::geometry AS circle
    FROM municipality_area WHERE kind = 'settlement' AND population IS NOT NULL AND point IS NOT NULL
), people AS (
  SELECT r.id, r.metres,
         sum(CASE WHEN ST_Intersects(h.circle, r.area)
                  THEN h.population * ST_Area(ST_Intersection(h.circle, r.area)::geography) / ST_Area(h.circle::geography) ELSE 0 END) AS n
    FROM reach r CROSS JOIN homes h GROUP BY 1, 2
), around AS (
  SELECT v.id, ST_Expand(ST_Buffer(v.shape::geography, %(beside)s)::geometry, 0.0001) AS box FROM v
)
SELECT v.id, CASE WHEN v.polygons IS NOT NULL THEN ST_Area(v.polygons::geography) END,
       CASE WHEN v.lines IS NOT NULL THEN ST_Length(v.lines::geography) END,
       (SELECT n FROM people p WHERE p.id = v.id AND p.metres = %(near)s), (SELECT n FROM people p WHERE p.id = v.id AND p.metres = %(far)s),
       (SELECT count(*) FROM around b JOIN reports_report r ON r.is_public AND NOT r.approximate AND r.status <> ALL(%(left_out)s) AND r.geom && b.box
         WHERE b.id = v.id AND (ST_Covers(v.polygons, r.geom) OR ST_DWithin(v.lines::geography, r.geom::geography, %(beside)s)
                                OR ST_DWithin(v.points::geography, r.geom::geography, %(beside)s)))
  FROM v
"""


@dataclass(frozen=True)
class Effect:
    """Of one variant. `area` in m², `length` in m, None where it has none; `near`, `far`: people within NEAR and FAR metres, None
    where no population is known; `inside`: public problems and ideas."""

    variant: Alternative
    area: float | None
    length: float | None
    near: float | None
    far: float | None
    inside: int

    @property
    def cost_per_person(self) -> float | None:
        """Euros for each of the people within FAR metres, by the middle of the cost's range; None where either is not known."""
        low, high = self.variant.cost_from, self.variant.cost_to
        return (low + high) / 2 / self.far if low is not None and high is not None and self.far else None


def effects(variants: list[Alternative]) -> list[Effect]:
    """In the order given; one query."""
    if not variants:
        return []
    given = {
        "ids": [each.pk for each in variants], "metres": [NEAR, FAR], "near": NEAR, "far": FAR, "beside": BESIDE,
        "least": CIRCLE[0], "each": CIRCLE[1], "left_out": sorted(OVER_FOR_SUPPORT),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SQL, given)
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [Effect(each, *found[each.pk]) for each in variants if each.pk in found]


@dataclass(frozen=True)
class Row:
    """One line of the table: what is told, and of each variant in words."""

    label: str
    cells: tuple[str, ...]


def rows(found: list[Effect]) -> list[Row]:
    """The table with a column for each variant."""
    unknown, none = wording.unknown(), "–"
    number = lambda value: unknown if value is None else wording.grouped(value)  # noqa: E731
    told: list[tuple[str, Any]] = [
        (_("Cost"), lambda each: wording.cost(each.variant)),
        (_("Time"), lambda each: wording.time(each.variant)),
        (_("Length"), lambda each: none if each.length is None else _("%(n)s m") % {"n": wording.grouped(each.length)}),
        (pgettext("of ground", "Area"), lambda each: none if each.area is None else _area(each.area)),
        (_("People within %(n)d m") % {"n": NEAR}, lambda each: number(each.near)),
        (_("People within %(n)d m") % {"n": FAR}, lambda each: number(each.far)),
        (_("Reports and ideas inside"), lambda each: wording.grouped(each.inside)),
        (_("Cost per person within %(n)d m") % {"n": FAR}, lambda each: _euros(each.cost_per_person)),
    ]  # fmt: skip
    return [Row(label, tuple(say(each) for each in found)) for label, say in told]


def _area(square_metres: float) -> str:
    if square_metres < 10_000:
        return _("%(n)s m²") % {"n": wording.grouped(square_metres)}
    return _("%(n)s ha") % {"n": wording.grouped(square_metres / 10_000, 2)}


def _euros(value: float | None) -> str:
    if value is None:
        return wording.unknown()
    return f"{wording.grouped(value, 2 if value < 100 else 0)} €"


def method() -> str:
    """How it is computed, in words."""
    said = _(
        "Lengths, areas and distances are measured on the ground by PostGIS. People: the population of each settlement is spread evenly "
        "over the circle by which the map draws its houses, and the part that lies within %(near)d and %(far)d m of the alternative is "
        "counted. Reports and ideas: those that everyone sees and whose place is exact, withdrawn ones and duplicates left out, inside its areas or "
        "within %(beside)d m of its lines and places. "
        "Cost per person: the middle of the cost, divided by the people within %(far)d m."
    )
    return said % {"near": NEAR, "far": FAR, "beside": BESIDE}


def source() -> str:
    """Of what year the population is, and where costs are from."""
    rows = Area.objects.settlements().exclude(population=None).exclude(population_year=None)
    years = sorted(set(rows.values_list("population_year", flat=True)))
    named = ", ".join(map(str, years))
    population = (
        _("Population: census or count of %(years)s.") % {"years": named} if years else _("No year of the population is known.")
    )
    return f"{population} {_('Costs and times: as the page of each alternative says.')}"


def caveat() -> str:
    return _(
        "Where each house stands is not known here: in quarters with blocks of flats more people live than are counted, at the edges "
        "fewer. The numbers compare alternatives, they do not decide."
    )


def as_csv(found: list[Effect]) -> bytes:
    """Numbers as they are: one row for each variant; what is not known is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([
        _("Alternative"), _("Title"), _("Proposed by residents"), _("Cost from, €"), _("Cost to, €"), _("Months from"), _("Months to"),
        _("Length, m"), _("Area, m²"), _("People within %(n)d m") % {"n": NEAR}, _("People within %(n)d m") % {"n": FAR},
        _("Reports and ideas inside"), _("Cost per person within %(n)d m") % {"n": FAR},
    ])  # fmt: skip
    for each in found:
        one = each.variant
        writer.writerow([
            cell(wording.letter(one)), cell(text_in(one.title)), "" if one.own else "1", *map(_plain, (
                one.cost_from, one.cost_to, one.months_from, one.months_to, each.length, each.area, each.near, each.far, each.inside,
            )), "" if each.cost_per_person is None else f"{each.cost_per_person:.2f}",
        ])  # fmt: skip
    for words in (method(), source(), caveat()):
        writer.writerow([cell(words)])
    return ("\ufeff" + out.getvalue()).encode()


def _plain(value: float | None) -> str:
    return "" if value is None else str(round(value))
