"""What the map shows: pins, clusters, shapes, list, counts and legend from one set of filters, so that they agree.

Bounded whatever the table holds: groups are at most the cells of a screen, the list its first rows.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Func, Max, Min, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import as_geojson, box, latitude, longitude
from layers.models import Project
from layers.querysets import ProjectQuerySet
from layers.wording import stage_mark, stage_sentence
from reports.cards import card, card_rows
from reports.filters import Filters
from reports.models import Report
from reports.querysets import ReportQuerySet, today

Cells = dict[tuple[float, float], list[dict[str, Any]]]
ROWS = 40
MOST_PROJECTS = 200
PROJECT_COLUMNS = (
    "reference", "title", "sector_slug", "sector_icon", "stage", "ends_year", "as_of_year", "approximate", "lon", "lat", "shape",
    "area_prefix", "area_name",
)  # fmt: skip
CELL_PX = 52
ROUNDS = 4
NEIGHBOURS = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]
TOUCHING = 0.9  # of a cell: nearer signs would overlap
LATITUDE_STEP = 0.73  # degrees of latitude per degree of longitude that look square at the latitudes of Bulgaria
_FURTHER = "subject__further_sectors__slug"
NO_PROJECTS = ("category", "status", "overdue", "assigned", "supported", "since", "until")


def wanted_reports(filters: Filters, user: Any) -> ReportQuerySet:
    """Public reports that the filters let through."""
    return filters.apply(Report.objects.public(), user)


def groups(
    reports: ReportQuerySet, zoom: float, planned: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[int], list[dict[str, Any]]]:
    """(clusters, primary keys of reports that stand alone, projects that stand alone).

    One query: counts by cell of a grid in degrees (about CELL_PX pixels) and sector's icon; the projects join their cells here.
    """
    step = 360 / (256 * 2**zoom) * CELL_PX
    x, y = longitude("geom"), latitude("geom")
    rows = (
        reports.filter(geom__isnull=False)
        .annotate(lon=x, lat=y)
        .annotate(gx=_cell("lon", step), gy=_cell("lat", step * LATITUDE_STEP))
        .values("gx", "gy", "sector__icon")
        .annotate(
            n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today())), one=Min("pk"), x=Avg("lon"), y=Avg("lat"),
            west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat"),
        )
        .order_by()
    )  # fmt: skip
    cells: Cells = defaultdict(list)
    for row in rows:
        cells[row["gx"], row["gy"]].append(row)
    for item in planned:
        if item["lon"] is not None:
            key = math.floor(item["lon"] / step), math.floor(item["lat"] / (step * LATITUDE_STEP))
            cells[key].append(_as_part(item))
    clusters, alone, projects_alone = [], [], []
    for parts in _gathered(cells, step):
        count = sum(part["n"] for part in parts)
        if count > 1:
            clusters.append(_cluster(parts, count))
        elif "project" in parts[0]:
            projects_alone.append(parts[0]["project"])
        else:
            alone.append(parts[0]["one"])
    return clusters, alone, projects_alone


def _gathered(cells: Cells, step: float) -> list[list[dict[str, Any]]]:
    """Cells with those neighbours whose signs would overlap theirs, until none does; at most ROUNDS times."""
    groups = list(cells.values())
    for _round in range(ROUNDS):
        before = len(groups)
        placed: Cells = defaultdict(list)
        for parts in groups:
            x, y = _seen_at(parts, step)
            placed[math.floor(x / step), math.floor(y / (step * LATITUDE_STEP))] += parts
        groups = _draw_in(placed, step)
        if len(groups) == before:
            break
    return groups


def _draw_in(cells: Cells, step: float) -> list[list[dict[str, Any]]]:
    """One round: the fullest cell draws in those of its eight neighbours that are too near."""
    left = dict(cells)
    result = []
    for key in sorted(cells, key=lambda key: -sum(part["n"] for part in cells[key])):
        if key not in left:
            continue
        parts = left.pop(key)
        x, y = _seen_at(parts, step)
        for dx, dy in NEIGHBOURS:
            near = left.get((key[0] + dx, key[1] + dy))
            if near is None:
                continue
            nx, ny = _seen_at(near, step)
            if math.hypot(nx - x, (ny - y) / LATITUDE_STEP) < step * TOUCHING:
                parts = parts + left.pop((key[0] + dx, key[1] + dy))
        result.append(parts)
    return result


def _seen_at(parts: list[dict[str, Any]], step: float) -> tuple[float, float]:
    """Where the middle of the sign is: a single one stands on its place, so its body is above it."""
    x, y = _middle(parts)
    alone = len(parts) == 1 and parts[0]["n"] == 1
    return x, y + (step / 2 * LATITUDE_STEP if alone else 0)


def _middle(parts: list[dict[str, Any]]) -> tuple[float, float]:
    count = sum(part["n"] for part in parts)
    return sum(part["x"] * part["n"] for part in parts) / count, sum(part["y"] * part["n"] for part in parts) / count


def _as_part(item: dict[str, Any]) -> dict[str, Any]:
    lon, lat = item["lon"], item["lat"]
    box = {"west": lon, "south": lat, "east": lon, "north": lat}
    return {"sector__icon": item["icon"], "n": 1, "late": 0, "x": lon, "y": lat, "project": item, **box}


def _cell(column: str, step: float) -> Func:
    return Func(F(column) / Value(step), function="FLOOR", output_field=FloatField())


def _cluster(parts: list[dict[str, Any]], count: int) -> dict[str, Any]:
    sectors: dict[str, int] = defaultdict(int)
    for part in parts:
        sectors[part["sector__icon"]] += part["n"]
    return {
        "lon": round(_middle(parts)[0], 6),
        "lat": round(_middle(parts)[1], 6),
        "count": count,
        "late": sum(part["late"] for part in parts),
        "sectors": sorted(([icon, n] for icon, n in sectors.items()), key=lambda pair: (-pair[1], pair[0])),
        "box": [
            min(part["west"] for part in parts), min(part["south"] for part in parts),
            max(part["east"] for part in parts), max(part["north"] for part in parts),
        ],
    }  # fmt: skip


def first_cards(reports: ReportQuerySet, order: str) -> list[dict[str, Any]]:
    """The list's first rows; here `due` puts those without a date last instead of leaving them out."""
    orders: dict[str, list[Any]] = {
        "oldest": ["created_at", "pk"],
        "due": [F("due_on").asc(nulls_last=True), "-created_at", "-pk"],
        "support": ["-subject__support_count", "-pk"],
    }
    ordered = card_rows(reports).order_by(*orders.get(order, ["-created_at", "-pk"]))
    return [card(row) for row in ordered[:ROWS]]


def facets(filters: Filters, user: Any) -> dict[str, Any]:
    """Counts for the legend: how many one would see with each kind, each sector, only late ones.

    A sector finds what it leads and what it is a further one of, so a report or project counts under each of its sectors.
    """
    every = wanted_reports(filters.without("kind", "sector", "overdue"), user)
    leading = _figures(every, "sector__slug")
    # Under a sector a report must count once, whichever of the chosen sectors found it.
    rows = _figures(wanted_reports(filters.without("kind", "overdue"), user), "kind") if filters.sector else leading
    # An alias holds the pairs of report and further sector: `exclude` on the relation itself would drop whole reports.
    pairs = every.alias(further=F("subject__further_sectors")).filter(further__isnull=False)
    further = pairs.exclude(further=F("sector"))
    figure = "late" if filters.overdue else "n"
    sectors: dict[str, int] = defaultdict(int)
    for column, found in (("sector__slug", leading), (_FURTHER, _figures(further, _FURTHER))):
        for row in found:
            if not filters.kind or row["kind"] in filters.kind:
                sectors[row[column]] += row[figure]
    if not filters.kind or "project" in filters.kind:
        for slug in _project_sectors(projects(filters.without("sector"), user)):
            sectors[slug] += 1
    return {
        **{kind: sum(row[figure] for row in rows if row["kind"] == kind) for kind in ("problem", "idea")},
        "late": sum(row["late"] for row in rows if not filters.kind or row["kind"] in filters.kind),
        "sectors": dict(sectors),
    }


def _figures(reports: ReportQuerySet, column: str) -> list[dict[str, Any]]:
    """{kind, `column`, n, late} for each kind and value of the column; one query."""
    figures = {"n": Count("pk"), "late": Count("pk", filter=Q(due_on__lt=today()))}
    return list(reports.values(*dict.fromkeys(("kind", column))).annotate(**figures).order_by())


def _project_sectors(found: ProjectQuerySet) -> list[str]:
    """Each project's sectors, the leading and further ones, of all projects in one list; one query."""
    rows = found.values_list("pk", "subject__sector__slug", _FURTHER).order_by()
    pairs = {(pk, slug) for pk, leading, further in rows for slug in (leading, further) if slug}
    return [slug for _pk, slug in pairs]


def projects(filters: Filters, user: Any) -> ProjectQuerySet:
    """Planned projects under the same filters; none where a filter speaks of reports only."""
    found = Project.objects.visible_to(user)
    if any(getattr(filters, name) for name in NO_PROJECTS):
        return found.none()
    if filters.sector:
        found = found.filter(Q(subject__sector__in=filters.sector) | Q(subject__further_sectors__in=filters.sector)).distinct()
    if filters.area:
        found = found.filter(Q(subject__area__in=filters.area) | Q(areas__in=filters.area)).distinct()
    if filters.q:
        found = found.filter(subject__title__icontains=filters.q)
    if filters.bbox:
        frame = box(filters.bbox)
        touches = Q()
        for column in ("point", "points", "line", "polygon"):
            touches |= Q(**{f"{column}__bboverlaps": frame})
        found = found.filter(touches)
    return found


def project_rows(found: ProjectQuerySet) -> list[dict[str, Any]]:
    """Cards of projects with `lon`, `lat` of their sign and `geometry` of their shape (each or None); one query, bounded."""
    rows = (
        found.annotate(
            lon=longitude("point"),
            lat=latitude("point"),
            shape=Coalesce(as_geojson("polygon"), as_geojson("line"), as_geojson("points")),
            reference=F("subject__reference"),
            sector_slug=F("subject__sector__slug"),
            sector_icon=F("subject__sector__icon"),
            area_prefix=F("subject__area__prefix"),
            area_name=F("subject__area__name"),
        )
        .values(*PROJECT_COLUMNS)
        .order_by("-ends_year", "pk")[:MOST_PROJECTS]
    )
    return [_project_card(row) for row in rows]


def _project_card(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "ref": row["reference"],
        "url": reverse("project", args=[row["reference"]]),
        "kind": "project",
        "sector": row["sector_slug"],
        "icon": row["sector_icon"],
        "mark": stage_mark(row["stage"]),
        "title": text_in(row["title"]),
        "lang": "",
        "photo": "",
        "place": f"{text_in(row['area_prefix'])} {text_in(row['area_name'])}".strip(),
        "status": stage_sentence(row["stage"], row["ends_year"], row["as_of_year"]),
        "lon": row["lon"],
        "lat": row["lat"],
        "approx": row["approximate"],
        "geometry": json.loads(row["shape"]) if row["shape"] else None,
    }


def zoom_for(width_degrees: float, pixels: int = 1000) -> int:
    """The whole zoom at which so many degrees fit into so many pixels."""
    return max(0, min(19, int(math.log2(360 * pixels / (256 * max(width_degrees, 1e-6))))))
