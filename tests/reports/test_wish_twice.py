"""A wish pressed several times, in a row or at once, is one mail; each press lands on „look into your mail“."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from accounts.models import MailedLink
from discussion.models import TimelineRow
from tests import factories

EMAIL = {"email": "new@levka.test"}


def asked() -> int:
    return TimelineRow.objects.filter(code="confirmation_asked").count()


def mailed_links() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notifications.mail_link'")
        return cursor.fetchone()[0]


def seen(answer: Any) -> tuple[int, bool]:
    return answer.status_code, "<h1>Погледнете пощата си</h1>" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["support", "follow"])
def test_presses_in_a_row_with_the_limits_in_force_are_one_mail(settings, verb):
    settings.LIMITS = {}
    factories.town()
    address = f"{factories.report().subject.path}{verb}/"
    assert [seen(Client().post(address, EMAIL)) for _press in range(4)] == [(200, True)] * 4
    assert asked() == 1
    assert seen(Client().post(address, {"email": "NEW@levka.test"})) == (200, True)
    assert asked() == 1
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        Client().post(address, EMAIL)
        assert asked() == (1 if verb == "support" else 2)  # support_contact 1/15m, follow_contact 2/15m


@pytest.mark.django_db
def test_the_limit_of_an_address_still_holds_for_other_reports(settings):
    settings.LIMITS = {}
    factories.town()
    first, second = factories.report(), factories.report()
    assert seen(Client().post(f"{first.subject.path}support/", EMAIL)) == (200, True)
    assert Client().post(f"{second.subject.path}support/", EMAIL).status_code == 422
    assert seen(Client().post(f"{first.subject.path}follow/", EMAIL)) == (200, True)
    assert asked() == 2


@pytest.mark.django_db
def test_repeats_are_counted_against_the_network_address(settings):
    settings.LIMITS = {"*": "", "support_address": "3/10m"}
    factories.town()
    address = f"{factories.report().subject.path}support/"
    assert [Client().post(address, EMAIL).status_code for _press in range(4)] == [200, 200, 200, 422]


def at_once(press: Any, times: int = 4) -> list[Any]:
    def pressed(_number: int) -> Any:
        try:
            return press(Client())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(pressed, range(times)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["support", "follow"])
def test_presses_at_once_with_the_limits_in_force_are_one_mail(settings, verb):
    settings.LIMITS = {}
    factories.town()
    address = f"{factories.report().subject.path}{verb}/"
    assert at_once(lambda client: seen(client.post(address, EMAIL))) == [(200, True)] * 4
    assert asked() == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_asked_for_several_times_at_once_is_one_mail():
    factories.town()
    assert at_once(lambda client: client.post("/accounts/link/", EMAIL).status_code) == [200] * 4
    assert (MailedLink.objects.count(), mailed_links()) == (1, 1)


@pytest.mark.django_db
def test_a_link_asked_for_in_a_row_is_one_mail_until_it_is_used_or_two_minutes_have_passed(settings):
    settings.LIMITS = {}
    factories.town()
    assert [Client().post("/accounts/link/", EMAIL).status_code for _press in range(5)] == [200] * 5
    assert mailed_links() == 1
    assert Client().post("/accounts/link/", {**EMAIL, "next": "/accounts/alerts/"}).status_code == 200
    assert mailed_links() == 2
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=3)):
        Client().post("/accounts/link/", {**EMAIL, "next": "/accounts/alerts/"})
        assert mailed_links() == 3
        MailedLink.objects.update(used_at=timezone.now())
        settings.LIMITS = {"*": ""}  # three a quarter of an hour are reached
        Client().post("/accounts/link/", {**EMAIL, "next": "/accounts/"})
        assert mailed_links() == 4


@pytest.mark.django_db
@pytest.mark.parametrize(("category", "words"), [("park-idea", "Обратно към идеята"), ("pothole", "Обратно към сигнала")])
def test_what_leads_back_names_what_it_is(category, words):
    factories.town()
    made = factories.report(category=category) if category == "park-idea" else factories.report()
    assert words in Client().post(f"/reports/{made.subject.reference}/follow/", EMAIL).content.decode()
