"""A support is taken back where it is seen: on the report, on my page, by the mail that confirmed it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Correspondent
from discussion import wishes
from discussion.models import Support
from reports import actions
from reports.models import Report
from tests import factories
from tests.reports.test_my_page import known_browser, signed_in

pytestmark = pytest.mark.django_db
BACK = "Оттегляне на подкрепата"


@pytest.fixture(autouse=True)
def town() -> Any:
    return factories.town()


@pytest.fixture(params=["account", "guest"])
def person(request: Any) -> tuple[Client, Correspondent]:
    """A browser and whom it knows."""
    if request.param == "account":
        user = factories.resident()
        return signed_in(user), user.correspondent
    guest = factories.guest()
    return known_browser(guest), guest


def buttons(body: str) -> list[str]:
    """Addresses of the links that take a support back."""
    return re.findall(rf'<a class="btn[^"]*" href="([^"]+)"[^>]*>(?:(?!</a>).)*{BACK}', body, re.S)


@pytest.mark.parametrize("category", ["pothole", "park-idea"])
def test_it_is_taken_back_on_the_report_and_a_second_click_changes_nothing(person, category):
    client, known = person
    report = factories.report(category=category)
    page = f"/reports/{report.subject.reference}/"
    assert buttons(client.get(page).content.decode()) == []
    actions.support(report.pk, known)
    body = client.get(page).content.decode()
    assert buttons(body) == [f"{page}support/"]
    form = client.get(f"{page}support/").content.decode()
    assert BACK in form and 'name="back" value="1"' in form
    assert Support.objects.count() == 1
    for _click in range(2):
        assert client.post(f"{page}support/", {"back": "1"})["Location"] == page
    report.subject.refresh_from_db()
    assert (Support.objects.count(), report.subject.support_count) == (0, 0)
    assert report.subject.timeline.filter(code="unsupported").count() == 1
    assert buttons(client.get(page).content.decode()) == []


def test_my_page_leads_to_it_and_only_for_what_i_support(person):
    client, known = person
    supported, followed = factories.report(title="Подкрепен"), factories.report(title="Следен")
    actions.support(supported.pk, known)
    known.follows.create(subject=followed.subject)
    for address in ("/accounts/", "/accounts/mine/supports/"):
        assert buttons(client.get(address).content.decode()) == [f"/reports/{supported.subject.reference}/support/"]
    follows = client.get("/accounts/mine/follows/").content.decode()
    assert buttons(follows) == [] and f'href="/reports/{followed.subject.reference}/follow/"' in follows


def link(known: Correspondent, report: Report) -> str:
    return f"/reports/confirm/{wishes.token(known.pk, report.pk, wishes.Wish.SUPPORT)}/"


def test_the_mails_link_counts_it_once_and_then_takes_it_back():
    guest, report, client = factories.guest(), factories.report(), Client()
    address = link(guest, report)
    assert BACK not in client.get(address).content.decode()
    client.post(address)
    assert Support.objects.count() == 1
    assert BACK in client.get(address).content.decode()
    assert Support.objects.count() == 1
    for _click in range(2):
        answer = client.post(address, {"back": "1"})
        assert (answer["Location"], Support.objects.count()) == (f"/reports/{report.subject.reference}/", 0)
    assert BACK not in client.get(address).content.decode()


def test_the_link_of_another_wish_takes_no_support_back():
    guest, report = factories.guest(), factories.report()
    actions.support(report.pk, guest)
    follow = f"/reports/confirm/{wishes.token(guest.pk, report.pk, wishes.Wish.FOLLOW)}/"
    assert BACK not in Client().get(follow).content.decode()
    Client().post(follow, {"back": "1"})
    assert Support.objects.count() == 1


def test_a_stranger_is_shown_the_way_by_mail_and_someone_known_is_not(person):
    client, _known = person
    page = f"/reports/{factories.report().subject.reference}/support/"
    way = f'href="/accounts/link/?next={page.replace("/", "%2F")}"'
    assert way in Client().get(page).content.decode()
    assert way not in client.get(page).content.decode()
