"""Support through the API: once for one person, whoever it is stays unknown."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts import browser
from accounts.models import Correspondent
from discussion import wishes
from tests import factories
from tests.api.client import Api, with_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def test_support_counts_once_and_can_be_taken_back():
    report = factories.report()
    path = f"reports/{report.subject.reference}/support/"
    api = with_token(factories.resident(), "report", "read")
    answers = [api.put(path), api.put(path), api.get(path), api.delete(path), api.delete(path)]
    assert [answer.json() for answer in answers] == [
        {"supported": True, "support_count": 1},
        {"supported": True, "support_count": 1},
        {"supported": True, "support_count": 1},
        {"supported": False, "support_count": 0},
        {"supported": False, "support_count": 0},
    ]


def test_a_remembered_guest_supports_and_a_stranger_signs_in_first(api: Api):
    report = factories.report()
    path = f"reports/{report.subject.reference}/support/"
    assert api.put(path).status_code == 401
    response = HttpResponse()
    browser.remember(response, factories.guest())
    api.client.cookies[browser.COOKIE] = response.cookies[browser.COOKIE].value
    assert api.put(path).json() == {"supported": True, "support_count": 1}


def test_a_guest_without_a_known_browser_confirms_by_mail(api: Api, settings):
    settings.LIMITS = {"*": "", "support_contact": "1/1h"}
    report = factories.report()
    path = f"reports/{report.subject.reference}/support/"
    refused = api._send("PUT", path, {"email": "nobody"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["email"])
    answer = api._send("PUT", path, {"email": "Guest@Levka.test"})
    assert (answer.status_code, answer.json()) == (202, {"supported": False, "support_count": 0})
    row = report.subject.timeline.get(code="confirmation_asked")
    guest = Correspondent.objects.get(email="guest@levka.test")
    assert row.data == {"correspondent": guest.pk, "wish": "support"}
    assert api._send("PUT", path, {"email": "guest@levka.test"}).status_code == 202  # the mail on its way is the answer
    assert report.subject.timeline.filter(code="confirmation_asked").count() == 1
    other = f"reports/{factories.report().subject.reference}/support/"
    assert api._send("PUT", other, {"email": "guest@levka.test"}).status_code == 429
    link = reverse("report_confirm", args=[wishes.token(guest.pk, report.pk, wishes.Wish.SUPPORT)])
    api.client.post(link)
    assert api.get(path).json() == {"supported": True, "support_count": 1}


def test_what_is_not_public_cannot_be_supported():
    author = factories.resident()
    report = factories.report(author=author, restricted=True)
    path = f"reports/{report.subject.reference}/support/"
    assert Api(factories.resident()).put(path).status_code == 404
    answer = Api(author).put(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "closed")


def test_the_threshold_puts_an_idea_under_review(api: Api):
    idea = factories.report(category="park-idea")
    path = f"reports/{idea.subject.reference}/"
    for _n in range(3):
        with_token(factories.resident(), "report").put(f"{path}support/")
    assert (api.get(path).json()["status"], api.get(path).json()["support_count"]) == ("under_review", 3)


def test_limits_hold(settings):
    settings.LIMITS = {"*": "", "support_address": "1/1h"}
    report = factories.report()
    path = f"reports/{report.subject.reference}/support/"
    api = with_token(factories.resident(), "report")
    assert [api.put(path).status_code for _n in range(2)] == [200, 429]
