"""Points follow their reports, and the summaries are what a recount says, folded or not."""

from __future__ import annotations

import datetime
import importlib

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from discussion.models import Subject
from municipality.models import Area, Sector
from reports import freshness, workflow
from reports.models import Report
from reports.querysets import today
from reports.spatial import summary
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def points(columns: str = "id") -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM reports_point ORDER BY id")
        return cursor.fetchall()


def summed(table: str, where: str = "true") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(sum(n), 0) FROM {table} WHERE {where}")
        return int(cursor.fetchone()[0])


def test_the_states_in_force_are_those_of_the_workflow() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT enum_range(NULL::reports_status)::text[]")
        assert set(cursor.fetchone()[0]) == set(workflow.STATES) - workflow.DRAFTS - {"rejected"}


def test_a_report_has_a_point_as_soon_as_it_is_received() -> None:
    report = factories.report()
    factories.report(author=None, email="guest@levka.test")  # waits for its confirmation
    assert points("id, public, ref, status::text") == [(report.pk, True, int(report.subject.reference), "received")]


def test_every_change_that_the_map_shows_moves_the_point() -> None:
    report = factories.report()
    Report.objects.filter(pk=report.pk).update(status="in_progress", geom="SRID=4326;POINT(23.7 42.95)")
    Subject.objects.filter(pk=report.pk).update(is_public=False, area=Area.objects.get(slug="dabrava"))
    report.subject.further_sectors.add(Sector.objects.get(slug="health"))
    dabrava = Area.objects.get(slug="dabrava").pk
    assert points("public, status::text, area_id, x") == [(False, "in_progress", dabrava, 151889728)]
    assert summary.faults() == {}
    summary.fold(today())
    assert summary.faults() == {}
    assert summed("reports_cell", "level = 4 AND rank = 0 AND public") == 0
    assert summed("reports_cell", "level = 4 AND rank = 0 AND NOT public") == 1


def test_folding_moves_every_change_into_each_grain_once() -> None:
    factories.reports(5)
    assert summary.waiting() == 5
    assert summed("reports_cell") == 0
    assert summary.fold(today()) == 5
    assert summary.fold(today()) == 0
    assert summary.faults() == {}
    assert summed("reports_cell", "level = 18 AND rank = 2") == 5
    assert summed("reports_cell_detail", "level = 14 AND status = 'received'") == 5
    assert summed("reports_cell_period", "level = 12 AND period < 0 AND status = 'received'") == 5


def test_an_idea_without_a_place_counts_in_no_square() -> None:
    factories.report(category="park-idea", point=None)
    summary.fold(today())
    assert summed("reports_cell", "level = 10 AND rank = 0 AND cell = -1") == 1
    assert summed("reports_cell", "level = 10 AND cell <> -1") == 0


def test_what_is_erased_leaves_no_sum() -> None:
    report = factories.report()
    summary.fold(today())
    Subject.objects.filter(pk=report.pk).update(is_public=False)
    Report.objects.filter(pk=report.pk).update(status="rejected")
    assert points() == []
    summary.fold(today())
    summary.sweep()
    assert [summed(grain.table) for grain in summary.GRAINS] == [0, 0, 0]
    assert summary.faults() == {}


def test_midnight_turns_the_late_ones() -> None:
    report = factories.report()
    Report.objects.filter(pk=report.pk).update(answer_due=today())
    summary.fold(today())
    assert summed("reports_cell", "level = 4 AND rank = 1 AND late") == 0
    summary.fold(today() + datetime.timedelta(days=1))
    assert summed("reports_cell", "level = 4 AND rank = 1 AND late") == 1
    assert summed("reports_cell", "level = 4 AND rank = 1 AND NOT late") == 0
    assert summary.faults() == {}


def test_a_recount_finds_what_is_not_true_and_repairs_it() -> None:
    factories.reports(3)
    summary.fold(today())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_cell SET n = n + 1 WHERE level = 10")
        cursor.execute("DELETE FROM reports_point WHERE id = (SELECT min(id) FROM reports_point)")
    with pytest.raises(CommandError, match="not true"):
        call_command("check_summaries")
    call_command("check_summaries", repair=True)
    call_command("check_summaries")
    assert len(points()) == 3


def defined() -> list[tuple]:
    """Each table of points and sums with what it is made of: columns, options, keys and indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT t.relname, t.reloptions,
                 ARRAY(SELECT (a.attname, a.atttypid, a.attnotnull)::text FROM pg_attribute a
                   WHERE a.attrelid = t.oid AND a.attnum > 0 ORDER BY a.attnum),
                 ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = t.oid ORDER BY 1),
                 ARRAY(SELECT c.conname || pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.conrelid = t.oid ORDER BY 1)
               FROM pg_class t WHERE t.relname LIKE 'reports_%' AND t.relkind = 'r' ORDER BY 1"""
        )
        return cursor.fetchall()


def test_a_repair_leaves_the_tables_as_they_were_and_no_answer_kept() -> None:
    factories.reports(3)
    tables, version = defined(), freshness._read()
    call_command("check_summaries", repair=True)
    assert defined() == tables
    assert freshness._read() != version
    Report.objects.update(status="in_progress")
    summary.fold(today())
    assert summary.faults() == {}


def test_the_days_of_the_summaries_are_of_the_installation_s_time_zone() -> None:
    late_evening = datetime.datetime(2026, 10, 31, 23, 30, tzinfo=datetime.UTC)  # 1 November in Sofia
    factories.report(at=late_evening)
    assert settings.TIME_ZONE == "Europe/Sofia"
    assert points("received") == [(datetime.date(2026, 11, 1),)]


def test_the_migration_makes_points_of_reports_that_are_there_in_portions() -> None:
    factories.reports(5)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reports_point")
        portions = importlib.import_module("reports.migrations.0003_points").PORTIONS
        assert portions.count("400") == 1
        cursor.execute(portions.replace("400", "2"))
    assert len(points()) == 5
