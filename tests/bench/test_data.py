"""The benchmark's data: the same for the same seed, true to the product's own rules, never in anybody else's database."""

import datetime

import numpy as np
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from bench import ground, target
from bench.chunks import Chunks, Ground
from bench.fill import load_chunk
from bench.references import of
from bench.target import REPO, Target, place, refuse_foreign
from bench.towns import TOWNS, shares, towns
from geoportal.kernel.references import parse
from reports.loading.municipality import load_municipality

DAY = datetime.date(2026, 11, 1)
ROWS = 2_000
ANY_GROUND = Ground(
    problems=(np.arange(10), np.linspace(0.1, 1, 10)), ideas=(np.arange(10, 14), np.linspace(0.25, 1, 4)),
    sectors=np.arange(1, 9), root=1, areas=np.arange(100, 100 + TOWNS) * 20,
)  # fmt: skip


def chunks(rows: int = ROWS, day: datetime.date = DAY) -> Chunks:
    return Chunks(rows, day, towns(), ANY_GROUND)


def test_a_chunk_is_the_same_every_time_and_no_other():
    assert chunks().binary(0) == chunks().binary(0)
    assert chunks().binary(0) != chunks(day=DAY + datetime.timedelta(days=1)).binary(0)
    large = chunks(250_000)
    assert [large.count(number) for number in range(len(large))] == [100_000, 100_000, 50_000]
    first, second = large.draw(0), large.draw(1)
    assert second["id"][0] == first["id"][-1] + 1
    assert second["created"][0] > first["created"][-1]
    assert not np.array_equal(first["lon"], second["lon"])


def test_the_largest_town_has_its_share_and_one_in_thirty_lies_on_another():
    drawn = chunks(100_000).draw(0)
    assert 0.13 < shares()[0] < 0.17
    town = ((drawn["area"] // 20 - 100) == 0).mean()
    assert abs(town - shares()[0]) < 0.02
    _places, times = np.unique(np.stack([drawn["lon"], drawn["lat"]]), axis=1, return_counts=True)
    assert 0.02 < times[times > 1].sum() / 100_000 < 0.06


def test_references_are_the_product_s_and_never_twice():
    made = of(np.arange(1, 200_001))
    assert len(set(made.tolist())) == 200_000
    assert all(parse(str(reference)) == str(reference) for reference in made[:500])


@pytest.mark.parametrize(
    "name", ["geoportal", "postgres", "test_geoportal", "geoportal_bench", "geoportal_bench_x", "geoportal_bench_1000 "]
)
def test_no_other_database_is_touched(name):
    with pytest.raises(place.Refused, match="geoportal_bench_<rows> only"):
        refuse_foreign(name)


def test_a_connection_that_lands_elsewhere_is_refused(db, monkeypatch):
    tests_own = connection.settings_dict["NAME"]
    monkeypatch.setattr(
        Target, "words", lambda self: f"host={connection.settings_dict['HOST']} user=geoportal dbname={tests_own}"
    )
    with pytest.raises(place.Refused, match=tests_own):
        Target(ROWS).connect()


@pytest.mark.parametrize("rows", [0, 10, 10**12])
def test_a_size_that_makes_no_sense_is_refused(rows):
    with pytest.raises(place.Refused, match="say a number from"):
        Target(rows)


@pytest.fixture
def loaded(db) -> psycopg.Connection:
    """The tests' database with a municipality, the towns and 2,000 reports, all in the test's transaction."""
    load_municipality(settings.BASE_DIR / "tests/fixtures/yavor")
    connection.ensure_connection()
    raw = connection.connection
    with raw.cursor() as cursor:
        cursor.execute((REPO / "bench/sql/marker.sql").read_text())
    ground.lay_rows(raw, towns(), DAY)
    load_chunk(raw, Chunks(ROWS, DAY, towns(), ground.read(raw)), 0)
    return raw


def test_loaded_reports_satisfy_every_constraint_and_lie_in_their_areas(loaded):
    def one(query: str) -> object:
        return loaded.execute(query).fetchone()[0]

    loaded.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert one("SELECT count(*) FROM reports_report") == ROWS
    assert one("SELECT count(*) FROM bench.chunk") == 1
    assert one("SELECT count(*) FROM discussion_subject WHERE search @@ 'път'::tsquery") > 0
    outside = """SELECT count(*) FROM reports_report r JOIN municipality_area a ON a.id = r.area_id
                  WHERE r.geom IS NOT NULL AND NOT ST_Covers(a.polygon, r.geom)"""
    assert one(outside) == 0
    assert 0 < one("SELECT count(*) FROM discussion_subject WHERE is_public AND visibility = 'public'") < ROWS
    assert one("SELECT count(*) FROM reports_report WHERE status = 'resolved'") > ROWS / 2
    assert 0 < one("SELECT count(*) FROM reports_report WHERE due_on < '2026-11-01'") < ROWS / 10


def test_a_chunk_is_loaded_once(loaded):
    with pytest.raises(psycopg.errors.UniqueViolation):
        load_chunk(loaded, Chunks(ROWS, DAY, towns(), ground.read(loaded)), 0)


def test_the_benchmark_finds_its_server_after_the_product_was_sent_to_the_benchmarks_own_database(monkeypatch):
    monkeypatch.setattr(target, "SITES", "postgis://a:b@db.example:5433/site?sslmode=require")
    monkeypatch.setenv("DATABASE_URL", target.Target(1000).environment()["DATABASE_URL"])
    assert target.Target(1000).words() == "postgresql://a:b@db.example:5433/geoportal_bench_1000?sslmode=require"
    asked = []
    monkeypatch.setattr(target.psycopg, "connect", lambda words, **_options: asked.append(words))
    target.Target(1000)._elsewhere()
    assert asked == ["postgresql://a:b@db.example:5433/site?sslmode=require"]
