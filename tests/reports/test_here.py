"""Groups of the map have names, and where nothing can be parted their list opens: the same reports, one for one."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from discussion.models import Subject
from layers.models import Project
from municipality.models import Area, Sector
from reports.freshness import data_version
from reports.models import Report
from reports.wording import group_name
from tests import factories

pytestmark = pytest.mark.django_db
PLACE = (23.6, 42.9)
NEAR = {"bbox": "23.599,42.899,23.601,42.901", "zoom": 18}


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def group(**query: Any) -> dict[str, Any]:
    [found] = json.loads(Client().get("/map.json", {**NEAR, **query}).content)["clusters"]
    return found


def late(number: int) -> None:
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    chosen = Report.objects.order_by("pk").values("pk")[:number]
    Report.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).update(answer_due=yesterday)


def planned() -> None:
    subject = Subject.objects.create(
        kind="project", title="Парк", language="bg", is_public=True, sector=Sector.objects.get(slug="urban"),
        area=Area.objects.get(slug="levka"),
    )  # fmt: skip
    Project.objects.create(
        subject=subject, slug="park", title=factories.texts("Парк", "Park"), stage="under_way", point=Point(*PLACE, srid=4326)
    )


@pytest.mark.parametrize(
    ("counts", "bulgarian", "english"),
    [
        ((42, 0, 5), "42 сигнала и идеи, 5 просрочени", "42 reports and ideas, 5 late"),
        ((1, 1, 1), "2: 1 сигнал или идея, 1 планиран проект, 1 просрочен", "2: 1 report or idea, 1 planned project, 1 late"),
        ((18_948, 0, 1_200), "18\u00a0948 сигнала и идеи, 1\u00a0200 просрочени", "18,948 reports and ideas, 1,200 late"),
        ((0, 2, 0), "2 планирани проекта", "2 planned projects"),
    ],
)
def test_a_group_is_called_what_it_holds(counts: tuple[int, int, int], bulgarian: str, english: str) -> None:
    with override("bg"):
        assert group_name(*counts) == bulgarian
    with override("en"):
        assert group_name(*counts) == english


def test_a_groups_name_counts_its_projects_apart_and_its_late_ones() -> None:
    factories.reports(4, at_point=PLACE)
    late(2)
    planned()
    found = group()
    assert (found["count"], found["coincide"]) == (5, True)
    assert found["name"] == "5: 4 сигнала и идеи, 1 планиран проект, 2 просрочени"


def test_the_list_of_a_place_is_all_that_stands_there_and_nothing_else() -> None:
    stacked = factories.reports(12, at_point=PLACE)
    factories.report(at_point=(23.60001, 42.9))
    planned()
    box = next(
        each["here"]
        for each in json.loads(Client().get("/map.json", {**NEAR, "zoom": 19}).content)["clusters"]
        if each["count"] >= 13
    )
    answer = Client().get("/map/here/", {"bbox": box}).content.decode()
    references = set(re.findall(r'data-ref="(\d{10})"', answer))
    assert references >= {report.subject.reference for report in stacked}
    exact = group(kind="problem", bbox="23.5999999,42.8999999,23.600005,42.9000001")
    assert exact["coincide"]
    answer = Client().get("/map/here/", {"bbox": exact["here"], "kind": "problem"}).content.decode()
    assert set(re.findall(r'data-ref="(\d{10})"', answer)) == {report.subject.reference for report in stacked}
    assert "На това място: 12 сигнала и идеи" in answer


def test_the_list_of_a_place_keeps_the_filters_and_leads_to_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.here.MOST", 3)
    factories.reports(5, at_point=PLACE)
    factories.report(category="park-idea", at_point=PLACE)
    box = group(kind="problem")["here"]
    answer = Client().get("/map/here/", {"bbox": box, "kind": "problem"}).content.decode()
    assert answer.count("data-ref=") == 3
    assert "Всички 5 в списъка" in answer
    address = re.search(r'href="(/reports/\?[^"]+)"', answer)
    assert address is not None
    listed = Client().get(address[1].replace("&amp;", "&")).content.decode()
    assert len(set(re.findall(r'href="/reports/(\d{10})/"', listed))) == 5


def test_what_stands_in_a_wide_box_is_counted_so_far_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the table holds: no statement counts more than MOST_COUNTED rows and one."""
    monkeypatch.setattr("reports.here.MOST", 1)
    monkeypatch.setattr("reports.here.MOST_COUNTED", 3, raising=False)
    factories.reports(3, at_point=PLACE)
    late(2)
    world = {"bbox": "-180,-85,180,85.1"}

    def said() -> str:
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get("/map/here/", world).content.decode()
        counts = [query["sql"] for query in asked if "COUNT(" in query["sql"]]
        assert all("LIMIT 4" in sql for sql in counts), counts
        assert len(counts) == 1
        return answer

    assert "На това място: 3 сигнала и идеи, 2 просрочени" in said()
    factories.reports(2, at_point=PLACE)
    data_version.forget()
    answer = said()
    assert "На това място: 3+ сигнала и идеи<" in answer
    assert "Всички 3+ в списъка" in answer


def test_hidden_and_restricted_reports_are_not_in_the_list_of_a_place() -> None:
    factories.reports(2, at_point=PLACE)
    secret = factories.report(at_point=PLACE, restricted=True)
    box = group()["here"]
    answer = Client().get("/map/here/", {"bbox": box}).content.decode()
    assert answer.count("data-ref=") == 2
    assert secret.subject.reference not in answer


@pytest.mark.parametrize("query", [{}, {"bbox": "nan,1,2,3"}, {"bbox": "1,1,0,0"}, {"kind": "stone"}])
def test_a_list_without_a_place_is_refused(query: dict[str, str]) -> None:
    assert Client().get("/map/here/", query).status_code == 400
