"""Planned projects are written by one verb."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.gis.geos import Point

from discussion.models import Subject
from discussion.search import query
from layers.actions import keep_project
from layers.models import Project
from municipality.models import Area, Sector
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town():
    return factories.town()


def keep(**more) -> tuple[Project, bool]:
    facts = {"title": factories.texts("Нов мост", "New bridge"), "stage": "design", "point": Point(23.6, 42.9, srid=4326)}
    sectors = {sector.slug: sector for sector in Sector.objects.all()}
    given = {
        "sector": sectors["urban"], "further_sectors": [sectors["health"]], "root": Area.objects.root(),
        "areas": [Area.objects.get(slug="levka")],
        "milestones": [{"name": factories.texts("Договор"), "due_on": datetime.date(2027, 1, 5)}],
    }  # fmt: skip
    return keep_project("bridge", {**facts, **more.pop("facts", {})}, **{**given, **more})


def test_project_is_public_found_and_stands_in_its_area():
    project, new = keep()
    assert new
    assert list(Project.objects.visible_to(None)) == [project]
    assert (project.subject.kind, project.subject.title, project.subject.area.slug) == ("project", "Нов мост", "levka")
    assert [sector.slug for sector in project.subject.further_sectors.all()] == ["health"]
    for words in ("мостът", "bridge"):
        assert Subject.objects.filter(search=query(words)).count() == 1, words


def test_kept_again_it_is_the_same_project_with_new_facts():
    first, _new = keep()
    both = list(Area.objects.settlements())
    second, new = keep(facts={"stage": "done", "title": factories.texts("Мостът")}, areas=both, milestones=[])
    assert (new, second.pk) == (False, first.pk)
    project = Project.objects.get()
    assert (project.stage, project.subject.title, project.subject.area) == ("done", "Мостът", Area.objects.root())
    assert (list(project.areas.all()), project.milestones.count()) == (both, 0)
