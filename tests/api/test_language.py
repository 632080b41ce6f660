"""Every sentence of a refusal is in the language that the reader asked for, whichever library wrote it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import factories
from tests.api.client import Api, with_token
from tests.api.test_sending import body

pytestmark = pytest.mark.django_db
WRONG: list[dict[str, Any]] = [
    {"title": 5}, {"title": None}, {"title": ""}, {"title": ...}, {"title": "я" * 151}, {"title": "a\x00"}, {"title": "\ud800"},
    {"kind": "event"}, {"kind": []}, {"agree": "perhaps"}, {"agree": None}, {"agree": False}, {"official": []},
    {"happened_on": "yesterday"}, {"happened_on": 5}, {"happened_on": "2026-01-01T10:00"}, {"happened_on": []}, {"happened_on": "0001-01-01"},
    {"email": "nobody"}, {"email": "a@b." + "c" * 255}, {"email": []}, {"email": "a\x00@b.bg"}, {"photos": "x"}, {"photos": ["x"]},
    {"photos": ["6f9619ff-8b86-4d01-b42d-00cf4fc964ff"] * 6}, {"photos": {}}, {"further_sectors": ["urban"] * 9},
    {"further_sectors": "urban"}, {"point": "x"},
    {"point": {"type": "Point", "coordinates": [1, 2]}}, {"phone": "x"}, {"channel": "phone"}, {"colour": 1}, {"settlement": "nowhere"},
    {"category": "tree"},
]  # fmt: skip
ACTS: list[dict[str, Any]] = [
    {"name": "assign", "person": "x"}, {"name": "assign", "person": 0}, {"name": "assign", "person": 2**70}, {"name": "assign", "person": None},
    {"name": "assign", "person": 1.5}, {"name": "assign", "person": "9" * 2000}, {"name": "explode"}, {"name": "accept", "link": "x"},
    {"name": "accept", "link": 5}, {"name": "resolve", "text": 5}, {"name": "plan", "expected_on": "x"}, {"name": "resolve"},
    {"name": "refuse", "reason": "x", "text": "x"}, {"name": "keep_closed", "text": "x"}, {"name": "assign", "text": "x", "number": "1"},
]  # fmt: skip
OTHERS: list[tuple[str, str, Any, dict[str, str]]] = [
    ("POST", "reports/", "{", {}), ("POST", "reports/", "[1]", {}), ("POST", "reports/", b"\xff\xfe", {}), ("POST", "reports/", "null", {}),
    ("POST", "reports/", "<a/>", {"content-type": "text/xml"}), ("POST", "areas/", {}, {}), ("DELETE", "reports/", None, {}),
    ("GET", "reports/1234567890/", None, {}), ("GET", "tokens/", None, {}), ("POST", "tokens/", {"name": "x", "scopes": ["read"]}, {}),
    ("PUT", "reports/{ref}/support/", None, {}), ("POST", "reports/{ref}/transitions/", {"name": "assign"}, {}),
    ("GET", "reports/?kind=x", None, {}), ("GET", "reports/?q=%00", None, {}), ("GET", "reports/?a=1", None, {}),
    ("GET", "session/", None, {"Authorization": "Bearer x"}), ("GET", "session/", None, {"Authorization": "Bearer a b"}),
    ("GET", "reports/", None, {"Authorization": "Bearer"}), ("POST", "reports/", {}, {"Idempotency-Key": "x"}),
    ("POST", "drafts/6f9619ff-8b86-4d01-b42d-00cf4fc964ff/photos/", b"x", {"content-type": "image/png"}),
    ("POST", "drafts/6f9619ff-8b86-4d01-b42d-00cf4fc964ff/photos/", b"x", {"content-type": "multipart/form-data"}),
]  # fmt: skip


def sentences(answer: Any) -> list[str]:
    said = answer.json()
    return [
        said["title"],
        *([said["detail"]] if "detail" in said else []),
        *(one for many in said.get("errors", {}).values() for one in many),
    ]


def in_language(answer: Any, language: str) -> None:
    """Bulgarian has Cyrillic letters in every sentence, English in none."""
    assert answer.status_code >= 400
    for sentence in sentences(answer):
        assert bool(re.search("[а-я]{3}", sentence)) is (language == "bg"), sentence


@pytest.mark.parametrize("language", ["bg", "en"])
def test_refusals_of_libraries_are_in_the_readers_language(language: str):
    factories.town()
    asked = {"Accept-Language": language}
    report = factories.report()
    author, official = with_token(factories.resident(), "report"), Api(factories.official())
    for changes in WRONG:
        in_language(author.post("reports/", body(**changes), **asked), language)
    for act in ACTS:
        answer = official.post(f"reports/{report.subject.reference}/transitions/", act, **asked, If_Match='"1"')
        in_language(answer, language)
    for method, path, sent, headers in OTHERS:
        in_language(Api()._send(method, path.format(ref=report.subject.reference), sent, **asked, **headers), language)
    in_language(Api(factories.resident(), enforce_csrf_checks=True).post("reports/", body(), **asked), language)


@pytest.mark.parametrize("language", ["bg", "en"])
def test_limits_and_scopes_speak_it_too(language: str, settings: Any):
    factories.town()
    settings.LIMITS = {"*": "", "report_address": "1/1h"}
    program = with_token(factories.resident(), "read")
    in_language(program.post("reports/", body(), Accept_Language=language), language)
    Api().post("reports/", body())
    in_language(Api().post("reports/", body(), Accept_Language=language), language)
