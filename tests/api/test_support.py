"""Support through the API: once for one person, whoever it is stays unknown."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from accounts import browser
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
