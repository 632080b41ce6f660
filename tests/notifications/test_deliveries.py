"""Nothing is lost, nothing is sent twice but under one Message-ID: grouping, refusals, servers that are down."""

from __future__ import annotations

import datetime
import random

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from discussion.models import TimelineRow
from notifications import actions, jobs
from notifications.models import Delivery
from reports.actions import act
from reports.actions.move import Given
from tests import factories


def queued(name: str) -> list[dict[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [name])
        return [__import__("json").loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]


@pytest.fixture
def report(town):
    return factories.report(author=factories.resident(email="rada@levka.test"), tells=True)


def test_an_act_defers_its_telling_in_the_same_transaction(report):
    row = report.subject.timeline.get()
    assert queued("notifications.tell") == [{"row_id": row.pk}]


def test_telling_twice_makes_deliveries_once(report):
    row = report.subject.timeline.get()
    assert [actions.tell(row.pk), actions.tell(row.pk)] == [2, 0]
    assert TimelineRow.objects.get(pk=row.pk).told_at is not None
    assert queued("notifications.deliver") == [{"delivery_id": pk} for pk in Delivery.objects.values_list("pk", flat=True)]


def test_a_row_that_is_gone_tells_nobody(town):
    assert actions.tell(10**9) == 0


def author_delivery(row: TimelineRow) -> Delivery:
    actions.tell(row.pk)
    return Delivery.objects.get(row=row, role="author")


def test_several_acts_come_in_one_mail(report, sink):
    worker = factories.official()
    first = author_delivery(report.subject.timeline.get())
    second = author_delivery(act(report.pk, "start", by=worker))
    third = author_delivery(act(report.pk, "resolve", by=worker, given=Given(text="Готово.")))
    assert actions.deliver(first.pk) == "sent"
    assert [actions.deliver(pk) for pk in (second.pk, third.pk)] == ["skipped", "skipped"]
    assert len(sink.mails) == 1
    text = sink.mails[0].get_body(("plain",)).get_content()
    assert [line for line in text.splitlines() if line.endswith(".")][:3] == [
        f"Сигналът Ви е получен в отдел „Пътища“. Отговор до {report.answer_due:%d.%m.%Y}.",
        "Отдел „Пътища“ започна работа по сигнала Ви.",
        "Сигналът Ви е решен.",
    ]
    first.refresh_from_db()
    assert first.rows == [second.row_id, third.row_id]


def test_after_a_mail_the_next_waits_a_little(report, sink, settings):
    settings.MAIL_GROUP_SECONDS = 120
    actions.deliver(author_delivery(report.subject.timeline.get()).pk)
    sent_at = Delivery.objects.get(state="sent").sent_at
    row = act(report.pk, "start", by=factories.official())
    delivery = author_delivery(row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT scheduled_at FROM procrastinate_jobs WHERE (args->>'delivery_id')::bigint = %s", [delivery.pk])
        assert cursor.fetchone()[0] == sent_at + datetime.timedelta(seconds=120)


def test_message_id_and_thread_come_from_the_row(report, sink):
    row = report.subject.timeline.get()
    delivery = author_delivery(row)
    actions.deliver(delivery.pk)
    mail = sink.mails[0]
    assert mail["Message-ID"] == delivery.message_id
    assert delivery.message_id.startswith(f"<act-{row.pk}.")
    assert mail["References"] == f"<{report.subject.reference}@localhost>"
    assert mail["From"].addresses[0].display_name == "Община Левка"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("answer", ["451 later", "421 busy"])
def test_a_server_that_is_busy_is_asked_again_with_the_same_id(report, sink, answer):
    sink.answers = [answer]
    delivery = author_delivery(report.subject.timeline.get())
    with pytest.raises(actions.TryAgain):
        actions.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("queued", 1)
    assert actions.deliver(delivery.pk) == "sent"
    assert [mail["Message-ID"] for mail in sink.mails] == [delivery.message_id]


def test_no_server_loses_nothing(report, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    delivery = author_delivery(report.subject.timeline.get())
    with pytest.raises(actions.TryAgain):
        actions.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "queued"


def test_no_clear_text_when_encryption_is_asked_for(report, sink, settings):
    settings.EMAIL_USE_TLS = True
    delivery = author_delivery(report.subject.timeline.get())
    with pytest.raises(actions.TryAgain):
        actions.deliver(delivery.pk)
    assert sink.mails == []


def test_a_refused_address_is_seen_on_the_case_and_delays_nobody(report, sink):
    sink.refused = {"rada@levka.test": "550 no such user rada@levka.test"}
    delivery = author_delivery(report.subject.timeline.get())
    assert actions.deliver(delivery.pk) == "failed"
    delivery.refresh_from_db()
    assert delivery.error == "recipient refused 550"
    row = report.subject.timeline.get(code="not_delivered")
    assert (row.audience, row.data, row.tells) == ("staff", {"delivery": delivery.pk, "role": "author"}, False)
    other = Delivery.objects.get(role="department")
    assert actions.deliver(other.pk) == "sent"
    sink.refused = {}
    actions.send_again(delivery.pk)
    assert actions.deliver(delivery.pk) == "sent"
    assert sink.mails[-1]["Message-ID"] == delivery.message_id


def test_an_erased_person_is_not_written_to(report, sink):
    delivery = author_delivery(report.subject.timeline.get())
    type(delivery.correspondent).objects.filter(pk=delivery.correspondent_id).update(email="", user=None)
    assert actions.deliver(delivery.pk) == "skipped"
    assert sink.mails == []


def test_giving_up_is_visible(report, sink):
    delivery = author_delivery(report.subject.timeline.get())
    actions.give_up(delivery.pk, "SMTPServerDisconnected")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("failed", "SMTPServerDisconnected")
    assert report.subject.timeline.filter(code="not_delivered").count() == 1


def test_backoff_grows_to_ten_minutes_and_lasts_for_hours():
    random.seed(1)
    waits = []
    with time_machine.travel(datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC), tick=False):
        now = timezone.now()
        for attempts in range(jobs.MOST_ATTEMPTS):
            decision = jobs.Backoff().get_retry_decision(exception=OSError(), job=type("Job", (), {"attempts": attempts}))
            waits.append((decision.retry_at - now).total_seconds())
        last = type("Job", (), {"attempts": jobs.MOST_ATTEMPTS})
        assert jobs.Backoff().get_retry_decision(exception=OSError(), job=last) is None
    assert 3 <= waits[0] <= 7
    assert max(waits) <= 750
    assert sum(waits) > 4 * 3600


def test_lost_jobs_are_found_again(report):
    row = report.subject.timeline.get()
    now = timezone.now()
    minute = datetime.timedelta(minutes=1)
    later = now + 3 * minute
    assert actions.untold(later, minute) == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert actions.untold(now, minute) == []
    assert actions.untold(later, minute) == [row.pk]
    actions.tell(row.pk)
    assert actions.untold(later, minute) == []
    assert actions.unsent(later, 2 * minute) == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    deliveries = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    assert actions.unsent(later, 2 * minute) == deliveries
    with time_machine.travel(later, tick=False):
        jobs.reconcile(0)
    assert queued("notifications.deliver") == [{"delivery_id": pk} for pk in deliveries]
