"""Planned projects: what the source says, „няма данни“ where it is silent, the reports around."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from discussion.models import Subject
from layers import facts
from layers.models import Milestone, Project
from municipality.models import Area, Sector
from reports.freshness import data_version
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()
    cache.clear()
    data_version.forget()


def project(slug: str = "path", *, public: bool = True, area: str = "levka", **fields: Any) -> Project:
    subject = Subject.objects.create(
        kind="project", title=slug, language="bg", sector=Sector.objects.get(slug="urban"), area=Area.objects.get(slug=area),
        is_public=public,
    )  # fmt: skip
    facts_ = {"stage": "design", "title": factories.texts("Алея", "Path"), **fields}
    return Project.objects.create(subject=subject, slug=slug, **facts_)


def page(made: Project, prefix: str = "") -> Any:
    return Client().get(f"{prefix}/projects/{made.subject.reference}/")


def test_where_the_source_is_silent_the_page_says_so():
    made = project()
    with override("en"):
        context = page(made, "/en").context
    assert context["money"] == {
        "amount": "no data", "known": False, "note": "", "funding": "no data", "spent": "", "percent": None,
    }  # fmt: skip
    assert context["as_of"] == ""
    assert page(made, "/en").content.decode().count("no data") >= 4


def test_sums_stand_as_the_source_gave_them_with_the_year_beside():
    made = project(amount="164501.86", currency="BGN", amount_note=factories.texts("без ДДС", "without VAT"), as_of_year=2023)
    context = page(made).context
    assert context["money"]["amount"].replace("\u00a0", " ") == "164 501,86 лв."
    assert context["money"]["note"] == "без ДДС"
    assert "2023" in context["as_of"]
    assert "2.023" not in page(made).content.decode()
    assert "2 023" not in page(made).content.decode().replace("\u00a0", " ")


def test_what_was_paid_is_a_share_of_the_sum():
    assert page(project(amount="84108", spent="31200", currency="EUR")).context["money"]["percent"] == 37


@pytest.mark.parametrize(
    ("stage", "states"),
    [
        ("idea", ["now", "next", "next", "next", "next"]),
        ("discussion", ["now", "next", "next", "next", "next"]),
        ("design", ["unknown", "now", "next", "next", "next"]),
        ("funding", ["unknown", "unknown", "now", "next", "next"]),
        ("tender", ["unknown", "unknown", "now", "next", "next"]),
        ("under_way", ["unknown", "unknown", "unknown", "now", "next"]),
        ("done", ["unknown", "unknown", "unknown", "unknown", "was"]),
    ],
)
def test_five_steps_show_the_stage_and_nothing_that_no_source_told(stage: str, states: list[str]):
    made = facts.steps(project(stage=stage))
    assert [step.state for step in made] == states
    assert {(step.mark, *step.words) for step in made if step.state == "unknown"} <= {("next", "няма данни")}


def test_the_years_of_the_works_stand_at_the_works_and_never_at_the_idea():
    made = facts.steps(project(stage="under_way", starts_year=2013, ends_year=2014, as_of_year=2013))
    assert [step.words for step in made] == [
        ["няма данни"], ["няма данни"], ["няма данни"], ["Изпълнява се", "към 2013 г.", "от 2013 г."], ["до 2014 г."],
    ]  # fmt: skip


def test_steps_before_are_done_where_milestones_tell_it():
    made = project(stage="tender")
    for order, name in enumerate(("Места", "Проект")):
        Milestone.objects.create(project=made, order=order, name=factories.texts(name), done_on=datetime.date(2026, 9, 14))
    assert [step.state for step in facts.steps(made)] == ["was", "was", "now", "next", "next"]


def test_a_stopped_project_stands_at_no_step():
    response = page(project(stage="stopped"))
    assert response.context["stopped"] is True
    assert 'aria-current="step"' not in response.content.decode()


def test_milestones_have_their_dates():
    made = project()
    Milestone.objects.create(project=made, order=1, name=factories.texts("Договор"), done_on=datetime.date(2026, 9, 14))
    Milestone.objects.create(project=made, order=2, name=factories.texts("Строеж"), due_on=datetime.date(2027, 6, 1))
    Milestone.objects.create(project=made, order=3, name=factories.texts("Откриване"))
    with override("en"):
        rows = page(made, "/en").context["milestones"]
    assert [(row["state"], row["words"]) for row in rows] == [
        ("was", "done on 14.09.2026"), ("next", "planned for 01.06.2027"), ("next", "no date is known"),
    ]  # fmt: skip


def test_labels_tell_what_is_approximate_and_what_is_invented():
    html = page(project(example=True, approximate=True, point=Point(23.6, 42.9, srid=4326)), "/en").content.decode()
    assert "This project is invented" in html
    assert "The place is invented, as the project is." in html
    assert "the words of the source" not in html
    real = page(project("real", approximate=True, point=Point(23.6, 42.9, srid=4326)), "/en").content.decode()
    assert "The shape on the map is approximate" in real
    plain = page(project("other", approximate=False, point=Point(23.6, 42.9, srid=4326)), "/en").content.decode()
    assert "invented" not in plain
    assert "is approximate" not in plain


def test_reports_near_the_shape_are_named_nearest_first():
    line = MultiLineString(LineString((23.60, 42.90), (23.64, 42.90)), srid=4326)
    made = project(line=line, point=Point(23.60, 42.90, srid=4326))
    factories.report(title="При края", at_point=(23.64, 42.9018))
    factories.report(title="На алеята", at_point=(23.62, 42.90))
    factories.report(title="Далеч", at_point=(23.62, 42.91))
    factories.report(title="Скрит", at_point=(23.62, 42.90), restricted=True)
    near = page(made, "/en").context["near"]
    assert [item["title"] for item in near] == ["На алеята", "При края"]
    assert near[0]["place"].endswith("on its ground")
    assert near[1]["place"].endswith("200 m away")


def test_a_project_without_a_place_says_so():
    response = page(project(), "/en")
    assert (response.context["near"], response.context["map_query"]) == ([], "")
    assert "does not say where" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_many(count: int):
    for number in range(count):
        project(f"p{number}")
    Client().get("/projects/")
    data_version.forget()
    with CaptureQueriesContext(connection) as seen:
        response = Client().get("/projects/")
    assert len(response.context["cards"]) == count
    assert len(seen) == 2


def test_the_list_is_filtered_by_stage_sector_and_area():
    project("a", stage="done")
    project("b", area="dabrava")

    def found(query: str) -> int:
        return len(Client().get(f"/projects/?{query}").context["cards"])

    queries = ["", "stage=done", "sector=health", "area=dabrava", "area=levka-municipality", "stage=x"]
    assert [found(query) for query in queries] == [2, 1, 0, 1, 2, 2]


def test_what_is_not_public_is_missing():
    made = project(public=False)
    assert page(made).status_code == 404
    assert Client().get("/projects/").context["cards"] == []
    assert Client().get("/projects/1234567890/").status_code == 404


@pytest.mark.parametrize("level", ["inform", "consult", "decide"])
def test_the_level_of_participation_is_told(level: str):
    name, words = facts.PARTICIPATION[level]
    html = page(project(participation=level), "/en").content.decode()
    with override("en"):
        assert str(name) in html
        assert str(words) in html
