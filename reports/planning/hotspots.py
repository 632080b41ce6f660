"""Where there are more reports than chance would bring: hexagons, Getis-Ord Gi*, and a bound on the share of false finds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from django.core.cache import cache
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from municipality.models import Area
from municipality.site import SECONDS
from reports.planning import hexagons
from reports.planning.analysis import Analysis
from reports.planning.counted_places import EXACT, Places, places
from reports.planning.gi_star import false_discovery, gi_star, two_sided
from reports.planning.ground import Ground, ground
from reports.planning.hexagons import Floats, Ints
from reports.planning.lengths import PREFIX, lengths, measured_layers
from reports.planning.local import Local
from reports.planning.parameters import Parameter, Words
from reports.planning.provenance import Provenance, provenance, provenance_of_many
from reports.planning.region import Region, asked_region
from reports.planning.result import Chart, Column, Result, Series

if TYPE_CHECKING:
    from reports.planning.question import Question

LEAST_REPORTS, LEAST_HEXAGONS = 30, 30
LEAST_EXPECTED = 1.0
"""Reports in a hexagon and its neighbours on average: with fewer, a single report would already look like a hot spot."""
LEAST_AROUND = 5
"""A hot spot has so many reports at least, its neighbours' among them."""
MOST_HEXAGONS = 150_000
MOST_ROWS = 500


@dataclass(frozen=True)
class Grid:
    """Hexagons by rising `key`: the reports in each, the people who live there, the settlement (position in `names`, -1: none).

    `metres`: of lines in each, where the counts are divided by a layer's length.
    """

    key: Ints
    n: Ints
    people: Floats
    settlement: Ints
    names: tuple[str, ...]
    metres: Floats | None = None


def answer(question: Question) -> Result:
    """The hexagons found, the hottest first. At most seven queries whatever the number of reports."""
    local, width = Local.of_municipality(), question["side"]
    region = asked_region(question, local)
    if region is None:
        said = _("No outline is known of the area that is asked about. Choose another one, or draw it.")
        return _refused(question, local, said)
    if hexagons.number_in(region.shape.bounds, width) > MOST_HEXAGONS:
        said = _("The hexagons would be more than %(most)s. Choose wider ones or a smaller area.")
        return _refused(question, local, said % {"most": number_format(MOST_HEXAGONS, force_grouping=True)})
    found, x, y = _located(question, region, local, width)
    came = provenance_of_many(question, found.total) if found.cell_metres else provenance(question)
    grid = counted(x, y, found.n, region, local, width)
    if question["per"].startswith(PREFIX):
        grid = replace(grid, metres=lengths(question["per"], grid.key, region.box, local, width))
    values, kept = compared(grid, question["per"], width)
    common = _common(question, came, local, found)
    common["n"] = int(grid.n[kept].sum())
    if why := _too_little(common["n"], int(kept.sum())):
        return Result(**common, refusal=why)
    near = hexagons.neighbours(grid.key[kept])
    z = gi_star(values, near)
    q = false_discovery(two_sided(z))
    sums = grid.n[kept] + np.where(near >= 0, grid.n[kept][near], 0).sum(axis=1)
    hits = np.flatnonzero((q <= question["level"]) & ((z < 0) | (sums >= LEAST_AROUND)))
    if not len(hits):
        return Result(**common, refusal=_("Nowhere are there more or fewer reports than chance would bring, at this level."))
    rows = _rows(hits[np.argsort(-z[hits], kind="stable")], (grid, kept), (z, q, sums), (local, width))
    return Result(
        **common,
        columns=_columns(grid.metres is not None),
        rows=rows,
        caveats=_caveats(question["per"], len(hits)),
        chart=Chart("bars", "hexagon", (Series("around", _("reports with the six around")),)),
        totals={"n": common["n"], "hexagons": int(kept.sum()), "found": len(hits)},
    )


def _too_little(reports: int, cells: int) -> str:
    """Why so many reports in so many hexagons say nothing; '' when they do."""
    if reports < LEAST_REPORTS or cells < LEAST_HEXAGONS:
        said = _("Too little to say: %(reports)d reports in %(hexagons)d hexagons; at least %(n)d and %(m)d are needed.")
        return said % {"reports": reports, "hexagons": cells, "n": LEAST_REPORTS, "m": LEAST_HEXAGONS}
    if reports * 7 < cells * LEAST_EXPECTED:
        said = _(
            "Too little to say: %(reports)d reports are too few for %(hexagons)s hexagons. Choose wider ones or a smaller area."
        )
        return said % {"reports": reports, "hexagons": number_format(cells, force_grouping=True)}
    return ""


def counted(x: Floats, y: Floats, n: Ints, region: Region, local: Local, width: float) -> Grid:
    """The hexagons whose middle lies in the region, empty ones too, and those that hold a report: `n` at each x, y (metres)."""
    q, r = hexagons.at(x, y, width)
    base = ground(region, local, width)
    position = base.positions(q, r)
    if (position < 0).any():
        base = Ground.laid(region, local, width, hexagons.keys(q, r))
        position = base.positions(q, r)
    counts = np.bincount(position, n, len(base.key)).astype(np.int64)
    here = base.inside | (counts > 0)
    return Grid(base.key[here], counts[here], base.people[here], base.settlement[here], base.names)


def compared(grid: Grid, per: str, width: float) -> tuple[Floats, NDArrayBool]:
    """(values of the hexagons that are compared, which these are).

    Counts; or counts for 1,000 people where some live; or for a kilometre where lines as long as half the width lie.
    """
    if per == "none":
        return grid.n.astype(float), np.ones(len(grid.n), bool)
    base, kept = (grid.people, grid.people > 0) if grid.metres is None else (grid.metres, grid.metres >= width / 2)
    return grid.n[kept] * 1000 / base[kept], kept


def _located(question: Question, region: Region, local: Local, width: float) -> tuple[Places, Floats, Floats]:
    """(places, x, y in metres); of summed cells those of which the middle of the reports lies in the region."""
    found = places(question, region.box, width)
    x, y = local.metres(found.lon, found.lat)
    if not (found.cell_metres and region.cuts):
        return found, x, y
    shapely.prepare(region.shape)
    kept = shapely.contains_xy(region.shape, x, y)
    return Places(found.lon[kept], found.lat[kept], found.n[kept], found.cell_metres), x[kept], y[kept]


def _rows(hits: Ints, grids: Any, scores: tuple[Floats, Floats, Ints], place: tuple[Local, float]) -> list[dict[str, Any]]:
    grid, kept = grids
    local, width = place
    shown = hits[:MOST_ROWS]
    key, n, people, home = (values[kept][shown] for values in (grid.key, grid.n, grid.people, grid.settlement))
    z, q, sums = (values[shown] for values in scores)
    metres = [] if grid.metres is None else [{"metres": round(length)} for length in grid.metres[kept][shown].tolist()]
    kinds = {True: pgettext("spot", "hot"), False: pgettext("spot", "cold")}
    columns = (
        n.tolist(), sums.tolist(), people.tolist(), home.tolist(), z.tolist(), q.tolist(),
        (np.abs(z) / float(np.abs(z).max())).tolist(), hexagons.geojson(*local.degrees(*hexagons.corners(key, width))),
    )  # fmt: skip
    return [
        {
            "hexagon": number,
            "place": grid.names[at] if at >= 0 else "",
            "kind": kinds[far > 0],
            "n": reports,
            "around": around,
            "people": round(living) if living else None,
            **(metres[number - 1] if metres else {}),
            "z": far,
            "q": found,
            "weight": weight,
            "geometry": geometry,
        }
        for number, (reports, around, living, at, far, found, weight, geometry) in enumerate(
            zip(*columns, strict=True), start=1
        )
    ]


def _common(question: Question, came: Provenance, local: Local, found: Places | None) -> dict[str, Any]:
    return {"method": _method(question, local, found), **came.facts(question)}


def _refused(question: Question, local: Local, why: str) -> Result:
    return Result(**_common(question, provenance(question), local, None), refusal=why)


def _columns(by_length: bool) -> tuple[Column, ...]:
    base = Column("metres", _("Length"), _("m")) if by_length else Column("people", _("People, estimated"))
    return (
        Column("hexagon", _("Hexagon")),
        Column("place", _("In")),
        Column("kind", _("What it is")),
        Column("n", _("Reports")),
        Column("around", _("With the six around it")),
        base,
        Column("z", "z", digits=2),
        Column("q", _("q (false finds)"), digits=4),
    )


def _method(question: Question, local: Local, found: Places | None) -> str:
    said = _(
        "Hexagons %(width)s m from side to side in a transverse Mercator projection around %(centre)s, empty ones of the area included."
        " Getis-Ord Gi* with binary weights: each hexagon with its six neighbours against all, two-sided. Among those named at most the"
        " chosen share is there by chance (Benjamini and Hochberg); a hot one has at least %(least)d reports with its neighbours."
    ) % {"least": LEAST_AROUND, "width": number_format(question["side"], force_grouping=True), "centre": local.in_words}
    if question["per"] == "population":
        said += " " + _(
            "Counts are divided by the people of the hexagon: a settlement's population is spread evenly over its whole territory,"
            " hexagons without people are left out."
        )
    if question["per"].startswith(PREFIX):
        said += " " + _(
            "Counts are divided by the length of the layer's lines in the hexagon; hexagons with less than half their width of it are"
            " left out."
        )
    if found and found.cell_metres:
        said += " " + _(
            "As there are more than %(most)s reports, those of a cell %(cell)s m wide are counted at the middle of their places."
        ) % {
            "most": number_format(EXACT, force_grouping=True),
            "cell": number_format(found.cell_metres, 0),
        }
    return said


def _caveats(per: str, hits: int) -> tuple[str, ...]:
    said = [
        _("Another width of the hexagons gives other places: try several before you rely on one."),
        _("Counts of few reports are not normally distributed, so z is rough where most hexagons are empty."),
    ]
    if per == "none":
        said.append(_("Nothing is divided by: where more people are, more is reported."))
    elif per == "population":
        said.append(
            _("Nobody lives in fields and forests, so where a settlement's territory is wide, its houses look too hot.")
        )
    if hits > MOST_ROWS:
        said.append(_("The %(shown)d strongest of %(all)d hexagons are listed.") % {"shown": MOST_ROWS, "all": hits})
    return tuple(said)


def denominators() -> list[tuple[str, Words]]:
    """What a hexagon's count is divided by: nothing; population where one is known of a settlement; length of a layer's lines."""

    def read() -> list[tuple[str, Words]]:
        known = Area.objects.filter(kind="settlement", population__gt=0, polygon__isnull=False).exists()
        return [*([("population", _("Population"))] if known else []), *measured_layers()]

    return [("none", gettext_lazy("Nothing")), *(cache.get_or_set(f"planning-per-{get_language()}", read, SECONDS) or ())]


NDArrayBool = np.ndarray[Any, np.dtype[np.bool_]]
ANALYSIS = Analysis(
    "hotspots",
    gettext_lazy("Hot spots"),
    gettext_lazy("Where are there more reports than chance would bring?"),
    (
        Parameter("side", gettext_lazy("Width of a hexagon"), gettext_lazy("From one side to the opposite one."),
                  default=500, lowest=100, highest=5000, unit=gettext_lazy("m")),
        Parameter("level", gettext_lazy("Share of false finds"),
                  gettext_lazy("Of the places named, so large a share may be there by chance."),
                  kind="number", default=0.05, lowest=0.01, highest=0.2),
        Parameter("per", gettext_lazy("Divided by"), gettext_lazy("What the counts are compared with."),
                  kind="choice", default="none", choices=denominators),
    ),
    answer,
)  # fmt: skip
