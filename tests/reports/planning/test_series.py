"""Months in order with the same months of earlier years beside them, against a count by hand."""

from __future__ import annotations

import datetime
import random
from collections import Counter

import numpy
import pytest
from django.utils import timezone

from municipality.models import Sector
from reports.models import Category
from reports.planning.series import answer
from tests import factories
from tests.reports.planning.town import Row, ask, fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_late_in_2026")]
DAY = datetime.timedelta(days=1)
OPENED = datetime.date(2022, 1, 20)


def generated() -> list[Row]:
    chance = random.Random(7)
    days = [OPENED + chance.randrange((datetime.date(2026, 11, 15) - OPENED).days) * DAY for _n in range(600)]
    return [Row(sent=OPENED), *(Row(sent=day, category=chance.choice(["pothole", "park-idea"])) for day in days)]


def test_the_same_months_of_earlier_years_stand_beside_each(planner):
    rows = generated()
    fill(rows)
    counts = Counter((row.sent.year, row.sent.month) for row in rows)
    result = answer(ask("analysis=time&since=2025-01-01&until=2026-10-31", planner))
    assert [row["n"] for row in result.rows] == [counts[2025 + n // 12, n % 12 + 1] for n in range(22)]
    assert (result.rows[0]["month"], result.rows[-1]["month"]) == ("Януари 2025", "Октомври 2026")
    for number, row in enumerate(result.rows):
        year, month = 2025 + number // 12, number % 12 + 1
        # January 2022 was not whole.
        earlier = [counts[before, month] for before in range(2023 if month == 1 else 2022, year)]
        assert row["usual"] == float(numpy.median(earlier))
        assert (row["least"], row["most"], row["years"]) == (min(earlier), max(earlier), len(earlier))
        assert row["change"] == row["n"] - row["usual"]
    assert (result.n, result.of) == (sum(counts[2025 + n // 12, n % 12 + 1] for n in range(22)), 601)
    assert [series.key for series in result.chart.series] == ["n", "usual"]


def test_months_without_reports_are_there(planner):
    fill([Row(sent=datetime.date(2026, 2, 3)), Row(sent=datetime.date(2026, 5, 31)), Row(sent=datetime.date(2026, 6, 1))])
    result = answer(ask("analysis=time", planner))
    assert [row["n"] for row in result.rows] == [1, 0, 0, 1, 1]
    assert {row["usual"] for row in result.rows} == {None}
    assert "usual" not in {series.key for series in result.chart.series}


def test_a_month_ends_at_local_midnight(planner):
    fill([Row()])
    report = factories.report(at=timezone.make_aware(datetime.datetime(2026, 3, 31, 23, 59)))
    assert report.created_at.astimezone(datetime.UTC).hour in (20, 21)
    factories.report(at=timezone.make_aware(datetime.datetime(2026, 4, 1, 0, 1)))
    assert [row["n"] for row in answer(ask("analysis=time", planner)).rows] == [2, 1]


def test_divided_by_kind_and_by_leading_sector(planner):
    health = Category.objects.get(slug="lamp")
    health.sector = Sector.objects.get(slug="health")
    health.save(update_fields=["sector"])
    fill([Row(category="pothole")] * 4 + [Row(category="park-idea")] * 3 + [Row(category="lamp")] * 2)
    by_kind = answer(ask("analysis=time&by=kind", planner))
    assert {series.label: by_kind.rows[0][series.key] for series in by_kind.chart.series} == {"Сигнал": 6, "Идея": 3}
    by_sector = answer(ask("analysis=time&by=sector", planner))
    assert {series.label: by_sector.rows[0][series.key] for series in by_sector.chart.series} == {
        "Градска среда": 7,
        "Здраве": 2,
    }
    assert {series.key for series in by_sector.chart.series} <= {column.key for column in by_sector.columns}


def test_of_nothing_it_says_so(planner):
    assert answer(ask("analysis=time", planner)).refusal


def test_queries_do_not_grow(planner, django_assert_num_queries):
    fill(generated())
    question = ask("analysis=time&by=sector&kind=problem", planner)
    assert planner.works_here
    with django_assert_num_queries(5):
        answer(question)
