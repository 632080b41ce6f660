"""Acting through the API: what is allowed, under which version, and what is asked for."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from discussion.models import TimelineRow
from reports import workflow
from reports.models import Report
from tests import factories
from tests.api.client import Api, with_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def path(report: Report) -> str:
    return f"reports/{report.subject.reference}/transitions/"


def version(report: Report) -> str:
    report.subject.refresh_from_db()
    return f'"{report.subject.version}"'


def test_what_the_official_may_do_is_listed_with_its_fields():
    official = factories.official()
    report = factories.report()
    answer = Api(official).get(path(report))
    listed = {edge["name"]: edge for edge in answer.json()["transitions"]}
    expected = {edge.name for edge in workflow.allowed("problem", "received") if edge.who & {workflow.Who.OFFICIAL}}
    assert set(listed) == expected
    assert answer["ETag"] == '"1"'
    assert listed["resolve"]["fields"][0] == {"name": "text", "required": True, "choices": []}
    person = next(field for field in listed["assign"]["fields"] if field["name"] == "person")
    assert person["choices"] == [{"value": official.pk, "name": "Иван Петров"}]


@pytest.mark.parametrize("role", ["anonymous", "resident", "other_official"])
def test_others_may_do_nothing(role: str):
    report = factories.report()
    person = {"anonymous": lambda: None, "resident": factories.resident, "other_official": lambda: factories.official("parks")}[
        role
    ]()
    api = Api(person)
    assert api.get(path(report)).json()["transitions"] == []
    answer = api.post(path(report), {"name": "start"}, If_Match='"1"')
    assert (answer.status_code, TimelineRow.objects.filter(code="start").count()) == (403, 0)


def test_an_act_raises_the_version_and_leaves_one_row():
    official = factories.official()
    report = factories.report()
    answer = with_token(official, "work").post(
        path(report), {"name": "resolve", "text": "Дупката е запълнена."}, If_Match='"1"'
    )
    assert answer.status_code == 200, answer.content
    assert (answer.json()["status"], answer.json()["version"], answer["ETag"]) == ("resolved", 2, '"2"')
    assert TimelineRow.objects.filter(subject=report.pk).count() == 2


def test_the_version_is_required():
    report = factories.report()
    answer = Api(factories.official()).post(path(report), {"name": "start"})
    assert (answer.status_code, answer.json()["code"]) == (428, "version_missing")


@pytest.mark.parametrize("tag", ["x", "*", '"1', "-1", '"1", "2"', "9" * 30])
def test_a_version_that_is_none_is_refused(tag: str):
    answer = Api(factories.official()).post(path(factories.report()), {"name": "start"}, If_Match=tag)
    assert (answer.status_code, answer.json()["code"]) == (400, "version_malformed")


def test_whoever_comes_second_gets_the_fresh_state():
    """F10 through the API: the loser sees the winner's state and loses nothing he sent."""
    report = factories.report()
    first, second = Api(factories.official()), Api(factories.official())
    assert first.post(path(report), {"name": "start"}, If_Match='"1"').status_code == 200
    answer = second.post(path(report), {"name": "resolve", "text": "Готово."}, If_Match='"1"')
    body = answer.json()
    assert (answer.status_code, body["code"], answer["ETag"]) == (412, "stale", '"2"')
    assert (body["report"]["status"], body["report"]["version"]) == ("in_progress", 2)
    assert second.post(path(report), {"name": "resolve", "text": "Готово."}, If_Match=answer["ETag"]).status_code == 200


def test_an_act_that_the_state_does_not_allow_is_409_with_those_that_are():
    answer = Api(factories.official()).post(path(factories.report()), {"name": "reopen", "text": "Пак."}, If_Match='"1"')
    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed")
    assert "start" in answer.json()["allowed"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "name"), ({"name": ""}, "name"), ({"name": "explode"}, "name"), ({"name": ["start"]}, "name"), ({"name": "a\x00"}, "name"),
        ({"name": "resolve"}, "text"), ({"name": "resolve", "text": ""}, "text"), ({"name": "resolve", "text": "я" * 4001}, "text"),
        ({"name": "resolve", "text": "a\x00"}, "text"), ({"name": "resolve", "text": []}, "text"),
        ({"name": "refuse", "text": "Не."}, "reason"), ({"name": "refuse", "text": "Не.", "reason": "nothing"}, "reason"),
        ({"name": "refuse", "text": "Не.", "reason": "spam"}, "reason"), ({"name": "refuse", "text": "Не.", "reason": "🕳"}, "reason"),
        ({"name": "assign"}, "person"), ({"name": "assign", "person": "x"}, "person"), ({"name": "assign", "person": 0}, "person"),
        ({"name": "assign", "person": 10**30}, "person"), ({"name": "assign", "person": 999_999}, "person"),
        ({"name": "forward", "text": "Към ВиК.", "forwarded_to": "roads"}, "forwarded_to"),
        ({"name": "hand_over", "text": "Не е наше.", "department": "water"}, "department"),
        ({"name": "mark_duplicate"}, "duplicate_of"), ({"name": "mark_duplicate", "duplicate_of": "1234567890"}, "duplicate_of"),
        ({"name": "mark_duplicate", "duplicate_of": "\u202e"}, "duplicate_of"), ({"name": "mark_duplicate", "duplicate_of": 5}, "duplicate_of"),
        ({"name": "extend", "text": "Още.", "notice": "Писмо 5", "extended_to": "tomorrow"}, "extended_to"),
        ({"name": "extend", "text": "Още.", "notice": "Писмо 5", "extended_to": "2020-01-01"}, "extended_to"),
        ({"name": "extend", "text": "Още.", "notice": "x" * 201, "extended_to": "2030-01-01"}, "notice"),
        ({"name": "resolve", "text": "Готово.", "photo": ["x"]}, "photo.0"), ({"name": "resolve", "text": "Готово.", "photo": "x"}, "photo"),
        ({"name": "start", "link": "https://levka.test/"}, "link"), ({"name": "start", "link": "javascript:alert(1)"}, "link"),
        ({"name": "start", "status": "resolved"}, "status"), ({"name": "start", "number": 1.5e300}, "number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(sent: dict[str, Any], field: str):
    report = factories.report()
    answer = Api(factories.official()).post(path(report), sent, If_Match='"1"')
    assert answer.status_code == 400, answer.content
    assert field in answer.json()["errors"], answer.json()
    assert version(report) == '"1"'


def test_a_repeat_under_one_key_acts_once():
    report, api, key = factories.report(), Api(factories.official()), str(uuid.uuid4())
    codes = [api.post(path(report), {"name": "start"}, If_Match='"1"', Idempotency_Key=key).status_code for _n in range(2)]
    assert (codes, version(report)) == ([200, 200], '"2"')


def test_the_author_withdraws():
    author = factories.resident()
    report = factories.report(author=author)
    answer = Api(author).post(path(report), {"name": "withdraw", "text": "Сбърках."}, If_Match='"1"')
    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")


def test_a_hidden_report_is_missing_to_others():
    report = factories.report(restricted=True)
    for answer in (Api().get(path(report)), Api(factories.resident()).post(path(report), {"name": "start"}, If_Match='"1"')):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_token_needs_the_scope():
    report, official = factories.report(), factories.official()
    answer = with_token(official, "read", "report").post(path(report), {"name": "start"}, If_Match='"1"')
    assert answer.status_code == 403
