"""What time alone does: at the boundary, once, and never to what somebody moved meanwhile."""

from __future__ import annotations

import datetime
import os
import uuid
from pathlib import Path

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from discussion.models import TimelineRow
from reports import jobs
from reports.actions import act, clockwork, expire_unconfirmed, submit
from reports.actions.move import Given
from reports.models import Photo, Report, Tombstone
from tests import factories

MONDAY = datetime.datetime(2026, 11, 2, 10, 0, tzinfo=datetime.UTC)


@pytest.fixture
def town(db):
    return factories.town()


def asked(at: datetime.datetime) -> Report:
    report, worker = factories.report(at=at), factories.official()
    act(report.pk, "assign", by=worker, given=Given(person=worker), at=at, tells=False)
    act(report.pk, "ask", by=worker, given=Given(text="Къде?"), at=at, tells=False)
    return report


def codes(report: Report) -> list[str]:
    return list(report.subject.timeline.values_list("code", flat=True))


@pytest.mark.parametrize(("days", "lapsed"), [(7, 0), (8, 1)])
def test_an_answer_is_waited_for_five_working_days(town, days, lapsed):
    report = asked(MONDAY)
    assert clockwork.lapse_answers(MONDAY + datetime.timedelta(days=days)) == lapsed
    report.refresh_from_db()
    assert report.status == ("assigned" if lapsed else "waiting_for_reporter")
    assert clockwork.lapse_answers(MONDAY + datetime.timedelta(days=days)) == 0


def test_who_is_in_charge_is_reminded_once_for_each_date(town):
    report = factories.report()
    early = datetime.datetime.combine(report.answer_due, datetime.time(9), datetime.UTC)
    assert clockwork.remind_due(early - datetime.timedelta(days=3)) == 0
    assert clockwork.remind_due(early - datetime.timedelta(days=2)) == 1
    assert clockwork.remind_due(early - datetime.timedelta(days=1)) == 0
    row = TimelineRow.objects.get(code="due_soon")
    assert (row.data, row.audience, row.tells) == ({"due_on": report.answer_due.isoformat()}, "staff", True)
    later = report.answer_due + datetime.timedelta(days=30)
    worker = factories.official()
    act(report.pk, "extend", by=worker, given=Given(text="Проверка.", notice="писмо", extended_to=later), tells=False)
    assert clockwork.remind_due(early + datetime.timedelta(days=28)) == 1


def test_what_is_answered_reminds_nobody(town):
    report = factories.report()
    act(report.pk, "resolve", by=factories.official(), given=Given(text="Готово."), tells=False)
    early = datetime.datetime.combine(report.answer_due, datetime.time(9), datetime.UTC)
    assert clockwork.remind_due(early) == 0


def test_an_idea_is_archived_after_its_term_and_stays(town):
    at = datetime.datetime(2025, 11, 24, 10, tzinfo=datetime.UTC)
    idea = factories.report(category="park-idea", at=at)
    assert "събира подкрепа до 24.11.2026" in Client().get(f"/reports/{idea.subject.reference}/").text
    assert clockwork.archive_ideas(datetime.datetime(2026, 11, 24, 10, tzinfo=datetime.UTC)) == 0
    assert clockwork.archive_ideas(datetime.datetime(2026, 11, 25, 10, tzinfo=datetime.UTC)) == 1
    idea.refresh_from_db()
    assert (idea.status, codes(idea)) == ("archived", ["submitted", "archive"])


@pytest.mark.parametrize(("days", "gone"), [(6, 0), (8, 1)])
def test_unconfirmed_reports_go_and_leave_their_uuid(town, days, gone):
    sent = factories.submission(email="guest@levka.test")
    report = submit(sent)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False):
        assert expire_unconfirmed() == gone
    assert Report.objects.filter(pk=report.pk).exists() is not bool(gone)
    assert Tombstone.objects.filter(client_uuid=sent.client_uuid).exists() is bool(gone)


def photo(settings, hours: int, report: Report | None = None) -> Path:
    now = timezone.now()
    made = Photo.objects.create(
        client_uuid=uuid.uuid4(), draft=uuid.uuid4(), report=report, width=1, height=1, digest="x",
        created_at=now - datetime.timedelta(hours=hours),
    )  # fmt: skip
    folder = Path(settings.MEDIA_ROOT) / str(made.pk)
    folder.mkdir(parents=True)
    (folder / "large.jpg").write_bytes(b"x")
    old = (now - datetime.timedelta(hours=hours)).timestamp()
    os.utime(folder, (old, old))
    return folder


def test_photos_that_nobody_took_go_with_their_files(town, settings):
    fresh, old, taken = photo(settings, 23), photo(settings, 25), photo(settings, 25, factories.report())
    orphan = Path(settings.MEDIA_ROOT) / str(uuid.uuid4())
    orphan.mkdir()
    os.utime(orphan, (0, 0))
    other = Path(settings.MEDIA_ROOT) / "not-ours"
    other.mkdir()
    os.utime(other, (0, 0))
    assert clockwork.sweep_photos() == 2
    assert [path.exists() for path in (fresh, old, taken, orphan, other)] == [True, False, True, False, True]


@pytest.mark.django_db
def test_jobs_run_before_a_municipality_is_loaded():
    jobs.hourly(0)
    jobs.daily(0)
    jobs.minutely(0)


def test_jobs_run_in_a_town(town):
    jobs.hourly(0)
    jobs.daily(0)


def test_a_sweep_that_takes_too_long_keeps_no_other_work_of_the_day_from_being_done(town, monkeypatch):
    done = []

    def slow() -> None:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr("reports.spatial.summary.sweep", slow)
    monkeypatch.setattr(clockwork, "lapse_answers", lambda: done.append("answers") or 0)
    monkeypatch.setattr(clockwork, "remind_due", lambda: done.append("dates") or 0)
    jobs.daily(0)
    assert done == ["answers", "dates"]
    with pytest.raises(OperationalError):
        jobs.sweep(0)
