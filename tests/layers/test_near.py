"""What stands near a report: which street, house and landmark, written with it, renewed with its place, found, exported, filled in."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from discussion.models import Subject
from discussion.search import query
from layers.folding import folded
from layers.models import Place
from layers.near import near
from municipality.models import Area
from reports import actions
from reports.actions.nearness import fill_near
from reports.freshness import data_version
from reports.models import Report
from tests import factories

LON, LAT = factories.CENTRE


def at(x: float, y: float) -> Point:
    """Metres east and north of the town's centre, nearly."""
    return Point(LON + x / 81_500, LAT + y / 111_100)


@pytest.fixture
def town(db, django_assert_num_queries):
    factories.town()
    home = Area.objects.get(slug="levka")

    def place(slug, kind, name, **more):
        made = {"name": factories.texts(*name), "folded": folded(name[0]), "area": home, "source": "osm", **more}
        return Place.objects.create(slug=slug, kind=kind, **made)

    def street(*ends):
        return MultiLineString(LineString(*[at(*end) for end in ends]))

    gurko = place("gurko", "street", ("ул. Гурко", "Gurko Street"), line=street((-500, 0), (500, 0)))
    rila = place("rila", "street", ("ул. Рила", "Rila Street"), line=street((0, 60), (0, 900)))
    place("g12", "house", ("", ""), number="12", street=gurko, point=at(100, 20))
    place("r1", "house", ("", ""), number="1", street=rila, point=at(102, 21))
    place("library", "landmark", ("Читалище", "Library"), point=at(100, 140))
    place("vague", "landmark", ("Някъде", "Somewhere"), point=at(100, 1), approximate=True)
    return home


def test_the_nearest_of_each_and_nothing_that_is_far(town, django_assert_num_queries):
    asked = ((100, 5), (300, 5), (-300, 250), (0, 500), (3000, 3000), (100, 100))
    with django_assert_num_queries(len(asked)):
        found = [near(at(*position)) for position in asked]
    assert [texts.get("bg", "") for texts in found] == [
        "до ул. Гурко 12, при Читалище", "до ул. Гурко", "до ул. Гурко", "до ул. Рила", "", "до ул. Гурко, при Читалище",
    ]  # fmt: skip
    assert (found[0]["en"], found[4], near(None)) == ("by Gurko Street 12, near Library", {}, {})


def listed(words: str) -> list[str]:
    return list(Subject.objects.filter(search=query(words)).values_list("title", flat=True))


def test_a_report_keeps_it_renews_it_is_found_by_it_and_shows_it_everywhere(town):
    official = factories.official()
    report = factories.report(title="Дупка", point=at(100, 5))
    assert report.near == {"bg": "до ул. Гурко 12, при Читалище", "en": "by Gurko Street 12, near Library"}
    assert listed("гурко 12") == listed("library") == ["Дупка"]
    page = Client().get(reverse("report", args=[report.subject.reference])).content.decode()
    assert "до ул. Гурко 12, при Читалище" in page
    told = Client().get(f"/api/v1/reports/{report.subject.reference}/").json()
    assert told["near"] == "до ул. Гурко 12, при Читалище"
    assert [row["properties"]["near"] for row in Client().get("/api/v1/reports/").json()["features"]] == [
        "до ул. Гурко 12, при Читалище"
    ]
    one = Client().get("/ogc/collections/reports/items?f=json").json()["features"][0]["properties"]
    assert (one["near_bg"], one["near_en"]) == (report.near["bg"], report.near["en"])
    client = Client()
    client.force_login(official)
    sheet = b"".join(client.get(reverse("desk_csv")).streaming_content).decode("utf-8-sig")
    assert [row[4] for row in csv.reader(io.StringIO(sheet))] == ["Какво има наблизо", "до ул. Гурко 12, при Читалище"]

    actions.relocate(report.pk, point=at(0, 500), by=official)
    report.refresh_from_db()
    assert (report.near["bg"], listed("гурко"), listed("рила")) == ("до ул. Рила", [], ["Дупка"])


def test_reports_of_before_are_filled_in_and_all_anew_after_a_new_gazetteer(town):
    first, wide = factories.report(title="Дупка", point=at(100, 5)), factories.report(title="Далече", point=at(100, 5))
    Report.objects.update(near=None)
    Report.objects.filter(pk=wide.pk).update(approximate=True)
    assert (fill_near(), fill_near()) == (max(first.pk, wide.pk), None)
    assert dict(Report.objects.values_list("pk", "near__bg")) == {first.pk: "до ул. Гурко 12, при Читалище", wide.pk: None}
    Place.objects.filter(slug="library").delete()
    data_version.forget()
    asked = Client().get("/api/v1/reports/")
    call_command("fill_near")
    data_version.forget()
    assert Client().get("/api/v1/reports/")["ETag"] == asked["ETag"]  # nobody was looked at anew
    assert Report.objects.get(pk=first.pk).near["bg"] == "до ул. Гурко 12, при Читалище"
    call_command("fill_near", all=True)
    data_version.forget()
    again = Client().get("/api/v1/reports/", headers={"If-None-Match": asked["ETag"]})
    assert [each["properties"]["near"] for each in again.json()["features"]] == ["", "до ул. Гурко 12"]
    assert Report.objects.get(pk=first.pk).near["bg"] == "до ул. Гурко 12"
    assert listed("читалище") == []
