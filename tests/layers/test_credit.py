"""Whom names of places are owed to: said wherever they are shown while the gazetteer holds names of OpenStreetMap, and nowhere else."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import LineString, MultiLineString
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from api.open311 import extended
from api.open311 import requests as requested
from api.open_data import datasets
from layers.actions import new_edition
from layers.credit import TEXT, URL
from layers.folding import folded
from layers.models import Place
from municipality.models import Area
from reports import my_copy
from reports.models import Report
from tests import factories

NEAR = {"bg": "до ул. Гурко", "en": "by Gurko Street"}
LON, LAT = factories.CENTRE


@pytest.fixture
def report(db) -> Report:
    factories.town()
    home = Area.objects.get(slug="levka")
    Place.objects.create(
        slug="gurko", kind="street", area=home, name=factories.texts("ул. Гурко", "Gurko Street"), folded=folded("ул. Гурко"),
        line=MultiLineString(LineString((LON - 0.001, LAT), (LON + 0.001, LAT))), source="osm",
    )  # fmt: skip
    return factories.report(title="Дупка")


def told(report: Report) -> dict[str, bool]:
    """Where the credit is read."""
    client = Client()
    official = Client()
    official.force_login(factories.official())
    row = requested.rows(Report.objects.filter(pk=report.pk)).get()
    reference = report.subject.reference
    ogc = client.get("/ogc/collections/reports/schema?f=json").json()["properties"]["near_bg"]["title"]
    place = client.get("/api/v1/places/gurko/").json()
    return {
        "page": URL in client.get(reverse("report", args=[reference])).content.decode(),
        "desk": URL in official.get(reverse("desk_report", args=[reference])).content.decode(),
        "found": (client.get("/places/", {"q": "гурко"}).json()["credit"] or {}).get("text") == TEXT,
        "nothing found": client.get("/places/", {"q": "няматакова"}).json()["credit"] is not None,
        "search": URL in client.get("/search/", {"q": f"{LAT:.5f}, {LON:.5f}"}).content.decode(),
        "ogc": URL in ogc,
        "open data": URL in str(next(each for each in datasets.known() if each.id == "reports").description),
        "open311": extended.extensions([row])[row.pk]["extended_attributes"]["near_credit"] == TEXT,
        "rest": place["credit"] == TEXT,
    }


def test_names_of_openstreetmap_are_credited_wherever_they_are_shown_and_no_others(report):
    where = told(report)
    assert where == {**dict.fromkeys(where, True), "nothing found": False}
    Place.objects.update(source="")
    new_edition()
    cache.clear()
    assert told(report) == dict.fromkeys(where, False)


def test_what_stands_near_is_in_the_persons_copy_and_in_open311(report):
    row = requested.rows(Report.objects.filter(pk=report.pk)).get()
    assert extended.extensions([row])[row.pk]["extended_attributes"]["near"] == NEAR["bg"]
    assert my_copy._report_copy(report, [])["near"] == NEAR
    Report.objects.filter(pk=report.pk).update(near={})
    assert my_copy._report_copy(Report.objects.get(pk=report.pk), [])["near"] == {}
    bare = extended.extensions([requested.rows(Report.objects.filter(pk=report.pk)).get()])[report.pk]["extended_attributes"]
    assert (bare["near"], bare["near_credit"]) == (None, None)
