"""Areas: counts, rates, shares and medians against plain arithmetic over the same rows; few are not told."""

from __future__ import annotations

import datetime
import random

import numpy
import pytest
from django.utils import timezone

from municipality.models import Area
from reports.planning import intervals, table
from reports.planning.areas import answer
from tests import factories
from tests.reports.planning.town import Row, ask, fill

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SENT = datetime.date(2026, 3, 2)


@pytest.fixture
def planner():
    factories.town()
    Area.objects.filter(slug="levka").update(population_year=2021)
    return factories.planner()


def generated(seed: int = 4) -> list[Row]:
    chance, rows = random.Random(seed), []
    for area, count in (("levka", 60), ("dabrava", 24)):
        for _number in range(count):
            sent = SENT + chance.randrange(200) * DAY
            answered = sent + chance.randrange(40) * DAY if chance.random() < 0.6 else None
            due = timezone.localdate() + chance.choice([-3, 4]) * DAY
            rows.append(Row(sent=sent, answered=answered, area=area, due=due, supports=chance.randrange(5)))
    return rows


def test_every_figure_is_that_of_plain_arithmetic(planner):
    rows = generated()
    fill(rows)
    result = answer(ask("analysis=areas", planner))
    assert (result.n, result.of, result.refusal) == (84, None, "")
    assert result.period == (min(row.sent for row in rows), max(row.sent for row in rows))
    for name, slug, people in (("гр. Левка", "levka", 9000), ("с. Дъбрава", "dabrava", 800)):
        [found] = [row for row in result.rows if row["area"] == name]
        mine = [row for row in rows if row.area == slug]
        days = [(row.answered - row.sent).days for row in mine if row.answered]
        assert found["n"] == len(mine)
        assert found["rate"] == pytest.approx(len(mine) / people * 1000)
        assert found["answered"] == pytest.approx(100 * len(days) / len(mine))
        low, high = intervals.wilson(len(days), len(mine))
        assert (found["answered_low"], found["answered_high"]) == pytest.approx((low * 100, high * 100))
        assert found["days"] == float(numpy.median(days))
        ranks = intervals.median_ranks(len(days))
        assert (found["days_low"], found["days_high"]) == tuple(sorted(days)[rank - 1] for rank in ranks)
        late = [row for row in mine if row.answered is None and row.due < timezone.localdate()]
        assert found["late"] == pytest.approx(100 * len(late) / len(mine))
        assert found["supports"] == sum(row.supports for row in mine)
        assert found["geometry"]["type"] in ("Polygon", "MultiPolygon")
        assert found["url"] == f"?analysis=areas&area={slug}"
    assert [row["weight"] for row in result.rows] == pytest.approx([1.0, (60 / 9000) / (24 / 800)])
    assert {row["area"]: row["population_year"] for row in result.rows} == {"гр. Левка": 2021, "с. Дъбрава": None}
    assert {column.key for column in result.columns} <= set(result.rows[0])


def test_few_are_not_told_nor_what_would_tell_them(planner):
    fill([Row()] * 40 + [Row(area="dabrava")] * 3 + [Row(area="levka-municipality")] * 9)
    result = answer(ask("analysis=areas", planner))
    told = {row["area"]: row["n"] for row in result.rows}
    assert told == {"гр. Левка": 40, "с. Дъбрава": None, "другаде в общината": None}
    hidden = next(row for row in result.rows if row["area"] == "с. Дъбрава")
    assert not any(hidden[key] for key in ("rate", "answered", "days", "late", "supports", "weight"))
    assert hidden["weight"] is None
    assert [row["area"] for row in result.rows if "url" in row] == ["гр. Левка"]  # the narrowed question would tell the number
    assert any("5" in caveat for caveat in result.caveats)


def test_with_too_few_in_all_it_says_so(planner):
    fill([Row()] * 4)
    result = answer(ask("analysis=areas", planner))
    assert result.refusal
    assert not result.rows
    assert result.n == 4


def test_no_rate_for_a_piece_of_the_map(planner):
    fill([Row()] * 30 + [Row(area="dabrava", place=(23.9, 42.9))] * 30)
    result = answer(ask("analysis=areas&within=circle:23.6,42.9,500", planner))
    assert {row["area"]: (row["n"], row["rate"]) for row in result.rows} == {"гр. Левка": (30, None), "с. Дъбрава": (0, None)}
    assert (result.n, result.of) == (30, 60)
    assert result.chart.series[0].key == "n"


def test_only_the_areas_that_were_asked_about(planner):
    fill([Row()] * 30 + [Row(area="dabrava")] * 30)
    result = answer(ask("analysis=areas&area=dabrava", planner))
    assert [row["area"] for row in result.rows] == ["с. Дъбрава"]


def test_quarters_belong_to_their_settlement_and_can_be_asked_for(planner):
    levka = Area.objects.get(slug="levka")
    factories.area("center", "quarter", "Център", levka, population=2000)
    fill([Row(area="center")] * 12 + [Row()] * 20)
    assert {row["area"]: row["n"] for row in answer(ask("analysis=areas", planner)).rows} == {"гр. Левка": 32, "с. Дъбрава": 0}
    quarters = answer(ask("analysis=areas&by=quarter", planner))
    assert {row["area"]: row["n"] for row in quarters.rows} == {"Център": 12, "другаде в общината": 20}
    assert quarters.rows[0]["rate"] == 6.0


def test_queries_do_not_grow(planner, django_assert_num_queries):
    fill(generated())
    question = ask("analysis=areas&kind=problem", planner)
    assert planner.works_here
    with django_assert_num_queries(6):
        answer(question)


def test_where_no_count_may_be_told_no_shape_is_painted_and_no_key_drawn(planner):
    fill([*[Row(area="levka")] * 4, *[Row(area="dabrava")] * 3])
    result = answer(ask("analysis=areas", planner))
    assert [row["n"] for row in result.rows] == [None] * len(result.rows)
    assert table.levels(result) == [None] * len(result.rows)
    assert table.key(result) == ("", [])
