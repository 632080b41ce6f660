"""Services and practices for programs: what their pages tell, and no more."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import Point

from discussion import actions as spine
from discussion.models import Subject
from participation.actions.service import tell_change
from reports.freshness import data_version
from tests import factories
from tests.api.client import Api
from tests.participation.test_practices import practice
from tests.participation.test_sectors import a_service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def recommended(service: Any, title: str) -> Any:
    idea = factories.report(category="park-idea", title=title)
    spine.connect(idea.pk, service.subject, "recommends", by=factories.official())
    return idea


def test_a_service_is_told_with_what_was_recommended_and_what_has_changed(api: Api) -> None:
    service, other = a_service(phone="0700 12 345", url="https://example.org/trees"), a_service("lamps")
    shown, hidden = recommended(service, "По-бързо"), recommended(service, "Скрито")
    Subject.objects.filter(pk=hidden.pk).update(is_public=False, visibility="hidden")
    type(hidden).objects.filter(pk=hidden.pk).update(is_public=False)
    row = tell_change(service.pk, "Оглед до пет дни.", by=factories.official())
    told = {one["slug"]: one for one in api.get("services/?sector=urban").json()["services"]}
    assert told["trees"] | {"url": ""} == {
        "slug": "trees", "name": service.name, "what": service.what, "who": None, "how": None, "phone": "0700 12 345",
        "reference": service.subject.reference, "link": "https://example.org/trees", "department": "roads", "sector": "urban",
        "recommendation_count": 1, "change_count": 1, "changed_at": row.at.isoformat(), "comment_count": 0, "url": "",
    }  # fmt: skip
    assert [told["lamps"][name] for name in ("recommendation_count", "change_count", "changed_at")] == [0, 0, None]
    one = api.get("services/trees/").json()
    assert [(idea["reference"], idea["title"], idea["support_count"]) for idea in one["recommendations"]] == [
        (shown.subject.reference, "По-бързо", 0),
    ]  # fmt: skip
    assert [(said["text"], said["text_language"]) for said in one["changes"]] == [("Оглед до пет дни.", "bg")]
    assert api.get(f"services/{other.subject.reference}/").json()["slug"] == "lamps"
    assert api.get("services/?sector=health").json() == {"services": [], "next": None}
    Subject.objects.filter(pk=other.pk).update(is_public=False)
    data_version.forget()
    assert (api.get("services/lamps/").status_code, api.get("services/none/").status_code) == (404, 404)
    assert [one["slug"] for one in api.get("services/").json()["services"]] == ["trees"]


def test_only_published_practices_are_told_as_geojson(api: Api) -> None:
    shown = practice(point=Point(26.72, 58.38, srid=4326), until=2020, further_sources=["https://example.org/more"])
    unread = practice(by=factories.resident(), title={"bg": "Непрочетена"})
    (found,) = api.get("practices/?sector=urban").json()["features"]
    assert (found["id"], found["geometry"]) == (shown.subject.reference, {"type": "Point", "coordinates": [26.72, 58.38]})
    assert found["properties"] | {"url": ""} == {
        "title": shown.title, "city": {"bg": "Поляна"}, "country": {"bg": "Естония"}, "year": 2013, "ended": 2020, "what": shown.what,
        "result": None, "lesson": shown.lesson, "cost": "unknown", "cost_note": None, "source_name": "Община Поляна",
        "source_url": "https://example.org/budget", "further_sources": ["https://example.org/more"], "name": None,
        "organisation": "roads", "sector": "urban", "comment_count": 0, "reference": shown.subject.reference, "url": "",
    }  # fmt: skip
    one = api.get(f"practices/{shown.subject.reference}/").json()
    assert (one["geometry"], one["further_sectors"]) == (found["geometry"], [])
    assert api.get(f"practices/{unread.subject.reference}/").status_code == 404
    assert api.get("practices/?q=бюджета").json()["features"][0]["id"] == found["id"]
    assert api.get("practices/?sector=health").json()["features"] == []


@pytest.mark.parametrize(("path", "rows"), [("services/", "services"), ("practices/", "features")])
def test_pages_follow_each_other_and_what_says_nothing_is_refused(api: Api, path: str, rows: str) -> None:
    for number in range(3):
        practice(title={"bg": f"Практика {number}"}) if rows == "features" else a_service(f"s{number}")
    first = api.get(f"{path}?limit=2")
    second = api.get(first.json()["next"].partition("/api/v1/")[2]).json()
    keys = [one.get("id") or one["slug"] for one in (*first.json()[rows], *second[rows])]
    assert (len(set(keys)), second["next"], 'rel="next"' in first["Link"]) == (3, None, True)
    for name, value in (("area", "levka"), ("bbox", "1,2,3,4"), ("status", "x"), ("limit", "0"), ("odd", "1"), ("sector", "x")):
        refused = api.get(f"{path}?{name}={value}")
        assert (refused.status_code, refused.json()["parameter"]) == (400, name)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_number_of_questions(api: Api, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        service = a_service(f"s{number}")
        recommended(service, "Още")
        tell_change(service.pk, "Ново.", by=factories.official())
        practice()
    for path, most in (
        ("services/", 2),
        ("practices/", 2),
        ("services/s0/", 6),
        (f"practices/{practice().subject.reference}/", 3),
    ):
        api.get("sectors/")
        data_version.forget()
        with django_assert_num_queries(most):
            assert api.get(path).status_code == 200
