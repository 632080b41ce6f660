"""Tiles: what is in them, what never is, how they are kept, and what an address may not say."""

from __future__ import annotations

import datetime
import json
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyogrio
import pytest
import time_machine
from django.contrib.gis.geos import LineString, MultiLineString, MultiPolygon, Point
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from discussion.models import Subject
from geoportal.kernel import conditional
from layers.models import Feature, Layer, Project
from municipality.models import Area, Sector
from reports import mapping
from reports.filters import Filters
from reports.freshness import data_version
from reports.models import Report
from reports.querysets import today
from reports.spatial import grid, summary, tiles
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()
    data_version.forget()


def address(name: str, zoom: int, lon: float = factories.CENTRE[0], lat: float = factories.CENTRE[1]) -> str:
    shift = grid.UNITS_LEVEL - zoom
    return f"/tiles/{name}/{zoom}/{grid.grid_x(lon) >> shift}/{grid.grid_y(lat) >> shift}.mvt"


def tile(name: str, zoom: int, lon: float = factories.CENTRE[0], lat: float = factories.CENTRE[1], **query: str) -> bytes:
    answer = Client().get(address(name, zoom, lon, lat), query)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    return answer.content


def read(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """{layer: features}, read by GDAL: each its attributes, `mvt_id`, and `xy` in units of the tile where it is a point."""
    if not content:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "0.mvt"
        path.write_bytes(content)
        found = {}
        for name, _kind in pyogrio.list_layers(path):
            meta, _fids, shapes, columns = pyogrio.raw.read(path, layer=name)
            rows = [dict(zip(meta["fields"], values, strict=True)) for values in zip(*columns, strict=True)]
            found[str(name)] = [{**row, "shape": shape} for row, shape in zip(rows, shapes, strict=True)]
        return found


def test_a_tile_holds_the_reports_of_its_square() -> None:
    report = factories.report()
    factories.report(at_point=(23.9, 42.85))
    found = read(tile("reports", 13))
    assert list(found) == ["reports"]
    [row] = found["reports"]
    assert {name: row[name] for name in ("mvt_id", "kind", "sector", "status", "late")} == {
        "mvt_id": int(report.subject.reference), "kind": "problem", "sector": "urban", "status": "received", "late": 0,
    }  # fmt: skip
    assert read(tile("reports", 16, 23.65, 42.95)) == {}


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({"kind": "idea"}, 1), ({"category": "lamp"}, 1), ({"sector": "health"}, 0), ({"status": "open"}, 3), ({"q": "дупката"}, 3),
        ({"status": "closed"}, 0), ({"status": "rejected"}, 0), ({"status": "open,awaiting_confirmation"}, 3),
        ({"overdue": "1"}, 1), ({"area": "dabrava"}, 0), ({"bbox": "23.59,42.89,23.605,42.905"}, 2), ({"since": "2026-01-01"}, 3),
        ({"until": "2020-01-01"}, 0), ({"assigned": "parks"}, 1), ({"assigned": "none", "kind": "idea,problem"}, 3),
    ],
)  # fmt: skip
@pytest.mark.parametrize("zoom", [10, 14])
def test_tiles_speak_the_whole_filter_language(query: dict[str, str], left: int, zoom: int) -> None:
    late = factories.report()
    Report.objects.filter(pk=late.pk).update(answer_due="2020-01-01")
    factories.report(category="lamp")
    factories.report(category="park-idea", at_point=(23.61, 42.9))
    for centre in ((23.6, 42.9), (23.61, 42.9)):
        square = grid.cells_of((*centre, *centre), zoom)
        x0, y0 = square[0], square[2]
        west, south, east, north = grid.box_of((x0, x0, y0, y0), zoom)
        box = [float(part) for part in query["bbox"].split(",")] if "bbox" in query else [west, south, east, north]
        inside = (max(west, box[0]), max(south, box[1]), min(east, box[2]), min(north, box[3]))
        expected = set(
            Filters.from_query(QueryDict(urlencode(query)), None, strict=True)
            .apply(Report.objects.public().in_box(inside))
            .values_list("subject__reference", flat=True)
        )
        found = {f"{int(row['mvt_id']):010}" for row in read(tile("reports", zoom, *centre, **query)).get("reports", [])}
        assert found == expected
    assert sum(int(row["n"]) for row in read(tile("clusters", 10, 23.6, 42.9, **query)).get("clusters", [])) == left


def test_clusters_take_the_place_of_points_where_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "MOST_POINTS", 3)
    factories.reports(4)
    alone = factories.report(at_point=(23.65, 42.95))
    for _folded in range(2):
        found = read(tile("reports", 8))
        assert list(found) == ["clusters"]
        assert sorted((int(row["n"]), int(row["late"]), row.get("mvt_id")) for row in found["clusters"])[0][:2] == (1, 0)
        assert sum(int(row["n"]) for row in found["clusters"]) == 5
        assert int(alone.subject.reference) in [row["mvt_id"] for row in found["clusters"]]
        summary.fold(today())
    assert list(read(tile("reports", 18))) == ["clusters"]


def test_few_are_not_looked_for_among_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "MOST_SCANNED", 3)
    factories.reports(4)
    factories.report(category="lamp")
    summary.fold(today())
    found = read(tile("reports", 8, category="lamp"))
    assert [(name, len(rows)) for name, rows in found.items()] == [("clusters", 1)]


def test_what_is_not_public_is_in_no_tile_and_no_count() -> None:
    hidden, kept = factories.report(), factories.report(category="private")
    Subject.objects.filter(pk=hidden.pk).update(is_public=False, visibility="hidden")
    factories.report(author=None, email="guest@levka.test")
    official = Client()
    official.force_login(factories.official("parks"), backend="django.contrib.auth.backends.ModelBackend")
    for _folded in range(2):
        for name in ("reports", "clusters"):
            for zoom in (4, 10, 16, 22):
                assert tile(name, zoom) == b""
                assert official.get(address(name, zoom)).content == b""
        summary.fold(today())
    assert kept.is_public is False


def test_late_ones_of_a_tile_are_right_on_both_sides_of_midnight() -> None:
    with time_machine.travel(datetime.datetime(2026, 11, 25, 21, 59, tzinfo=datetime.UTC), tick=False) as clock:
        report = factories.report()
        Report.objects.filter(pk=report.pk).update(answer_due=datetime.date(2026, 11, 25))
        summary.fold(today())

        def late() -> list[int]:
            [point] = read(tile("reports", 14))["reports"]
            summed, [live] = (read(tile("clusters", zoom))["clusters"] for zoom in (10, 16))
            asked = read(tile("reports", 14, overdue="1")).get("reports", [])
            return [int(point["late"]), int(summed[0]["late"]), int(live["late"]), len(asked)]

        assert late() == [0, 0, 0, 0]
        tag = Client().get(address("clusters", 10))["ETag"]
        clock.shift(datetime.timedelta(minutes=2))  # 00:01 of the 26th in Sofia
        data_version.forget()
        assert late() == [1, 1, 1, 1]
        assert Client().get(address("clusters", 10), headers={"if-none-match": tag}).status_code == 200


def test_projects_areas_and_layers_have_tiles() -> None:
    subject = Subject.objects.create(
        kind="project", title="Мост", language="bg", sector=Sector.objects.get(slug="urban"),
        area=Area.objects.get(slug="levka"), is_public=True,
    )  # fmt: skip
    Project.objects.create(
        subject=subject, slug="bridge", title=factories.texts("Мост", "Bridge"), stage="under_way",
        line=MultiLineString(LineString((23.6, 42.9), (23.61, 42.91))), point=Point(23.6, 42.9),
    )  # fmt: skip
    layer = Layer.objects.create(slug="trees", name=factories.texts("Дървета", "Trees"))
    Feature.objects.create(layer=layer, slug="oak", name=factories.texts("Дъб", "Oak"), icon="tree", point=Point(23.6, 42.9))
    [project] = read(tile("projects", 12))["projects"]
    assert (project["label"], project["label:en"], project["stage"]) == ("Мост", "Bridge", "under_way")
    assert read(tile("projects", 12, sector="health")) == {}
    areas = read(tile("areas", 8))["areas"]
    assert {row["slug"] for row in areas} == {"levka-municipality", "levka", "dabrava"}
    assert [row["label"] for row in read(tile("trees", 14))["trees"]] == ["Дъб"]
    assert Client().get("/tiles/bushes/1/0/0.mvt").status_code == 404


def test_lines_and_polygons_of_a_layer_have_tiles_and_an_unpublished_layer_has_none() -> None:
    layer = Layer.objects.create(slug="plan", name=factories.texts("План", "Plan"), areas=True)
    Feature.objects.create(
        layer=layer, slug="zone", name=factories.texts("Зона", "Zone"), polygon=factories.box(23.59, 42.89, 23.61, 42.91)
    )
    Feature.objects.create(
        layer=layer,
        slug="axis",
        name=factories.texts("Ос", "Axis"),
        line=MultiLineString(LineString((23.6, 42.9), (23.61, 42.91))),
    )
    assert {row["slug"] for row in read(tile("plan", 12))["plan"]} == {"zone", "axis"}
    assert Client().get("/tiles/plan.json").status_code == 200
    Layer.objects.update(published=False)
    data_version.forget()
    assert Client().get(address("plan", 12)).status_code == 404
    assert Client().get("/tiles/plan.json").status_code == 404


def _features(shape: str, count: int) -> None:
    """A layer of so many named points or circles, all of them in the tile 10/579/378 … around the town's centre."""
    layer = Layer.objects.create(slug="trees", name=factories.texts("Дървета", "Trees"), areas=True)
    lon, lat = factories.CENTRE
    rows = []
    for number in range(count):
        place = Point(lon + number % 71 * 0.0002, lat + number // 71 * 0.0002, srid=4326)
        form: dict[str, Any] = {"point": place}
        if shape == "polygon":
            form = {"polygon": MultiPolygon(place.buffer(0.0001 * (number + 1), quadsegs=64), srid=4326)}
        name = factories.texts(f"Вековно дърво номер {number}", f"Very old tree number {number}")
        rows.append(Feature(layer=layer, slug=f"the-very-old-tree-{number}", name=name, **form))
    Feature.objects.bulk_create(rows)


@pytest.mark.parametrize("zoom", [0, 6, 10, 12])
@pytest.mark.parametrize(("shape", "count"), [("point", 5000), ("polygon", 1500)])
def test_no_tile_of_a_layer_is_larger_than_300_kib(shape: str, count: int, zoom: int) -> None:
    _features(shape, count)
    content = tile("trees", zoom)
    assert len(content) <= 300 * 1024
    drawn = read(content)["trees"]
    assert len(drawn) > 500
    if shape == "polygon":  # the widest are there
        assert f"the-very-old-tree-{count - 1}" in {row["slug"] for row in drawn}


def test_outlines_to_choose_from_have_no_more_corners_than_a_map_needs() -> None:
    layer = Layer.objects.create(slug="plan", name=factories.texts("План", "Plan"), areas=True)
    circle = MultiPolygon(Point(*factories.CENTRE, srid=4326).buffer(0.02, quadsegs=250), srid=4326)
    Feature.objects.create(layer=layer, slug="round", name=factories.texts("Кръг", "Circle"), polygon=circle)
    Area.objects.filter(slug="levka").update(polygon=circle)
    cache.clear()
    zone = json.loads(Client().get("/map/areas/plan.json").content)["shapes"][0]["geometry"]
    towns = json.loads(Client().get("/map/areas/settlements..json").content)["shapes"]
    town = next(each for each in towns if each["area"] == "levka")["geometry"]
    cell = next(each for each in json.loads(Client().get("/ground.json").content)["cells"] if each["slug"] == "levka")[
        "geometry"
    ]
    for shape in (zone, town, cell):
        assert 20 < len(shape["coordinates"][0][0]) < 100


def test_a_tile_is_answered_again_without_a_question_to_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditional.kept, "most", 1_000_000)
    factories.report()
    client, where = Client(), address("reports", 12)
    first = client.get(where)
    assert first["Cache-Control"] == "public, max-age=1"
    with CaptureQueriesContext(connection) as asked:
        again = client.get(where)
        known = client.get(where, headers={"If-None-Match": first["ETag"]})
    assert len(asked) == 0
    assert (again.status_code, again.content, again["ETag"]) == (200, first.content, first["ETag"])
    assert (known.status_code, known.content) == (304, b"")
    factories.report(title="Нов")
    data_version.forget()
    fresh = client.get(where, headers={"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200
    assert len(read(fresh.content)["reports"]) == 2
    conditional.kept.forget()


def test_a_database_tile_is_one_question() -> None:
    factories.report()
    Client().get(address("reports", 15))
    for zoom in (8, 15):
        with CaptureQueriesContext(connection) as asked:
            tile("reports", zoom)
        assert [query["sql"][:30] for query in asked if "reports_point" in query["sql"]] != []
        assert len(asked) == 1


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("reports/x/1/1.mvt", "z"), ("reports/23/1/1.mvt", "z"), ("reports/-1/0/0.mvt", "z"), ("reports/3/8/0.mvt", "x"),
        ("reports/3/0/8.mvt", "y"), ("reports/3/0/１.mvt", "y"), ("reports/3/0/1.5.mvt", "y"), ("reports/99999999999/0/0.mvt", "z"),
        ("reports/1/0/0.mvt?order=newest", "order"), ("reports/1/0/0.mvt?cursor=1~1", "cursor"),
        ("reports/1/0/0.mvt?supported=me", "supported"), ("reports/1/0/0.mvt?assigned=me", "assigned"),
        ("reports/1/0/0.mvt?bbox=170,10,-170,20", "bbox"), ("reports/1/0/0.mvt?bbox=1,2,1,2", "bbox"),
        ("reports/1/0/0.mvt?bbox=nan,1,2,3", "bbox"), ("reports/1/0/0.mvt?bbox=", "bbox"), ("reports.json?bbox=", "bbox"),
        ("clusters/1/0/0.mvt?bbox=2,1,1,2", "bbox"), ("reports/1/0/0.mvt?kinds=idea", "kinds"),
        ("reports/1/0/0.mvt?kind=idea&kind=problem", "kind"), ("clusters/1/0/0.mvt?status=" + ",".join(["nope"] * 50), "status"),
        ("reports.json?since=tomorrow", "since"),
    ],
)  # fmt: skip
def test_a_bad_address_names_what_is_wrong(path: str, name: str) -> None:
    assert Client().get(f"/tiles/{path}", headers={"If-None-Match": "*"}).status_code == 400
    answer = Client().get(f"/tiles/{path}")
    assert answer.status_code == 400, answer.content
    body = json.loads(answer.content)
    assert body["parameter"] == name
    assert body["detail"].startswith(f"{name}: ")


@pytest.mark.parametrize("path", ["nothing/1/0/0.mvt", "nothing.json", "reports/1/0.mvt"])
def test_a_program_reads_that_there_are_no_such_tiles(path: str) -> None:
    assert Client().get(f"/tiles/{path}", headers={"If-None-Match": "*"}).status_code == 404
    answer = Client().get(f"/tiles/{path}", HTTP_ACCEPT_LANGUAGE="bg")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_tilejson_leads_to_the_tiles_under_the_same_filters() -> None:
    body = json.loads(Client().get("/tiles/reports.json?kind=idea&status=open").content)
    assert body["tilejson"] == "3.0.0"
    assert body["tiles"][0].endswith("/tiles/reports/{z}/{x}/{y}.mvt?kind=idea&status=open")
    assert [layer["id"] for layer in body["vector_layers"]] == ["reports", "clusters"]
    assert body["bounds"] == pytest.approx(list(factories.BOX))


def test_grid_and_database_agree_on_where_a_point_is() -> None:
    places = [(23.6, 42.9), (-180.0, -85.0), (179.999999, 85.0), (0.0, 0.0), (23.90625, 42.913746), (-70.123456, -33.5)]
    with connection.cursor() as cursor:
        for lon, lat in places:
            cursor.execute(
                "SELECT reports_grid_x(g), reports_grid_y(g), reports_morton(reports_grid_x(g), reports_grid_y(g))"
                " FROM (SELECT ST_SetSRID(ST_MakePoint(%s, %s), 4326) g) t", [lon, lat],
            )  # fmt: skip
            x, y = grid.grid_x(lon), grid.grid_y(lat)
            assert cursor.fetchone() == (x, y, grid.morton(x, y))
            assert grid.unmorton(grid.morton(x, y)) == (x, y)
            assert abs(grid.longitude(x) - lon) < 2e-6


def test_no_map_shows_more_signs_than_a_screen_holds() -> None:
    factories.reports(3)
    view = mapping.View.of(mapping.Filters(bbox=(-170.0, -80.0, 170.0, 80.0), given={}), mapping.Scope.public(None), 19)
    x0, x1, y0, y1 = view.place.cells
    assert max(x1 - x0, y1 - y0) <= mapping.MOST_CELLS << mapping.DEPTH
