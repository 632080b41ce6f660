"""Clusters in metres against scikit-learn's DBSCAN on the same places, and what is said of each."""

from __future__ import annotations

import datetime
import random
from collections import Counter

import numpy as np
import pytest
from django.contrib.gis.geos import GEOSGeometry, Point
from django.utils import timezone
from django.utils.translation import override
from sklearn.cluster import DBSCAN

from reports.planning import clusters
from reports.planning.cluster_rows import Member, _row
from reports.planning.clusters import answer, labels, largest, places
from reports.planning.local import Local
from reports.wording import state_name
from tests.reports.planning.town import Row, ask, fill

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
LOCAL = Local(23.75, 42.95)


def generated(count: int = 500, seed: int = 8) -> list[Row]:
    """Three thick places, one point with many reports, and others anywhere."""
    chance, rows = random.Random(seed), []
    for _number in range(count):
        lon, lat, spread = chance.choice(
            [(23.6, 42.9, 6e-4), (23.61, 42.902, 4e-4), (23.7, 42.95, 8e-4), (23.65, 42.92, 0), (23.75, 42.95, 0.1)]
        )
        place = (round(chance.gauss(lon, spread), 6), round(chance.gauss(lat, spread), 6))
        rows.append(
            Row(
                place=place,
                category=chance.choice(["pothole", "park-idea"]),
                sent=datetime.date(2026, 1, 1) + chance.randrange(200) * DAY,
                due=timezone.localdate() + chance.choice([-2, 2]) * DAY,
            )
        )
    return rows


def same_clusters(mine: np.ndarray, reference: DBSCAN) -> None:
    """Cores fall into the same clusters; what lies between two may belong to either, what is noise is noise in both."""
    theirs = reference.labels_
    assert ((mine < 0) == (theirs < 0)).all()
    core = np.zeros(len(mine), bool)
    core[reference.core_sample_indices_] = True
    pairs = set(zip(mine[core].tolist(), theirs[core].tolist(), strict=True))
    assert len(pairs) == len({a for a, _b in pairs}) == len({b for _a, b in pairs}) > 0


@pytest.mark.parametrize(("eps", "minimum"), [(20, 4), (50, 5), (120, 12), (800, 2)])
def test_it_finds_the_clusters_of_scikit_learn(planner, eps, minimum):
    rows = generated()
    fill(rows)
    found = places(ask("", planner).reports(), 0)
    n = found.n
    x, y = LOCAL.metres(found.lon, found.lat)
    mine = np.repeat(labels(x, y, n, eps, minimum), n)
    every = np.column_stack([np.repeat(x, n), np.repeat(y, n)])
    assert len(every) == len(rows)
    same_clusters(mine, DBSCAN(eps=eps, min_samples=minimum).fit(every))


def test_what_is_said_of_a_cluster_is_what_its_reports_are(planner):
    rows = [row for row in generated(300) if abs(row.place[0] - 23.65) < 1e-9]
    far = [Row(place=(23.9, 43.0)), Row(place=(23.55, 42.85)), Row(place=None, category="park-idea")]
    fill(rows + far)
    result = answer(ask("analysis=clusters&eps=50&minimum=5", planner))
    [row] = result.rows
    assert row["n"] == len(rows)
    assert row["ideas"] == sum(one.category == "park-idea" for one in rows) == row["n"] - row["problems"]
    assert (row["first"], row["last"]) == (min(one.sent for one in rows), max(one.sent for one in rows))
    assert row["late"] == pytest.approx(
        100 * sum(one.due < timezone.localdate() and one.answered is None for one in rows) / len(rows)
    )
    assert row["sectors"] == f"Градска среда {len(rows)}"
    states = Counter("Получен" if one.category == "pothole" else "Набира подкрепа" for one in rows)
    assert row["states"] == ", ".join(f"{name} {n}" for name, n in states.most_common())
    assert (row["cluster"], row["place"], row["weight"]) == (1, "гр. Левка", 1)
    assert (result.n, result.of) == (len(rows) + 2, len(rows) + 3)
    assert result.totals == {"n": len(rows) + 2, "clusters": 1, "inside": len(rows)}
    assert {column.key for column in result.columns} <= set(row)


def test_an_outline_holds_its_reports(planner):
    rows = generated(400)
    reports = fill(rows)
    result = answer(ask("analysis=clusters&eps=80&minimum=6", planner))
    shapes = [GEOSGeometry(str(row["geometry"]).replace("'", '"')) for row in result.rows]
    inside = [sum(shape.buffer(2e-6).covers(report.geom) for report in reports) for shape in shapes]
    assert all(count >= row["n"] for count, row in zip(inside, result.rows, strict=True))
    assert [row["n"] for row in result.rows] == sorted((row["n"] for row in result.rows), reverse=True)
    one_place = next(shape for shape in shapes if shape.covers(Point(23.65, 42.92, srid=4326)))
    assert 0 < one_place.area < 1e-6


def test_many_are_taken_by_cells_and_it_is_said(planner, monkeypatch):
    rows = generated(600)
    fill(rows)
    direct = answer(ask("analysis=clusters&eps=100&minimum=8", planner))
    monkeypatch.setattr(clusters, "DIRECT", 100)
    by_cell = answer(ask("analysis=clusters&eps=100&minimum=8", planner))
    found = places(ask("", planner).reports(), 100 / clusters.CELLS_TO_EPS)
    assert found.n.sum() == 600
    assert len(found.lon) < len({row.place for row in rows})
    assert [row["n"] for row in by_cell.rows] == pytest.approx([row["n"] for row in direct.rows], abs=3)
    assert "12 м" in by_cell.method
    assert "12 м" not in direct.method


def test_it_refuses_and_says_why(planner, monkeypatch):
    fill([Row()] * 4)
    assert answer(ask("analysis=clusters&minimum=5", planner)).refusal.startswith("По-малко")
    fill([Row(place=(23.6 + n / 100, 42.9)) for n in range(1, 7)])
    assert answer(ask("analysis=clusters&minimum=5", planner)).refusal.startswith("Няма струпване")
    monkeypatch.setattr(clusters, "MOST_PLACES", 6)
    assert answer(ask("analysis=clusters&minimum=5", planner)).refusal.startswith("Твърде много")


def test_only_the_largest_are_listed_and_it_is_said(planner, monkeypatch):
    monkeypatch.setattr(clusters, "MOST_ROWS", 2)
    fill([Row(place=(23.6 + k / 100, 42.9)) for k in range(4) for _n in range(5 + k)])
    result = answer(ask("analysis=clusters&minimum=5", planner))
    assert [row["n"] for row in result.rows] == [8, 7]
    assert result.totals == {"n": 26, "clusters": 4, "inside": 26}
    assert "4" in result.caveats[-1]
    label, every, inside = largest(np.array([0, 1, -1, 1]), np.array([2, 1, 9, 3]))
    assert (label.tolist(), every, inside) == ([1, 0, -1, 0], 2, 6)


def test_queries_do_not_grow(planner, django_assert_num_queries):
    fill(generated(200))
    question = ask("analysis=clusters&kind=problem", planner)
    assert planner.works_here
    answer(question)  # the middle of the municipality is kept from then on
    with django_assert_num_queries(7):
        answer(question)


def test_every_state_and_sector_of_a_cluster_is_named_with_its_number():
    states = ["received", "assigned", "in_progress", "resolved", "refused"]
    day = datetime.date(2026, 3, 2)
    members = [Member(0, "problem", 1, 1, status, 10 ** (4 - at), 0, day, day) for at, status in enumerate(states)]
    with override("bg"):
        said = _row(members, {1: "Левка"}, {1: "Улици"})
        numbers = ("10\u00a0000", "1\u00a0000", 100, 10, 1)
        named = [f"{state_name('problem', status)} {n}" for status, n in zip(states, numbers, strict=True)]
    assert said["states"] == ", ".join(named)
    assert said["sectors"] == "Улици 11\u00a0111"
