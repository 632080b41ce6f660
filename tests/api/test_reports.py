"""The list and one report: filters, paging, who may read what, the number of queries."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.v1 import shapes
from discussion.models import TimelineRow
from reports import actions
from reports.actions.move import Given
from reports.models import Reason
from tests import factories
from tests.api.client import Api, with_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def references(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [feature["id"] for feature in answer.json()["features"]]


def test_the_list_is_geojson_with_the_named_fields_only(api: Api):
    report = factories.report(place="ул. Рила 4")
    answer = api.get("reports/")
    body = answer.json()
    assert answer["Content-Type"] == "application/geo+json"
    assert (body["type"], body["next"], len(body["features"])) == ("FeatureCollection", None, 1)
    feature = body["features"][0]
    assert feature["geometry"] == {"type": "Point", "coordinates": [23.6, 42.9]}
    assert set(feature["properties"]) == set(shapes.ReportFacts().fields)
    assert feature["id"] == feature["properties"]["reference"] == report.subject.reference
    assert feature["properties"]["place"] == "ул. Рила 4"
    assert feature["properties"]["department"] == "roads"


def test_only_the_public_set_is_listed_even_to_staff():
    author, moderator = factories.resident(), factories.moderator()
    shown = factories.report(author=author)
    factories.report(author=author, restricted=True)
    factories.report(author=None, email="draft@levka.test")
    hidden = factories.report(author=author)
    actions.hide(hidden.pk, reason=Reason.objects.get(slug="spam"), by=moderator)
    for api in (Api(), Api(author), Api(moderator), with_token(moderator, "read")):
        assert references(api.get("reports/")) == [shown.subject.reference]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=idea", ["idea"]),
        ("kind=problem,idea", ["pothole", "lamp", "idea"]),
        ("category=lamp", ["lamp"]),
        ("area=dabrava", ["lamp"]),
        ("area=levka-municipality", ["pothole", "lamp", "idea"]),
        ("sector=health", []),
        ("bbox=23.5,42.8,23.7,43", ["pothole", "idea"]),
        ("q=дупка", ["pothole"]),
        ("status=received", ["pothole", "lamp"]),
        ("status=closed", []),
        ("assigned=parks", ["idea"]),
        ("assigned=none&kind=problem", ["pothole", "lamp"]),
        ("since=2020-01-01&until=2020-12-31", []),
        ("overdue=1", ["lamp"]),
        ("order=oldest&limit=2", ["lamp", "pothole"]),
    ],
)
def test_the_whole_filter_language(api: Api, query: str, expected: list[str]):
    now = timezone.now()
    made = {
        "lamp": factories.report(
            category="lamp", at_point=(23.9, 42.9), title="Лампа", text="Не свети.", at=now - datetime.timedelta(days=90)
        ),
        "pothole": factories.report(title="Дупка", at=now - datetime.timedelta(days=1)),
        "idea": factories.report(category="park-idea", title="Пейки в парка", text="Да се сложат.", at=now),
    }
    wanted = {made[name].subject.reference for name in expected}
    found = references(api.get(f"reports/?{query}"))
    assert set(found) == wanted
    if "order" in query:
        assert found == [made[name].subject.reference for name in expected]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("fbclid=1", "fbclid"), ("format=xml", "format"), ("page=2", "page"), ("kind=x", "kind"), ("sector=nowhere", "sector"),
        ("category=nothing", "category"), ("status=done", "status"), ("area=x", "area"), ("bbox=1,2,3", "bbox"),
        ("bbox=1e300,0,1,1", "bbox"), ("since=yesterday", "since"), ("until=0000-00-00", "until"), ("q=" + "a" * 201, "q"),
        ("assigned=me", "assigned"), ("assigned=nobody", "assigned"), ("overdue=2", "overdue"), ("supported=me", "supported"),
        ("order=random", "order"), ("cursor=x", "cursor"), ("cursor=2026-01-01~-1", "cursor"), ("limit=0", "limit"), ("limit=1001", "limit"),
        ("limit=0000000010000000", "limit"), ("limit=000000001" + "0" * 20, "limit"), ("cursor=0001-01-01T00:00:00%2B23:59~1", "cursor"),
        ("since=2026-02-01&until=2026-01-01", "until"), ("kind=%F0%9F%98%80", "kind"), ("area=%E2%80%AE", "area"), ("sector=a%01", "sector"),
        ("kind=idea&kind=problem", "kind"), ("q=a&q=b", "q"),
    ],
)  # fmt: skip
def test_a_bad_or_unknown_parameter_is_named(api: Api, query: str, name: str):
    answer = api.get(f"reports/?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"], body["parameter"]) == (400, "parameter", name)
    assert list(body["errors"]) == [name]


def test_nul_in_the_address_is_refused(api: Api):
    answer = api.get("reports/?q=%00")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "q")


@pytest.mark.parametrize("order", ["newest", "oldest", "due", "support"])
def test_keyset_pages_hold_every_report_once(api: Api, order: str):
    now = timezone.now()
    made = {factories.report(at=now - datetime.timedelta(hours=n // 2)).subject.reference for n in range(7)}
    found: list[str] = []
    address = f"reports/?order={order}&limit=3"
    while address:
        answer = api.get(address)
        found += references(answer)
        following = answer.json()["next"]
        address = following.partition("/api/v1/")[2] if following else ""
        assert ("Link" in answer) == bool(following)
    assert len(found) == 7
    assert set(found) == made


@pytest.mark.parametrize("count", [1, 3, 300])
def test_the_list_costs_the_same_however_long(api: Api, count: int):
    factories.reports(count)
    api.get("reports/?limit=1000")
    cache.clear()
    with CaptureQueriesContext(connection) as seen:
        answer = api.get("reports/?limit=1000")
    assert len(answer.json()["features"]) == count
    assert [query["sql"] for query in seen if "COUNT(" in query["sql"]] == []
    assert len(seen) == 2 if count == 300 else len(seen) <= 6  # the installation, the list; once in the process the slugs


@pytest.mark.parametrize("acts", [0, 8])
def test_one_report_costs_the_same_however_long_its_timeline(api: Api, acts: int):
    report, official = factories.report(), factories.official()
    for number in range(acts):
        name = "plan" if number % 2 else "start"
        given = Given(expected_on=timezone.localdate() + datetime.timedelta(days=9)) if number % 2 else Given()
        actions.act(report.pk, name, by=official, given=given)
    with CaptureQueriesContext(connection) as seen:
        body = api.get(f"reports/{report.subject.reference}/").json()
    assert len(body["timeline"]) == acts + 1
    assert len(seen) <= 12


def test_one_report_tells_its_fields_and_timeline(api: Api):
    report = factories.report(public_name="Рада", place="ул. Рила 4")
    answer = api.get(f"reports/{report.subject.reference[:3]} {report.subject.reference[3:]}/")
    body = answer.json()
    assert set(body) == set(shapes.ReportDocument().fields)
    assert (body["author"], body["text"], body["version"]) == ("Рада", "Голяма дупка на пътя.", 1)
    assert answer["ETag"] == '"1"'
    assert [set(row) for row in body["timeline"]] == [set(shapes.TimelineEntry().fields)]
    assert "Отдел „Пътища“".lower() in body["timeline"][0]["headline"].lower()


def test_english_is_answered_when_asked_for(api: Api):
    report = factories.report()
    answer = api.get(f"reports/{report.subject.reference}/", Accept_Language="en")
    assert answer.json()["status_text"] == "Received"


# T-42: role → what of a report's document it gets, by the report's visibility
STUB = frozenset(shapes.ReportStub().fields) - {"title"}
FULL = frozenset(shapes.ReportDocument().fields)
READERS = (
    "anonymous",
    "resident",
    "author",
    "official",
    "other_official",
    "dispatcher",
    "moderator",
    "planner",
    "administrator",
)
NOBODY: frozenset[str] = frozenset()
SNAPSHOT: dict[str, dict[str, frozenset[str]]] = {
    "public": dict.fromkeys(READERS, FULL),
    "restricted": {**dict.fromkeys(READERS, FULL), **dict.fromkeys(("anonymous", "resident", "other_official"), NOBODY)},
    "hidden": {**dict.fromkeys(READERS, FULL), **dict.fromkeys(("anonymous", "resident", "other_official"), NOBODY)},
    "removed": {**dict.fromkeys(READERS, FULL), **dict.fromkeys(("anonymous", "resident", "other_official"), STUB)},
    "withdrawn": {**dict.fromkeys(READERS, FULL), **dict.fromkeys(("anonymous", "resident", "other_official"), STUB)},
    "draft": {**dict.fromkeys(READERS, NOBODY), "author": FULL},
}


@pytest.mark.parametrize("visibility", list(SNAPSHOT))
def test_fields_by_role(visibility: str):
    people = {
        "anonymous": None, "resident": factories.resident(), "author": factories.resident(), "official": factories.official(),
        "other_official": factories.official("parks"), "dispatcher": factories.dispatcher(), "moderator": factories.moderator(),
        "planner": factories.planner(), "administrator": factories.administrator(),
    }  # fmt: skip
    author, moderator, spam = people["author"], people["moderator"], Reason.objects.get(slug="spam")
    assert author and moderator
    report = factories.report(author=author, restricted=visibility == "restricted")
    match visibility:
        case "hidden":
            actions.hide(report.pk, reason=spam, by=moderator)
        case "removed":
            actions.remove(report.pk, reason=spam, by=moderator)
        case "withdrawn":
            actions.act(report.pk, "withdraw", by=author, given=Given(text="Сбърках."))
        case "draft":
            report.status = "awaiting_confirmation"
            from discussion.models import Subject

            Subject.objects.filter(pk=report.pk).update(is_public=False)
            type(report).objects.filter(pk=report.pk).update(status="awaiting_confirmation", author=author)
    got = {}
    for role, person in people.items():
        answer = Api(person).get(f"reports/{report.subject.reference}/")
        got[role] = frozenset(answer.json()) if answer.status_code == 200 else NOBODY
        if answer.status_code != 200:
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert got == SNAPSHOT[visibility]


def test_internal_rows_reach_the_department_alone():
    author, official = factories.resident(), factories.official()
    report = factories.report(author=author)
    actions.note(report.pk, text="Само за нас.", by=official)
    assert TimelineRow.objects.filter(subject=report.pk).count() == 2
    path = f"reports/{report.subject.reference}/"
    lengths = {
        name: [row["internal"] for row in Api(person).get(path).json()["timeline"]]
        for name, person in {"anonymous": None, "author": author, "official": official}.items()
    }
    assert lengths == {"anonymous": [False], "author": [False], "official": [False, True]}


def test_an_answer_without_cookies_may_be_kept_and_is_known_again(api: Api):
    factories.report()
    first = api.get("reports/")
    assert first["Cache-Control"] == "public, max-age=1"
    assert api.get("reports/", If_None_Match=first["ETag"]).status_code == 304
    assert Api(factories.resident()).get("reports/")["Cache-Control"] == "private, no-store"


def test_my_supported_ones_are_private():
    me = factories.resident()
    report = factories.report()
    factories.report()
    actions.support(report.pk, me.correspondent)
    answer = Api(me).get("reports/?supported=me")
    assert references(answer) == [report.subject.reference]
    assert answer["Cache-Control"] == "private, no-store"
