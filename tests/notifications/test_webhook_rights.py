"""Who may lead a webhook where, asked again whenever something leaves; cases that wait are told, and told once."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from municipality.models import Organisation
from notifications import jobs, link_letters
from notifications.models import Webhook, WebhookDelivery
from notifications.webhooks import filtering, keeping, sending, signing
from reports.actions import case as cases
from reports.cases.rows import Case
from tests import factories
from tests.kernel.test_outside import catcher  # noqa: F401
from tests.notifications.webhooked import hook, sent, told

pytestmark = pytest.mark.django_db
CASES = {"official": True, "name": "Рада Колева Илиева", "address": "ул. Първа 1", "tells": True}


def test_only_an_administrators_address_leads_to_the_operators_own_hosts(town, catcher, settings):  # noqa: F811
    settings.OUTSIDE_TRUSTED = []
    admin, head = factories.administrator(), factories.person("head", organisation="roads")
    webhook = hook(catcher, by=admin)
    client = Client()
    client.force_login(head)
    page = reverse("notifications:webhook_change", args=[webhook.pk])
    said = {"name": "Друго", "address": webhook.address, "events": ["subject.moved"], "filter": ""}
    assert client.post(page, {**said, "address": f"{catcher.address}/other"}).status_code == 422
    assert client.post(page, said).status_code == 302  # who only renames leaves the address as it was given
    assert sending.deliver(keeping.test(webhook.pk).pk) == "delivered"
    given = {"name": "Друго", "events": ["subject.moved"]}
    organisation = webhook.organisation
    assert (
        keeping.save(by=head, organisation=organisation, webhook=webhook, address=f"{catcher.address}/2", **given).made_by
        == head
    )
    assert (sending.deliver(keeping.test(webhook.pk).pk), len(catcher.got)) == ("failed", 1)
    keeping.save(by=admin, organisation=organisation, webhook=webhook, address=f"{catcher.address}/2", **given)
    assert sending.deliver(keeping.test(webhook.pk).pk) == "delivered"
    admin.memberships.update(active=False)
    assert (sending.deliver(keeping.test(webhook.pk).pk), len(catcher.got)) == ("failed", 2)
    settings.WEBHOOK_TRUSTED, settings.OUTSIDE_TRUSTED = [], [catcher.address.removeprefix("http://")]
    admin.memberships.update(active=True)
    assert (sending.deliver(keeping.test(webhook.pk).pk), len(catcher.got)) == ("failed", 2)  # the gateways' list is not theirs


def test_the_owners_right_is_asked_at_each_attempt_test_and_replay(town, catcher):  # noqa: F811
    webhook = hook(catcher)
    (delivery,), (other,) = told(sent()), told(sent())
    assert sending.deliver(other.pk) == "delivered"
    Organisation.objects.filter(pk=webhook.organisation_id).update(active=False)
    keeping.replay(other.pk)
    tried = [sending.deliver(each.pk) for each in (delivery, other, keeping.test(webhook.pk))]
    assert (tried, len(catcher.got)) == (["failed"] * 3, 1)
    assert set(webhook.deliveries.values_list("last_error", flat=True)) == {"no right"}
    own = hook(catcher, by=(admin := factories.administrator()), organisation="")
    admin.memberships.update(active=False)
    assert (sending.deliver(keeping.test(own.pk).pk), len(catcher.got)) == ("failed", 1)
    webhook.refresh_from_db()
    assert (webhook.active, webhook.failures) == (True, 0)


def test_of_a_webhook_that_hears_of_cases_a_head_reads_the_log_and_changes_nothing(town, catcher, sink):  # noqa: F811
    admin = factories.administrator(email="admin@levka.test")
    webhook, client = hook(catcher, by=admin, events=["case.filed", "subject.moved"]), Client()
    client.force_login(head := factories.person("head", organisation="roads"))
    page, change, act = (reverse(f"notifications:webhook{each}", args=[webhook.pk]) for each in ("", "_change", "_act"))
    html = client.get(page).content.decode()
    assert "само администратор я променя" in html and 'value="test"' in html
    assert [each in html for each in (change, signing.secret(webhook), 'value="off"', 'value="rotate"', 'value="remove"')] == [
        False
    ] * 5
    before = Webhook.objects.values().get()
    said = {"name": "Друго", "address": webhook.address, "events": ["subject.moved"], "filter": "kind=idea"}
    asked = [
        client.get(change),
        client.post(change, said),
        *(client.post(act, {"act": each}) for each in ("off", "on", "rotate", "remove")),
    ]
    assert [each.status_code for each in asked] == [403] * 6
    with pytest.raises(PermissionDenied):  # whoever opened the form before it heard of cases
        keeping.save(by=head, organisation=webhook.organisation, webhook=webhook, **said | filtering.columns("kind=idea"))
    assert Webhook.objects.values().get() == before
    assert client.post(act, {"act": "test"}).status_code == 302
    report = factories.report(**CASES)
    (case,) = told(report.subject.timeline.get())
    assert (sending.deliver(case.pk), report.is_public) == ("delivered", True)
    sending.switch_off(webhook.pk, Webhook.Why.FAILING)
    html = client.get(page).content.decode()
    assert ('value="on"' in html, "Преписка за вземане" in html, report.subject.reference in html) == (False, True, False)
    link_letters.send_webhook_off(webhook.pk)
    assert [mail["To"] for mail in sink.mails] == ["admin@levka.test"]  # who alone can switch it on
    client.force_login(admin)
    html = client.get(page).content.decode()
    assert all(
        words in html
        for words in ("Изключена: няколко съобщения подред", 'value="on"', signing.secret(webhook), report.subject.reference)
    )
    assert client.post(act, {"act": "on"}).status_code == 302
    Webhook.objects.filter(pk=webhook.pk).update(failures=2)
    given = {"name": "Трето", "address": webhook.address, "events": ["subject.moved"]}
    keeping.save(by=admin, organisation=webhook.organisation, webhook=webhook, **given)  # read before the update
    webhook.refresh_from_db()
    assert (webhook.name, webhook.events, webhook.failures, webhook.active) == ("Трето", given["events"], 2, True)
    client.force_login(head)
    assert client.post(change, said).status_code == 302  # it hears of no cases any more


def test_what_a_webhook_is_not_to_hear_of_any_more_does_not_leave(town, catcher):  # noqa: F811
    webhook = hook(catcher)
    ((delivery,), (other,)) = told(sent()), told(sent())
    assert sending.deliver(other.pk) == "delivered"
    Webhook.objects.filter(pk=webhook.pk).update(events=["subject.moved"])
    assert keeping.replay(other.pk) is False
    other.refresh_from_db()
    assert (sending.deliver(delivery.pk), other.state, len(catcher.got)) == ("failed", "delivered", 1)
    client = Client()
    client.force_login(factories.administrator())
    html = client.get(reverse("notifications:webhook", args=[webhook.pk])).content.decode()
    assert html.count("непредадено: връзката вече не е настроена да научава за това") == 1


def test_at_most_two_messages_of_one_webhook_are_under_way(town, catcher):  # noqa: F811
    webhook = hook(catcher)
    waits = keeping.test(webhook.pk)
    assert keeping.test(webhook.pk) == waits  # pressed twice
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            for slot in range(2):
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", [sending.SLOTS + slot, webhook.pk])
            assert sending.deliver(waits.pk) == "waiting"
            waits.refresh_from_db()
            assert (waits.attempts, catcher.got) == (0, [])
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [sending.SLOTS, webhook.pk])
            assert sending.deliver(waits.pk) == "delivered"
    finally:
        other.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objsubid = 2 AND classid = %s",
                       [sending.SLOTS])  # fmt: skip
        assert cursor.fetchone() == (0,)


def test_a_case_that_waited_while_nobody_listened_is_told_once_and_its_state_is_that_of_all_its_messages(town, catcher):  # noqa: F811
    admin = factories.administrator()
    first = hook(catcher, by=admin, organisation="", events=["case.filed"])
    keeping.switch_off(first.pk, by=admin)
    report, _young = factories.report(**CASES), factories.report(**CASES)
    assert told(report.subject.timeline.get()) == []
    for _time in range(2):
        keeping.switch_on(first.pk, by=admin)
    (waits,) = first.deliveries.all()  # the other one's act is still to be told
    second = hook(catcher, by=factories.administrator(), organisation="", events=["case.filed"])
    hook(catcher, events=["case.filed"], asked="kind=idea")
    for _time in range(2):
        jobs.matching.tell_waiting_cases()
    (another,) = second.deliveries.all()
    assert ({waits.row.subject_id, another.row.subject_id}, WebhookDelivery.objects.count()) == ({report.pk}, 2)
    catcher.status = 503
    states = []
    for delivery in (waits, another):
        WebhookDelivery.objects.filter(pk=delivery.pk).update(since=delivery.since - datetime.timedelta(days=3))
        assert sending.deliver(delivery.pk) == "failed"
        states.append(Case.objects.get(pk=report.pk).state)
    assert states == ["waiting", "failed"]
    catcher.status = 200
    keeping.replay(waits.pk)
    assert (Case.objects.get(pk=report.pk).state, Case.objects.get(pk=report.pk).error) == (
        "waiting",
        "",
    )  # before it has arrived
    jobs.matching.tell_waiting_cases()
    assert WebhookDelivery.objects.count() == 2
    assert (sending.deliver(waits.pk), Case.objects.get(pk=report.pk).state) == ("delivered", "sent")
    keeping.replay(another.pk)
    codes = ["submitted", "case_failed", "case_retried", "case_sent"]
    assert (
        Case.objects.get(pk=report.pk).state,
        list(report.subject.timeline.order_by("pk").values_list("code", flat=True)),
    ) == ("sent", codes)


def test_cases_say_at_once_that_nobody_takes_them_and_are_sent_when_the_webhook_is_on_again(town, catcher):  # noqa: F811
    admin = factories.administrator()
    webhook = hook(catcher, by=admin, organisation="", events=["case.filed"])
    reports, catcher.status = [factories.report(**CASES) for _n in range(2)], 503
    deliveries = [told(each.subject.timeline.get())[0] for each in reports]
    assert [sending.deliver(each.pk) for each in deliveries] == ["waiting"] * 2
    keeping.switch_off(webhook.pk, by=admin)
    jobs_made = ProcrastinateJob.objects.filter(task_name="notifications.webhook", scheduled_at=None)
    due = list(jobs_made.order_by("-pk").values_list("args__delivery_id", flat=True)[:2])
    assert sorted(due) == [each.pk for each in deliveries]
    assert [sending.deliver(each) for each in due] == ["failed"] * 2  # not at their next hour
    assert [*Case.objects.values_list("state", "error")] == [("failed", "switched off")] * 2
    catcher.status = 200
    cases.register_outside(reports[0].pk, number="РД-1", by=factories.dispatcher())
    keeping.switch_on(webhook.pk, by=admin)
    assert [*Case.objects.order_by("pk").values_list("state", flat=True)] == ["registered", "waiting"]
    assert [*webhook.deliveries.order_by("pk").values_list("state", flat=True)] == ["failed", "waiting"]
    assert (sending.deliver(deliveries[1].pk), Case.objects.get(pk=reports[1].pk).state) == ("delivered", "sent")


def test_tests_and_repeats_are_limited(town, catcher, settings):  # noqa: F811
    settings.LIMITS = {"*": "", "webhook_address": "1/1h"}
    webhook, client = hook(catcher), Client()
    client.force_login(factories.administrator())
    act = reverse("notifications:webhook_act", args=[webhook.pk])
    assert {client.post(act, {"act": "test"}).status_code for _n in range(10)} == {302}
    again = reverse("notifications:webhook_again", args=[webhook.pk, webhook.deliveries.get().pk])
    assert [client.post(act, {"act": "test"}).status_code, client.post(again).status_code] == [429, 429]
    assert client.post(act, {"act": "off"}).status_code == 302
