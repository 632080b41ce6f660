"""An alert is met by place, sector, kind, category and words, tells each owner once, and never the author."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.core.exceptions import ValidationError

from discussion.models import Follow
from municipality.models import Area, Organisation, Sector
from notifications import actions, alerts
from notifications.alerts import Where, matching
from notifications.models import Alert, Delivery, InboxEntry, Muted, Waiting
from reports.actions import act
from reports.actions.move import Given
from reports.models import Category
from tests import factories

LON, LAT = factories.CENTRE
HERE = Where(polygon=Polygon.from_bbox((LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)))


@pytest.fixture
def reader(town):
    return factories.guest("reader@levka.test")


def met(**fields) -> list[int]:
    """Keys of the alerts that a new report meets."""
    report = factories.report(tells=True, **fields)
    return [pk for match in matching(report.subject.timeline.get(), report) for pk in match.alerts]


def saved(reader, where: Where = HERE, **what) -> Alert:
    return alerts.save(where, correspondent=reader, **{"frequency": "instant", **what})


@pytest.mark.parametrize(
    ("where", "there"),
    [
        (lambda: HERE, True),
        (lambda: Where(polygon=Polygon.from_bbox((23.9, 42.9, 23.95, 42.95))), False),
        (lambda: Where(centre=Point(LON + 0.005, LAT, srid=4326), metres=500), True),  # 408 m away
        (lambda: Where(centre=Point(LON + 0.005, LAT, srid=4326), metres=400), False),
        (lambda: Where(areas=(Area.objects.get(slug="levka").pk,)), True),
        (lambda: Where(areas=(Area.objects.get(slug="dabrava").pk,)), False),
        (Where, True),
    ],
)
def test_place(reader, where, there):
    alert = saved(reader, where())
    assert met() == ([alert.pk] if there else [])


@pytest.mark.parametrize(
    ("what", "there"),
    [
        (lambda: {"sectors": [Sector.objects.get(slug="urban").pk]}, True),
        (lambda: {"sectors": [Sector.objects.get(slug="health").pk]}, False),
        (lambda: {"kinds": ["problem"]}, True),
        (lambda: {"kinds": ["idea"]}, False),
        (lambda: {"categories": [Category.objects.get(slug="pothole").pk]}, True),
        (lambda: {"categories": [Category.objects.get(slug="lamp").pk]}, False),
        (lambda: {"words": "дупки училище"}, True),  # „дупка“, „училището“ by their dictionary forms
        (lambda: {"words": "дупка болница"}, False),
        (lambda: {"words": "' | & ! :*"}, True),  # signs are no words
        (lambda: {"new": False, "updates": True}, False),
    ],
)
def test_what(reader, what, there):
    alert = saved(reader, **what())
    assert met() == ([alert.pk] if there else [])


def test_updates_are_told_to_who_asked_for_them(reader):
    alert = saved(reader, new=False, updates=True)
    report = factories.report(tells=True)
    row = act(report.pk, "start", by=factories.official())
    report.refresh_from_db()
    assert [pk for match in matching(row, report) for pk in match.alerts] == [alert.pk]
    row = act(report.pk, "reassign", by=factories.person("head"), given=Given(person=factories.official()))
    report.refresh_from_db()
    assert matching(row, report) == []  # who works on it is nobody's news


def test_what_not_everyone_may_see_is_told_to_nobody(reader):
    saved(reader, Where())
    assert [met(restricted=True), met(category="private"), met(author=None, email="new@levka.test")] == [[], [], []]


def test_a_guests_report_is_new_when_it_is_confirmed(reader):
    alert = saved(reader)
    report = factories.report(author=None, email="new@levka.test", tells=True)
    row = act(report.pk, "confirm", proven_author=True)
    report.refresh_from_db()
    assert [pk for match in matching(row, report) for pk in match.alerts] == [alert.pk]


def test_paused_and_unproven_alerts_tell_nothing(reader):
    paused, unproven = saved(reader), saved(reader, proven=False)
    alerts.pause([paused.pk])
    alerts.resume([unproven.pk])
    assert met() == []
    alerts.resume([paused.pk])
    assert met() == [paused.pk]


def test_the_author_is_not_alerted_of_the_own_report(town):
    author = factories.resident()
    saved(author.correspondent)
    assert met(author=author) == []


def test_who_stopped_the_mails_about_a_report_is_not_alerted_of_it(reader):
    saved(reader, new=False, updates=True)
    report = factories.report(tells=True)
    Muted.objects.create(correspondent=reader, subject=report.subject)
    row = act(report.pk, "start", by=factories.official())
    report.refresh_from_db()
    assert matching(row, report) == []


def test_one_mail_a_person_however_many_alerts_and_follows_fit(reader):
    saved(reader, updates=True, frequency="weekly")
    saved(reader, Where(), updates=True, frequency="daily")
    report = factories.report(tells=True)
    actions.tell(report.subject.timeline.get().pk)
    assert list(Waiting.objects.values_list("correspondent", "role", "frequency")) == [(reader.pk, "alert", "daily")]
    Follow.objects.create(subject=report.subject, correspondent=reader)
    row = act(report.pk, "start", by=factories.official())
    actions.tell(row.pk)
    assert list(Delivery.objects.filter(row=row, correspondent=reader).values_list("role", "channel")) == [
        ("follower", "email")
    ]
    assert Waiting.objects.count() == 1
    assert InboxEntry.objects.filter(correspondent=reader).count() == 2


def test_a_departments_mailbox_is_alerted_once(town, reader):
    parks = Organisation.objects.get(slug="parks")
    roads = Organisation.objects.get(slug="roads")
    for department in (parks, roads):
        alerts.save(HERE, organisation=department, frequency="instant")
    report = factories.report(tells=True)
    actions.tell(report.subject.timeline.get().pk)
    told = Delivery.objects.exclude(mailbox="").values_list("mailbox", "role")
    assert sorted(told) == [("parks@levka.test", "alert"), ("roads@levka.test", "department")]


def test_who_may_set_a_departments_alerts(town):
    slugs = {
        name: sorted(one.slug for one in alerts.departments_of(person))
        for name, person in (
            ("head", factories.person("head")),
            ("official", factories.official()),
            ("administrator", factories.administrator()),
            ("resident", factories.resident()),
        )
    }
    assert slugs == {"head": ["roads"], "official": [], "administrator": ["parks", "roads"], "resident": []}


def test_too_many_alerts_are_refused_with_the_remedy(reader, monkeypatch):
    monkeypatch.setattr(alerts, "MOST_ALERTS", 1)
    saved(reader)
    with pytest.raises(ValidationError, match="1 известия"):
        saved(reader, words="пейка")


def test_the_letter_says_why_and_how_to_hear_less(reader, mailoutbox):
    saved(reader)
    report = factories.report(tells=True)
    actions.tell(report.subject.timeline.get().pk)
    delivery = Delivery.objects.get(role="alert")
    assert actions.deliver(delivery.pk) == "sent"
    sent = next(mail for mail in mailoutbox if mail.to == ["reader@levka.test"])
    assert "/unsubscribe/alerts/" in sent.body
    assert sent.extra_headers["List-Unsubscribe"].startswith("<http://localhost:8000/unsubscribe/alerts/")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
