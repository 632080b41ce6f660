"""What is told one by one, and what the map stands on: alternatives, goals, organisations, figures, layers, places."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.v1 import place_shapes as shapes
from layers.models import Feature, Layer, Place
from municipality.models import Area, Organisation, Sector
from participation.actions.goal import set_goal
from reports.freshness import data_version
from tests import factories
from tests.api.client import Api
from tests.participation.compared import opened, own, prepared
from tests.participation.test_sectors import goal_facts, indicator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def place(slug: str, kind: str = "street", area: str = "levka", **fields: object) -> Place:
    return Place.objects.create(
        slug=slug, kind=kind, name=factories.texts(slug), area=Area.objects.get(slug=area), folded=slug, **fields
    )


def test_one_alternative_goal_figure_and_organisation_are_told_as_their_lists_tell_them(api: Api):
    by = factories.official()
    made, hidden = opened(by), prepared(by)
    told = api.get(f"comparisons/{made.subject.reference}/").json()["alternatives"]
    one = api.get(f"alternatives/{told[1]['id']}/")
    assert one["Content-Type"] == "application/geo+json"
    assert one.json() == {**told[1], "comparison": made.subject.reference}
    assert api.get(f"alternatives/{own(hidden)[0].subject.reference}/").status_code == 404
    goal = set_goal("shade", goal_facts(), sector=Sector.objects.get(slug="urban"))[0]
    assert [api.get(f"goals/{goal.subject.reference}/").json()] == api.get("goals/").json()["goals"]
    indicator(y2024=1, y2025=2)
    (figures,) = api.get("indicators/").json()["indicators"]
    assert api.get(f"indicators/{figures['slug']}/").json() == figures
    organisations = {each["slug"]: each for each in api.get("organisations/").json()["organisations"]}
    assert api.get("organisations/roads/").json() == organisations["roads"]
    Organisation.objects.filter(slug="wheels").update(active=False)
    missing = ("organisations/wheels/", "goals/none/", "indicators/none/", "alternatives/none/", "layers/none/", "places/none/")
    assert [api.get(path).status_code for path in missing] == [404] * 6


def test_layers_say_what_they_hold_and_where_it_is_read(api: Api):
    trees = Layer.objects.create(
        slug="trees", name=factories.texts("Дървета", "Trees"), popup=["kind"], licence="CC0", sector=Sector.objects.get(slug="urban")
    )  # fmt: skip
    for slug in ("oak", "lime"):
        Feature.objects.create(layer=trees, slug=slug, name=factories.texts(slug), point=Point(23.79, 42.9))
    Layer.objects.create(slug="secret", name=factories.texts("Тайно", "Secret"), published=False)
    Layer.objects.create(slug="events", name=factories.texts("Събития", "Events"))
    data_version.forget()
    with CaptureQueriesContext(connection) as queries:
        told = {each["slug"]: each for each in api.get("layers/").json()["layers"]}
    assert len(queries) == 3
    assert "secret" not in told
    one = told["trees"]
    assert set(one) == set(shapes.LayerFacts().fields)
    assert (one["points"], one["lines"], one["fields"], one["sector"], one["licence"]) == (2, 0, ["kind"], "urban", "CC0")
    for name in ("tiles", "collection"):
        assert api.client.get(one[name].removeprefix(settings.SITE_URL)).status_code == 200
    assert told["events"]["collection"] is None
    assert api.get("layers/trees/").json() == one
    assert api.get("layers/secret/").status_code == 404


def test_places_are_told_by_kind_and_area_page_by_page(api: Api):
    place("b-street", point=Point(23.79, 42.9), also=["Чаршията"])
    place("a-street", area="dabrava")
    place("post-1", "post", number="1")
    data_version.forget()
    with CaptureQueriesContext(connection) as queries:
        first = api.get("places/?kind=street&limit=1")
    assert len(queries) == 3
    (street,) = first.json()["places"]
    assert set(street) == set(shapes.PlaceFacts().fields)
    assert (street["slug"], street["area"], street["point"]) == ("a-street", "dabrava", None)
    following = first.json()["next"].partition("/api/v1/")[2]
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    second = api.get(following).json()
    assert ([each["slug"] for each in second["places"]], second["next"]) == (["b-street"], None)
    assert second["places"][0]["point"] == {"type": "Point", "coordinates": [23.79, 42.9]}
    assert [each["slug"] for each in api.get("places/?area=dabrava").json()["places"]] == ["a-street"]
    assert api.get("places/b-street/").json() == second["places"][0]
    wrong = (
        "kind=tree",
        "kind=",
        "area=none",
        "area=%00",
        "cursor=%00",
        "cursor=a~b",
        "cursor=",
        "limit=0",
        "limit=x",
        "q=a",
        "kind=post&kind=post",
    )
    assert [(api.get(f"places/?{query}").status_code, query) for query in wrong] == [(400, query) for query in wrong]
