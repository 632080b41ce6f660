"""`area=<layer>.<feature>`: what lies in a polygon of a layer; what has no place lies in none, and is not shown as if it did."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Polygon
from django.test import Client

from layers.models import Feature, Layer
from participation.actions.questions import ask
from participation.actions.survey import open_it
from participation.models import Policy
from tests import factories
from tests.participation import compared
from tests.participation import consultation_world as world
from tests.participation.asked import asked, prepared
from tests.participation.conftest import event
from tests.participation.test_policies import policy
from tests.participation.test_sectors import goal, indicator

pytestmark = pytest.mark.usefixtures("town")
LISTS = (
    ("/consultations/", "open"),
    ("/policies/", "branches"),
    ("/goals/", "goals"),
    ("/indicators/", "groups"),
    ("/search/", "cards"),
)


def test_lists_honour_a_polygon_of_a_layer() -> None:
    layer = Layer.objects.create(slug="plan", name=factories.texts("План", "Plan"), areas=True)
    for slug, box in (("in", (23.55, 42.85, 23.61, 42.91)), ("far", (23.9, 42.7, 23.95, 42.75))):
        Feature.objects.create(layer=layer, slug=slug, name=factories.texts(slug), polygon=factories.box(*box))
    world.opened(kind="call", within=world.within(), title="Покана за парка")
    world.opened(title="Навсякъде")
    event(), policy(), goal(), indicator()
    compared.opened(), Policy.objects.update(point=compared.SPOT)
    vision = prepared(by := factories.official(), ("point",))
    ask(vision.pk, asked(kind="area", area=Polygon.from_bbox((23.56, 42.86, 23.6, 42.9))), by=by)
    open_it(vision.pk, by=by)
    found = {
        zone: [len(Client().get(page, {"area": f"plan.{zone}"}).context[name]) for page, name in LISTS]
        for zone in ("in", "far")
    }
    assert found == {"in": [1, 1, 0, 0, 5], "far": [0, 0, 0, 0, 0]}
    assert [len(Client().get(page).context[name]) for page, name in LISTS[:4]] == [2, 1, 1, 1]
    pins = {
        zone: Client().get("/map.json", {"bbox": "23.5,42.8,23.8,43.0", "zoom": "15", "area": f"plan.{zone}"}).json()
        for zone in ("in", "far")
    }
    assert {zone: [pin["kind"] for pin in told["pins"]].count("survey") for zone, told in pins.items()} == {"in": 1, "far": 0}
