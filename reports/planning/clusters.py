"""Where reports lie close together: DBSCAN in metres, each cluster with its outline and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from django.db import connection
from django.utils.formats import number_format
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from reports.planning import progress, seam
from reports.planning.analysis import Analysis
from reports.planning.cluster_rows import Member, columns, described
from reports.planning.local import Floats, Local
from reports.planning.parameters import Parameter
from reports.planning.provenance import provenance
from reports.planning.result import Chart, Result, Series
from reports.querysets import ReportQuerySet, today

if TYPE_CHECKING:
    from reports.planning.question import Question

DIRECT = 50_000
"""So many reports at most are taken where they are; of more, those of a small cell stand at their middle."""
CELLS_TO_EPS = 8
MOST_PLACES = 2_000_000
MOST_ROWS = 500
Ints = NDArray[np.int64]
# A degree of latitude in metres, and how much longer one of longitude may be in it; only for the size of cells.
_DEGREE, _WIDER = 111_000, 1.35
_CELLS = """p AS (SELECT *, ST_X(geom) AS lon, ST_Y(geom) AS lat,
                     floor(ST_X(geom) / %s)::bigint AS gx, floor(ST_Y(geom) / %s)::bigint AS gy FROM r)"""
_PLACES = f"""WITH {{reports}}, {_CELLS},
g AS (SELECT gx, gy, avg(lon) AS lon, avg(lat) AS lat, count(*) AS n FROM p GROUP BY gx, gy LIMIT {MOST_PLACES + 1})
SELECT array_agg(gx), array_agg(gy), array_agg(lon), array_agg(lat), array_agg(n) FROM g"""  # noqa: S608
_MEMBERS = f"""WITH {{reports}}, {_CELLS},
c AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) c (gx, gy, label))
SELECT label, kind, sector_id, area_id, status, count(*), count(*) FILTER (WHERE due_on < %s),
       min((created_at AT TIME ZONE %s)::date), max((created_at AT TIME ZONE %s)::date)
  FROM p JOIN c USING (gx, gy) GROUP BY label, kind, sector_id, area_id, status"""  # noqa: S608
_LABELS = """SELECT place, min(label) FROM (
    SELECT place, ST_ClusterDBSCAN(ST_MakePoint(x, y), %s, %s) OVER () AS label
      FROM unnest(%s::int[], %s::float8[], %s::float8[], %s::int[]) u (place, x, y, times), generate_series(1, times)
) each WHERE label IS NOT NULL GROUP BY place"""
_OUTLINES = """SELECT label, ST_AsGeoJSON(CASE WHEN ST_Dimension(hull) < 2 THEN ST_Buffer(hull, %s, 4) ELSE hull END, 1, 0)
  FROM (SELECT label, ST_ConcaveHull(ST_Collect(ST_MakePoint(x, y)), 0.5) AS hull
          FROM unnest(%s::int[], %s::float8[], %s::float8[]) u (label, x, y) GROUP BY label) hulls ORDER BY label"""


@dataclass(frozen=True)
class Places:
    """Where reports are: cell of the grid (column, row), mean longitude and latitude, and how many; `step`: its size in degrees."""

    gx: Ints
    gy: Ints
    lon: Floats
    lat: Floats
    n: Ints
    step: tuple[float, float]


def places(reports: ReportQuerySet, cell_metres: float) -> Places | None:
    """All places of these reports, one for each cell, with 0 for each coordinate. None: more than MOST_PLACES. One query."""
    # Stored coordinates have six decimals, so a cell of a tenth of the last one holds one coordinate.
    step = (cell_metres / _DEGREE * _WIDER, cell_metres / _DEGREE) if cell_metres else (1e-7, 1e-7)
    found = seam.read(_PLACES, reports, {"geom": "geom"}, step)
    row = found[0] if found and found[0][0] else [[]] * 5
    if len(row[0]) > MOST_PLACES:
        return None
    gx, gy, lon, lat, n = row
    return Places(
        np.array(gx, np.int64), np.array(gy, np.int64), np.array(lon, float), np.array(lat, float), np.array(n, np.int64), step
    )


def members(reports: ReportQuerySet, found: Places, label: Ints) -> list[Member]:
    """What the clusters 0, 1, … hold: their reports by kind, sector, area and state; one query."""
    inside = label >= 0
    columns_of = {name: name for name in ("geom", "kind", "status", "due_on", "created_at")}
    columns_of |= {"sector_id": "sector", "area_id": "area"}
    zone = get_current_timezone_name()
    arrays = [values[inside].tolist() for values in (found.gx, found.gy, label)]
    return [Member(*row) for row in seam.read(_MEMBERS, reports, columns_of, [*found.step, *arrays, today(), zone, zone])]


def labels(x: Floats, y: Floats, n: Ints, eps: float, minimum: int) -> Ints:
    """The cluster of each place, -1 for none: DBSCAN of PostGIS over places in metres, each as often as it holds reports.

    More copies than `minimum` change nothing: the place is a core already.
    """
    times = np.minimum(n, minimum)
    found = np.full(len(x), -1, np.int64)
    with connection.cursor() as cursor:
        cursor.execute(_LABELS, [eps, minimum, list(range(len(x))), x.tolist(), y.tolist(), times.tolist()])
        for place, label in cursor:
            found[place] = label
    return found


def outlines(label: Ints, x: Floats, y: Floats, eps: float, local: Local) -> list[dict[str, Any]]:
    """A GeoJSON polygon (WGS84) around the places of each cluster 0, 1, …; around points in a row half of `eps` wide."""
    inside = label >= 0
    with connection.cursor() as cursor:
        cursor.execute(_OUTLINES, [eps / 2, label[inside].tolist(), x[inside].tolist(), y[inside].tolist()])
        return [_in_degrees(orjson.loads(shape), local) for _label, shape in cursor]


def _in_degrees(shape: dict[str, Any], local: Local) -> dict[str, Any]:
    rings = []
    for ring in shape["coordinates"]:
        lon, lat = local.degrees([corner[0] for corner in ring], [corner[1] for corner in ring])
        rings.append([[round(a, 6), round(b, 6)] for a, b in zip(lon.tolist(), lat.tolist(), strict=True)])
    return {"type": "Polygon", "coordinates": rings}


def largest(label: Ints, n: Ints) -> tuple[Ints, int, int]:
    """(labels by size from 0, only the MOST_ROWS largest, -1 for others; clusters in all; reports in them)."""
    if not (label >= 0).any():
        return label, 0, 0
    sizes = np.bincount(label[label >= 0], n[label >= 0])
    order = np.argsort(-sizes, kind="stable")
    rank = np.empty(len(sizes), np.int64)
    rank[order] = np.arange(len(sizes))
    ranked = np.where(label >= 0, rank[label], -1)
    return np.where(ranked < MOST_ROWS, ranked, -1), len(sizes), int(sizes.sum())


def answer(question: Question) -> Result:
    """The clusters, the largest first. Nine queries whatever the number of reports."""
    placed = question.reports().filter(geom__isnull=False)
    progress.tell(0, 5, _("Counting the reports"))
    came = provenance(question, placed)
    local, cell = Local.of_municipality(), 0.0 if came.n <= DIRECT else question["eps"] / CELLS_TO_EPS
    common: dict[str, Any] = {"method": _method(local, cell), **came.facts(question)}
    if came.n < question["minimum"]:
        return Result(**common, refusal=_("Fewer reports than one cluster needs."))
    progress.tell(1, 5, _("Reading their places"))
    found = places(placed, cell)
    if found is None:
        return Result(**common, refusal=_("Too many places to compare. Ask about a smaller area or take a greater distance."))
    x, y = local.metres(found.lon, found.lat)
    progress.tell(2, 5, _("Looking for clusters"))
    label, clusters, inside = largest(labels(x, y, found.n, question["eps"], question["minimum"]), found.n)
    if not clusters:
        return Result(**common, refusal=_("No cluster: nowhere do so many reports lie so close together."))
    progress.tell(3, 5, _("Counting what the clusters hold"))
    held = members(placed, found, label)
    progress.tell(4, 5, _("Drawing their outlines"))
    rows = described(held, outlines(label, x, y, question["eps"], local))
    return Result(
        **common,
        columns=columns(),
        rows=rows,
        caveats=_caveats(came.n - inside, clusters),
        chart=Chart("bars", "cluster", (Series("n", _("reports")),)),
        totals={"n": came.n, "clusters": clusters, "inside": inside},
    )


def _method(local: Local, cell: float) -> str:
    said = _(
        "DBSCAN (Ester and others, 1996) by PostGIS: a report with so many others within the distance, itself counted, is the core of"
        " a cluster; what lies within the distance of a core belongs to it. Distances are metres in a transverse Mercator projection"
        " around %(centre)s. The outline is the concave hull of the places, widened where they lie in a row."
    ) % {"centre": local.in_words}
    if cell:
        said += " " + _(
            "As there are more than %(most)s reports, those of one cell %(cell)s m wide stand together at its middle."
        ) % {
            "most": number_format(DIRECT, force_grouping=True),
            "cell": number_format(cell, 0),
        }
    return said


def _caveats(outside: int, clusters: int) -> tuple[str, ...]:
    said = [
        _("Other distances give other clusters: try several before you rely on one."),
        _("Many people can report the same thing; a cluster is not yet many problems."),
        _("%(count)s reports lie in no cluster.") % {"count": number_format(outside, force_grouping=True)},
    ]
    if clusters > MOST_ROWS:
        said.append(_("The %(shown)d largest of %(all)d clusters are listed.") % {"shown": MOST_ROWS, "all": clusters})
    return tuple(said)


METRES = gettext_lazy("m")
ANALYSIS = Analysis(
    "clusters",
    gettext_lazy("Clusters"),
    gettext_lazy("Where do reports lie close together?"),
    (
        Parameter("eps", gettext_lazy("Distance between neighbours"),
                  gettext_lazy("Reports that lie nearer to each other belong together."),
                  default=50, lowest=10, highest=2000, unit=METRES),
        Parameter("minimum", gettext_lazy("Fewest reports"),
                  gettext_lazy("So many reports within that distance, itself counted, make a cluster."),
                  default=5, lowest=2, highest=1000),
    ),
    answer,
    long_from=DIRECT,
)  # fmt: skip
