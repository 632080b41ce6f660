"""What is kept about a person here is given out, moved with the person and erased."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.actions import erase_elsewhere, kept_elsewhere, merge
from notifications import actions, alerts, preferences
from notifications.alerts import Where
from notifications.models import (
    Alert,
    Choice,
    Delivery,
    Habits,
    InboxEntry,
    Phone,
    PushSubscription,
    Waiting,
)  # fmt: skip
from reports.actions import act
from tests import factories


@pytest.fixture
def guest(town):
    """A guest with something of everything, and a report that a follow waits for."""
    person = factories.guest("guest@levka.test")
    alerts.save(Where(), correspondent=person, words="дупка", updates=True, name="Моята улица")
    preferences.choose(person, {("mine", "push"): False, ("follow", "inbox"): False})
    Habits.objects.create(correspondent=person, digest_hour=6)
    PushSubscription.objects.create(correspondent=person, endpoint="https://push.example/1", language="bg")
    Phone.objects.create(correspondent=person, number="+359888123456", confirmed_at=timezone.now())
    report = factories.report(tells=True)
    actions.tell(report.subject.timeline.get().pk)
    return person


def kept(person) -> list[int]:
    models = (Alert, Choice, Habits, InboxEntry, Phone, PushSubscription, Waiting)
    return [model.objects.filter(correspondent=person).count() for model in models]


def test_the_copy_holds_it(guest):
    copy = kept_elsewhere(guest)
    assert [alert["name"] for alert in copy["alerts"]] == ["Моята улица"]
    assert copy["phone"]["number"] == "+359888123456"
    assert [entry["row__code"] for entry in copy["inbox"]] == ["submitted"]
    assert len(copy["notifications"]) == 2
    assert copy["notification_times"]["digest_hour"] == 6


def test_erasure_leaves_none_of_it(guest):
    assert kept(guest) == [1, 2, 1, 1, 1, 1, 1]
    erase_elsewhere(guest)
    assert kept(guest) == [0, 0, 0, 0, 0, 0, 0]


def test_two_addresses_become_one_person_and_each_thing_stays_once(guest):
    account = factories.resident().correspondent
    preferences.choose(account, {("mine", "push"): False})
    Habits.objects.create(correspondent=account, digest_hour=20)
    merge(guest, account)
    assert kept(guest) == [0, 0, 0, 0, 0, 0, 0]
    assert kept(account) == [1, 2, 1, 1, 1, 1, 1]
    assert Habits.objects.get().digest_hour == 20  # the person's own word holds


def test_after_the_claim_the_alert_tells_the_account_once(guest):
    account = factories.resident().correspondent
    alerts.save(Where(), correspondent=account, frequency="instant")
    merge(guest, account)
    report = factories.report(tells=True)
    actions.tell(report.subject.timeline.get().pk)
    row = act(report.pk, "start", by=factories.official())
    actions.tell(row.pk)
    new = report.subject.timeline.order_by("pk").first()
    assert list(Delivery.objects.filter(row=new, correspondent=account, channel="email").values_list("role", flat=True)) == [
        "alert"
    ]
    assert Waiting.objects.filter(row=row, correspondent=account).count() == 1
    assert not Waiting.objects.filter(correspondent=guest).exists()
