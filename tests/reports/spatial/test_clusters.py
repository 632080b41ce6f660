"""Sums over the grid say what a count of the reports says, whatever is asked, folded or not, on either branch."""

from __future__ import annotations

import datetime
import random
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from discussion.models import Subject
from layers.models import Feature, Layer
from municipality.models import Sector
from reports import listing
from reports.filters import Filters
from reports.models import Report
from reports.querysets import today
from reports.spatial import clusters, grid, summary
from reports.spatial.wanted import Place, Wanted
from tests import factories

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = factories.BOX


@pytest.fixture
def many() -> list[Report]:
    """Sixty reports of all kinds, spread over the town and over three years, some of them at one place."""
    factories.town()
    dice = random.Random(4)
    author = factories.resident()
    made = []
    for number in range(60):
        at = datetime.datetime(2023, 12, 1, tzinfo=datetime.UTC) + datetime.timedelta(days=dice.randrange(1080))
        place = factories.CENTRE if number % 7 == 0 else (dice.uniform(WEST, EAST), dice.uniform(SOUTH, NORTH))
        category = dice.choice(["pothole", "lamp", "park-idea", "private"])
        made.append(factories.report(author=author, category=category, at=at, at_point=tuple(round(v, 6) for v in place)))
    made.append(factories.report(category="park-idea", point=None, author=author))
    plan = Layer.objects.create(slug="plan", name=factories.texts("План", "Plan"), areas=True)
    for slug, frame in (("middle", (23.6, 42.85, 23.8, 42.95)), ("east", (23.7, 42.9, 23.95, 43.05))):
        Feature.objects.create(layer=plan, slug=slug, name=factories.texts(slug), polygon=factories.box(*frame))
    health = Sector.objects.get(slug="health")
    for number, report in enumerate(made):
        if number % 5 == 0:
            Report.objects.filter(pk=report.pk, kind="problem").update(status="in_progress")
        if number % 4 == 0:
            report.subject.further_sectors.add(health)
        if number % 9 == 0:
            Subject.objects.filter(pk=report.pk).update(is_public=False, visibility="restricted")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reports_report, discussion_subject")  # else each row is sought among all
    return made


def asked(query: dict[str, str]) -> Filters:
    return Filters.from_query(QueryDict(urlencode(query)), AnonymousUser(), strict=True)


QUERIES: list[dict[str, str]] = [
    {}, {"kind": "problem"}, {"sector": "urban"}, {"sector": "health"}, {"sector": "urban,health"}, {"overdue": "1"},
    {"status": "in_progress"}, {"status": "open"}, {"status": "closed"}, {"status": "rejected"},
    {"status": "received,awaiting_moderation"}, {"status": "rejected", "since": "2024-03-01"}, {"status": "closed", "area": "levka"},
    {"category": "lamp"}, {"category": "lamp", "status": "received"},
    {"assigned": "parks"}, {"assigned": "none"}, {"area": "levka"}, {"area": "plan.middle"},
    {"area": "plan.middle,plan.east,dabrava"}, {"area": "plan.east", "kind": "problem", "overdue": "1"}, {"q": "дупката"}, {"q": "няматакава"},
    {"since": "2024-01-01"}, {"since": "2024-03-01", "until": "2026-02-28"}, {"since": "2024-03-01", "status": "received"},
    {"since": "2024-03-17", "until": "2025-02-03"}, {"until": "2024-12-31", "kind": "idea"}, {"overdue": "1", "kind": "problem"},
    {"since": "2024-02-01", "category": "pothole"}, {"since": "2024-02-01", "sector": "health", "overdue": "1"},
]  # fmt: skip


WHERE: list[tuple[int, grid.BBox | None]] = [
    (4, None), (8, factories.BOX), (11, (23.55, 42.85, 23.77, 43.0)), (17, (23.5, 42.8, 23.7, 43.0)),
    (22, (23.5, 42.8, 23.52, 42.82)),
]  # fmt: skip


@pytest.mark.parametrize("folded", ["nothing", "half, on an earlier day", "everything"])
def test_sums_are_what_a_count_says(many: list[Report], folded: str) -> None:
    if folded == "half, on an earlier day":
        summary.fold(today() - datetime.timedelta(days=40))
        Report.objects.filter(pk=many[1].pk).update(geom="SRID=4326;POINT(23.61 42.91)")
        Report.objects.filter(pk=many[2].pk).update(department=many[3].department, assignee=None)
    if folded == "everything":
        summary.fold(today())
    for query in QUERIES:
        filters = asked(query)
        wanted, rows = Wanted.public_set(filters), filters.apply(Report.objects.public())
        for level, box in WHERE:
            cells = None if box is None else grid.cells_of(box, level)
            inside = rows if cells is None else rows.in_box(grid.box_of(cells, level))
            parts, _live = clusters.parts(wanted, Place(level, cells))
            assert sum(part.n for part in parts) == inside.count(), (query, level, box)
            assert sum(part.sid for part in parts) == sum(inside.values_list("pk", flat=True)), (query, level, box)
            found = clusters.counts(wanted, Place(level, cells))
            assert sum(count.n for count in found) == inside.count(), (query, level, box)
            assert sum(count.n for count in found if count.late) == inside.late().count(), (query, level, box)


@pytest.mark.parametrize("order", ["newest", "oldest", "due", "support"])
def test_the_list_in_one_statement_is_the_list_of_the_filters(many: list[Report], order: str) -> None:
    for query in QUERIES:
        for box in ({}, {"bbox": "23.55,42.85,23.9,43.0"}):
            first = asked({**query, **box, "order": order, "limit": "7"})
            cursor, seen, expected = "", [], []
            while True:
                filters = first if not cursor else asked({**query, **box, "order": order, "limit": "7", "cursor": cursor})
                rows, following = listing.page(filters, AnonymousUser(), "s.reference")
                same, known = filters.page(filters.apply(Report.objects.public()))
                assert (following is None) == (known is None)
                seen += [row[0] for row in rows]
                expected += [report.pk for report in same]
                if following is None:
                    break
                cursor = following
            assert seen == expected, (query, box)


def test_what_the_desk_works_with_is_counted_for_it_alone(many: list[Report]) -> None:
    everything = asked({})
    for user in (factories.official("parks"), factories.planner()):
        work = Report.objects.for_desk(user)
        assert work.count() > Report.objects.public().filter(pk__in=work).count()
        found = clusters.counts(Wanted.for_desk(everything, user), Place(4))
        assert sum(count.n for count in found) == work.count()
    elsewhere = Wanted.for_desk(asked({"assigned": "roads"}), factories.official("parks"))
    assert clusters.counts(elsewhere, Place(4)) == []


def test_late_ones_are_right_on_both_sides_of_midnight() -> None:
    factories.town()
    with time_machine.travel(datetime.datetime(2026, 11, 25, 21, 59, tzinfo=datetime.UTC), tick=False) as clock:
        report = factories.report()
        Report.objects.filter(pk=report.pk).update(answer_due=datetime.date(2026, 11, 25))
        summary.fold(today())

        def late() -> list[int]:
            place = Place(8, grid.cells_of(factories.BOX, 8))
            parts, live = clusters.parts(Wanted.public_set(asked({})), place)
            exact = clusters.counts(Wanted.public_set(asked({"q": "дупка"})), place)
            assert not live
            return [parts[0].late, sum(count.n for count in exact if count.late), Report.objects.public().late().count()]

        assert late() == [0, 0, 0]
        clock.shift(datetime.timedelta(minutes=2))  # 00:01 of the 26th in Sofia
        assert late() == [1, 1, 1]
        summary.fold(today())
        assert late() == [1, 1, 1]


@pytest.mark.parametrize(
    ("query", "level", "table"),
    [
        ({}, 8, "reports_cell"), ({"kind": "problem"}, 18, "reports_cell"), ({"status": "open"}, 10, "reports_cell_detail"),
        ({"category": "lamp"}, 14, "reports_cell_detail"), ({"since": "2024-01-01"}, 12, "reports_cell_period"),
        ({}, 19, None), ({"q": "дупка"}, 8, None), ({"since": "2024-01-02"}, 8, None), ({"area": "levka"}, 8, None),
        ({"category": "lamp"}, 15, None), ({"since": "2024-01-01", "category": "lamp"}, 8, None),
    ],
)  # fmt: skip
def test_a_summary_answers_what_it_holds_and_points_the_rest(query: dict[str, str], level: int, table: str | None) -> None:
    factories.town()
    grain = clusters.grain_of(Wanted.public_set(asked(query)), level)
    assert (grain and grain.table) == table


@pytest.mark.parametrize(
    ("query", "level", "held"),
    [
        ({"since": "2024-01-01"}, 13, 12), ({"since": "2024-01-01"}, 14, 12), ({"since": "2024-01-01"}, 15, 15),
        ({"status": "open"}, 16, 14), ({}, 13, 13), ({"q": "дупка"}, 13, 13),
    ],
)  # fmt: skip
def test_coarser_cells_serve_where_only_their_sums_hold_what_is_asked(query: dict[str, str], level: int, held: int) -> None:
    factories.town()
    assert clusters.held_level(Wanted.public_set(asked(query)), level, 2) == held


def test_a_range_of_months_is_put_together_from_whole_years() -> None:
    day = datetime.date
    assert clusters.periods(day(2023, 11, 1), day(2025, 2, 28)) == [24286, 24287, -2024, 24300, 24301]
    assert clusters.periods(day(2024, 1, 1), day(2024, 12, 31)) == [-2024]
    assert len(clusters.periods(day(2023, 7, 1), day(2026, 6, 30))) == 14


def test_one_question_asks_the_database_once(many: list[Report]) -> None:
    summary.fold(today())
    with CaptureQueriesContext(connection) as asked_of_it:
        clusters.parts(Wanted.public_set(Filters()), Place(12, grid.cells_of(factories.BOX, 12)))
    assert len(asked_of_it) == 1
