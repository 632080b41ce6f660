"""OGC API – Features, Part 2 (18-058r1): coordinate systems and the order of their numbers, at a point that is known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from geoportal.kernel.geometry import GeometryRefused
from geoportal.kernel.systems import SYSTEMS, number
from layers.models import Feature, Layer
from reports.freshness import data_version
from tests import factories
from tests.api.test_ogc_core import ITEMS, body, names

pytestmark = pytest.mark.django_db
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
KNOWN = {
    CRS84: (23.6, 42.9),
    f"{EPSG}4326": (42.9, 23.6),
    f"{EPSG}3857": (2627139.98, 5296763.19),
    f"{EPSG}7801": (4753352.68, 344843.41),
    f"{EPSG}32634": (712270.52, 4752989.77),
    f"{EPSG}32635": (222410.45, 4755320.08),
}
"""The centre of Левка as each system writes it: to the north first in EPSG:4326 and EPSG:7801. Reckoned by PROJ (pyogrio's), not by PostGIS."""


def _box(system: str, around: float) -> str:
    first, second = KNOWN[system]
    step = around if SYSTEMS[system].srid != 4326 else around / 100_000
    return f"{first - step},{second - step},{first + step},{second + step}"


def test_a_known_point_is_where_each_system_puts_it_and_is_found_there() -> None:
    """/req/core/crs84, fc-bbox-response; /req/crs/crs-uri, fc-md-crs-list, fc-md-crs-list-global, fc-md-storageCrs,
    fc-md-storageCrs-valid-value, fc-crs-definition, fc-crs-default-value, fc-crs-action, fc-bbox-crs-default-value,
    ogc-crs-header, ogc-crs-header-value,
    fc-bbox-crs-definition, fc-bbox-crs-action, geojson."""
    factories.town()
    report = factories.report()
    factories.report(at_point=(23.62, 42.9))
    meta = body("/ogc/collections/reports")
    assert (meta["crs"], meta["storageCrs"]) == (list(KNOWN), CRS84)
    assert list(SYSTEMS) == list(KNOWN)
    for system, (first, second) in KNOWN.items():
        answer = Client().get(ITEMS, {"crs": system, "limit": 1})
        assert answer["Content-Crs"] == f"<{system}>"
        shape = json.loads(answer.content)["features"][0]["geometry"]
        within = 1e-6 if SYSTEMS[system].srid == 4326 else 0.05
        assert shape["coordinates"] == pytest.approx([first, second], abs=within), system
        one = Client().get(f"{ITEMS}/{report.subject.reference}", {"crs": system})
        assert (one["Content-Crs"], json.loads(one.content)["geometry"]) == (f"<{system}>", shape)
        near = {"bbox": _box(system, 20), "bbox-crs": system}
        assert [each["id"] for each in json.loads(Client().get(ITEMS, near).content)["features"]] == [report.subject.reference]
        across = {"filter": f"S_INTERSECTS(geometry, BBOX({_box(system, 20)}))", "filter-crs": system}
        assert [each["id"] for each in json.loads(Client().get(ITEMS, across).content)["features"]] == [
            report.subject.reference
        ]
    assert names(f"{ITEMS}?bbox=23.59,42.89,0,23.61,42.91,100") == [report.subject.reference]
    assert len(names(f"{ITEMS}?bbox=23.61,42.8,-170,43.1")) == 1  # from there eastwards across the 180th meridian


def test_numbers_that_a_system_does_not_know_are_refused() -> None:
    factories.town()
    wrong = {
        f"{EPSG}4326": ["91,23,92,24", "42,181,43,182", "43,23,42,24"], f"{EPSG}32635": ["-5,0,1,1", "0,0,1e9,1", "300000,1,200000,2", "nan,0,1,1"],
        f"{EPSG}3857": ["0,0,3e7,1", "inf,0,1,1"], f"{EPSG}7801": ["0,0,1,1", "4752797,344909,4752798"],
    }  # fmt: skip
    for system, boxes in wrong.items():
        for box in boxes:
            answer = Client().get(ITEMS, {"bbox": box, "bbox-crs": system})
            assert (answer.status_code, json.loads(answer.content)["parameter"]) == (400, "bbox"), box
    alone = Client().get(ITEMS, {"bbox-crs": CRS84})
    assert (alone.status_code, json.loads(alone.content)["parameter"]) == (400, "bbox-crs")
    for text in ("１", "1_0", "0x1", "1,5", " ", "--1", "1e", "9" * 41):
        with pytest.raises(GeometryRefused):
            number(text)


def test_what_a_system_does_not_hold_has_no_place_in_it() -> None:
    """A layer of the whole world: what lies far away is no error of the server."""
    factories.town()
    layer = Layer.objects.create(slug="world", name=factories.texts("Свят", "World"))
    for slug, lon, lat in (("here", 23.6, 42.9), ("far", -120.0, -50.0), ("pole", 0.0, 90.0)):
        Feature.objects.create(layer=layer, slug=slug, name=factories.texts(slug), point=Point(lon, lat))
    for system in KNOWN:
        answer = Client().get("/ogc/collections/world/items", {"crs": system})
        placed = {each["id"]: each["geometry"] is not None for each in json.loads(answer.content)["features"]}
        far = SYSTEMS[system].srid in (4326, 3857)
        assert placed == {"here": True, "far": far, "pole": SYSTEMS[system].srid == 4326}, system


def test_a_box_in_metres_costs_one_question_more() -> None:
    factories.town()
    factories.report()
    asked: dict[str, Any] = {}
    data_version()
    for system in (CRS84, f"{EPSG}32634"):
        with CaptureQueriesContext(connection) as found:
            assert Client().get(ITEMS, {"bbox": _box(system, 20), "bbox-crs": system, "crs": system}).status_code == 200
        asked[system] = len(found)
    assert list(asked.values()) == [2, 3]
