"""What one is told of by itself is said at once with a way out; beside what one writes stands who will see it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from geoportal.kernel import links
from notifications import actions
from notifications.models import InboxEntry, Muted
from reports.actions import act
from reports.actions.move import Given
from tests import factories


def receipt(client, report) -> str:
    return client.get(reverse("report_receipt", args=[links.make("receipt", report=report.pk)])).content.decode()


@pytest.fixture
def author(town):
    return factories.resident(email="rada@levka.test")


def test_the_receipt_says_that_one_is_told_and_ends_it(author, client):
    report = factories.report(author=author)
    client.force_login(author)
    stop = re.search(r'href="(/unsubscribe/[^"]+)">Не ме известявайте', receipt(client, report))[1]
    client.post(stop)
    assert Muted.objects.filter(correspondent=author.correspondent, subject=report.subject).exists()


def test_whoever_merely_holds_the_receipts_address_gets_no_such_link(author, client):
    report = factories.report(author=author)
    assert "/unsubscribe/" not in receipt(client, report)
    client.force_login(factories.resident())
    assert "/unsubscribe/" not in receipt(client, report)


def test_who_sees_it_stands_beside_the_button(author, client):
    report = factories.report(author=author)
    client.force_login(author)

    def line(name: str, *more: str) -> str:
        body = client.get(reverse(name, args=[report.subject.reference, *more])).content.decode()
        found = re.search(r'class="who-sees.*?<span>([^<]*)</span>', body, re.S)
        return found[1] if found else ""

    assert line("report_follow") == "Никой не вижда, че следите."
    assert line("report_comment").startswith("Коментара Ви ще прочетат всички")
    assert line("report_support") == "Всички виждат колко души подкрепят, никой не вижда кои."
    worker = factories.official()
    act(report.pk, "start", by=worker)
    act(report.pk, "ask", by=worker, given=Given(text="Къде?"))
    assert line("report_act", "answer") == "Отговора Ви четат само администрацията и Вие."


def test_unread_news_stand_in_the_head_for_the_signed_in_alone(author, client):
    report = factories.report(author=author, tells=True)
    actions.tell(report.subject.timeline.get().pk)
    address = reverse("report_list")
    assert reverse("notifications:inbox") not in client.get(address).content.decode()
    client.force_login(author)
    assert re.search(r"</svg>\s*1<span class=\"vh\"> непрочетени", client.get(address).content.decode())
    InboxEntry.objects.update(read_at=report.created_at)
    assert reverse("notifications:inbox") not in client.get(address).content.decode()
