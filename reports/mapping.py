"""What the map shows: pins, clusters, shapes, list, counts and legend from one set of filters, so that they agree.

Bounded whatever the table holds: groups are at most the cells of a screen, the list its first rows.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from django.contrib.gis.db.models import GeometryField
from django.db.models import BigIntegerField, F, Q
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import BBox, as_geojson, box, latitude, longitude
from layers.ground import bounds
from layers.models import Feature, Project
from layers.querysets import ProjectQuerySet
from layers.wording import stage_mark, stage_sentence
from municipality.site import sectors
from reports import workflow
from reports.cards import card, card_rows
from reports.filters import Filters
from reports.models import Report
from reports.querysets import ReportQuerySet
from reports.spatial import clusters, grid
from reports.spatial.wanted import Place, Wanted
from reports.wording import group_name

Cells = dict[tuple[int, int], "list[_Part]"]
ROWS = 40
MOST_PROJECTS = 200
PROJECT_COLUMNS = (
    "reference", "title", "sector_slug", "sector_icon", "stage", "ends_year", "as_of_year", "approximate", "lon", "lat", "shape",
    "area_prefix", "area_name",
)  # fmt: skip
SIGN_PX = 52
MOST_CELLS = 64  # groups side by side at most: 64 times 45 to 64 pixels is more than a screen
DEPTH = 2  # the box is widened to cells of 11 to 16 pixels, of 45 to 64 at most
ROUNDS = 4
NEIGHBOURS = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]
TOUCHING = 0.9  # of a sign's width: nearer signs would overlap
_FURTHER = "subject__further_sectors__slug"
NO_PROJECTS = ("category", "status", "overdue", "assigned", "supported", "since", "until")


@dataclass(frozen=True)
class Scope:
    """Who looks: the reports that may be seen at all, as rows and as points. `page`: where a sign leads; `keep`: what the
    addresses of the map carry before the filters („tab=late&“); `projects`: planned projects are shown beside the reports."""

    user: Any
    reports: ReportQuerySet
    wanted: Callable[[Filters, Any], Wanted]
    page: str = "report"
    keep: str = ""
    projects: bool = True

    @classmethod
    def public(cls, user: Any) -> Self:
        """The public set, the same for everyone."""
        return cls(user, Report.objects.public(), Wanted.public_set)

    @classmethod
    def desk(cls, user: Any) -> Self:
        """What the person works with, restricted reports among it; for private answers alone."""
        return cls(user, Report.objects.for_desk(user).exclude(status__in=sorted(workflow.OFF_MAP)), Wanted.for_desk)

    def cards(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        """Rows of `card_rows` as cards that lead to the page of this scope."""
        return [{**card(row), "url": reverse(self.page, args=[row.reference])} for row in rows]


@dataclass(frozen=True)
class View:
    """What a map shows: the filters with their box widened to whole cells, so that list, counts and signs speak of the same
    reports to the last one; `place`: the same box for the grid."""

    filters: Filters
    zoom: float
    place: Place
    scope: Scope

    @classmethod
    def of(cls, filters: Filters, scope: Scope, zoom: float | None = None) -> Self:
        """Without a zoom the one at which the box fills a screen."""
        frame = filters.bbox or bounds()
        zoom = zoom_for(frame[2] - frame[0]) if zoom is None else min(zoom, 19)
        # A box far larger than a screen at its zoom is shown as coarsely as it is large.
        level = max(2, min(math.floor(zoom + 2.5), grid.level_for(frame, MOST_CELLS)))
        if filters.bbox is None:
            return cls(filters, zoom, Place(level), scope)
        # Wider where only the sums of wider cells hold what is asked: a range of months close up.
        finest = clusters.held_level(scope.wanted(filters, scope.user), level + DEPTH, DEPTH)
        cells = grid.cells_of(filters.bbox, finest)
        snapped = replace(filters, bbox=grid.box_of(cells, finest))
        return cls(snapped, zoom, Place(level, cells, finest - level), scope)

    @property
    def wanted(self) -> Wanted:
        return self.scope.wanted(self.filters, self.scope.user)

    @property
    def reports(self) -> ReportQuerySet:
        """The rows of what is shown."""
        return self.filters.apply(self.scope.reports, self.scope.user)

    @property
    def box_text(self) -> str:
        """The widened box for an address; as many decimals as tell it from its neighbours."""
        return box_text(self.filters.bbox) if self.filters.bbox else ""


def box_text(frame: BBox) -> str:
    """A box for an address, with so many decimals that the same points lie in it when it is read again."""
    return ",".join(f"{number:.11f}" for number in frame)


def groups(view: View, planned: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[int], list[dict[str, Any]]]:
    """(clusters, primary keys of reports that stand alone, cards of `planned` that stand alone).

    One query: sums by cell (45 to 64 pixels) and sector; the cards of projects and what else stands beside them join their cells here.
    """
    found, live = clusters.parts(view.wanted, view.place)
    icons = {sector.pk: sector.icon for sector in sectors()}
    cells: Cells = defaultdict(list)
    for part in found:
        if part.cell >= 0:
            cells[grid.unmorton(part.cell)].append(_Part.of(part, icons.get(part.sector, "")))
    shift = grid.UNITS_LEVEL - view.place.level
    for item in planned:
        if item["lon"] is not None:
            x, y = grid.grid_x(item["lon"]), grid.grid_y(item["lat"])
            cells[x >> shift, y >> shift].append(_Part(item["icon"], 1, 0, x, y, 0, (x, x, y, y), item))
    groups, alone, cards_alone = [], [], []
    for parts in gathered(cells, grid.SIDE / (256 * 2**view.zoom) * SIGN_PX):
        count = sum(part.n for part in parts)
        if count > 1:
            groups.append(_cluster(parts, count, live))
        elif parts[0].card:
            cards_alone.append(parts[0].card)
        else:
            alone.append(int(parts[0].sid))
    return groups, alone, cards_alone


@dataclass(frozen=True)
class _Part:
    """What lies in one cell of one sector; coordinates in grid units, `extent`: x0, x1, y0, y1."""

    icon: str
    n: int
    late: int
    sx: float
    sy: float
    sid: float
    extent: tuple[float, float, float, float]
    card: dict[str, Any] | None = None

    @classmethod
    def of(cls, part: clusters.Part, icon: str) -> Self:
        return cls(icon, part.n, part.late, part.sx, part.sy, part.sid, (part.x0, part.x1, part.y0, part.y1))


def gathered(cells: Cells, step: float) -> list[list[_Part]]:
    """Cells with those neighbours whose signs would overlap theirs, until none does; at most ROUNDS times. `step`: a sign's width."""
    groups = list(cells.values())
    for _round in range(ROUNDS):
        before = len(groups)
        placed: Cells = defaultdict(list)
        for parts in groups:
            x, y = _seen_at(parts, step)
            placed[math.floor(x / step), math.floor(y / step)] += parts
        groups = _draw_in(placed, step)
        if len(groups) == before:
            break
    return groups


def _draw_in(cells: Cells, step: float) -> list[list[_Part]]:
    """One round: the fullest cell draws in those of its eight neighbours that are too near."""
    left = dict(cells)
    result = []
    for key in sorted(cells, key=lambda key: -sum(part.n for part in cells[key])):
        if key not in left:
            continue
        parts = left.pop(key)
        x, y = _seen_at(parts, step)
        for dx, dy in NEIGHBOURS:
            near = left.get((key[0] + dx, key[1] + dy))
            if near is None:
                continue
            nx, ny = _seen_at(near, step)
            if math.hypot(nx - x, ny - y) < step * TOUCHING:
                parts = parts + left.pop((key[0] + dx, key[1] + dy))
        result.append(parts)
    return result


def _seen_at(parts: list[_Part], step: float) -> tuple[float, float]:
    """Where the middle of the sign is: a single one stands on its place, so its body is above it (y goes southwards)."""
    x, y = _middle(parts)
    alone = len(parts) == 1 and parts[0].n == 1
    return x, y - (step / 2 if alone else 0)


def _middle(parts: list[_Part]) -> tuple[float, float]:
    count = sum(part.n for part in parts)
    return sum(part.sx for part in parts) / count, sum(part.sy for part in parts) / count


def _cluster(parts: list[_Part], count: int, live: bool) -> dict[str, Any]:
    """`coincide`: all of them stand at one place, so coming nearer would not part them. `here`: the box that holds them all,
    for the filters; empty where only sums of whole cells are known."""
    by_icon: dict[str, int] = defaultdict(int)
    for part in parts:
        by_icon[part.icon] += part.n
    x, y = _middle(parts)
    x0, x1 = min(part.extent[0] for part in parts), max(part.extent[1] for part in parts)
    y0, y1 = min(part.extent[2] for part in parts), max(part.extent[3] for part in parts)
    late, cards = sum(part.late for part in parts), [part.card for part in parts if part.card]
    others = [card for card in cards if card["kind"] != "project"]
    corners = (math.floor(x0), math.floor(x1), math.floor(y0), math.floor(y1))
    return {
        "name": group_name(count - len(cards), len(cards) - len(others), late, beside=others),
        "lon": round(grid.longitude(x), 6),
        "lat": round(grid.latitude(y), 6),
        "count": count,
        "late": late,
        "sectors": sorted(([icon, n] for icon, n in by_icon.items()), key=lambda pair: (-pair[1], pair[0])),
        "box": [round(n, 6) for n in (grid.longitude(x0), grid.latitude(y1), grid.longitude(x1), grid.latitude(y0))],
        "coincide": live and x0 == x1 and y0 == y1,
        "here": box_text(grid.box_of(corners, grid.UNITS_LEVEL)) if live else "",
    }


def first_cards(view: View) -> list[dict[str, Any]]:
    """The list's first rows; here `due` puts those without a date last, the newest first, instead of leaving them out."""
    rows, boxed = card_rows(view.reports), view.filters.bbox is not None
    match view.filters.order:
        case "due":
            # Two questions, each answered in the order of an index: no index holds both.
            found = list(rows.filter(due_on__isnull=False).order_by("due_on", "pk")[:ROWS])
            if len(found) < ROWS:
                found += rows.filter(due_on=None).newest(boxed)[: ROWS - len(found)]
        case "support":
            found = list(rows.order_by("-subject__support_count", "-pk")[:ROWS])
        case "oldest":
            found = list(rows.oldest(boxed)[:ROWS])
        case _:
            found = list(rows.newest(boxed)[:ROWS])
    return view.scope.cards(found)


def facets(view: View, beside: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """Counts for the legend: how many one would see with each kind, each sector, only late ones; `shown` of `total`.

    A sector finds what it leads and what it is a further one of, so a report or project counts under each of its sectors.
    `beside`: cards of what stands beside reports and projects in any sector.
    """
    filters = view.filters
    wanted = view.wanted
    every = clusters.counts(replace(wanted, kind=(), sector=(), late=False), view.place)
    slugs = {sector.pk: sector.slug for sector in sectors()}
    chosen = set(filters.sector)
    figures: dict[str, int] = {"problem": 0, "idea": 0, "late": 0, "shown": 0}
    by_sector: dict[str, int] = defaultdict(int)
    for count in every:
        of_kind = not filters.kind or count.kind in filters.kind
        of_sector = not chosen or bool(chosen & set(count.sectors))
        wanted_late = count.late or not filters.overdue
        if of_sector and wanted_late:
            figures[count.kind] += count.n
        if of_sector and of_kind and count.late:
            figures["late"] += count.n
        if of_kind and of_sector and wanted_late:
            figures["shown"] += count.n
        if of_kind and wanted_late:
            for sector in count.sectors:
                by_sector[slugs[sector]] += count.n
    if view.scope.projects and (not filters.kind or "project" in filters.kind):
        for slug in _project_sectors(projects(filters.without("sector"), view.scope.user)):
            by_sector[slug] += 1
    for item in beside:
        for slug in item["sectors"]:
            by_sector[slug] += 1
    return {**figures, "sectors": dict(by_sector), "total": _total(view, wanted, sum(count.n for count in every))}


def _total(view: View, wanted: Wanted, counted: int) -> int:
    """How many lie in the place whatever the filters; `counted` says it unless others than kind, sector and late are set."""
    nothing = view.scope.wanted(Filters(), view.scope.user)
    if replace(wanted, kind=(), sector=(), late=False) == nothing:
        return counted
    return sum(count.n for count in clusters.counts(nothing, view.place))


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
    if filters.area or filters.zone:
        inside = Q(subject__area__in=filters.area) | Q(areas__in=filters.area)
        for polygon in Feature.objects.filter(pk__in=filters.zone).values_list("polygon", flat=True):
            inside |= Q(point__coveredby=polygon)
        found = found.filter(inside).distinct()
    if filters.q:
        found = found.filter(subject__title__icontains=filters.q)
    if filters.bbox:
        frame = box(filters.bbox)
        touches = Q()
        for column in ("point", "points", "line", "polygon"):
            touches |= Q(**{f"{column}__bboverlaps": frame})
        found = found.filter(touches)
    return found


def project_shapes(found: ProjectQuerySet) -> ProjectQuerySet:
    """With `shape`, the most extensive form, and `id`, the public reference as a number."""
    shape = Coalesce("polygon", "line", "points", "point", output_field=GeometryField())
    return found.annotate(shape=shape, id=Cast("subject__reference", BigIntegerField()), sector=F("subject__sector__slug"))


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
