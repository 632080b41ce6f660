"""Reports near and inside projects, against distances measured one by one."""

from __future__ import annotations

import datetime
import random

import pytest
from django.contrib.gis.geos import LineString, MultiLineString
from django.db import connection
from django.utils import timezone

from geoportal.kernel.references import display
from reports.planning import beside
from reports.planning.beside import answer
from tests import factories
from tests.reports.planning.town import Row, ask, fill, project

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
ZONE = factories.box(23.605, 42.9, 23.61, 42.903)
STREET = MultiLineString(LineString((23.6, 42.9), (23.604, 42.901)), srid=4326)


def generated(count: int = 150) -> list[Row]:
    chance = random.Random(3)
    return [
        Row(
            place=(round(23.605 + chance.gauss(0, 0.004), 6), round(42.901 + chance.gauss(0, 0.002), 6)),
            category=chance.choice(["pothole", "park-idea"]),
            due=timezone.localdate() + chance.choice([-2, 2]) * DAY,
            sent=datetime.date(2026, 1, 1) + chance.randrange(200) * DAY,
            supports=chance.randrange(4),
        )
        for _number in range(count)
    ]


def metres(shape, rows: list[Row]) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Distance(%s::geography, ST_MakePoint(x, y)::geography) FROM unnest(%s, %s) WITH ORDINALITY u(x, y, n) ORDER BY n",
            [shape.ewkt, [row.place[0] for row in rows], [row.place[1] for row in rows]],
        )
        return [distance for (distance,) in cursor]


@pytest.mark.parametrize("reach", [0, 60, 400])
def test_each_project_has_what_is_near_it(planner, reach):
    rows = generated()
    fill(rows)
    shapes = {"street": STREET, "zone": ZONE}
    project("street", line=STREET)
    project("zone", polygon=ZONE)
    project("nowhere", point=None)
    result = answer(ask(f"analysis=beside&metres={reach}", planner))
    assert {row["project"] for row in result.rows} == {"Проект street", "Проект zone"}
    for found in result.rows:
        distances = metres(shapes[found["project"].removeprefix("Проект ")], rows)
        near = [row for row, distance in zip(rows, distances, strict=True) if distance <= reach]
        assert found["n"] == len(near)
        assert found["ideas"] == sum(row.category == "park-idea" for row in near)
        assert found["problems"] == len(near) - found["ideas"]
        assert found["open"] == len(near)
        assert found["supports"] == sum(row.supports for row in near)
        assert found["late"] == sum(row.due < timezone.localdate() for row in near)
        if near:
            assert (found["first"], found["last"]) == (min(row.sent for row in near), max(row.sent for row in near))
    assert result.n == 150
    assert {column.key for column in result.columns} <= set(result.rows[0])


def test_one_project_lists_its_reports_nearest_first(planner):
    rows = generated()
    made = fill(rows)
    zone = project("zone", polygon=ZONE)
    result = answer(ask(f"analysis=beside&metres=200&project={zone.subject.reference}", planner))
    pairs = zip(metres(ZONE, rows), made, strict=True)
    near = {display(report.subject.reference): round(distance) for distance, report in pairs if distance <= 200}
    assert {row["reference"]: row["metres"] for row in result.rows} == near
    assert [row["metres"] for row in result.rows] == sorted(near.values())
    assert result.rows[0]["geometry"]["type"] == "Point"
    assert {column.key for column in result.columns} <= set(result.rows[0])


def test_each_report_names_the_projects_near_it(planner):
    report = factories.report(at_point=(23.6045, 42.901))
    factories.report(at_point=(23.7, 42.95))
    project("street", line=STREET)
    project("zone", polygon=ZONE)
    result = answer(ask("analysis=beside&metres=100&show=reports", planner))
    found = [(row["reference"], row["project"], row["metres"]) for row in result.rows]
    assert sorted(found) == [(display(report.subject.reference), f"Проект {name}", 41) for name in ("street", "zone")]


def test_more_than_fit_are_said(planner, monkeypatch):
    monkeypatch.setattr(beside, "_PAIRS", beside._PAIRS.replace("LIMIT 500", "LIMIT 3"))
    fill([Row()] * 8)
    made = project()
    result = answer(ask(f"analysis=beside&project={made.subject.reference}", planner))
    assert len(result.rows) == 3
    assert result.totals["pairs"] == 8
    assert any("още 5" in caveat for caveat in result.caveats)


def test_an_unpublished_project_is_not_told(planner):
    fill([Row()] * 3)
    hidden = project("hidden")
    type(hidden.subject).objects.filter(pk=hidden.pk).update(is_public=False)
    assert answer(ask("analysis=beside", planner)).refusal
    assert answer(ask("analysis=beside&show=reports", planner)).refusal


@pytest.mark.parametrize("show", ["projects", "reports"])
def test_queries_do_not_grow_with_projects(planner, show, django_assert_num_queries):
    fill(generated())
    for number in range(6):
        project(f"p{number}")
    question = ask(f"analysis=beside&kind=problem&show={show}", planner)
    assert planner.works_here
    with django_assert_num_queries(3 if show == "projects" else 4):
        answer(question)


def test_filters_that_leave_nothing_are_not_taken_for_missing_projects(planner):
    project()
    fill(generated(5))
    assert answer(ask("analysis=beside&q=няматакова", planner)).refusal == "Няма сигнали, които отговарят на въпроса."
