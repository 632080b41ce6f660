"""`/accounts/webhooks/`: who keeps which webhooks, how one is made, tried, switched, removed; what the log shows."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from discussion.models import Subject
from municipality.models import Organisation
from notifications.models import Webhook, WebhookDelivery
from notifications.webhooks import sending, signing
from reports import actions as reports
from reports.models import Reason
from tests import factories
from tests.kernel.test_outside import catcher  # noqa: F401
from tests.notifications.webhooked import hook, sent, told

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Карта",
    "address": "https://hooks.example/in",
    "events": ["subject.published"],
    "filter": "",
    "organisation": "",
}


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_administrator_makes_one_tries_it_and_removes_it(town, catcher, settings):  # noqa: F811
    client = browser(factories.administrator())
    listed = reverse("notifications:webhooks")
    assert "Още няма връзки" in client.get(listed).content.decode()
    said = {**NEW, "address": f"{catcher.address}/in", "filter": "https://levka.test/reports/?area=levka&kind=problem#top"}
    answer = client.post(reverse("notifications:webhook_new"), said)
    webhook = Webhook.objects.get()
    page = reverse("notifications:webhook", args=[webhook.pk])
    assert (answer.status_code, answer["Location"], webhook.filter) == (302, page, "kind=problem&area=levka")
    assert (webhook.person, webhook.kinds, len(webhook.areas)) == (webhook.made_by, ["problem"], 1)
    html = client.get(page).content.decode()
    assert signing.secret(webhook) in html and '?kind=problem&amp;area=levka"' in html
    act = reverse("notifications:webhook_act", args=[webhook.pk])
    assert client.post(act, {"act": "test"})["Location"] == page
    assert sending.deliver(WebhookDelivery.objects.get().pk) == "delivered"
    html = client.get(page).content.decode()
    assert "Това е проба. Нищо не се е случило." in html and "webhook.test" in html
    found = []
    for name in ("off", "on", "rotate", "remove"):
        client.post(act, {"act": name})
        found.append(Webhook.objects.values_list("active", "disabled_why", "salt").first())
    assert [each and each[:2] for each in found] == [(False, "by_hand"), (True, ""), (True, ""), None]
    assert found[1][2] != found[2][2]
    assert client.post(act, {"act": "test"}).status_code == 404


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(town):
    client = browser(factories.administrator())
    wrong = [
        ("address", "http://hooks.example/in"), ("address", "https://127.0.0.1/in"), ("address", "https://hooks.example:8443/in"),
        ("address", "https://me:pass@hooks.example/"), ("address", "https://пример.example/"), ("address", ""), ("name", ""),
        ("events", "nothing"), ("filter", "kind=nothing"), ("filter", "order=newest"), ("filter", "a b"), ("organisation", "water"),
    ]  # fmt: skip
    for name, value in wrong:
        answer = client.post(reverse("notifications:webhook_new"), {**NEW, name: value})
        html = answer.content.decode()
        assert (name, answer.status_code, f'href="#id_{name}' in html) == (name, 422, True)
        if name in ("address", "filter"):
            assert f'value="{value}"' in html
    assert not Webhook.objects.exists()


def test_whose_it_is_keeps_it_and_nobody_else(town, catcher):  # noqa: F811
    association = Organisation.objects.create(
        slug="wheels", kind="association", name=factories.texts("Колела"), verified_at=timezone.now()
    )
    representative, head = factories.resident(), factories.person("head", organisation="roads")
    Membership.objects.create(user=representative, organisation=association, roles=["representative"])
    theirs, departments = hook(catcher, organisation="wheels"), hook(catcher)
    pages = [reverse("notifications:webhook", args=[each.pk]) for each in (theirs, departments)]
    seen = {
        who: [browser(user).get(page).status_code for page in pages]
        for who, user in {
            "administrator": factories.administrator(), "representative": representative, "head": head, "official": factories.official(),
            "resident": factories.resident(),
        }.items()
    }  # fmt: skip
    assert seen == {
        "administrator": [200, 200], "representative": [200, 404], "head": [404, 200], "official": [404, 404], "resident": [404, 404],
    }  # fmt: skip
    client = browser(representative)
    case = {**NEW, "organisation": "wheels", "events": ["case.filed"]}
    assert client.post(reverse("notifications:webhook_new"), case).status_code == 422
    assert client.post(reverse("notifications:webhook_new"), {**NEW, "organisation": "roads"}).status_code == 422
    assert client.post(reverse("notifications:webhook_new"), {**NEW, "organisation": "wheels"}).status_code == 302
    other = browser(factories.administrator())
    assert other.post(reverse("notifications:webhook_new"), case).status_code == 422  # cases are the administration's
    assert "Връзки с програми" in client.get("/accounts/").content.decode()
    assert "Връзки с програми" not in browser(factories.resident()).get("/accounts/").content.decode()
    Organisation.objects.filter(pk=association.pk).update(verified_at=None)
    assert client.get(pages[0]).status_code == 404


def test_the_log_shows_what_was_sent_while_it_is_public_and_sends_it_again(town, catcher, django_assert_max_num_queries):  # noqa: F811
    webhook = hook(catcher)
    client, page = browser(factories.administrator()), reverse("notifications:webhook", args=[webhook.pk])
    catcher.status = 410
    (delivery,) = told(sent(title="Спукана тръба"))
    sending.deliver(delivery.pk)
    html = client.get(page).content.decode()
    assert "Спукана тръба" in html and "отговори 410" in html and "Изключена" in html
    for title, there in (("Спукана т***", False), ("Спукана тръба", True)):  # a moderator covered a word
        Subject.objects.filter(pk=delivery.row.subject_id).update(title=title)
        assert ("Спукана тръба" in client.get(page).content.decode()) is there
    again = reverse("notifications:webhook_again", args=[webhook.pk, delivery.pk])
    assert (client.get(again).status_code, client.post(again).status_code) == (405, 302)
    delivery.refresh_from_db()
    assert (delivery.state, client.post(reverse("notifications:webhook_again", args=[webhook.pk, 0])).status_code) == (
        "waiting",
        404,
    )
    reports.hide(delivery.row.subject_id, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert "Спукана тръба" not in client.get(page).content.decode()
    Webhook.objects.update(active=True, disabled_at=None, disabled_why="")
    for _n in range(2):
        told(sent())
    with django_assert_max_num_queries(16):
        assert client.get(page).content.decode().count("Ново публично</b>") == 3


def test_the_list_asks_as_often_for_three_as_for_one(town, catcher, django_assert_max_num_queries):  # noqa: F811
    client, by = browser(factories.administrator()), factories.administrator()
    hook(catcher, by=by)
    client.get(reverse("notifications:webhooks"))
    for _n in range(2):
        hook(catcher, by=by)
    with django_assert_max_num_queries(9):
        assert client.get(reverse("notifications:webhooks")).content.decode().count("/in</span>") == 3
