"""Areas by the polygons of a layer: the zones of a plan beside settlements and quarters."""

from __future__ import annotations

import pytest
from django.test import Client

from layers.models import Feature, Layer
from reports.planning.areas import answer
from reports.planning.divisions import divisions, levels
from tests import factories
from tests.reports.planning.town import Row, ask, fill

pytestmark = pytest.mark.django_db
FRAMES = {"west": (23.55, 42.85, 23.65, 42.95), "east": (23.64, 42.85, 23.75, 42.95)}


@pytest.fixture
def planner():
    factories.town()
    layer = Layer.objects.create(slug="plan", name=factories.texts("План", "Plan"), areas=True)
    for slug, frame in FRAMES.items():
        Feature.objects.create(
            layer=layer, slug=slug, name=factories.texts(f"Зона {slug}", slug), polygon=factories.box(*frame)
        )
    places = [(23.6, 42.9)] * 7 + [(23.7, 42.9)] * 6 + [(23.645, 42.9)] * 2 + [(23.9, 42.9)] * 9 + [None] * 5
    fill([Row(place=place, category="pothole" if place else "park-idea") for place in places])
    return factories.planner()


def test_a_report_counts_once_in_the_first_polygon_that_holds_it(planner):
    result = answer(ask("analysis=areas&by=layer.plan", planner))
    assert {row["area"]: row["n"] for row in result.rows} == {
        "Зона west": 9, "Зона east": 6, "другаде в общината": 14,
    }  # fmt: skip
    west = next(row for row in result.rows if row["area"] == "Зона west")
    assert west["url"] == "?analysis=areas&area=plan.west&by=layer.plan"
    assert west["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert "rate" not in {column.key for column in result.columns}
    assert "по първото от тях" in result.method


def test_one_zone_is_not_compared_with_the_others(planner):
    result = answer(ask("analysis=areas&by=layer.plan&area=plan.east", planner))
    assert {row["area"]: row["n"] for row in result.rows} == {"Зона east": 8}


def test_only_published_layers_of_areas_divide_and_nobody_counts_people_in_them(planner):
    assert ("layer.plan", "План") in divisions()
    assert not [name for name, _label in levels() if name.startswith("layer")]
    Layer.objects.update(published=False)
    assert "layer.plan" not in dict(divisions())


def test_the_filter_offers_the_zones(planner):
    client = Client()
    client.force_login(planner, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/planning/?analysis=areas&by=layer.plan").content.decode()
    assert '<option value="plan.west">План: Зона west</option>' in page
    assert '<option value="layer.plan" selected>План</option>' in page
