"""A limit on residents' forms: the page says when to try again and keeps what was typed."""

from __future__ import annotations

import uuid

import pytest
from django.core.cache import cache
from django.test import Client

from reports.models import Report
from tests import factories
from tests.reports.test_citizen import PLACE, SEND, WHAT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town():
    cache.clear()
    return factories.town()


def test_limit_on_reports_keeps_what_was_typed(settings):
    settings.LIMITS = {"*": "", "report_address": "1/1h"}
    given = {**PLACE, **WHAT, **SEND, "email": "rada@levka.test", "step": "send", "go": "send"}
    first, second = (
        Client().post("/reports/new/", {**given, "title": title, "client_uuid": str(uuid.uuid4())})
        for title in ("Първа дупка", "Втора дупка")
    )
    assert (first.status_code, second.status_code) == (302, 429)
    assert "Втора дупка" in second.content.decode()
    assert Report.objects.count() == 1


def test_limit_on_comments_keeps_what_was_typed(settings):
    settings.LIMITS = {"*": "", "comment_address": "1/1h"}
    address = f"/reports/{factories.report().subject.reference}/comment/"
    given = {"email": "rada@levka.test", "text": "Вярно е."}
    Client().post(address, {**given, "client_uuid": str(uuid.uuid4())})
    again = Client().post(address, {**given, "text": "Още нещо.", "client_uuid": str(uuid.uuid4())})
    assert again.status_code == 422
    assert "Още нещо." in again.content.decode()


def test_page_ends_its_timeline_with_the_awaited_answer_and_says_that_no_proceedings_start():
    report = factories.report()
    html = Client().get(f"/reports/{report.subject.reference}/").content.decode()
    assert '<li class="todo' in html
    assert "не се образува производство" in html or "не започва производство" in html
