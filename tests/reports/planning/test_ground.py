"""The hexagons of a region: laid once for each edition, region and width, and the same as laid by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from django.db.models import F
from django.utils import translation

from municipality.models import Area, Installation
from municipality.site import forget
from reports.planning import ground as grounds
from reports.planning import hexagons
from reports.planning.ground import ground
from reports.planning.hotspots import answer, counted
from reports.planning.local import Local
from reports.planning.region import Region, asked_region
from tests.reports.planning.test_hotspots import SMALL, generated
from tests.reports.planning.town import ask, fill

pytestmark = pytest.mark.django_db
WIDTH = 500


def asked(planner, query: str = SMALL) -> tuple[Region, Local]:
    local = Local.of_municipality()
    region = asked_region(ask(f"analysis=hotspots&{query}", planner), local)
    assert region is not None
    return region, local


def test_it_is_laid_once_for_a_region_and_a_width(planner, django_assert_num_queries):
    region, local = asked(planner)
    first = ground(region, local, WIDTH)
    again, _local = asked(planner)
    assert again is not region
    with django_assert_num_queries(0):
        assert ground(again, local, WIDTH) is first
    wider = ground(region, local, WIDTH * 2)
    assert len(wider.key) < len(first.key)
    other = ground(asked(planner, "within=circle:23.6,42.9,3000")[0], local, WIDTH)
    assert other.inside.sum() != first.inside.sum()
    with translation.override("en"):
        assert ground(region, local, WIDTH).names != first.names


def test_another_edition_begins_anew(planner):
    fill(generated())
    query = f"analysis=hotspots&per=population&level=0.2&{SMALL}"
    before = answer(ask(query, planner)).rows
    Area.objects.filter(slug="levka").update(population=F("population") * 2)
    assert answer(ask(query, planner)).rows == before
    Installation.objects.update(edition=F("edition") + 1)
    forget()
    after = answer(ask(query, planner)).rows
    assert after[0]["people"] == pytest.approx(2 * before[0]["people"], abs=1)


def test_too_many_hexagons_are_not_kept(planner, monkeypatch):
    region, local = asked(planner)
    monkeypatch.setattr(grounds, "MOST_KEPT", hexagons.number_in(region.shape.bounds, WIDTH) - 1)
    assert ground(region, local, WIDTH) is not ground(region, local, WIDTH)


@pytest.mark.parametrize("far", [0.0, 0.3, 3.0])
def test_reports_are_counted_wherever_they_lie(planner, far):
    """Against the hexagons by hand, as they are without anything kept: those inside, and those that hold a report."""
    region, local = asked(planner)
    chance = np.random.default_rng(3)
    x, y = local.metres(chance.uniform(23.57 - far, 23.67 + far, 300), chance.uniform(42.88, 42.95, 300))
    n = chance.integers(1, 5, 300)
    grid = counted(x, y, n, region, local, WIDTH)
    around = hexagons.covering(region.shape.bounds, WIDTH)
    inside = around[shapely.contains_xy(region.shape, *hexagons.centres(around, WIDTH))]
    held = hexagons.keys_at(x, y, WIDTH)
    assert grid.key.tolist() == sorted({*inside.tolist(), *held.tolist()})
    assert dict(zip(grid.key.tolist(), grid.n.tolist(), strict=True)) == {
        key: int(n[held == key].sum()) for key in grid.key.tolist()
    }
    within = [grid.names[at] if at >= 0 else "" for at in grid.settlement.tolist()]
    places = dict(Area.objects.settlements().values_list("slug", "polygon"))
    middles = zip(*local.degrees(*hexagons.centres(grid.key, WIDTH)), strict=True)
    levka = shapely.from_wkb(bytes(places["levka"].wkb))
    assert [name == "гр. Левка" for name in within] == [shapely.contains_xy(levka, *middle) for middle in middles]
    assert len(ground(region, local, WIDTH).key) < 2000  # what lay outside is not kept


def test_the_outermost_rows_and_columns_are_found_in_the_table():
    key = np.sort(hexagons.covering((0, 0, 3000, 1e5), 100))
    table = hexagons.Table.of(key)
    assert table.positions.size < 1.2 * len(key)
    q, r = hexagons.coordinates(key)
    assert table.at(q, r).tolist() == list(range(len(key)))
    beyond = np.array([q.min() - 2, q.max() + 2, 0]), np.array([r.min(), r.max(), r.max() + 1])
    assert table.at(*beyond).tolist() == [-1, -1, -1]


def test_an_answer_asks_nothing_of_the_settlements_again(planner, monkeypatch):
    fill(generated())
    question = ask(f"analysis=hotspots&{SMALL}", planner)
    first = answer(question)
    monkeypatch.setattr(grounds, "settlements", lambda *_given: pytest.fail("read again"))
    assert answer(question).rows == first.rows
