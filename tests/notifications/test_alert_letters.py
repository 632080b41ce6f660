"""A letter by alerts says where, what and by which of them; each has its own way out, one way ends all of them."""

from __future__ import annotations

import datetime
import re
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.gis.geos import Point, Polygon
from django.urls import reverse

from discussion.models import Follow
from notifications import actions, alerts, digests, letters
from notifications.alerts import Where
from notifications.models import Alert, Delivery, Habits, InboxEntry
from reports.actions import act
from tests import factories

SOFIA = ZoneInfo("Europe/Sofia")
LON, LAT = factories.CENTRE
CIRCLE = Where(centre=Point(LON, LAT, srid=4326), metres=500)
DRAWN = Where(polygon=Polygon.from_bbox((LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)))
FAR = (23.9, 42.9)
WHERE_AND_WHAT = "ул. Рила 4, гр. Левка · Дупка"


@pytest.fixture
def reader(town):
    return factories.guest("reader@levka.test")


def named(reader, name: str, where: Where = CIRCLE, **fields) -> Alert:
    return alerts.save(where, correspondent=reader, name=name, **{"frequency": "instant", **fields})


def happens(**fields):
    report = factories.report(tells=True, place="ул. Рила 4", **fields)
    actions.tell(report.subject.timeline.get().pk)
    return report


def sent(mailoutbox):
    """The one letter to the reader."""
    (delivery, *_others) = Delivery.objects.filter(role="alert", channel="email").order_by("pk")
    assert actions.deliver(delivery.pk) == "sent"
    return next(mail for mail in mailoutbox if mail.to == ["reader@levka.test"])


def links_of(body: str) -> dict[str, str]:
    """{what stands before the link: its path}"""
    return dict(re.findall(r"^(.*): http://localhost:8000(/unsubscribe/alerts/\S+)$", body, re.M))


def active() -> dict[str, bool]:
    return dict(Alert.objects.values_list("name", "active"))


def test_the_letter_names_place_category_and_alert(reader, mailoutbox):
    named(reader, "Нашата улица")
    happens()
    mail = sent(mailoutbox)
    for body in (mail.body, mail.alternatives[0].content):
        assert WHERE_AND_WHAT in body
        assert "По Вашето известие „Нашата улица“." in body
    assert len(links_of(mail.body)) == 1


def test_one_act_by_two_alerts_each_is_stopped_by_its_name(reader, mailoutbox, client):
    named(reader, "Нашата улица")
    named(reader, "Училището", DRAWN)
    named(reader, "Седмично", Where(), frequency="weekly")
    happens()
    mail = sent(mailoutbox)
    assert "По Вашите известия „Нашата улица“, „Училището“." in mail.body
    found = links_of(mail.body)
    assert list(found) == ["Нашата улица", "Училището", "Спри изброените"]
    assert [f'href="http://localhost:8000{link}"' in mail.alternatives[0].content for link in found.values()] == [True] * 3
    client.post(found["Училището"], {"frequency": "stop"})
    assert active() == {"Нашата улица": True, "Училището": False, "Седмично": True}
    client.post(found["Спри изброените"], {"frequency": "stop"})
    assert active() == {"Нашата улица": False, "Училището": False, "Седмично": True}


def test_what_a_letter_does_not_end_is_said_beside_it(reader, mailoutbox, client):
    named(reader, "Нашата улица")
    named(reader, "Училището", DRAWN)
    happens()
    link = links_of(sent(mailoutbox).body)["Спри изброените"]
    assert "остава, както е" not in client.get(link).content.decode()
    named(reader, "Дъбрава", Where(centre=Point(*FAR, srid=4326), metres=500))
    named(factories.guest(), "Чуждо")
    body = client.post(link, {"frequency": "stop"}).content.decode()
    assert "Още 1 Ваше известие остава, както е." in body
    named(reader, "Седмично", Where(), frequency="weekly")
    assert "Още 2 Ваши известия остават, както са." in client.get(link).content.decode()
    assert active() == {"Нашата улица": False, "Училището": False, "Дъбрава": True, "Седмично": True, "Чуждо": True}


def test_several_acts_in_one_letter_and_the_header_ends_all_of_them(reader, mailoutbox, client):
    named(reader, "Нашата улица")
    named(reader, "Дъбрава", Where(centre=Point(*FAR, srid=4326), metres=500))
    happens()
    happens(at_point=FAR)
    mail = sent(mailoutbox)
    assert list(links_of(mail.body)) == ["Нашата улица", "Дъбрава", "Спри изброените"]
    header = mail.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    assert header == links_of(mail.body)["Спри изброените"]
    client.post(header, {"List-Unsubscribe": "One-Click"})
    assert active() == {"Нашата улица": False, "Дъбрава": False}


def test_an_alert_stopped_before_the_letter_went_tells_no_more(reader, mailoutbox):
    first, second = named(reader, "Нашата улица"), named(reader, "Дъбрава", Where(centre=Point(*FAR, srid=4326), metres=500))
    happens(title="Спряна")
    happens(at_point=FAR, title="Остава")
    alerts.pause([first.pk])
    mail = sent(mailoutbox)
    assert ("Остава" in mail.subject + mail.body, "Спряна" in mail.body) == (True, False)
    assert len(links_of(mail.body)) == 1
    alerts.remove([second.pk])
    assert letters.letter(Delivery.objects.filter(role="alert", state="sent").get(), "reader@levka.test") is None


def test_whoever_follows_it_too_hears_by_which_alert_it_came_at_once(reader, mailoutbox):
    named(reader, "Нашата улица", updates=True)
    report = factories.report(place="ул. Рила 4")
    Follow.objects.create(subject=report.subject, correspondent=reader)
    Habits.objects.create(correspondent=reader, follow_frequency="weekly")
    actions.tell(act(report.pk, "start", by=factories.official()).pk)
    assert actions.deliver(Delivery.objects.get(role="follower").pk) == "sent"
    (mail,) = [mail for mail in mailoutbox if mail.to == ["reader@levka.test"]]
    assert WHERE_AND_WHAT in mail.body and "По Вашето известие „Нашата улица“." in mail.body


def test_an_unknown_frequency_is_refused_with_the_remedy_and_stops_nothing(reader, mailoutbox, client):
    named(reader, "Нашата улица")
    happens()
    (link,) = links_of(sent(mailoutbox).body).values()
    for said in ({"frequency": "hourly"}, {"frequency": ""}, {"frequency": "hourly", "List-Unsubscribe": "One-Click"}, {}):
        answer = client.post(link, said)
        body = answer.content.decode()
        assert answer.status_code == 400
        assert "(frequency)" in body and "instant, daily, weekly, stop" in body and 'value="weekly"' in body
    assert list(Alert.objects.values_list("active", "frequency")) == [(True, "instant")]


def test_the_inbox_names_place_category_and_alert(town, client):
    reader = factories.resident()
    named(reader.correspondent, "Нашата улица")
    named(reader.correspondent, "", DRAWN)
    happens()
    client.force_login(reader)
    body = client.get(reverse("notifications:inbox")).content.decode()
    assert WHERE_AND_WHAT in body
    assert "По Вашите известия „Нашата улица“, „В начертания от Вас район“." in body
    assert InboxEntry.objects.get(correspondent=reader.correspondent).alerts == list(
        Alert.objects.order_by("pk").values_list("pk", flat=True)
    )


# -- summaries


def at(day: int, hour: int) -> datetime.datetime:
    return datetime.datetime(2026, 6, day, hour, tzinfo=SOFIA)


def in_summary(mailoutbox, moment: datetime.datetime) -> list[str]:
    with time_machine.travel(moment, tick=False):
        made = digests.make_due(moment)
        return [digests.send(pk) for pk in made]


def test_a_summary_names_place_category_and_alert_and_each_way_out(reader, mailoutbox, client):
    named(reader, "Нашата улица", frequency="daily")
    named(reader, "Училището", DRAWN, frequency="daily")
    with time_machine.travel(at(2, 10), tick=False):
        report = happens()
        Follow.objects.create(subject=report.subject, correspondent=reader)
        Habits.objects.create(correspondent=reader, follow_frequency="daily")
        actions.tell(act(report.pk, "start", by=factories.official()).pk)
    assert in_summary(mailoutbox, at(3, 8)) == ["sent"]
    (mail,) = mailoutbox
    for body in (mail.body, mail.alternatives[0].content):
        assert WHERE_AND_WHAT in body
        assert "По Вашите известия „Нашата улица“, „Училището“." in body
    found = links_of(mail.body)
    assert list(found) == ["Нашата улица", "Училището", "Това, което следя и подкрепям", "Спри изброените"]
    client.post(found["Това, което следя и подкрепям"], {"frequency": "weekly"})
    assert (Habits.objects.get().follow_frequency, set(active().values())) == ("weekly", {True})
    header = mail.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    client.post(header, {"List-Unsubscribe": "One-Click"})
    assert set(active().values()) == {False}


@pytest.mark.parametrize("where", [CIRCLE, DRAWN], ids=["circle", "drawn"])
@pytest.mark.parametrize("frequency", ["instant", "daily", "weekly"])
def test_a_circle_and_a_drawn_area_reach_the_reader_with_what_lies_inside(reader, mailoutbox, where, frequency):
    named(reader, "Тук", where, frequency=frequency)
    with time_machine.travel(at(2, 10), tick=False):
        happens(title="Вътре")
        happens(title="Вън", at_point=FAR)
        deliveries = list(Delivery.objects.filter(role="alert"))
        assert [actions.deliver(one.pk) for one in deliveries] == (["sent"] if frequency == "instant" else [])
    if frequency == "weekly":  # 2 June 2026 is a Tuesday: the summary of the week comes on Monday, 8 June
        assert in_summary(mailoutbox, at(3, 8)) == in_summary(mailoutbox, at(8, 7)) == []
    if frequency != "instant":
        assert in_summary(mailoutbox, at(3 if frequency == "daily" else 8, 8)) == ["sent"]
        assert in_summary(mailoutbox, at(9, 8)) == []
    (mail,) = [mail for mail in mailoutbox if mail.to == ["reader@levka.test"]]
    assert ("Вътре" in mail.subject + mail.body, "Вън" in mail.subject + mail.body) == (True, False)
    assert "По Вашето известие „Тук“." in mail.body


def test_a_circles_border_is_reckoned_on_the_ground(reader):
    """500 m are 0.0045° of latitude and 0.0061° of longitude here."""
    named(reader, "Тук")
    points = {"north in": (LON, LAT + 0.0044), "north out": (LON, LAT + 0.0046), "east in": (LON + 0.0060, LAT),
              "east out": (LON + 0.0063, LAT)}  # fmt: skip
    for title, point in points.items():
        happens(title=title, at_point=point)
    told = Delivery.objects.filter(role="alert", channel="email").values_list("row__subject__title", flat=True)
    assert sorted(told) == ["east in", "north in"]
