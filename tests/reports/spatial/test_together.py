"""Folds, writers and a repair at the same time, each in a transaction and a connection of its own."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from reports.models import Report
from reports.querysets import today
from reports.spatial import summary
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 10


@pytest.fixture(autouse=True)
def _town() -> Iterator[None]:
    """The tables of points and sums are no models, so that nobody else empties them after a test that commits."""
    _empty()
    factories.town()
    yield
    _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reports_delta, reports_point, " + ", ".join(grain.table for grain in summary.GRAINS))
        cursor.execute("UPDATE reports_summary SET day = %s", [today()])


class Beside(threading.Thread):
    """Something done in another connection; `result()` is what it answered, or raises what it raised."""

    def __init__(self, does: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._does, self._answer, self._error = does, None, None
        self.start()

    def run(self) -> None:
        try:
            self._answer = self._does()
        except Exception as error:  # told to the test
            self._error = error
        finally:
            connection.close()

    def result(self) -> Any:
        self.join(SECONDS)
        assert not self.is_alive()
        if self._error:
            raise self._error
        return self._answer


def somebody_waits() -> None:
    """Returns as soon as a connection waits for a lock."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            # Not pg_stat_activity: within a transaction that stays as it was at the first look.
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("nobody waits")


def summed(where: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(sum(n), 0) FROM reports_cell WHERE {where}")
        return int(cursor.fetchone()[0])


def test_a_fold_leaves_what_is_not_committed_for_the_next_one() -> None:
    factories.reports(3)
    written, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            factories.report()
            written.set()
            assert go_on.wait(SECONDS)

    writer = Beside(write)
    assert written.wait(SECONDS)
    assert summary.fold(today()) == 3
    assert (summary.faults(), summed("level = 4 AND rank = 0")) == ({}, 3)
    go_on.set()
    writer.result()
    assert (summary.faults(), summary.waiting()) == ({}, 1)
    assert summary.fold(today()) == 1
    assert (summary.faults(), summed("level = 4 AND rank = 0")) == ({}, 4)


def test_two_folds_at_midnight_turn_the_late_ones_once() -> None:
    report = factories.report()
    Report.objects.filter(pk=report.pk).update(answer_due=today())
    summary.fold(today())
    factories.reports(2)
    tomorrow = today() + datetime.timedelta(days=1)
    with transaction.atomic():
        assert summary.fold(tomorrow) == 2
        second = Beside(lambda: summary.fold(tomorrow))
        somebody_waits()
    assert second.result() == 0
    assert [summed(f"level = 4 AND rank = 0 AND {which}") for which in ("late", "NOT late")] == [1, 2]
    assert summary.faults() == {}


def test_a_repair_waits_for_the_fold_and_none_of_them_is_killed() -> None:
    factories.reports(3)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT day FROM reports_summary FOR UPDATE")  # as a fold begins
        repair = Beside(lambda: summary.rebuild(today(), settings.TIME_ZONE))
        somebody_waits()
        assert summary.fold(today()) == 3
    assert repair.result() == 3
    assert (summary.faults(), summary.waiting()) == ({}, 0)


def test_all_read_while_a_repair_goes_on(monkeypatch) -> None:
    factories.reports(3)
    summary.fold(today())
    seen = []
    fill = summary._fill

    def filled(*given) -> str:
        seen.append(Beside(lambda: summed("level = 4 AND rank = 0")).result())
        return fill(*given)

    monkeypatch.setattr(summary, "_fill", filled)
    assert summary.rebuild(today(), settings.TIME_ZONE) == 3
    assert set(seen) == {3}
    assert summary.faults() == {}


def test_a_sweep_waits_for_the_fold() -> None:
    factories.reports(3)
    with transaction.atomic():
        summary.fold(today())
        sweep = Beside(summary.sweep)
        somebody_waits()
    sweep.result()
    assert (summary.faults(), summed("level = 4 AND rank = 0")) == ({}, 3)
