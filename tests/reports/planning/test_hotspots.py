"""Hot spots: a planted one is found in its place, few are refused, many come from the summary, and what was done is said."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiLineString
from django.core.cache import cache
from django.db import connection
from django.db.models import F

from layers.models import Feature, Layer
from municipality.models import Area, Installation
from municipality.site import forget
from reports.planning import counted_places, hexagons, hotspots, lengths, region
from reports.planning.hotspots import answer
from reports.planning.local import Local
from reports.planning.region import in_metres
from tests import factories
from tests.reports.planning.town import Row, ask, fill, project

pytestmark = pytest.mark.django_db
HOT = (23.62, 42.91)
SMALL = "within=polygon:23.57 42.88,23.67 42.88,23.67 42.95,23.57 42.95"


def generated(scattered: int = 150, thick: int = 60) -> list[Row]:
    chance = random.Random(12)
    return [
        *(
            Row(place=(round(chance.uniform(23.571, 23.669), 6), round(chance.uniform(42.881, 42.949), 6)))
            for _n in range(scattered)
        ),
        *(Row(place=(round(chance.gauss(HOT[0], 0.002), 6), round(chance.gauss(HOT[1], 0.0015), 6))) for _n in range(thick)),
    ]


def test_the_planted_spot_is_found_and_described(planner):
    rows = generated()
    fill(rows)
    result = answer(ask(f"analysis=hotspots&side=500&{SMALL}", planner))
    assert result.refusal == ""
    assert 3 <= len(result.rows) < 25
    hottest = result.rows[0]
    assert shapely.distance(shapely.geometry.shape(hottest["geometry"]), shapely.Point(*HOT)) < 0.003
    assert {row["kind"] for row in result.rows} == {"горещо"}
    assert (hottest["place"], hottest["weight"], hottest["hexagon"]) == ("гр. Левка", 1, 1)
    assert all(row["q"] <= 0.05 for row in result.rows)
    assert [row["z"] for row in result.rows] == sorted((row["z"] for row in result.rows), reverse=True)
    for row in result.rows:
        shape = shapely.geometry.shape(row["geometry"])
        assert row["n"] == sum(shapely.intersects_xy(shape, *one.place) for one in rows)
        assert row["around"] >= row["n"]
    assert result.n == 210
    assert {column.key for column in result.columns} <= set(hottest)
    local = Local.of_municipality()
    metres = in_metres(shapely.geometry.shape(hottest["geometry"]), local)
    west, _south, east, _north = metres.bounds
    assert east - west == pytest.approx(500, abs=0.3)


def test_a_stricter_level_names_fewer(planner):
    fill(generated())
    loose, strict = (len(answer(ask(f"analysis=hotspots&level={level}&{SMALL}", planner)).rows) for level in ("0.2", "0.01"))
    assert loose > strict > 0


def test_empty_hexagons_count(planner):
    """Among the hexagons of the whole municipality the scattered reports stand out too, as half of it is empty."""
    fill(generated(400))
    small = answer(ask(f"analysis=hotspots&side=1000&{SMALL}", planner)).totals
    whole = answer(ask("analysis=hotspots&side=1000", planner)).totals
    assert whole["hexagons"] > 10 * small["hexagons"]
    assert whole["found"] > small["found"]


def test_it_refuses_to_speak_on_too_little(planner):
    fill(generated(20, 9))
    few = answer(ask(f"analysis=hotspots&{SMALL}", planner))
    assert "29" in few.refusal
    assert not few.rows
    fill(generated(30, 0))
    assert answer(ask("analysis=hotspots&side=5000&within=circle:23.6,42.9,5000", planner)).refusal
    assert answer(ask("analysis=hotspots&side=100", planner)).refusal.startswith("Шестоъгълниците")


def test_among_scattered_ones_it_finds_nothing(planner):
    fill(generated(400, 0))
    assert answer(ask(f"analysis=hotspots&side=700&level=0.01&{SMALL}", planner)).refusal.startswith("Никъде")


def test_without_an_outline_an_area_must_be_drawn(planner):
    Area.objects.filter(parent=None).update(polygon=None)
    fill(generated())
    assert answer(ask("analysis=hotspots", planner)).refusal.startswith("Очертанието")
    assert answer(ask(f"analysis=hotspots&{SMALL}", planner)).rows


@pytest.mark.parametrize("further", ["", f"&{SMALL}"])
def test_an_area_whose_outline_is_not_known_is_not_compared_with_what_lies_around_it(planner, further):
    fill(generated())
    Area.objects.filter(slug="levka").update(polygon=None)
    assert answer(ask(f"analysis=hotspots&area=levka{further}", planner)).refusal.startswith("Очертанието")


def test_people_are_what_counts_are_divided_by(planner):
    fill([*generated(200, 0), *(Row(place=(x + 0.2, y), area="dabrava") for x, y in (row.place for row in generated(200, 0)))])
    # Alike in number; but in Дъбрава live 800 people, in Левка 9,000 on as much ground.
    result = answer(ask("analysis=hotspots&side=1000&per=population&level=0.2", planner))
    assert {row["place"] for row in result.rows if row["kind"] == "горещо"} == {"с. Дъбрава"}
    density = 800 / shapely.area(in_metres(shapely.box(23.75, 42.8, 24.0, 43.1), Local(23.75, 42.95)))
    assert result.rows[0]["people"] == round(density * 1000**2 * 3**0.5 / 2)
    assert ("per", "population") not in result.parameters
    Area.objects.update(population=None)
    cache.clear()
    from reports.parameters import BadParameter

    with pytest.raises(BadParameter):
        ask("analysis=hotspots&per=population", planner)


def test_many_come_from_the_summary_and_agree_nearly(planner, monkeypatch):
    fill(generated(600, 200))
    exact = answer(ask(f"analysis=hotspots&side=900&{SMALL}", planner))
    monkeypatch.setattr(counted_places, "EXACT", 100)
    rough = answer(ask(f"analysis=hotspots&side=900&{SMALL}", planner))
    assert "клетка" in rough.method
    assert "клетка" not in exact.method
    assert rough.n == pytest.approx(exact.n, abs=12)
    assert rough.source.startswith("От всички")
    mine, theirs = ({tuple(row["geometry"]["coordinates"][0][0]) for row in found.rows} for found in (exact, rough))
    assert len(mine & theirs) >= 0.8 * len(mine | theirs)
    assert sum(row["n"] for row in rough.rows) == pytest.approx(sum(row["n"] for row in exact.rows), rel=0.1)


def test_the_filters_hold_in_the_summary_too(planner, monkeypatch):
    monkeypatch.setattr(counted_places, "EXACT", 100)
    rows = generated(300, 100)
    fill([*rows, *(Row(place=row.place, category="park-idea") for row in rows), *(Row(public=False) for _n in range(5))])
    assert answer(ask("analysis=hotspots&side=2000&kind=idea", planner)).n == 400
    assert answer(ask("analysis=hotspots&side=2000", planner)).n == 805


@pytest.mark.parametrize(
    ("width", "lat", "level", "metres"), [(500, 42.9, 18, 112), (1800, 42.9, 16, 448), (250, 42.9, 20, 28), (100, 42.9, 22, 7)]
)
def test_cells_are_small_beside_the_hexagons(width, lat, level, metres):
    found = counted_places.level_for(width, lat)
    assert (found[0], round(found[1])) == (level, metres)


def test_a_few_reports_in_many_hexagons_are_no_hot_spots(planner, monkeypatch):
    fill(generated())
    assert "по-широки" in answer(ask("analysis=hotspots&side=500", planner)).refusal
    question = ask(f"analysis=hotspots&side=500&{SMALL}", planner)
    most = max(row["around"] for row in answer(question).rows)
    monkeypatch.setattr(hotspots, "LEAST_AROUND", most)
    assert {row["around"] for row in answer(question).rows} == {most}
    monkeypatch.setattr(hotspots, "LEAST_AROUND", most + 1)
    assert answer(question).refusal.startswith("Никъде")


def test_an_area_of_the_filters_is_where_it_looks(planner):
    fill(generated(400))
    levka = answer(ask("analysis=hotspots&side=1000&area=levka", planner)).totals["hexagons"]
    whole = answer(ask("analysis=hotspots&side=1000", planner)).totals["hexagons"]
    same = answer(ask("analysis=hotspots&side=1000&area=levka-municipality", planner)).totals["hexagons"]
    assert levka == pytest.approx(whole / 2, rel=0.03)
    assert same == whole


@pytest.mark.parametrize("exact", [20_000, 10])
def test_queries_do_not_grow(planner, exact, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(counted_places, "EXACT", exact)
    fill(generated())
    project()
    question = ask(f"analysis=hotspots&kind=problem&{SMALL}", planner)
    assert planner.works_here
    answer(question)  # what changes only with the municipality's data is kept from then on
    with django_assert_num_queries(4 if exact == 20_000 else 1):
        answer(question)


def test_counts_are_divided_by_the_length_of_a_layers_lines(planner):
    """One street through the thick place and a dense grid elsewhere: lengths against PostGIS, and the hot place stays."""
    layer = Layer.objects.create(slug="streets", name=factories.texts("Улици", "Streets"))
    made = [((23.57, lat), (23.67, lat)) for lat in (42.885, 42.895, 42.905, 42.9085, 42.91, 42.9115, 42.92, 42.93)]
    for number, line in enumerate(made):
        shape = MultiLineString(LineString(*line), srid=4326)
        Feature.objects.create(layer=layer, slug=f"s{number}", name=factories.texts("Улица", "Street"), line=shape)
    fill(generated())
    assert ("length.streets", "Дължина: Улици") in hotspots.denominators()
    result = answer(ask(f"analysis=hotspots&side=500&per=length.streets&{SMALL}", planner))
    assert result.refusal == "" and "Дължина" in {str(column.label) for column in result.columns}
    assert "линиите от слоя" in result.method
    for row in result.rows:
        shape = GEOSGeometry(json.dumps(row["geometry"]), srid=4326)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(ST_Length(ST_Intersection(line, %s::geometry)::geography)) FROM layers_feature", [shape.ewkt]
            )
            assert row["metres"] == pytest.approx(float(cursor.fetchone()[0]), abs=45)
        assert row["metres"] >= 250


def test_of_a_line_that_goes_far_only_what_is_asked_about_is_cut_in_pieces(planner, monkeypatch):
    layer = Layer.objects.create(slug="streets", name=factories.texts("Улици", "Streets"))
    road = MultiLineString(LineString((20, 42.9), (27, 42.9)), srid=4326)
    Feature.objects.create(layer=layer, slug="road", name=factories.texts("Път", "Road"), line=road)
    pieces = []

    def counted(x, y, width):
        pieces.append(len(x))
        return hexagons.keys_at(x, y, width)

    monkeypatch.setattr(lengths, "keys_at", counted)
    local, box, width = Local.of_municipality(), (23.6, 42.88, 23.61, 42.92), 100.0
    x, y = local.metres(*np.mgrid[23.6:23.61:200j, 42.895:42.905:200j].reshape(2, -1))
    key = np.unique(hexagons.keys_at(x, y, width))
    across = float(np.ptp(local.metres(np.array(box[::2]), np.array([42.9, 42.9]))[0]))
    found = lengths.lengths("length.streets", key, box, local, width)
    assert found.sum() == pytest.approx(across, abs=2 * width)
    assert sum(pieces) <= (across + 4 * width) / (width / lengths.PIECES)
    assert lengths.lengths("length.none", key, box, local, width).sum() == 0


def test_a_layer_without_lines_is_no_denominator(planner):
    Layer.objects.create(slug="plan", name=factories.texts("План", "Plan"), areas=True)
    assert [name for name, _label in hotspots.denominators()] == ["none", "population"]


def test_what_is_kept_of_the_settlements_goes_with_the_municipalitys_edition(planner):
    fill(generated())
    first = answer(ask(f"analysis=hotspots&{SMALL}", planner)).rows[0]["place"]
    Area.objects.filter(slug="levka").update(name={"bg": "Нова", "en": "Nova"})
    assert answer(ask(f"analysis=hotspots&{SMALL}", planner)).rows[0]["place"] == first == "гр. Левка"
    Installation.objects.update(edition=F("edition") + 1)
    forget()
    assert answer(ask(f"analysis=hotspots&{SMALL}", planner)).rows[0]["place"] == "гр. Нова"


@pytest.mark.parametrize("most", [100, 1])
def test_settlements_are_kept_once_whatever_is_drawn_and_chosen_by_the_box(planner, monkeypatch, most):
    monkeypatch.setattr(region, "MOST_KEPT", most)
    local = Local.of_municipality()
    boxes = {
        (23.55, 42.85, 23.6, 42.9): ["гр. Левка"],
        (23.7, 42.85, 23.8, 42.9): ["гр. Левка", "с. Дъбрава"],
        (23.75, 42.85, 23.8, 42.9): ["гр. Левка", "с. Дъбрава"],  # the outlines touch there
        (23.8, 42.85, 23.85, 42.9): ["с. Дъбрава"],
        (1, 1, 2, 2): [],
    }
    region.settlements(local, next(iter(boxes)))
    kept = len(cache._cache)
    for box, names in boxes.items():
        assert sorted(one.name for one in region.settlements(local, box)) == names
    assert len(cache._cache) == kept
