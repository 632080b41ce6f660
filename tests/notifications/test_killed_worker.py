"""F3: a worker killed before DATA, between 250 and COMMIT, or after COMMIT loses nothing; a repeat has the same Message-ID."""

from __future__ import annotations

import datetime
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from notifications import actions, alerts, digests
from notifications.alerts import Where
from notifications.models import Delivery, Digest, Waiting, WebhookDelivery
from tests import factories
from tests.kernel.test_outside import catcher  # noqa: F401
from tests.notifications.webhooked import hook

WORKER = Path(__file__).with_name("dying_worker.py")


def work(point: str = "") -> int:
    """Runs a worker until nothing waits or it dies; answers its exit code."""
    database = connection.settings_dict["NAME"]
    command = [sys.executable, str(WORKER), database, str(site.EMAIL_PORT), *([point] if point else [])]
    return subprocess.run(command, capture_output=True, check=False, timeout=120).returncode


def fall_silent() -> None:
    """Two minutes pass for the dead worker's heartbeat, and the periodic task comes round."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
        cursor.execute(
            """INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES
               ('default', 'notifications.stalled', '{"timestamp": 0}')"""
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("point", "repeated"), [("before_data", 0), ("before_commit", 1), ("after_commit", 0)])
def test_nothing_is_lost(point, repeated, sink):
    factories.town()
    for number in range(2):
        factories.report(author=factories.resident(email=f"person{number}@town.test"), tells=True)
    assert work(point) == -signal.SIGKILL
    fall_silent()
    assert work() == 0
    sent = Counter(mail["Message-ID"] for mail in sink.mails)
    deliveries = Delivery.objects.all()
    assert {delivery.state for delivery in deliveries} <= {"sent", "skipped"}
    assert set(sent) == {delivery.message_id for delivery in deliveries if delivery.state == "sent"}
    assert {row for delivery in deliveries if delivery.state == "sent" for row in [delivery.row_id, *delivery.rows]} == {
        delivery.row_id for delivery in deliveries
    }
    assert sum(count - 1 for count in sent.values()) == repeated
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_a_summary_whose_worker_dies_is_repeated_under_its_message_id(sink):
    factories.town()
    reader = factories.guest("reader@town.test")
    alerts.save(Where(), correspondent=reader, frequency="daily")
    report = factories.report(tells=True)
    actions.tell(report.subject.timeline.get().pk)
    Waiting.objects.update(created_at=timezone.now() - datetime.timedelta(days=2))
    (made,) = digests.make_due(timezone.now())
    assert work("before_digest_commit") == -signal.SIGKILL
    fall_silent()
    assert work() == 0
    assert digests.make_due(timezone.now()) == []
    sent = [mail["Message-ID"] for mail in sink.mails if mail["To"] == "reader@town.test"]
    digest = Digest.objects.get(pk=made)
    assert (digest.state, sent) == ("sent", [digest.message_id] * 2)


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_a_message_to_a_program_is_repeated_under_its_id(catcher, sink, settings, monkeypatch):  # noqa: F811
    monkeypatch.setenv("WEBHOOK_TRUSTED", ",".join(settings.WEBHOOK_TRUSTED))
    factories.town()
    hook(catcher)
    factories.report(tells=True)
    assert work("before_taken_commit") == -signal.SIGKILL
    fall_silent()
    assert work() == 0
    delivery = WebhookDelivery.objects.get()
    assert [headers["webhook-id"] for _path, headers, _body in catcher.got] == [delivery.message_id] * 2
    assert (delivery.state, delivery.attempts) == ("delivered", 2)
