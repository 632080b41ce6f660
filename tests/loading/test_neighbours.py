"""The signs of the neighbouring municipalities: the nearest one is that of the place beyond the border."""

from __future__ import annotations

import pytest
import yaml
from django.conf import settings
from django.contrib.gis.geos import Point

from layers.models import Feature, Layer
from tests import factories

pytestmark = pytest.mark.django_db
TOWNS = {
    "pravets": [(42.8936, 23.9150)], "etropole": [(42.83, 24.00)], "gorna-malina": [(42.69, 23.70)], "elin-pelin": [(42.67, 23.60)],
    "stolichna": [(42.70, 23.32)], "svoge": [(42.96, 23.35)], "mezdra": [(43.14, 23.71)], "roman": [(43.15, 23.92)],
}  # fmt: skip
BEYOND_THE_BORDER = {
    "pravets": [(42.895, 23.876), (42.92, 23.867), (42.94, 23.867), (42.97, 23.85), (43.00, 23.857)],
    "etropole": [(42.83, 23.852), (42.845, 23.865)],
    "gorna-malina": [(42.795, 23.77), (42.793, 23.80)],
    "elin-pelin": [(42.82, 23.70), (42.835, 23.672)],
    "stolichna": [(42.90, 23.61), (42.89, 23.63)],
    "svoge": [(42.96, 23.58), (43.01, 23.573)],
    "mezdra": [(43.03, 23.69), (43.055, 23.735)],
    "roman": [(43.062, 23.82), (43.045, 23.86)],
}


@pytest.fixture
def signs() -> None:
    rows = yaml.safe_load((settings.BASE_DIR / "fixtures/botevgrad/layers.yaml").read_text())
    [own] = [row for row in rows if row["slug"] == "neighbours"]
    layer = Layer.objects.create(slug="neighbours", name=factories.texts("Съседи"), published=True)
    for row in own["features"]:
        Feature.objects.create(layer=layer, slug=row["slug"], name=row["name"], point=Point(*row["point"], srid=4326))


@pytest.mark.parametrize("places", [TOWNS, BEYOND_THE_BORDER], ids=["towns", "just beyond"])
def test_a_place_lies_towards_the_municipality_that_it_is_in(signs: None, places: dict[str, list[tuple[float, float]]]) -> None:
    found = {
        slug: [Feature.objects.neighbour(Point(lon, lat, srid=4326)).slug for lat, lon in several]
        for slug, several in places.items()
    }
    assert found == {slug: [slug] * len(several) for slug, several in places.items()}
