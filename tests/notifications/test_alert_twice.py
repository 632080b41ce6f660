"""The same wish said twice, or three times at once, is one alert; another wish is another."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.contrib.gis.geos import Point, Polygon
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from municipality.models import Organisation
from notifications import alerts
from notifications.alerts import Where
from notifications.link_letters import send_alert_question
from notifications.models import Alert
from tests import factories

LON, LAT = factories.CENTRE
PLACES = {
    "whole": Where(),
    "circle": Where(centre=Point(LON, LAT, srid=4326), metres=500),
    "drawn": Where(polygon=Polygon.from_bbox((LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01))),
}
SAID = {"new": "on", "where": "circle", "lon": str(LON), "lat": str(LAT), "frequency": "daily", "metres": "500"}


def letters_asked() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notifications.ask_alert'")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("where", PLACES.values(), ids=PLACES)
def test_the_same_wish_is_the_same_alert(town, where):
    person = factories.guest()
    first = alerts.save(where, correspondent=person, words="дупка", kinds=["problem"])
    assert alerts.save(where, correspondent=person, words="дупка", kinds=["problem"]).pk == first.pk
    assert Alert.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"where": PLACES["drawn"]},
        {"where": Where(centre=Point(LON, LAT, srid=4326), metres=1000)},
        {"words": "пейка"},
        {"frequency": "weekly"},
        {"updates": True},
        {"name": "Друго"},
        {"kinds": ["idea"]},
    ],
)
def test_another_wish_is_another_alert(town, other):
    person = factories.guest()
    alerts.save(PLACES["circle"], correspondent=person)
    alerts.save(**{"where": PLACES["circle"], "correspondent": person, **other})
    assert Alert.objects.count() == 2


def test_each_owner_has_the_own(town):
    alerts.save(Where(), correspondent=factories.guest())
    alerts.save(Where(), correspondent=factories.guest())
    alerts.save(Where(), organisation=Organisation.objects.get(slug="roads"))
    assert Alert.objects.count() == 3


def test_a_paused_one_asked_for_again_tells_again(town):
    person = factories.guest()
    paused = alerts.save(Where(), correspondent=person)
    alerts.pause([paused.pk])
    assert alerts.save(Where(), correspondent=person).active is True
    assert list(Alert.objects.values_list("pk", "active")) == [(paused.pk, True)]


def test_a_strangers_address_is_asked_once_a_day_however_often_it_is_named(town):
    stranger, start = factories.guest(verified=False), timezone.now()
    hours = (0, 0, 0.1, 1, 12, 23.9, 24.1, 25, 47, 48.2)
    letters = []
    for later in hours:
        with time_machine.travel(start + datetime.timedelta(hours=later), tick=False):
            alerts.save(Where(), correspondent=stranger, proven=False)
        letters.append(letters_asked())
    assert (Alert.objects.count(), letters) == (1, [1, 1, 1, 1, 1, 1, 2, 2, 2, 3])


def test_a_second_letter_is_not_taken_for_the_first(town, sink):
    stranger = factories.guest(verified=False)
    alert = alerts.save(Where(), correspondent=stranger, proven=False)
    send_alert_question(alert.pk)
    send_alert_question(alert.pk)  # the job, repeated
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1, minutes=1)):
        alerts.save(Where(), correspondent=stranger, proven=False)
        send_alert_question(alert.pk)
    first, repeated, second = [mail["Message-ID"] for mail in sink.mails]
    assert (first == repeated, first == second) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_three_clicks_at_once_make_one_alert_and_say_the_same():
    factories.town()
    person = factories.resident()
    clients = [Client() for _click in range(3)]
    for client in clients:
        client.force_login(person)

    def click(client: Client) -> tuple[int, str, str]:
        try:
            answer = client.post(reverse("notifications:alert_new"), SAID)
            body = client.get(answer["Location"]).content.decode()
            return answer.status_code, answer["Location"], "Запазено" if "Запазено" in body else body
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(click, clients))
    assert set(answers) == {(302, reverse("notifications:alerts"), "Запазено")}
    assert Alert.objects.count() == 1
