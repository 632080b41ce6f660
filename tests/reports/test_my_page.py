"""My page, for an account and for a guest that the browser knows: what is mine, what waits for me first."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts import browser
from accounts.models import Correspondent, User
from discussion import actions as spine
from reports import actions
from reports.actions.move import Given
from reports.models import Report
from reports.views import person
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town() -> Any:
    return factories.town()


def known_browser(guest: Correspondent, *, proven: bool = False) -> Client:
    """A browser that knows the guest."""
    client, answer = Client(), HttpResponse()
    browser.remember(answer, guest, proven=proven)
    client.cookies.update(answer.cookies)
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def guests_report(guest: Correspondent, **fields: Any) -> Report:
    report = factories.report(author=None, email=guest.email, **fields)
    if report.status == "awaiting_confirmation":
        actions.act(report.pk, "confirm", proven_author=True)
    report.refresh_from_db()
    return report


def titles(answer: Any) -> list[str]:
    return re.findall(r'<span class="t"[^>]*>([^<]+)</span>', answer.content.decode())


def test_a_guest_finds_everything_and_nothing_of_others():
    guest = factories.guest()
    guests_report(guest, title="Мой сигнал")
    factories.report(title="Чужд сигнал")
    followed, supported = factories.report(title="Следен"), factories.report(title="Подкрепен")
    spine.follow(followed.pk, guest)
    actions.support(supported.pk, guest)
    page = known_browser(guest).get("/accounts/")
    assert titles(page) == ["Мой сигнал", "Следен", "Подкрепен"]
    assert guest.email in page.content.decode()
    assert titles(known_browser(factories.guest()).get("/accounts/")) == []


def test_an_account_finds_what_it_sent_and_what_its_address_sent():
    user = factories.resident()
    factories.report(author=user, title="От профила")
    with_address = factories.report(author=None, email="third@levka.test", title="По имейл")
    with_address.contact.correspondent = user.correspondent
    with_address.contact.save()
    hidden = factories.report(author=user, title="Скрит")
    actions.hide(hidden.pk, reason=factories.Reason.objects.get(slug="spam"), by=factories.moderator())
    assert set(titles(signed_in(user).get("/accounts/"))) == {"От профила", "По имейл", "Скрит"}


def test_what_waits_for_me_stands_first():
    user, official = factories.resident(), factories.official()
    now = timezone.now()
    asked = factories.report(author=user, title="С въпрос", at=now - datetime.timedelta(days=9))
    factories.report(author=user, title="Нов")
    actions.act(asked.pk, "assign", by=factories.dispatcher(), given=Given(person=official))
    assert titles(signed_in(user).get("/accounts/"))[0] == "Нов"
    actions.act(asked.pk, "ask", by=official, given=Given(text="Кой номер?"))
    page = signed_in(user).get("/accounts/")
    assert titles(page)[0] == "С въпрос"
    assert page.context["asked"] == 1


def test_long_lists_have_pages(monkeypatch):
    monkeypatch.setattr(person, "FEW", 2)
    monkeypatch.setattr(person, "ROWS", 3)
    user = factories.resident()
    for number in range(5):
        factories.report(author=user, title=f"Сигнал {number}")
    client = signed_in(user)
    first = client.get("/accounts/")
    assert (len(titles(first)), first.context["lists"][0]["count"]) == (2, 5)
    pages = [client.get(f"/accounts/mine/reports/?page={number}") for number in (1, 2)]
    assert [titles(page) for page in pages] == [["Сигнал 4", "Сигнал 3", "Сигнал 2"], ["Сигнал 1", "Сигнал 0"]]
    assert client.get("/accounts/mine/secrets/").status_code == 404


def test_begun_reports_stand_there_with_the_way_on():
    guest = factories.guest()
    client = known_browser(guest)
    begun = client.post(
        "/reports/new/",
        {"step": "what", "kind": "problem", "category": "pothole", "title": "Започнат", "text": "", "go": "next"},
    )
    draft = re.search(r"draft=([0-9a-f-]+)", begun["Location"])[1]  # type: ignore[index]
    html = client.get("/accounts/").content.decode()
    assert f"/reports/new/?draft={draft}" in html and "Започнат" in html


def test_the_pages_ask_a_stranger_for_the_link():
    for path in ("/accounts/", "/accounts/mine/reports/"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/link/")


def test_a_guest_can_be_forgotten_by_the_browser():
    client = known_browser(factories.guest(), proven=True)
    assert client.get("/accounts/leave/").status_code == 405
    client.post("/accounts/leave/")
    assert client.get("/accounts/").status_code == 302
    assert client.cookies[browser.FRESH_COOKIE].value == ""


def test_the_page_asks_a_fixed_number_of_questions(django_assert_max_num_queries):
    user = factories.resident()
    client = signed_in(user)
    for _number in range(4):
        report = factories.report(author=user)
        spine.follow(factories.report().pk, user.correspondent)
        actions.support(report.pk, user.correspondent)
    client.get("/accounts/")
    with django_assert_max_num_queries(23):
        client.get("/accounts/")


def test_every_page_leads_a_known_guest_to_the_own_page():
    link = 'href="/accounts/"'
    assert link in known_browser(factories.guest()).get("/reports/").content.decode()
    assert link not in Client().get("/reports/").content.decode()
