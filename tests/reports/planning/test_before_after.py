"""Rings around a project before and after a day: counts against distances measured one by one, and what is refused."""

from __future__ import annotations

import datetime
import math
import random

import pytest
from django.contrib.gis.geos import LineString, MultiLineString
from django.db import connection
from django.utils import timezone

from discussion.models import Subject
from reports.models import Report
from reports.planning import intervals
from reports.planning.around import with_metres
from reports.planning.before_after import LEAST, against, answer, counted, months_from
from tests.reports.planning.town import Row, ask, fill, project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_late_in_2026")]
TURN = datetime.date(2025, 6, 1)
STREET = MultiLineString(LineString((23.6, 42.9), (23.604, 42.901)), srid=4326)


def generated(count: int = 400) -> list[Row]:
    chance = random.Random(11)
    return [
        Row(
            place=(round(23.602 + chance.gauss(0, 0.004), 6), round(42.9005 + chance.gauss(0, 0.003), 6)),
            sent=TURN + datetime.timedelta(days=chance.randrange(-500, 500)),
        )
        for _number in range(count)
    ]


def metres(rows: list[Row]) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Distance(%s::geography, ST_MakePoint(x, y)::geography) FROM unnest(%s, %s) WITH ORDINALITY u(x, y, n) ORDER BY n",
            [STREET.ewkt, [row.place[0] for row in rows], [row.place[1] for row in rows]],
        )
        return [distance for (distance,) in cursor]


def test_counts_rates_and_ratios_are_those_of_the_rows(planner):
    rows = generated()
    fill(rows)
    made = project(line=STREET, approximate=False)
    result = answer(ask(f"analysis=before_after&project={made.subject.reference}&day={TURN}&bands=100,300&far=900", planner))
    assert result.refusal == ""
    start, end = datetime.date(2024, 6, 1), datetime.date(2026, 6, 1)
    inside = [(d, row.sent) for d, row in zip(metres(rows), rows, strict=True) if start <= row.sent < end]
    for found, (low, high) in zip(result.rows, [(-1, 100), (100, 300), (300, 900)], strict=True):
        before = sum(low < d <= high and sent < TURN for d, sent in inside)
        after = sum(low < d <= high and sent >= TURN for d, sent in inside)
        assert (found["before"], found["after"]) == (before, after)
        assert found["before_rate"] == pytest.approx(before * 30.4375 / 365)
        assert found["after_low"] == pytest.approx(intervals.poisson(after)[0] * 30.4375 / 365)
        assert found["ratio"] == pytest.approx(after / before)
        assert found["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert result.rows[0]["against"] == pytest.approx(result.rows[0]["ratio"] / result.rows[-1]["ratio"])
    assert result.rows[-1]["against"] is None
    assert result.n == sum(row["before"] + row["after"] for row in result.rows)
    assert (result.of, result.period) == (400, (start, end - datetime.timedelta(days=1)))
    assert {column.key for column in result.columns} <= set(result.rows[0])


def test_a_change_beside_the_project_alone_is_seen(planner):
    near, ring = (23.602, 42.9005), (23.602, 42.905)
    before, after = TURN - datetime.timedelta(days=30), TURN + datetime.timedelta(days=30)
    fill([Row(place=near, sent=before)] * 60 + [Row(place=near, sent=after)] * 15
         + [Row(place=ring, sent=before)] * 50 + [Row(place=ring, sent=after)] * 50
         + [Row(sent=datetime.date(2024, 1, 1), place=(23.7, 42.9))])  # fmt: skip
    made = project(line=STREET)
    result = answer(ask(f"analysis=before_after&project={made.subject.reference}&day={TURN}&bands=100&far=900", planner))
    assert result.rows[0]["against"] == pytest.approx(0.25)
    assert result.rows[0]["against_high"] < 1
    assert result.rows[1]["ratio_low"] < 1 < result.rows[1]["ratio_high"]


def test_woolf_by_hand():
    value, low, high = against((40, 20), (50, 50))
    half = 1.959964 * math.sqrt(1 / 40 + 1 / 20 + 1 / 50 + 1 / 50)
    assert value == 0.5
    assert (low, high) == pytest.approx((0.5 * math.exp(-half), 0.5 * math.exp(half)))


def test_the_side_that_is_not_over_counts_its_own_days(planner):
    turn = datetime.date(2026, 8, 1)
    fill([Row(sent=turn - datetime.timedelta(days=n), place=place) for n in range(1, 61) for place in ((23.6, 42.9), (23.6, 42.906))]
         + [Row(sent=turn + datetime.timedelta(days=n), place=place) for n in range(60) for place in ((23.6, 42.9), (23.6, 42.906))])  # fmt: skip
    made = project()
    result = answer(ask(f"analysis=before_after&project={made.subject.reference}&day={turn}", planner))
    assert (result.rows[0]["before"], result.rows[0]["after"]) == (60, 60)
    assert result.period == (turn - datetime.timedelta(days=60), datetime.date(2026, 11, 15))
    assert result.rows[0]["ratio"] == pytest.approx(60 / 107)  # 60 days before, 107 after
    assert len(result.caveats) == 5


@pytest.mark.parametrize(
    ("fields", "query", "word"),
    [
        ({}, "", "Изберете планиран проект"),
        ({"point": None}, "project", "Мястото"),
        ({}, "project", "Изберете ден"),
        ({"starts_year": 2026}, "project&day=2026-11-01", "твърде рано"),
        ({"starts_year": 2025}, "project", str(LEAST)),
    ],
)
def test_it_refuses_and_says_why(planner, fields, query, word):
    fill([Row(sent=TURN)] * 5 + [Row(sent=datetime.date(2024, 1, 1))])
    made = project(**fields)
    result = answer(ask("analysis=before_after&" + query.replace("project", f"project={made.subject.reference}"), planner))
    assert word in result.refusal
    assert not result.rows
    assert result.source


def test_the_first_of_the_year_is_the_turning_day_where_only_the_year_is_known(planner):
    fill([Row(sent=datetime.date(2025, 1, 1) + datetime.timedelta(days=n), place=place)
          for n in range(-40, 40) for place in ((23.6, 42.9), (23.6, 42.906))])  # fmt: skip
    made = project(starts_year=2025)
    result = answer(ask(f"analysis=before_after&project={made.subject.reference}", planner))
    assert (result.rows[0]["before"], result.rows[0]["after"]) == (40, 40)


def test_the_turning_day_begins_at_local_midnight(planner):
    last, first = fill([Row(), Row()])
    midnight = timezone.make_aware(datetime.datetime.combine(TURN, datetime.time.min))
    # The date of a report stands on its subject; the report's own follows.
    Subject.objects.filter(pk=first.pk).update(created_at=midnight)
    Subject.objects.filter(pk=last.pk).update(created_at=midnight - datetime.timedelta(microseconds=1))
    reports = with_metres(Report.objects.all(), STREET, 100)
    assert counted(reports, (0, 100), TURN) == [(1, 1)]


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (datetime.date(2024, 3, 31), -1, datetime.date(2024, 2, 29)),
        (datetime.date(2024, 2, 29), 12, datetime.date(2025, 2, 28)),
        (datetime.date(2024, 11, 5), 2, datetime.date(2025, 1, 5)),
        (datetime.date(2024, 1, 5), -1, datetime.date(2023, 12, 5)),
    ],
)
def test_months_later(day, months, found):
    assert months_from(day, months) == found


def test_queries_do_not_grow(planner, django_assert_num_queries):
    fill(generated())
    made = project(line=STREET)
    question = ask(f"analysis=before_after&project={made.subject.reference}&day={TURN}", planner)
    assert planner.works_here
    with django_assert_num_queries(5):
        answer(question)
