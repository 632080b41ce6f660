"""Comparisons for programs."""

from __future__ import annotations

import pytest
from django.test import Client

from participation.actions import alternative as variants
from participation.actions import comparison as actions
from tests import factories
from tests.participation.compared import LAT, LON, opened, over, own, prepared, sent

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def town(db):
    return factories.town()


def test_one_is_told_with_its_alternatives_as_geojson_and_what_they_would_mean():
    by = factories.official()
    made = opened(by)
    waiting, shown = sent(made), sent(made)
    variants.publish(shown.pk, by=factories.moderator())
    told = Client().get(f"/api/v1/comparisons/{made.subject.reference}/").json()
    assert (told["status"], told["takes_part"], told["preferred"], told["why"]) == ("open", True, None, None)
    facts = [(each["properties"]["code"], each["geometry"]["type"]) for each in told["alternatives"]]
    assert facts == [("a", "MultiLineString"), ("b", "MultiPolygon"), ("1", "MultiPoint")]
    first, second, third = (each["properties"] for each in told["alternatives"])
    assert first["effects"]["length_m"] == pytest.approx(816.7, abs=1)
    assert (first["effects"]["area_m2"], first["cost_from"], second["cost_to"]) == (None, None, 2000)
    assert (third["by"], third["stances"]) == ("жител", {"for": 0, "neutral": 0, "against": 0})
    assert waiting.subject.reference not in str(told)
    page = Client().get(f"/api/v1/comparisons/{made.subject.reference}/?cursor=1~{shown.pk}").json()
    assert (page["alternatives"], page["next"], told["next"]) == ([], None, None)
    assert Client().get(f"/api/v1/comparisons/{made.subject.reference}/?cursor=b").status_code == 400
    variants.withdraw(shown.pk, by=shown.author, text="Не е нужен.")
    left = Client().get(f"/api/v1/comparisons/{made.subject.reference}/").json()["alternatives"]
    assert [each["properties"]["code"] for each in left] == ["a", "b"]
    chosen = own(made)[1]
    over(made)
    actions.decide(made.pk, chosen, by=by, text="Така.", language="bg")
    told = Client().get(f"/api/v1/comparisons/{made.subject.reference}/").json()
    assert (told["preferred"], told["why"]) == (chosen.subject.reference, {"bg": "Така."})


def test_the_list_is_filtered_and_tells_of_no_draft():
    by = factories.official()
    made = opened(by)
    prepared(by)
    (found,) = Client().get("/api/v1/comparisons/?sector=urban").json()["features"]
    assert found["id"] == made.subject.reference
    assert found["geometry"]["coordinates"][1] == pytest.approx(LAT, abs=0.003)
    near = f"{LON - 0.01},{LAT - 0.01},{LON + 0.02},{LAT + 0.01}"
    queries = (f"bbox={near}", "sector=health", "bbox=23.9,43,24,43.1")
    sizes = [len(Client().get(f"/api/v1/comparisons/?{query}").json()["features"]) for query in queries]
    assert sizes == [1, 0, 0]
    assert Client().get("/api/v1/comparisons/?overdue=1").status_code == 400
