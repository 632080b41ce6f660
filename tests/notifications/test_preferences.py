"""The table of notifications: defaults, one form changes no other consent, quiet hours, the hour of summaries."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from notifications import actions, alerts, preferences
from notifications.alerts import Where
from notifications.models import Choice, Delivery, Habits, InboxEntry, Phone, PushSubscription, Waiting
from notifications.preferences import Event, Hours
from reports.actions import act
from reports.actions.move import Given
from tests import factories

SOFIA = ZoneInfo("Europe/Sofia")


def local(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=SOFIA)


@pytest.fixture
def author(town):
    return factories.resident(email="rada@levka.test")


def asked(report):
    """The official asks the author; the row is told."""
    worker = factories.official()
    act(report.pk, "start", by=worker)
    row = act(report.pk, "ask", by=worker, given=Given(text="Къде точно?"))
    actions.tell(row.pk)
    return row


def test_mail_inbox_and_devices_unless_one_said_otherwise(author):
    person = author.correspondent
    device = PushSubscription.objects.create(correspondent=person, endpoint="https://push.example/1", language="bg")
    row = asked(factories.report(author=author))
    told = Delivery.objects.filter(row=row).values_list("channel", "device")
    assert sorted(told) == [("email", 0), ("push", device.pk)]
    assert list(InboxEntry.objects.values_list("row", "correspondent")) == [(row.pk, person.pk)]


def test_each_cell_rules_its_channel_alone(author):
    person = author.correspondent
    PushSubscription.objects.create(correspondent=person, endpoint="https://push.example/1", language="bg")
    preferences.choose(person, {("question", "email"): False, ("question", "push"): False, ("mine", "inbox"): False})
    report = factories.report(author=author)
    row = asked(report)
    assert not Delivery.objects.filter(row=row, correspondent=person).exists()
    assert InboxEntry.objects.filter(row=row, correspondent=person).exists()
    row = act(report.pk, "answer", by=author, given=Given(text="Тук."))
    row = act(report.pk, "resolve", by=factories.official(), given=Given(text="Готово."))
    actions.tell(row.pk)
    assert sorted(Delivery.objects.filter(row=row, correspondent=person).values_list("channel", flat=True)) == ["email", "push"]
    assert not InboxEntry.objects.filter(row=row, correspondent=person).exists()


def test_what_asks_to_confirm_comes_by_mail_whatever_was_chosen(town):
    guest = factories.guest(email="new@levka.test", verified=False)
    preferences.choose(guest, {(event, "email"): False for event in Event})
    report = factories.report(author=None, email="new@levka.test", tells=True)
    row = report.subject.timeline.get()
    actions.tell(row.pk)
    assert list(Delivery.objects.filter(row=row).values_list("channel", "role")) == [("email", "author")]


def post(client, form: str, **fields):
    return client.post(reverse("notifications:table"), {"form": form, **fields})


def everything(person) -> tuple:
    """All that a person consented to, but for the table and the habits."""
    return (
        list(person.alerts.values()), list(person.follows.values("subject")), list(person.push_subscriptions.values()),
        list(Phone.objects.values()), list(person.supports.values("subject")),
    )  # fmt: skip


def test_saving_one_form_changes_no_other_consent(author, client):
    """Every other answer is put away from its default first; each form then leaves the rest as it was."""
    person = author.correspondent
    alerts.save(Where(), correspondent=person)
    Phone.objects.create(correspondent=person, number="+359888123456", confirmed_at=timezone.now())
    PushSubscription.objects.create(correspondent=person, endpoint="https://push.example/1", language="bg")
    preferences.choose(person, {("work", "email"): False, ("mine", "push"): False, ("mine", "sms"): True})
    Habits.objects.create(
        correspondent=person, digest_hour=19, quiet_from="22:00", quiet_until="07:00", follow_frequency="weekly"
    )
    before, choices = everything(person), sorted(Choice.objects.values_list("event", "channel", "wanted"))
    habits = Habits.objects.values().get()
    client.force_login(author)
    # The table as it is shown to a resident: neither the officials' rows nor SMS, for which there is no gateway.
    boxes = {
        f"{event}-{channel}": "on"
        for event in ("mine", "question", "follow", "alert", "comment")
        for channel in ("email", "inbox")
    }
    assert post(client, "table", **boxes).status_code == 302
    after = sorted(Choice.objects.values_list("event", "channel", "wanted"))
    no_push = [(event, "push", False) for event in ("alert", "comment", "follow", "mine", "question")]
    assert after == sorted([*no_push, ("mine", "sms", True), ("work", "email", False)])
    assert Habits.objects.values().get() == habits
    assert everything(person) == before
    said = {
        "quiet_from": "",
        "quiet_until": "",
        "digest_hour": "7",
        "digest_weekday": "4",
        "follow_frequency": "daily",
        "language": "bg",
    }
    assert post(client, "habits", **said).status_code == 302
    assert sorted(Choice.objects.values_list("event", "channel", "wanted")) == after != choices
    assert everything(person) == before
    client.post(reverse("account_profile"), {"name": "Рада", "language": "en"})
    assert sorted(Choice.objects.values_list("event", "channel", "wanted")) == after
    assert everything(person) == before


def test_a_guest_and_an_account_choose_the_language(author, client):
    client.force_login(author)
    said = {"digest_hour": "8", "digest_weekday": "0", "follow_frequency": "instant", "language": "en"}
    assert post(client, "habits", **said).status_code == 302
    author.refresh_from_db()
    assert (author.language, author.correspondent.language) == ("en", "en")
    assert post(client, "habits", **{**said, "language": "xx"}).status_code == 422


def test_half_a_pair_of_quiet_hours_is_refused_and_kept(author, client):
    client.force_login(author)
    said = {
        "quiet_from": "22:00",
        "quiet_until": "",
        "digest_hour": "7",
        "digest_weekday": "4",
        "follow_frequency": "daily",
        "language": "bg",
    }
    answer = post(client, "habits", **said)
    assert answer.status_code == 422
    assert "Посочете и двата часа или нито един." in answer.content.decode()
    assert 'value="22:00"' in answer.content.decode()


def test_quiet_hours_that_end_when_they_begin_are_refused_and_kept(author, client):
    client.force_login(author)
    said = {
        "form": "habits", "quiet_from": "10:00", "quiet_until": "10:00", "digest_hour": "19", "digest_weekday": "2",
        "language": "en", "follow_frequency": "weekly",
    }  # fmt: skip
    answer = client.post(reverse("notifications:table"), said)
    body = answer.content.decode()
    assert (answer.status_code, set(answer.context["habits"].errors)) == (422, {"quiet_until"})
    assert "Тихите часове биха свършили, когато започват. Посочете два различни часа или нито един." in body
    assert (body.count('value="10:00"'), body.count('value="19" selected')) == (2, 1)
    assert not Habits.objects.exists()
    with pytest.raises(IntegrityError, match="habits_quiet_lasts"):
        Habits.objects.create(correspondent=author.correspondent, quiet_from="10:00", quiet_until="10:00")


def test_officials_have_rows_of_their_own(author, client):
    client.force_login(author)
    assert 'name="due-email"' not in client.get(reverse("notifications:table")).content.decode()
    client.force_login(factories.official())
    assert 'name="due-email"' in client.get(reverse("notifications:table")).content.decode()


@pytest.mark.parametrize(
    ("quiet", "moment", "goes"),
    [
        (("22:00", "07:00"), local(2026, 6, 1, 23, 30), local(2026, 6, 2, 7)),
        (("22:00", "07:00"), local(2026, 6, 2, 6, 59), local(2026, 6, 2, 7)),
        (("22:00", "07:00"), local(2026, 6, 2, 7, 0), local(2026, 6, 2, 7)),
        (("22:00", "07:00"), local(2026, 6, 2, 12, 0), local(2026, 6, 2, 12)),
        (("12:00", "14:00"), local(2026, 6, 2, 13, 0), local(2026, 6, 2, 14)),
        (("00:00", "05:00"), local(2026, 3, 29, 2, 0), local(2026, 3, 29, 5)),  # the night that lacks an hour
        (
            ("22:00", "03:30"),
            local(2026, 10, 24, 23, 0),
            datetime.datetime(2026, 10, 25, 0, 30, tzinfo=datetime.UTC),
        ),  # the night that has one twice
    ],
)
def test_quiet_hours(quiet, moment, goes):
    start, end = (datetime.time.fromisoformat(one) for one in quiet)
    assert Hours(start, end).after_quiet(moment) == goes


def test_in_quiet_hours_mail_and_messages_wait_and_the_inbox_does_not(author):
    person = author.correspondent
    PushSubscription.objects.create(correspondent=person, endpoint="https://push.example/1", language="bg")
    Habits.objects.create(correspondent=person, quiet_from="22:00", quiet_until="07:00")
    report = factories.report(author=author)
    with time_machine.travel(local(2026, 6, 1, 23, 30), tick=False):
        row = asked(report)
    with connection.cursor() as cursor:
        ids = list(Delivery.objects.filter(row=row, correspondent=person).values_list("pk", flat=True))
        cursor.execute(
            "SELECT DISTINCT scheduled_at FROM procrastinate_jobs WHERE (args->>'delivery_id')::bigint = ANY(%s)", [ids]
        )
        assert (len(ids), cursor.fetchall()) == (2, [(local(2026, 6, 2, 7),)])
    assert InboxEntry.objects.filter(row=row, correspondent=person).exists()


@pytest.mark.parametrize(
    ("now", "frequency", "day", "moment"),
    [
        (local(2026, 6, 3, 7, 59), "daily", (2026, 6, 2), local(2026, 6, 2, 8)),
        (local(2026, 6, 3, 8, 0), "daily", (2026, 6, 3), local(2026, 6, 3, 8)),
        (local(2026, 6, 3, 8, 0), "weekly", (2026, 6, 1), local(2026, 6, 1, 8)),
        (local(2026, 3, 29, 8, 0), "daily", (2026, 3, 29), datetime.datetime(2026, 3, 29, 5, tzinfo=datetime.UTC)),
        (local(2026, 10, 25, 8, 0), "daily", (2026, 10, 25), datetime.datetime(2026, 10, 25, 6, tzinfo=datetime.UTC)),
    ],
)
def test_the_newest_summary_that_is_due(now, frequency, day, moment):
    assert Hours().last_due(now, frequency) == (datetime.date(*day), moment)


def test_follows_can_come_together_and_an_alert_may_still_be_prompt(author):
    reader = factories.guest("reader@levka.test")
    Habits.objects.create(correspondent=reader, follow_frequency="weekly")
    report = factories.report(author=author)
    reader.follows.create(subject=report.subject)
    row = act(report.pk, "start", by=factories.official())
    actions.tell(row.pk)
    assert list(Waiting.objects.values_list("correspondent", "frequency")) == [(reader.pk, "weekly")]
    alerts.save(Where(), correspondent=reader, updates=True, frequency="instant")
    row = act(report.pk, "resolve", by=factories.official(), given=Given(text="Готово."))
    actions.tell(row.pk)
    assert Delivery.objects.filter(row=row, correspondent=reader, role="follower").count() == 1
    assert Waiting.objects.count() == 1
