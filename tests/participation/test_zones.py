"""`area=<layer>.<feature>`: what lies in a polygon of a layer; what has no place lies in none, and is not shown as if it did."""

from __future__ import annotations

import pytest
from django.test import Client

from layers.models import Feature, Layer
from participation.models import Policy
from tests import factories
from tests.participation import compared
from tests.participation import consultation_world as world
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
    found = {
        zone: [len(Client().get(page, {"area": f"plan.{zone}"}).context[name]) for page, name in LISTS]
        for zone in ("in", "far")
    }
    assert found == {"in": [1, 1, 0, 0, 4], "far": [0, 0, 0, 0, 0]}
    assert [len(Client().get(page).context[name]) for page, name in LISTS[:4]] == [2, 1, 1, 1]
