"""Places from the summary against the points themselves, with and without changes that no worker has folded yet."""

from __future__ import annotations

import datetime
import random
from collections import defaultdict

import numpy as np
import pytest
from django.utils import timezone

from reports.planning import counted_places
from reports.planning.counted_places import places, points
from reports.querysets import today
from reports.spatial import grid, summary
from tests import factories
from tests.reports.planning.town import Row, ask, fill

pytestmark = pytest.mark.django_db
BOX = factories.BOX


@pytest.fixture
def planner(monkeypatch):
    factories.town()
    monkeypatch.setattr(counted_places, "EXACT", 0)
    return factories.planner()


def generated(count: int, seed: int) -> list[Row]:
    chance = random.Random(seed)
    return [
        Row(
            place=(round(chance.gauss(23.62, 0.004), 6), round(chance.gauss(42.9, 0.003), 6)),
            category=chance.choice(["pothole", "park-idea", "lamp"]),
            due=timezone.localdate() + chance.choice([-2, 2]) * datetime.timedelta(days=1),
            public=chance.random() < 0.9,
        )
        for _number in range(count)
    ]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "kind=idea",
        "sector=urban",
        "overdue=1",
        "status=received",
        "category=lamp",
        "area=levka",
        "since=2026-03-02",
        "assigned=none",
    ],
)
@pytest.mark.parametrize("width", [500, 2000])
def test_each_cell_holds_its_reports_at_their_middle(planner, query, width):
    fill(generated(200, 1))
    summary.fold(today())
    fill(generated(60, 2))  # these wait in the delta
    question = ask(query, planner)
    found = places(question, BOX, width)
    level, metres = counted_places.level_for(width, (BOX[1] + BOX[3]) / 2)
    assert found.cell_metres == metres
    exact, cells = points(question), defaultdict(lambda: np.zeros(3))
    for lon, lat, n in zip(exact.lon, exact.lat, exact.n, strict=True):
        x, y = grid.grid_x(lon), grid.grid_y(lat)
        cells[x >> (28 - level), y >> (28 - level)] += np.array([n, x * n, y * n])
    assert 5 < len(cells) == len(found.n)
    assert found.total == exact.total == question.reports().count()
    mine = sorted(zip(found.n.tolist(), found.lon.tolist(), found.lat.tolist(), strict=True))
    theirs = sorted((int(n), grid.longitude(x / n), grid.latitude(y / n)) for n, x, y in cells.values())
    assert np.abs(np.array(mine) - np.array(theirs)).max() < 1e-6
