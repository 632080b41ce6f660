"""Eight simulated weeks over a change of the clocks, with a worker that dies: every mail, summary and reminder exactly once."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from discussion.models import TimelineRow
from notifications import actions, alerts, digests
from notifications.alerts import Where
from notifications.models import Delivery, Digest, Habits, InboxEntry, Waiting
from reports.actions import act, clockwork
from reports.models import Report
from tests import factories

SOFIA = ZoneInfo("Europe/Sofia")
BEGIN = datetime.datetime(2026, 10, 5, 0, 0, tzinfo=SOFIA)  # a Monday; the clocks change on 25 October
DAYS = 56
DEAD = range(20, 24)
"""Days on which no worker runs: over the change of the clocks."""


class Worker:
    """Does what the queue holds when its time has come, as the real one: jobs by name, at least once."""

    def __init__(self) -> None:
        self.tasks = {
            "notifications.tell": lambda a: actions.tell(a["row_id"]),
            "notifications.deliver": lambda a: actions.deliver(a["delivery_id"]),
            "notifications.digest": lambda a: digests.send(a["digest_id"]),
        }

    def run(self, *, twice: bool = False) -> None:
        """All that is due now; `twice` repeats every job, as after a death between the work and its mark."""
        while rows := self._due():
            for pk, name, arguments in rows:
                if name in self.tasks:
                    for _time in range(2 if twice else 1):
                        self.tasks[name](arguments)
                with connection.cursor() as cursor:
                    cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [pk])
                    cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [pk])

    def _due(self) -> list[tuple[int, str, dict[str, int]]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs WHERE scheduled_at IS NULL OR scheduled_at <= %s ORDER BY id",
                [timezone.now()],
            )
            return [(pk, name, json.loads(args) if isinstance(args, str) else args) for pk, name, args in cursor.fetchall()]


@pytest.fixture
def people(town):
    """{name: correspondent}: every frequency, one with quiet hours in the evening, a summary at the hour that is missing twice."""
    found = {name: factories.guest(f"{name}@levka.test") for name in ("instant", "daily", "weekly", "quiet", "follower")}
    for name in ("instant", "daily", "weekly"):
        alerts.save(Where(), correspondent=found[name], frequency=name)
    alerts.save(Where(), correspondent=found["quiet"], frequency="instant")
    Habits.objects.create(correspondent=found["quiet"], quiet_from="18:00", quiet_until="09:00")
    Habits.objects.create(correspondent=found["weekly"], digest_hour=3, digest_weekday=6)  # Sundays at three
    Habits.objects.create(correspondent=found["follower"], follow_frequency="daily", digest_hour=23)
    return found


def lived(people) -> dict[int, int]:
    """Eight weeks with their reports, acts and rounds of the worker; {report: its day}."""
    worker, official, days = Worker(), factories.official(), {}
    with time_machine.travel(BEGIN, tick=False) as clock:
        for day in range(DAYS):
            for hour in (1, 8, 9, 12, 20, 23):
                local = (BEGIN + datetime.timedelta(days=day)).replace(hour=hour, minute=5)
                clock.move_to(local)
                if hour == 12 and day % 2 == 0:
                    report = factories.report(tells=True, title=f"Сигнал {day}")
                    days[report.pk] = day
                    people["follower"].follows.create(subject=report.subject)
                if hour == 20 and day % 2 == 0:
                    act(report.pk, "start", by=official)
                if day in DEAD:
                    continue
                clockwork.remind_due(local)
                digests.make_due(local)
                digests.make_due(local)  # the periodic job of another worker
                worker.run(twice=day % 5 == 0)
    return days


@pytest.mark.django_db
def test_each_exactly_once(people, mailoutbox, settings):
    settings.MAIL_GROUP_SECONDS = 0
    days = lived(people)
    assert not Delivery.objects.filter(state="queued").exists()
    assert not Digest.objects.filter(state="queued").exists()
    count = Counter(mail.to[0].partition("@")[0] for mail in mailoutbox)
    ids = Counter(mail.extra_headers["Message-ID"] for mail in mailoutbox)
    assert max(ids.values()) == 1
    for name in ("instant", "quiet"):
        sent = Delivery.objects.filter(correspondent=people[name], state="sent").select_related("row")
        rows = Counter(row for delivery in sent for row in [delivery.row_id, *delivery.rows])
        assert (len(rows), max(rows.values()), count[name]) == (DAYS // 2, 1, len(sent))
    assert all(9 <= at.astimezone(SOFIA).hour < 18 for at in sent.values_list("sent_at", flat=True))
    new = Counter(Waiting.objects.values_list("row", "correspondent"))
    assert max(new.values()) == 1
    # Everything that waited went in one summary; the last reports' summaries are not due yet.
    late = {item.row.subject_id for item in Waiting.objects.filter(digest=None).select_related("row")}
    assert {days[pk] for pk in late} <= {54}
    assert told(mailoutbox, "daily") == list(range(0, DAYS, 2))
    assert told(mailoutbox, "weekly") == list(range(0, DAYS - 1, 2))
    assert told(mailoutbox, "follower") == list(range(0, DAYS, 2))
    assert count["weekly"] == 8
    assert Digest.objects.filter(frequency="weekly").values("period").distinct().count() == 8
    reminders = Delivery.objects.filter(row__code="due_soon", state="sent").values_list("row__subject", flat=True)
    # Ten working days of a pothole; what fell due while nobody worked is late, not near.
    missed = [datetime.date(2026, 10, 27), datetime.date(2026, 10, 28)]
    due = Report.objects.filter(answer_due__lte="2026-12-01").exclude(answer_due__in=missed).values_list("pk", flat=True)
    grouped = [row for delivery in Delivery.objects.filter(state="sent") for row in delivery.rows]
    told_late = TimelineRow.objects.filter(code="due_soon", pk__in=grouped).values_list("subject", flat=True)
    reminded = Counter([*reminders, *told_late])
    assert max(reminded.values()) == 1
    assert set(reminded) == set(due)
    assert InboxEntry.objects.filter(correspondent=people["daily"]).count() == DAYS // 2


def told(outbox, name: str) -> list[int]:
    """The days of the reports that somebody's mails tell of, in order, with repetitions."""
    bodies = [mail.body for mail in outbox if mail.to == [f"{name}@levka.test"]]
    return sorted(int(day) for body in bodies for day in re.findall(r"Сигнал (\d+) ·", body))
