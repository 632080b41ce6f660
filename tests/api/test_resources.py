"""Projects, areas, sectors, categories; what every resource answers to nonsense."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.v1 import category_shapes, shapes
from discussion.models import Subject
from layers.models import Milestone, Project
from municipality.models import Area, Organisation, Sector
from tests import factories
from tests.api.client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def project(slug: str = "path", *, public: bool = True, sector: str = "urban", **fields: Any) -> Project:
    area = Area.objects.get(slug="levka")
    subject = Subject.objects.create(
        kind="project", title=slug, language="bg", sector=Sector.objects.get(slug=sector), area=area, is_public=public
    )
    facts = {"stage": "design", "point": Point(23.6, 42.9, srid=4326), **fields}
    return Project.objects.create(subject=subject, slug=slug, title=factories.texts("Алея", "Path"), **facts)


def test_projects_are_geojson_with_the_named_fields(api: Api):
    line = MultiLineString(LineString((23.6, 42.9), (23.61, 42.9)), srid=4326)
    made = project(
        line=line, amount="84108.50", currency="EUR", as_of_year=2023, department=Organisation.objects.get(slug="roads")
    )
    answer = api.get("projects/")
    feature = answer.json()["features"][0]
    assert answer["Content-Type"] == "application/geo+json"
    assert set(feature["properties"]) == set(shapes.ProjectFacts().fields)
    assert feature["geometry"] == {"type": "MultiLineString", "coordinates": [[[23.6, 42.9], [23.61, 42.9]]]}
    facts = feature["properties"]
    assert (facts["amount"], facts["as_of_year"], facts["spent"], facts["department"]) == (84108.5, 2023, None, "roads")
    assert feature["id"] == made.subject.reference


def test_one_project_tells_its_milestones(api: Api):
    made = project()
    Milestone.objects.create(project=made, order=1, name=factories.texts("Договор"), done_on=datetime.date(2026, 9, 14))
    body = api.get(f"projects/{made.subject.reference}/").json()
    assert set(body) == set(shapes.ProjectDocument().fields)
    assert body["milestones"] == [{"name": {"bg": "Договор", "en": "Договор"}, "due_on": None, "done_on": "2026-09-14"}]


def test_a_project_that_is_not_public_is_missing(api: Api):
    made = project(public=False)
    assert api.get("projects/").json()["features"] == []
    assert api.get(f"projects/{made.subject.reference}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("sector=urban", 2),
        ("sector=health", 1),
        ("area=dabrava", 0),
        ("bbox=23.5,42.8,23.7,43", 3),
        ("bbox=23.8,42.8,23.9,43", 0),
    ],
)
def test_projects_follow_the_filter_language(api: Api, query: str, count: int):
    for slug, sector in (("a", "urban"), ("b", "urban"), ("c", "health")):
        project(slug, sector=sector)
    assert len(api.get(f"projects/?{query}").json()["features"]) == count


def test_projects_by_pages(api: Api):
    made = {project(f"p{n}").subject.reference for n in range(5)}
    found, address = [], "projects/?limit=2"
    while address:
        body = api.get(address).json()
        found += [feature["id"] for feature in body["features"]]
        address = body["next"].partition("/api/v1/")[2] if body["next"] else ""
    assert (len(found), set(found)) == (5, made)


@pytest.mark.parametrize("count", [1, 3, 300])
def test_projects_cost_the_same_however_many(api: Api, count: int):
    for number in range(count):
        project(f"p{number}")
    api.get("projects/?limit=1000")
    with CaptureQueriesContext(connection) as seen:
        body = api.get("projects/?limit=1000").json()
    assert (len(body["features"]), len(seen)) == (count, 1)


def test_areas_are_a_tree_with_outlines_if_wished(api: Api):
    plain = {area["slug"]: area for area in api.get("areas/").json()["areas"]}
    drawn = {area["slug"]: area for area in api.get("areas/?polygons=1").json()["areas"]}
    assert {slug: area["parent"] for slug, area in plain.items()} == {
        "levka-municipality": None, "levka": "levka-municipality", "dabrava": "levka-municipality",
    }  # fmt: skip
    assert {area["polygon"] for area in plain.values()} == {None}
    assert drawn["levka"]["polygon"]["type"] == "MultiPolygon"
    assert (plain["levka"]["code"], plain["levka"]["point"]) == ("00001", {"type": "Point", "coordinates": [23.6, 42.9]})
    assert set(plain["levka"]) == set(shapes.AreaFacts().fields)


def test_sectors_and_categories(api: Api):
    sectors = api.get("sectors/").json()["sectors"]
    categories = {row["slug"]: row for row in api.get("categories/").json()["categories"]}
    assert [sector["slug"] for sector in sectors] == ["urban", "health", "other"]
    assert set(sectors[0]) == set(shapes.SectorFacts().fields)
    assert set(categories["pothole"]) == set(category_shapes.CategoryFacts().fields)
    assert {slug: row["open"] for slug, row in categories.items() if not row["open"]} == {"closed": False, "staff-only": False}
    assert (categories["private"]["public"], categories["tree"]["photo"]) == (False, "required")


PATHS = ["reports/", "projects/", "areas/", "sectors/", "categories/", "session/"]


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_parameter_is_named(api: Api, path: str):
    answer = api.get(f"{path}?nonsense=1")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "nonsense")


def test_what_projects_and_areas_do_not_know_is_named(api: Api):
    names = {
        path: api.get(path).json()["parameter"] for path in ("projects/?kind=idea", "projects/?order=due", "areas/?polygons=2")
    }
    assert names == {"projects/?kind=idea": "kind", "projects/?order=due": "order", "areas/?polygons=2": "polygons"}


@pytest.mark.parametrize(
    "path", ["nothing/", "reports/1234567890/", "reports/x/", "reports/%F0%9F%95%B3/", "projects/1/", "drafts/x/photos/"]
)
def test_missing_is_a_problem_document(api: Api, path: str):
    answer = api.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", PATHS)
def test_other_methods_are_405(api: Api, path: str):
    for method in ("PUT", "PATCH", "DELETE"):
        answer = api._send(method, path, {})
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
        assert answer["Allow"]


def test_an_accept_header_that_we_cannot_serve_gets_json(api: Api):
    assert api.get("sectors/", Accept="application/xml").status_code == 200
