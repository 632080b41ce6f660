"""A hundred thousand reports: by which index each hot path reads, how many rows it reads, how large its answer is. No times."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.http import QueryDict

from geoportal.kernel.tiles import Tile
from layers.models import Feature, Layer
from reports import listing, mapping
from reports.cards import card_rows
from reports.filters import Filters
from reports.here import here
from reports.models import Report
from reports.querysets import today
from reports.spatial import clusters, grid, tiles
from reports.spatial.wanted import Place, Wanted
from reports.views.desk.inbox import by_due, tab_rows
from reports.views.desk.map import tab_scope
from tests import factories
from tests.reports.spatial import crowd

pytestmark = pytest.mark.django_db
ROWS = 100_000
MOST_BYTES = 300 * 1024
LON, LAT = factories.CENTRE


@pytest.fixture(scope="module", autouse=True)
def _crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Copies of one report around the town's centre, dense in the middle, over ten years; taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        crowd.fill(ROWS)
        yield
        transaction.set_rollback(True)


def plan(sql: str, parameters: Any) -> tuple[str, int]:
    """(plan without figures, most rows that one node read of a table or index)."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", parameters)
        [found] = cursor.fetchone()[0]
    nodes = list(_nodes(found["Plan"]))
    told = " | ".join(f"{node['Node Type']} {node.get('Index Name') or node.get('Relation Name') or ''}" for node in nodes)
    read = [
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes if "Relation Name" in node
    ]  # fmt: skip
    return told, int(max(read, default=0))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def wanted(query: str = "") -> Wanted:
    return Wanted.public_set(filters(query))


def filters(query: str) -> Filters:
    return Filters.from_query(QueryDict(query), AnonymousUser(), strict=True)


def tile(zoom: int) -> Tile:
    shift = grid.UNITS_LEVEL - zoom
    return Tile(zoom, grid.grid_x(LON) >> shift, grid.grid_y(LAT) >> shift)


def test_all_of_them_are_summed() -> None:
    assert sum(count.n for count in clusters.counts(wanted(), Place(4))) == ROWS + 1


@pytest.mark.parametrize("zoom", [14, 16])
def test_a_tile_of_points_is_one_range_of_one_index(zoom: int) -> None:
    told, read = plan(*tiles.points_sql(wanted(), tile(zoom)))
    assert "reports_point_m" in told
    assert "Seq Scan reports_point" not in told
    assert read <= tiles.MOST_POINTS + 1


@pytest.mark.parametrize(
    ("query", "index", "most"),
    [
        ("", "reports_cell_key", 512), ("kind=problem", "reports_cell_key", 512), ("sector=urban", "reports_cell_key", 512),
        ("overdue=1", "reports_cell_key", 512), ("status=received", "reports_cell_detail_key", 512),
        ("category=pothole", "reports_cell_detail_key", 2_048),
        ("since=2023-11-01&until=2026-10-31&sector=urban&status=resolved", "reports_cell_period_key", 14 * 512),
    ],
)  # fmt: skip
@pytest.mark.parametrize("zoom", [6, 8])
def test_clusters_read_their_cells_and_nothing_that_grows(query: str, index: str, most: int, zoom: int) -> None:
    told, read = plan(*tiles.clusters_sql(wanted(query), tile(zoom)))
    assert index in told
    assert not re.search(r"Seq Scan reports_(cell|point)", told), told
    assert read <= most


@pytest.mark.parametrize("zoom", range(0, 19, 2))
def test_no_tile_is_larger_than_its_bound(zoom: int) -> None:
    assert 0 < len(tiles.reports_tile(wanted(), tile(zoom))) <= MOST_BYTES
    assert 0 < len(tiles.clusters_tile(wanted(), tile(zoom))) <= MOST_BYTES


def test_the_newest_of_a_box_come_in_the_order_of_the_index() -> None:
    box = f"bbox={LON - 0.05},{LAT - 0.05},{LON + 0.05},{LAT + 0.05}&limit=50"
    seen = _Seen()
    with connection.execute_wrapper(seen):
        rows, _cursor = listing.page(filters(box), AnonymousUser(), "s.reference")
        list(filters(box).page(filters(box).apply(Report.objects.public()))[0])
    assert len(rows) == 50
    for sql, parameters in seen.statements:
        told, read = plan(sql, parameters)
        assert re.search(r"Limit +\| Index Scan report_place_time", told), told  # nothing is sorted to find the page
        assert read <= 60


def test_without_a_box_the_newest_come_from_their_own_index() -> None:
    seen = _Seen()
    with connection.execute_wrapper(seen):
        listing.page(filters("kind=problem"), AnonymousUser(), "s.reference")
    told, read = plan(*seen.statements[0])
    assert "report_newest" in told
    assert read <= 60


@pytest.mark.parametrize("box", ["", f"&bbox={LON - 0.3},{LAT - 0.3},{LON + 0.3},{LAT + 0.3}"])
@pytest.mark.parametrize(("order", "index"), [("support", "subject_support"), ("due", "report_due")])
def test_other_orders_come_from_their_own_index_on_every_page(order: str, index: str, box: str) -> None:
    """The second page of `support` begins among a hundred thousand equals, of which none before it may be read."""
    cursors = {"support": ["", f"0~{Report.objects.order_by('pk')[ROWS // 2].pk}"], "due": ["", f"{today()}~0"]}
    for cursor in cursors[order]:
        asked, seen = filters(f"order={order}&cursor={cursor}{box}"), _Seen()
        with connection.execute_wrapper(seen):
            rows, _cursor = listing.page(asked, AnonymousUser(), "s.reference")
            same = asked.page(card_rows(asked.apply(Report.objects.public())))[0]
            if not cursor:
                mapping.first_cards(mapping.View.of(asked, mapping.Scope.public(None), 9))
        assert [row[0] for row in rows] == [row.pk for row in same]
        assert len(rows) == 50
        for sql, parameters in seen.statements:
            if "reports_report" not in sql:
                continue
            told, read = plan(sql, parameters)
            assert index in told, told
            assert read <= 200, told


def test_neighbours_are_looked_for_in_a_box_first() -> None:
    near = Report.objects.public().open().near(Point(LON + 0.05, LAT, srid=4326), 150)[:5]
    told, read = plan(*near.query.sql_with_params())
    assert "report_open_place" in told
    assert read < 500


def test_words_that_few_hold_are_found_by_their_index() -> None:
    seen = _Seen()
    with connection.execute_wrapper(seen):
        listing.page(filters("q=орхидея"), AnonymousUser(), "s.reference")
    with connection.cursor() as cursor:
        # Of a hundred thousand small rows all may be read as quickly; of a million they are not.
        cursor.execute("SET LOCAL enable_seqscan = off")
    estimate, hits, _page = seen.statements
    assert estimate[0].startswith("EXPLAIN")
    told, read = plan(*hits)
    assert "Bitmap Index Scan subject_search" in told
    assert read == 0


def test_a_screen_of_the_map_reads_few_rows_at_any_zoom() -> None:
    dice = random.Random(3)
    for zoom in (7, 9, 11, 13, 15, 17):
        width = 360 / 2**zoom * 5
        west, south = LON - width * dice.random(), LAT - width * dice.random() / 2
        box = f"bbox={west:.6f},{south:.6f},{west + width:.6f},{south + width / 2:.6f}"
        view = mapping.View.of(filters(box), mapping.Scope.public(None), zoom)
        seen = _Seen()
        with connection.execute_wrapper(seen):
            signs, alone, _projects = mapping.groups(view, [])
            mapping.facets(view)
        assert len(signs) + len(alone) <= 600
        for sql, parameters in seen.statements[:2]:
            told, read = plan(sql, parameters)
            assert "Seq Scan reports_point" not in told, zoom
            assert read <= 30_000, (zoom, told)


@pytest.mark.parametrize("more", ["", "&kind=problem", "&status=received,resolved"])
def test_the_list_of_one_sign_reads_no_more_than_it_says(more: str) -> None:
    asked, seen = filters(f"bbox=-180,-85,180,85.1{more}"), _Seen()
    with connection.execute_wrapper(seen):
        found = here(asked, mapping.Scope.public(None))
    assert (found.count, len(found.cards)) == ("1\N{NO-BREAK SPACE}000+", 100)
    for read, told in most_read(seen.statements):
        assert read <= 2_000, told


STREET, QUARTER = 0.005, 0.012


def around(half: float) -> str:
    return f"{LON - half:.6f},{LAT - half:.6f},{LON + half:.6f},{LAT + half:.6f}"


@pytest.fixture
def quarter() -> str:
    """The address of a polygon that holds about 1,300 reports."""
    layer = Layer.objects.create(slug="plan", name=factories.texts("План", "Plan"), areas=True)
    frame = factories.box(LON - QUARTER, LAT - QUARTER, LON + QUARTER, LAT + QUARTER)
    Feature.objects.create(layer=layer, slug="middle", name=factories.texts("Среда", "Middle"), polygon=frame)
    return "area=plan.middle"


def most_read(statements: list[tuple[str, Any]]) -> list[tuple[int, str]]:
    """(rows read by one node, plan) of each statement, the most first."""
    return sorted(((read, told) for told, read in (plan(*one) for one in statements)), reverse=True)


# Without a box the counts of the whole map are read too: as many cells as a screen has, whatever the table holds.
@pytest.mark.parametrize(("more", "most"), [("", 20_000), (f"&bbox={around(STREET)}", 5_000)])
def test_a_polygon_of_a_layer_reads_what_it_holds(quarter: str, more: str, most: int) -> None:
    asked, seen = filters(quarter + more), _Seen()
    with connection.execute_wrapper(seen):
        rows, _cursor = listing.page(asked, AnonymousUser(), "s.reference")
        list(asked.page(asked.apply(Report.objects.public()))[0])
        view = mapping.View.of(asked, mapping.Scope.public(None), 15)
        signs, alone, _projects = mapping.groups(view, [])
        mapping.facets(view)
        clusters.how_many(asked, None)
    assert len(rows) == 50
    assert signs or alone
    for read, told in most_read(seen.statements):
        assert read <= most, told


@pytest.mark.parametrize("zoom", [8, 14])
def test_a_tile_of_a_polygon_reads_what_it_holds(quarter: str, zoom: int) -> None:
    for sql in (tiles.points_sql, tiles.clusters_sql):
        told, read = plan(*sql(wanted(quarter), tile(zoom)))
        assert read <= 5_000, told


VILLAGE = ROWS // 100


@pytest.mark.parametrize(
    "more", ["", f"&bbox={around(STREET)}", "&overdue=1&since=2020-01-05", "&kind=problem&status=received"]
)
def test_an_area_of_the_tree_reads_its_own_points(more: str) -> None:
    asked, seen = filters(f"area=dabrava{more}"), _Seen()
    with connection.execute_wrapper(seen):
        view = mapping.View.of(asked, mapping.Scope.public(None), 15)
        mapping.groups(view, [])
        counted = clusters.counts(Wanted.public_set(asked), Place(4))
    if not more:
        assert sum(count.n for count in counted) == VILLAGE
    of_points = [one for one in seen.statements if "reports_point" in one[0]]
    assert len(of_points) == 2
    for read, told in most_read(of_points):
        assert "Seq Scan reports_point" not in told
        assert read <= VILLAGE, told


@pytest.mark.parametrize("zoom", [8, 14])
def test_a_tile_of_an_area_reads_its_own_points(zoom: int) -> None:
    for sql in (tiles.points_sql, tiles.clusters_sql):
        told, read = plan(*sql(wanted("area=dabrava"), tile(zoom)))
        assert read <= VILLAGE, told


def test_the_whole_tree_is_no_filter() -> None:
    assert wanted("area=levka-municipality") == wanted("area=levka-municipality,dabrava") == wanted()
    assert filters("area=levka-municipality").as_query() == "area=levka-municipality"
    assert wanted("area=levka,dabrava") != wanted()


@pytest.mark.parametrize("tab", ["mine", "department", "unassigned", "late", "waiting", "all", "ended"])
def test_a_street_of_the_desks_map_reads_what_stands_there(tab: str) -> None:
    scope = tab_scope(factories.official(), tab)
    view = mapping.View.of(filters(f"bbox={around(STREET)}"), scope, 17)
    seen = _Seen()
    with connection.execute_wrapper(seen):
        mapping.groups(view, [])
        mapping.facets(view)
        mapping.first_cards(view)
    assert len(seen.statements) >= 3
    for read, told in most_read(seen.statements):
        assert read <= 5_000, told


@pytest.mark.parametrize("tab", ["department", "late", "waiting", "all", "ended"])
def test_the_whole_desks_map_is_read_from_sums(tab: str) -> None:
    asked = filters("bbox=22,41,29,45")
    view, seen = mapping.View.of(asked, tab_scope(factories.dispatcher(), tab), 7), _Seen()
    with connection.execute_wrapper(seen):
        mapping.groups(view, [])
    [(sql, parameters)] = [one for one in seen.statements if "g.cell" in one[0]]
    told, read = plan(sql, parameters)
    assert "reports_point_m" not in told
    assert read <= 20_000, told


@pytest.mark.parametrize(("tab", "query"), [("unassigned", ""), ("all", "&assigned=none")])
def test_the_whole_map_of_what_is_nobodys_reads_open_reports_alone(tab: str, query: str) -> None:
    with connection.cursor() as cursor:  # nearly all have ended, as in a town of many years
        cursor.execute("UPDATE reports_point SET status = 'resolved' WHERE id % 200 <> 0 AND status <> 'resolved'")
        cursor.execute("ANALYZE reports_point")
    asked = filters(f"bbox=22,41,29,45{query}")
    view, seen = mapping.View.of(asked, tab_scope(factories.dispatcher(), tab), 7), _Seen()
    with connection.execute_wrapper(seen):
        mapping.groups(view, [])
    [(sql, parameters)] = [one for one in seen.statements if "g.cell" in one[0]]
    told, read = plan(sql, parameters)
    assert "reports_point_unassigned" in told
    assert read <= 1_000, told


@pytest.mark.parametrize("tab", ["unassigned", "all"])
def test_the_desks_open_work_is_read_in_the_order_of_its_dates(tab: str) -> None:
    seen = _Seen()
    with connection.execute_wrapper(seen):
        by_due(tab_rows(factories.dispatcher(), tab), "", 50)
    [(sql, parameters)] = [one for one in seen.statements if 'FROM "reports_report"' in one[0]]
    told, _read = plan(sql, parameters)
    assert "report_open_due" in told
    assert "Seq Scan reports_report" not in told


class _Seen:
    """Keeps the statements that are executed."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Any]] = []

    def __call__(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        self.statements.append((sql, parameters))
        return execute(sql, parameters, many, context)
