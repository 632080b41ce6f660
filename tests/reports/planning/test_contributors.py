"""Contributors by settlement beside the census: one person once, nobody told, few not told."""

from __future__ import annotations

import pytest

from municipality.models import Area
from reports.models import Contact, Report
from reports.planning import intervals
from reports.planning.contributors import answer
from tests import factories
from tests.reports.planning.town import Row, ask, fill

pytestmark = pytest.mark.django_db


def test_shares_stand_beside_the_census(planner):
    people = [factories.person() for _number in range(40)]
    fill([Row(author=author) for author in people[:28]] + [Row(author=author, area="dabrava") for author in people[28:]])
    result = answer(ask("analysis=contributors", planner))
    rows = {row["area"]: row for row in result.rows}
    levka, dabrava = rows["гр. Левка"], rows["с. Дъбрава"]
    assert (levka["contributors"], dabrava["contributors"]) == (28, 12)
    assert levka["share"] == pytest.approx(70)
    assert levka["people_share"] == pytest.approx(100 * 9000 / 9800)
    assert levka["ratio"] == pytest.approx(0.7 / (9000 / 9800))
    low, high = intervals.wilson(28, 40)
    assert (levka["share_low"], levka["share_high"]) == pytest.approx((100 * low, 100 * high))
    assert levka["ratio_high"] == pytest.approx(high / (9000 / 9800))
    assert [row["area"] for row in result.rows] == ["гр. Левка", "с. Дъбрава"]  # the least heard first
    assert result.totals["contributors"] == 40
    assert {column.key for column in result.columns} <= set(levka)


def test_a_person_is_one_however_and_wherever_they_report(planner):
    people = [factories.person() for _number in range(34)]
    guests = [factories.guest() for _number in range(6)]
    one = people[0]
    made = fill(
        [Row(author=author) for author in people]
        + [Row(author=one)] * 2
        + [Row(author=one, area="dabrava")] * 2  # three in Левка, two in Дъбрава
        + [Row()]  # signed out, with the address of the account
        + [Row(area="dabrava")] * 6
        + [Row(area="dabrava")] * 4
    )
    with_address = [*made[38:39], *made[39:45]]
    addresses = [one.correspondent, *guests]
    Contact.objects.bulk_create(
        Contact(report=report, correspondent=correspondent)
        for report, correspondent in zip(with_address, addresses, strict=True)
    )
    result = answer(ask("analysis=contributors", planner))
    assert {row["area"]: row["contributors"] for row in result.rows} == {"гр. Левка": 34, "с. Дъбрава": 6}
    assert (result.n, result.of) == (45, 49)  # of four nobody knows the author
    assert any("4" in caveat for caveat in result.caveats)


def test_few_people_are_not_told(planner):
    people = [factories.person() for _number in range(40)]
    dabrava = Area.objects.get(slug="dabrava")
    for number in range(2):
        factories.area(f"v{number}", "settlement", f"Село {number}", dabrava.parent, population=100)
    fill([Row(author=author) for author in people[:27]] + [Row(author=author, area="dabrava") for author in people[27:37]]
         + [Row(author=author, area="v0") for author in people[37:]])  # fmt: skip
    result = answer(ask("analysis=contributors", planner))
    told = {row["area"]: row["contributors"] for row in result.rows}
    assert told == {"гр. Левка": 27, "с. Дъбрава": None, "Село 0": None, "Село 1": None}
    assert all(row["share"] is None and row["ratio"] is None for row in result.rows if row["contributors"] is None)


@pytest.mark.parametrize("query", ["", "&area=levka", "&within=circle:23.6,42.9,500"])
def test_it_refuses_what_cannot_be_compared(planner, query):
    fill([Row(author=factories.person()) for _number in range(29 if not query else 31)])
    result = answer(ask(f"analysis=contributors{query}", planner))
    assert result.refusal
    assert not result.rows


def test_no_person_is_in_the_answer(planner):
    people = [factories.person(name="Рада Колева") for _number in range(31)]
    fill([Row(author=author) for author in people])
    text = repr(answer(ask("analysis=contributors", planner)))
    assert "Колева" not in text
    assert not any(author.email in text for author in people)


def test_queries_do_not_grow(planner, django_assert_num_queries):
    fill([Row(author=factories.person()) for _number in range(35)])
    question = ask("analysis=contributors&kind=problem", planner)
    assert planner.works_here
    assert Report.objects.count() == 35
    with django_assert_num_queries(5):
        answer(question)
