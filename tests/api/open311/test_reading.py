"""GET of Open311: every answer in its shape and the same in XML, the public set alone, windows, pages, filters, extensions."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from api.open311 import extended
from reports import actions, workflow
from reports.actions.move import Given
from reports.freshness import data_version
from reports.models import Category, Photo, Question, Reason
from tests import factories
from tests.api.open311.asking import JSON, XML, read

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 2
"""The data version, the rows."""
EXTENDED_STATEMENTS = 8


@pytest.fixture(autouse=True)
def _town(db: None) -> None:
    factories.town()


def ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def test_discovery_names_where_and_how() -> None:
    found = read("discovery").tree
    assert found["contact"] == "Община Левка: town@levka.test, 0700 00 000"
    endpoint = found["endpoints"][0]
    assert endpoint["url"].endswith("/open311/v2") and endpoint["formats"] == ["text/xml", "application/json"]
    assert datetime.datetime.fromisoformat(found["changeset"]) < timezone.now() + datetime.timedelta(days=2)


def test_services_are_those_that_everyone_may_choose() -> None:
    lamp = Category.objects.get(slug="lamp")
    choices = [{"slug": "dark", "text": factories.texts("Не свети", "Dark"), "advice": None, "stops": False}] * 2
    Question.objects.create(slug="lamp-how", category=lamp, text=factories.texts("Какво прави?", "What?"), choices=choices)
    Category.objects.filter(slug="tree").update(keywords=["клон", "дърво"])
    found = {one["service_code"]: one for one in read("v2/services").tree}
    assert set(found) == {"pothole", "lamp", "tree", "private", "park-idea", "road-idea"}
    assert found["tree"] == {
        "service_code": "tree", "service_name": "Дърво", "description": None, "metadata": False, "type": "batch",
        "keywords": "клон, дърво", "group": "Градска среда",
    }  # fmt: skip
    assert (found["private"]["type"], found["lamp"]["metadata"]) == ("blackbox", True)
    english = {one["service_code"]: one["service_name"] for one in read("v2/services", {"locale": "en"}).tree}
    assert english["tree"] == "tree"
    assert read("v2/services", None, Accept_Language="en-GB,en;q=0.9").tree[0]["group"] == "urban"
    shown = read("v2/services/lamp").tree
    assert shown["attributes"][0] | {"values": []} == {
        "variable": True, "code": "lamp-how", "datatype": "singlevaluelist", "required": False, "datatype_description": None,
        "order": 1, "description": "Какво прави?", "values": [],
    }  # fmt: skip
    assert shown["attributes"][0]["values"][0] == {"key": "dark", "name": "Не свети"}
    assert read("v2/services/pothole").tree == {"service_code": "pothole", "attributes": []}
    assert [
        read(f"v2/services/{code}").status for code in ("closed", "staff-only", "nothing", "%D0%B4%D1%83%D0%BF%D0%BA%D0%B0")
    ] == [404] * 4


def test_one_request_says_what_everyone_may_know() -> None:
    made = factories.report(title="Дупка", text="Голяма & <опасна>.\nПазете се.", place="ул. Рила 4", public_name="Рада")
    photo = Photo.objects.create(client_uuid=made.subject.client_uuid, report=made, width=4, height=3)
    found = read(f"v2/requests/{made.subject.reference}")
    lon, lat = factories.CENTRE
    assert found.status == 200
    one = found.tree[0]
    assert {name: one[name] for name in ("status", "status_notes", "service_name", "service_code", "address", "lat", "long")} == {
        "status": "open", "status_notes": "Получен", "service_name": "Дупка", "service_code": "pothole",
        "address": "ул. Рила 4, гр. Левка", "lat": lat, "long": lon,
    }  # fmt: skip
    assert one["description"] == "Дупка\nГоляма & <опасна>.\nПазете се."
    assert one["agency_responsible"] == "Отдел „Пътища“"
    assert one["media_url"].endswith(f"/media/{photo.pk}/large.jpg")
    assert one["expected_datetime"][:19] == f"{made.due_on.isoformat()}T23:59:59"
    assert "Рада" not in str(one)


def test_what_is_not_public_is_as_if_it_had_never_been() -> None:
    author, moderator, spam = factories.resident(), factories.moderator(), Reason.objects.get(slug="spam")
    made = {name: factories.report(author=author) for name in ("hidden", "removed", "withdrawn")}
    made["restricted"] = factories.report(author=author, restricted=True)
    made["draft"] = factories.report(author=None, email="draft@levka.test")
    made["private"] = factories.report(author=author, category="private")
    actions.hide(made["hidden"].pk, reason=spam, by=moderator)
    actions.remove(made["removed"].pk, reason=spam, by=moderator)
    actions.act(made["withdrawn"].pk, "withdraw", by=author, given=Given(text="Сбърках."))
    numbers = {name: report.subject.reference for name, report in made.items()}
    assert {name: read(f"v2/requests/{number}").status for name, number in numbers.items()} == dict.fromkeys(numbers, 404)
    assert read("v2/requests", {"service_request_id": ",".join(numbers.values())}).tree == []
    assert read("v2/requests").tree == []
    assert read("v2/servicerequestupdates").tree == []


def test_a_withdrawn_idea_tells_its_title_alone() -> None:
    author = factories.resident()
    idea = factories.report(author=author, category="park-idea", title="Пейки", text="Тайни думи.")
    actions.act(idea.pk, "withdraw", by=author, given=Given(text="Няма нужда."))
    one = read("v2/requests", {"extensions": "true"}).tree[0]
    assert (one["description"], one["status"], one["notes"], one["photos"]) == ("Пейки", "closed", [], [])


def test_status_is_that_of_the_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    official = factories.official()
    made = [factories.report() for _each in range(3)]
    actions.act(made[1].pk, "resolve", by=official, given=Given(text="Готово."))
    actions.act(made[2].pk, "start", by=official)
    resolved = made[1].subject.reference
    assert read("v2/requests", {"status": "closed"}).numbers == [resolved]
    assert set(read("v2/requests", {"status": "open"}).numbers) == {made[0].subject.reference, made[2].subject.reference}
    assert len(read("v2/requests", {"status": "open,closed"}).tree) == 3
    assert {workflow.STATES[code].open311 for code in workflow.ENDS} == {"closed"}
    more = read(f"v2/requests/{resolved}", {"extensions": "true"}).tree[0]
    facts = more["extended_attributes"]
    assert (facts["state"], facts["closed_datetime"]) == ("resolved", more["updated_datetime"])
    assert [(note["type"], note["description"]) for note in more["notes"]] == [("submitted", None), ("resolve", "Готово.")]
    monkeypatch.setattr(extended, "MOST_NOTES", 1)
    told = read("v2/requests", {"extensions": "true"}).tree
    assert sorted([note["type"] for note in one["notes"]] for one in told) == [["resolve"], ["start"], ["submitted"]]


def test_the_window_is_ninety_days() -> None:
    days = {number: factories.report(at=ago(number)).subject.reference for number in (1, 80, 100, 200)}
    day = lambda number: timezone.localdate(ago(number)).isoformat()  # noqa: E731
    asked = {
        "": [1, 80],
        f"start_date={day(150)}": [80, 100],
        f"end_date={day(90)}": [100],
        f"start_date={day(101)}&end_date={day(80)}": [80, 100],
        f"start_date={day(81)}&end_date={day(79)}": [80],
        f"start_date={ago(81).isoformat()}&end_date={ago(79).isoformat()}": [80],  # with a plus that nobody encoded
        f"updated_after={day(300)}": [1, 80, 100, 200],
        f"updated_after={day(150)}": [1, 80, 100],
        f"updated_before={day(150)}": [200],
        f"updated_before={day(50)}": [80, 100],
        f"updated_after={day(150)}&updated_before={day(90)}": [100],
        f"updated_after={day(150)}&start_date={day(90)}": [1, 80],
        f"service_request_id={days[200]},{days[1]},1,x&status=closed&start_date=wrong": [1, 200],
    }
    found = {query: _numbers(query) for query in asked}
    assert found == {query: [days[number] for number in numbers] for query, numbers in asked.items()}


def _numbers(query: str) -> list[str]:
    """By an address as it is written."""
    answer = Client().get(f"/open311/v2/requests.json?{query}")
    assert answer.status_code == 200, answer.content.decode()
    return [one["service_request_id"] for one in answer.json()]


def test_filters_go_together() -> None:
    west, east = factories.report(title="Счупена пейка"), factories.report(category="lamp", at_point=(23.9, 42.9))
    idea = factories.report(category="park-idea")
    numbers = {"west": west.subject.reference, "east": east.subject.reference, "idea": idea.subject.reference}
    lon, lat = factories.CENTRE
    for query, names in (
        ({"service_code": "lamp"}, {"east"}),
        ({"service_code": "lamp,park-idea"}, {"east", "idea"}),
        ({"bbox": "23.8,42.8,24,43"}, {"east"}),
        ({"lat": lat, "long": lon}, {"west", "idea"}),
        ({"lat": lat, "long": lon, "radius": "50000"}, {"west", "east", "idea"}),
        ({"lat": lat, "long": lon, "radius": "100", "service_code": "pothole"}, {"west"}),
        ({"q": "пейка"}, {"west"}),
        ({"q": numbers["east"]}, {"east"}),
        ({"q": "", "bbox": "", "status": "", "start_date": ""}, {"west", "east", "idea"}),
    ):
        assert set(read("v2/requests", query).numbers) == {numbers[name] for name in names}, query


def test_pages_have_links_and_a_number() -> None:
    factories.reports(5)
    whole = read("v2/requests")
    assert len(whole.tree) == 5 and "Link" not in whole.headers and "X-Total-Count" not in whole.headers
    second = read("v2/requests", {"page": 2, "page_size": 2, "status": "open"})
    assert second.numbers == whole.numbers[2:4]
    assert second.headers["X-Total-Count"] == "5"
    links = {part.split("; ")[1]: part.split("?")[1].split(">")[0] for part in second.headers["Link"].split(", ")}
    assert links == {
        f'rel="{name}"': f"page={page}&page_size=2&status=open"
        for name, page in (("first", 1), ("prev", 1), ("next", 3), ("last", 3))
    }
    assert read("v2/requests", {"per_page": 3}).numbers == whole.numbers[:3]
    beyond = read("v2/requests", {"page": 9, "per_page": 3})
    assert (beyond.tree, beyond.headers["X-Total-Count"]) == ([], "5")


@pytest.mark.parametrize(("query", "most"), [({}, MOST_STATEMENTS), ({"extensions": "true"}, EXTENDED_STATEMENTS)])
def test_any_number_of_rows_takes_as_many_statements(query: Any, most: int, django_assert_num_queries: Any) -> None:
    factories.report()
    for rows in (1, 3):
        data_version.forget()
        Client().get("/open311/v2/requests.json", query)
        data_version.forget()
        with django_assert_num_queries(most):
            assert len(Client().get("/open311/v2/requests.json", query).json()) == rows
        factories.report()
        factories.report()


def test_formats_headers_and_methods() -> None:
    factories.report()
    first = Client().get("/open311/v2/requests.xml")
    assert (first["Content-Type"], first["Vary"]) == (XML, "Accept-Encoding, Accept-Language")
    assert Client().get("/open311/v2/requests.xml", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert Client().head("/open311/v2/requests.json")["Content-Type"] == JSON
    asked = Client().options("/open311/v2/requests.json", headers={"Origin": "https://311.test"})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    refused = Client().put("/open311/v2/services.json")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert refused.json()[0]["code"] == 405
    for path in ("nothing.json", "v2/services.yaml", "v2/services", "v2/requests/12.json/x"):
        answer = Client().get(f"/open311/{path}")
        kind = "json" if path.endswith(".json") else "xml"
        assert (answer.status_code, answer["Content-Type"]) == (404, {"json": JSON, "xml": XML}[kind]), path
