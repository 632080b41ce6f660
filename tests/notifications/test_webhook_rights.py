"""Who may lead a webhook where, asked again whenever something leaves; cases that wait are told, and told once."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from municipality.models import Organisation
from notifications import jobs
from notifications.models import Webhook, WebhookDelivery
from notifications.webhooks import keeping, sending
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


def test_a_head_neither_takes_cases_from_a_webhook_nor_leads_them_elsewhere(town, catcher):  # noqa: F811
    webhook = hook(catcher, events=["case.filed"])
    client = Client()
    client.force_login(factories.person("head", organisation="roads"))
    page = reverse("notifications:webhook_change", args=[webhook.pk])
    html = client.get(page).content.decode()
    assert 'value="case.filed"' not in html and "Чува и за официално подадените преписки" in html
    said = {"name": "Ново име", "address": webhook.address, "filter": ""}
    assert client.post(page, said).status_code == 302
    answer = client.post(page, {**said, "address": "https://elsewhere.example/in"})
    assert (answer.status_code, 'href="#id_address' in answer.content.decode()) == (422, True)
    Webhook.objects.filter(pk=webhook.pk).update(failures=2)
    admin = factories.administrator()
    given = {"name": "Трето", "address": webhook.address, "events": ["case.filed", "subject.moved"]}
    saved = keeping.save(by=admin, organisation=webhook.organisation, webhook=webhook, **given)  # read before the update
    webhook.refresh_from_db()
    assert (webhook.name, webhook.events, webhook.failures, saved.pk) == ("Трето", given["events"], 2, webhook.pk)
    with pytest.raises(ValidationError):
        keeping.save(
            by=factories.person("head", organisation="roads"), organisation=webhook.organisation, webhook=webhook, **given
        )


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
    first = hook(catcher, organisation="", events=["case.filed"])
    keeping.switch_off(first.pk)
    report, _young = factories.report(**CASES), factories.report(**CASES)
    assert told(report.subject.timeline.get()) == []
    keeping.switch_on(first.pk)
    keeping.switch_on(first.pk)
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
    assert (sending.deliver(waits.pk), Case.objects.get(pk=report.pk).state) == ("delivered", "sent")


def test_tests_and_repeats_are_limited(town, catcher, settings):  # noqa: F811
    settings.LIMITS = {"*": "", "webhook_address": "1/1h"}
    webhook, client = hook(catcher), Client()
    client.force_login(factories.administrator())
    act = reverse("notifications:webhook_act", args=[webhook.pk])
    assert {client.post(act, {"act": "test"}).status_code for _n in range(10)} == {302}
    again = reverse("notifications:webhook_again", args=[webhook.pk, webhook.deliveries.get().pk])
    assert [client.post(act, {"act": "test"}).status_code, client.post(again).status_code] == [429, 429]
    assert client.post(act, {"act": "off"}).status_code == 302
