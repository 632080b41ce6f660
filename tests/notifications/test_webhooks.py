"""What is public, told to programs: signed, matched by filters, tried again, given up, never what is hidden."""

from __future__ import annotations

import datetime
import json
import re
import socket
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from discussion import actions as spine
from layers.models import Feature, Layer
from municipality.models import Organisation
from notifications import link_letters, person
from notifications.models import Webhook, WebhookDelivery
from notifications.webhooks import filtering, keeping, sending, signing
from reports import actions as reports
from reports.models import Reason
from reports.parameters import BadParameter
from tests import factories
from tests.kernel.test_outside import catcher  # noqa: F401
from tests.notifications.webhooked import hook, sent, signed, told
from tests.participation.conftest import event

pytestmark = pytest.mark.django_db


def later(**time: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(**time)


def test_a_message_says_what_everyone_may_read_and_is_signed(town, catcher, settings):  # noqa: F811
    webhook = hook(catcher)
    row = sent()
    (delivery,) = told(row)
    assert (told(row), sending.deliver(delivery.pk), sending.deliver(delivery.pk)) == ([delivery], "delivered", "delivered")
    ((path, headers, body),) = catcher.got
    subject, site = row.subject, settings.SITE_URL
    assert json.loads(body) == {
        "type": "subject.published",
        "timestamp": row.at.isoformat(),
        "data": {
            "kind": "problem", "reference": subject.reference, "number": f"{subject.reference[:3]} {subject.reference[3:6]} {subject.reference[6:]}",
            "title": "Дупка пред училището", "language": "bg", "area": "levka", "sector": "urban", "act": "submitted",
            "before": None, "after": "received", "sentence": (sentence := json.loads(body)["data"]["sentence"]),
            "url": f"{site}/reports/{subject.reference}/", "document": f"{site}/api/v1/reports/{subject.reference}/",
        },
    }  # fmt: skip
    assert sentence.startswith("Сигналът е получен в отдел „Пътища“. Отговор до ")
    assert (path, headers["Content-Type"], headers["webhook-id"]) == ("/in", "application/json", delivery.message_id)
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert headers["webhook-signature"] == signed(signing.secret(webhook), headers, body)
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.last_status, delivery.body) == (1, 201, body.decode())
    guide: dict[str, Any] = {}
    exec(re.search("```python\n(.*?)```", (settings.BASE_DIR / "docs/webhooks.md").read_text(), re.S)[1], guide)
    tries = [body, body + b" "], [headers, {**headers, "webhook-timestamp": "1"}, {**headers, "webhook-id": "msg_0"}]
    genuine = [guide["is_genuine"](signing.secret(webhook), sent_so, read) for read in tries[0] for sent_so in tries[1]]
    assert genuine == [True, *[False] * 5]


def test_a_new_secret_and_the_one_before_sign_for_a_day(town, catcher):  # noqa: F811
    webhook = hook(catcher, by=(admin := factories.administrator()))
    old = signing.secret(webhook)
    keeping.rotate(webhook.pk, by=admin)
    webhook.refresh_from_db()
    new = signing.secret(webhook)
    for now in (later(hours=23), later(hours=25)):
        assert sending.deliver(keeping.test(webhook.pk).pk, now) == "delivered"
    (_path, first, body), (_path, second, rest) = catcher.got
    assert old != new
    assert first["webhook-signature"].split(" ") == [signed(new, first, body), signed(old, first, body)]
    assert second["webhook-signature"] == signed(new, second, rest)
    assert json.loads(rest)["type"] == "webhook.test"


def test_each_webhook_hears_what_its_filter_lets_through(town, catcher):  # noqa: F811
    through = [
        "", "kind=problem", "kind=problem,idea", "category=pothole", "area=levka", "area=levka-municipality", "sector=urban", "status=open",
        "bbox=23.5,42.8,23.7,43", "q=дупка", "kind=problem&area=levka&q=училище",
    ]  # fmt: skip
    kept = [
        "kind=idea", "kind=event", "category=lamp", "area=dabrava", "sector=health", "status=closed", "bbox=23.9,42.8,24,43", "q=люлка",
        "kind=problem&area=dabrava",
    ]  # fmt: skip
    by = factories.administrator()
    for asked in through + kept:
        hook(catcher, by=by, organisation="roads" if asked in through else "parks", asked=asked)
    quarters = Layer.objects.create(slug="quarters", name=factories.texts("Квартали"), areas=True)
    for slug, west in (("west", 23.5), ("east", 23.8)):
        Feature.objects.create(
            layer=quarters, slug=slug, name=factories.texts(slug), polygon=factories.box(west, 42.8, west + 0.2, 43)
        )
    hook(catcher, by=by, asked="area=dabrava,quarters.west")
    hook(catcher, by=by, asked="area=dabrava,quarters.east")
    through.append("area=dabrava,quarters.west")
    assert {each.webhook.name for each in told(sent())} == {asked or "Карта" for asked in through}
    for asked in ("kind=event&bbox=23.5,42.8,23.7,43", "kind=event&bbox=23.9,42.8,24,43", "kind=event&status=open"):
        hook(catcher, by=by, organisation="parks", asked=asked)
    made = {each.webhook.name for each in told(event().subject.timeline.first())}
    assert made == {"Карта", "kind=event", "kind=event&bbox=23.5,42.8,23.7,43", "area=levka", "area=levka-municipality", "sector=urban",
                    "bbox=23.5,42.8,23.7,43", "area=dabrava,quarters.west"}  # fmt: skip
    for wrong in ("order=newest", "kind=nothing", "x=1", "since=2026-01-01", "assigned=me", "kind=idea&kind=problem", "bbox=1"):
        with pytest.raises(BadParameter):
            filtering.columns(wrong)


def test_an_act_is_one_event_for_everyone_or_none(town, catcher):  # noqa: F811
    webhook = hook(catcher)
    report, worker = factories.report(), factories.official()
    moved = reports.act(report.pk, "start", by=worker)
    extended = reports.act(
        report.pk, "extend", by=worker, given=reports.Given(text="Вали.", extended_to=later(days=20).date(), notice="Писмо 1")
    )
    noted = reports.note(report.pk, text="За нас.", by=worker)
    asked = reports.act(report.pk, "ask", by=worker, given=reports.Given(text="Къде точно?"))
    made = event(by=worker)
    rows = [moved, extended, noted, asked, made.subject.timeline.first()]
    found = [[each.event for each in told(row)] for row in rows]
    assert found == [["subject.moved"], ["subject.noted"], [], [], ["subject.published"]]
    Webhook.objects.update(events=["subject.moved"])
    assert told(sent()) == []
    Webhook.objects.update(events=["subject.published"])
    Organisation.objects.filter(pk=webhook.organisation_id).update(active=False)
    assert told(sent()) == []


def test_a_comment_is_told_while_everyone_reads_it(town, catcher):  # noqa: F811
    hook(catcher)
    report, author, moderator = factories.report(), factories.resident(), factories.moderator()
    made = [
        spine.comment(report.pk, text=f"Вярно е, {n}.", client_uuid=uuid.uuid4(), correspondent=author.correspondent, by=author)
        for n in range(2)
    ]
    assert [told(row) for row in report.subject.timeline.filter(code="commented")] == [[], []]
    for comment in made:
        spine.settle_comment(comment.pk, publish=True, by=moderator)
    (first,), (second,) = (told(row) for row in report.subject.timeline.filter(code="comment_published").order_by("pk"))
    spine.settle_comment(made[1].pk, publish=False, by=moderator, reason="spam")
    assert (first.event, sending.deliver(first.pk), sending.deliver(second.pk)) == ("comment.published", "delivered", "skipped")
    ((_path, _headers, body),) = catcher.got
    data = json.loads(body)["data"]
    assert data["url"].endswith(f"/reports/{report.subject.reference}/#comment-{made[0].pk}")
    assert data["document"].endswith(f"/api/v1/subjects/{report.subject.reference}/comments/")
    assert (data["sentence"], "Вярно" in body.decode(), author.email in body.decode()) == (
        "Публикуван е коментар.",
        False,
        False,
    )


def test_a_person_hears_while_being_an_administrator_and_takes_the_webhooks_along(town, catcher):  # noqa: F811
    admin = factories.administrator()
    hook(catcher, by=admin, organisation="")
    hook(catcher, by=admin)
    known = admin.correspondent
    assert [each["name"] for each in person.copy_of(known)["webhooks"]] == ["Карта"]
    assert len(told(sent())) == 2
    admin.memberships.update(active=False)
    assert [each.webhook.person for each in told(sent())] == [None]
    person.erase(known)
    assert list(Webhook.objects.values_list("person", flat=True)) == [None]


def test_nothing_is_sent_of_what_is_hidden(town, catcher):  # noqa: F811
    hook(catcher)
    assert told(sent(restricted=True)) == []
    row = sent()
    (delivery,) = told(row)
    reports.hide(row.subject_id, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert (sending.deliver(delivery.pk), catcher.got) == ("skipped", [])
    other = sent()
    reports.hide(other.subject_id, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert told(other) == []


def test_a_receiver_that_is_down_is_tried_for_three_days(town, catcher):  # noqa: F811
    webhook = hook(catcher)
    (delivery,) = told(sent())
    catcher.status, now = 503, delivery.next_at
    for wait in sending.WAITS:
        assert sending.deliver(delivery.pk, now) == "waiting"
        delivery.refresh_from_db()
        assert delivery.next_at == now + datetime.timedelta(seconds=wait)
        assert (
            sending.deliver(delivery.pk, now + datetime.timedelta(seconds=wait - 3)) == "waiting"
        )  # too early: nothing is sent
        now = delivery.next_at
    assert sending.deliver(delivery.pk, now) == "failed"
    assert len({headers["webhook-id"] for _path, headers, _body in catcher.got}) == 1
    assert len(catcher.got) == len(sending.WAITS) + 1
    assert datetime.timedelta(hours=71) < now - delivery.since < sending.LONGEST
    delivery.refresh_from_db()
    webhook.refresh_from_db()
    assert (delivery.last_status, delivery.last_error, webhook.failures, webhook.active) == (503, "status 503", 1, True)
    catcher.status = 200
    assert (keeping.replay(delivery.pk), keeping.replay(delivery.pk)) == (True, False)
    assert sending.deliver(delivery.pk) == "delivered"
    webhook.refresh_from_db()
    assert (catcher.got[-1][1]["webhook-id"], webhook.failures) == (delivery.message_id, 0)


def test_a_receiver_says_how_long_to_wait_or_that_it_is_gone(town, catcher, sink):  # noqa: F811
    webhook = hook(catcher)
    (delivery,) = told(sent())
    catcher.status, catcher.headers_sent = 429, {"Retry-After": "7200"}
    start = delivery.next_at
    assert sending.deliver(delivery.pk, start) == "waiting"
    delivery.refresh_from_db()
    assert delivery.next_at == start + datetime.timedelta(hours=2)
    catcher.headers_sent = {"Retry-After": "99999999"}
    assert sending.deliver(delivery.pk, delivery.next_at) == "failed"
    (gone,) = told(sent())
    (left,) = told(sent())
    catcher.status = 410
    assert sending.deliver(gone.pk) == "failed"
    assert (sending.deliver(left.pk), len(catcher.got)) == ("failed", 3)  # it is off: the next one is not sent
    webhook.refresh_from_db()
    assert (webhook.active, webhook.disabled_why) == (False, "gone")
    link_letters.send_webhook_off(webhook.pk)
    (mail,) = sink.mails
    assert (mail["To"], mail["Subject"].strip()) == ("roads@levka.test", "Връзка с програма е изключена")
    text = mail.get_body(("plain",)).get_content()
    assert "410" in text and f"/accounts/webhooks/{webhook.pk}/" in text
    assert told(sent()) == []


def test_after_three_messages_given_up_it_is_switched_off_and_its_owner_hears(town, catcher, sink, settings):  # noqa: F811
    admin = factories.administrator(email="admin@levka.test")
    webhook = hook(catcher, organisation="", by=admin)
    trusted, settings.WEBHOOK_TRUSTED = settings.WEBHOOK_TRUSTED, []
    rows = [told(sent())[0] for _n in range(3)]
    assert [sending.deliver(each.pk) for each in rows] == ["failed"] * 3
    webhook.refresh_from_db()
    rows[0].refresh_from_db()
    assert (webhook.active, webhook.disabled_why, webhook.failures, rows[0].last_error) == (
        False,
        "failing",
        3,
        "address not allowed",
    )
    assert ProcrastinateJob.objects.get(task_name="notifications.webhook_off").args == {"webhook_id": webhook.pk}
    link_letters.send_webhook_off(webhook.pk)
    assert [mail["To"] for mail in sink.mails] == ["admin@levka.test"]
    settings.WEBHOOK_TRUSTED = trusted
    assert sending.deliver(keeping.test(webhook.pk).pk) == "delivered"  # a test goes out all the same
    keeping.switch_on(webhook.pk, by=admin)
    link_letters.send_webhook_off(webhook.pk)
    keeping.replay(rows[0].pk)
    assert (sending.deliver(rows[0].pk), len(sink.mails)) == ("delivered", 1)


def test_a_name_that_means_a_private_address_by_the_time_of_sending_is_not_asked(town, catcher, monkeypatch):  # noqa: F811
    hook(catcher, address="https://hooks.example/in")
    first, second = (told(sent())[0] for _n in range(2))
    asked, answers = [], [("10.0.0.8", 443)]
    monkeypatch.setattr(socket, "create_connection", lambda to, *_a, **_k: asked.append(to) or (_ for _ in ()).throw(OSError))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", answers.pop(0))])
    assert (sending.deliver(first.pk), asked) == ("failed", [])
    answers += [("93.184.215.14", 443), ("10.0.0.8", 443)]  # another answer a moment later: nobody asks for it
    assert (sending.deliver(second.pk), asked, len(answers)) == ("waiting", [("93.184.215.14", 443)], 1)
    assert (sending.deliver(second.pk, later(seconds=6)), len(asked), answers) == (
        "failed",
        1,
        [],
    )  # tried again, it means that


def test_a_worker_that_dies_between_sending_and_commit_repeats_the_message(town, catcher, monkeypatch):  # noqa: F811
    hook(catcher)
    (delivery,) = told(sent())
    with monkeypatch.context() as dying:
        dying.setattr(sending, "_taken", lambda *_args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sending.deliver(delivery.pk)
    assert sending.deliver(delivery.pk) == "delivered"
    delivery.refresh_from_db()
    assert [headers["webhook-id"] for _path, headers, _body in catcher.got] == [delivery.message_id] * 2
    assert delivery.attempts == 2


def test_what_is_never_finished_is_given_up_in_the_end(town, catcher):  # noqa: F811
    hook(catcher)
    (delivery,) = told(sent())
    WebhookDelivery.objects.update(attempts=len(sending.WAITS) + 1)
    assert (sending.deliver(delivery.pk), catcher.got) == ("failed", [])


def test_telling_three_webhooks_asks_the_database_as_often_as_telling_one(town, catcher):  # noqa: F811
    counts = []
    for more in (1, 2):
        for _n in range(more):
            hook(catcher)
        row = sent()
        with CaptureQueriesContext(connection) as asked:
            told(row)
        counts.append(len(asked))
    assert (counts[0], WebhookDelivery.objects.count()) == (counts[1], 4)


def test_what_was_sent_goes_after_a_month_and_the_log_after_three(town, catcher):  # noqa: F811
    webhook = hook(catcher)
    made = []
    for days in (29, 31, 91):
        made.append(delivery := keeping.test(webhook.pk))
        sending.deliver(delivery.pk)
        WebhookDelivery.objects.filter(pk=delivery.pk).update(created_at=later(days=-days))
    keeping.forget_old(timezone.now())
    assert [(each.pk, bool(each.body)) for each in webhook.deliveries.order_by("pk")] == [
        (made[0].pk, True),
        (made[1].pk, False),
    ]
