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

from reports import workflow
from reports.planning import seam
from reports.planning.analysis import Analysis
from reports.planning.cluster_rows import columns, described
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
MOST_GROUPS = 500_000
MOST_ROWS = 500
STATES = tuple(workflow.STATES)
Ints = NDArray[np.int64]
# A degree of latitude in metres, and of longitude at the equator; only for the size of cells.
_DEGREE = 111_000
_GROUPS = """WITH {reports},
p AS (SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat, kind, sector_id, area_id, status, due_on,
             ((created_at AT TIME ZONE %s)::date - DATE '1970-01-01') AS day FROM r),
g AS (SELECT min(lon) AS lon0, min(lat) AS lat0, sum(lon) AS lon, sum(lat) AS lat, (kind = 'idea')::int AS idea, sector_id, area_id,
             array_position(%s::text[], status) - 1 AS status, count(*) AS n, count(*) FILTER (WHERE due_on < %s) AS late,
             min(day) AS first, max(day) AS last,
             dense_rank() OVER (ORDER BY floor(lon / %s), floor(lat / %s)) - 1 AS place
        FROM p GROUP BY floor(lon / %s), floor(lat / %s), idea, sector_id, area_id, status
       LIMIT %s)
SELECT array_agg(place), array_agg(lon), array_agg(lat), array_agg(idea), array_agg(sector_id), array_agg(area_id),
       array_agg(status), array_agg(n), array_agg(late), array_agg(first), array_agg(last) FROM g"""
_LABELS = """SELECT place, min(label) FROM (
    SELECT place, ST_ClusterDBSCAN(ST_MakePoint(x, y), %s, %s) OVER () AS label
      FROM unnest(%s::int[], %s::float8[], %s::float8[], %s::int[]) u (place, x, y, times), generate_series(1, times)
) each WHERE label IS NOT NULL GROUP BY place"""
_OUTLINES = """SELECT label, ST_AsGeoJSON(CASE WHEN ST_Dimension(hull) < 2 THEN ST_Buffer(hull, %s, 4) ELSE hull END, 1, 0)
  FROM (SELECT label, ST_ConcaveHull(ST_Collect(ST_MakePoint(x, y)), 0.5) AS hull
          FROM unnest(%s::int[], %s::float8[], %s::float8[]) u (label, x, y) GROUP BY label) hulls ORDER BY label"""


@dataclass(frozen=True)
class Groups:
    """Reports alike in place, kind, sector, area and state: one entry of each array. `place` numbers the distinct places from 0."""

    place: Ints
    lon: Floats
    lat: Floats
    idea: Ints
    sector: Ints
    area: Ints
    status: Ints
    n: Ints
    late: Ints
    first: Ints
    last: Ints

    def places(self) -> tuple[Floats, Floats, Ints]:
        """Mean longitude and latitude of each place, and how many reports it holds."""
        n = np.bincount(self.place, self.n)
        return np.bincount(self.place, self.lon) / n, np.bincount(self.place, self.lat) / n, n.astype(np.int64)


def groups(reports: ReportQuerySet, cell_metres: float) -> Groups | None:
    """All reports with a place; those of one cell together, 0: of one coordinate. None: more than MOST_GROUPS. One query."""
    columns_of = {name: name for name in ("geom", "kind", "status", "due_on", "created_at")}
    columns_of |= {"sector_id": "sector", "area_id": "area"}
    # Stored coordinates have six decimals, so a cell of a tenth of the last one holds one coordinate.
    step = cell_metres / _DEGREE if cell_metres else 1e-7
    grid = [step * (1.35 if cell_metres else 1), step]
    found = seam.read(
        _GROUPS,
        reports.filter(geom__isnull=False),
        columns_of,
        [get_current_timezone_name(), list(STATES), today(), *grid, *grid, MOST_GROUPS + 1],
    )
    row = found[0] if found and found[0][0] else [[]] * 11
    if len(row[0]) > MOST_GROUPS:
        return None
    return Groups(*(np.array(values, float if number in (1, 2) else np.int64) for number, values in enumerate(row)))


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


def answer(question: Question) -> Result:
    """The clusters, the largest first. Seven queries whatever the number of reports."""
    placed = question.reports().filter(geom__isnull=False)
    found = provenance(question, placed)
    local, cell = Local.of_municipality(), 0.0 if found.n <= DIRECT else question["eps"] / CELLS_TO_EPS
    common: dict[str, Any] = {"method": _method(local, cell), **found.facts(question)}
    if found.n < question["minimum"]:
        return Result(**common, refusal=_("Fewer reports than one cluster needs."))
    gathered = groups(placed, cell)
    if gathered is None:
        return Result(**common, refusal=_("Too many places to compare. Ask about a smaller area or take a greater distance."))
    lon, lat, n = gathered.places()
    x, y = local.metres(lon, lat)
    label = labels(x, y, n, question["eps"], question["minimum"])
    if not (label >= 0).any():
        return Result(**common, refusal=_("No cluster: nowhere do so many reports lie so close together."))
    shapes = outlines(label, x, y, question["eps"], local)
    rows = described(gathered, label, shapes)
    inside = sum(row["n"] for row in rows)
    return Result(
        **common,
        columns=columns(),
        rows=rows[:MOST_ROWS],
        caveats=_caveats(found.n - inside, len(rows)),
        chart=Chart("bars", "cluster", (Series("n", _("reports")),)),
        totals={"n": found.n, "clusters": len(rows), "inside": inside},
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
