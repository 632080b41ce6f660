"""Every list of the API is read alike: the same parameters, the same envelope, the same refusals, each row once to the end."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from api.authentication import issue
from layers.models import Layer, Place
from municipality.models import Area
from reports.freshness import data_version
from reports.parameters import MOST
from tests import factories
from tests.api.client import Api
from tests.participation.asked import opened
from tests.participation.conftest import event
from tests.participation.test_people import public
from tests.participation.test_pledges import pledge
from tests.participation.test_policies import policy, project
from tests.participation.test_practices import practice
from tests.participation.test_sectors import a_service, goal, indicator
from tests.reports.council import world as council
from tests.walls.world import build

NO_LIST = {
    "cases/{ref}/case.pdf", "reports/{ref}/support/", "reports/{ref}/transitions/", "session/",
    "subjects/{ref}/comments/{comment}/helpful/",
}  # fmt: skip
WHOLE = {"areas/", "sectors/", "categories/", "layers/", "organisations/"}
"""What is set up by the municipality is read whole, up to the largest page."""
OWN = {"cases/", "tokens/"}
"""What is told to who works here alone."""
WRONG = ("nonsense=1", "cursor=", "cursor=x~y~z", "cursor=%20", "limit=0", f"limit={MOST + 1}", "limit=", "limit=1&limit=1")


def lists() -> dict[str, dict[str, Any]]:
    """{path below /api/v1/: its GET}: all that reads more than one thing, as far as the description knows."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    found = {path.removeprefix("/api/v1/"): each["get"] for path, each in paths.items() if "get" in each and path[-2] != "}"}
    assert set(found) >= NO_LIST
    return {path: operation for path, operation in found.items() if path not in NO_LIST}


def test_every_list_is_described_with_the_same_parameters():
    for path, operation in lists().items():
        asked = {each["name"]: each["schema"] for each in operation["parameters"] if each["in"] == "query"}
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": MOST if path in WHOLE else 100}
        assert (path, asked.get("limit"), asked.get("cursor")) == (path, limit, {"type": "string"})


def rows(body: dict[str, Any]) -> list[Any]:
    """The one list in the envelope: `features` of a FeatureCollection, else what is called as the list is."""
    assert body["next"] is None or body["next"].startswith(f"{settings.SITE_URL}/api/v1/")
    (found,) = (value for value in body.values() if isinstance(value, list))
    assert ("features" in body) == (body.get("type") == "FeatureCollection")
    return found


def more() -> None:
    """Another of what the world has one of."""
    by = factories.official()
    for slug in ("one", "another"):
        Layer.objects.create(slug=slug, name=factories.texts(slug))
        Place.objects.create(
            slug=slug, kind="street", name=factories.texts(slug), area=Area.objects.get(slug="levka"), folded=slug
        )
        indicator(slug, y2024=1)
        goal(slug)
        a_service(slug)
        policy(by)
        project()
        public()
        council.filed()
        opened(by, ("single",))
        practice(by)
        event(by)
        pledge(by=by)
        factories.report(official=True, name="Рада Колева", address="ул. Първа 1")


@pytest.mark.django_db
def test_every_list_is_followed_to_its_end_and_refuses_alike():
    world = build()
    official = world.people["official"]
    more()
    for name in ("one", "another"):
        issue(official, name, ["read"])
    everyone, there = Api(), Api(official)
    data_version.forget()
    several, bad = set(), []
    for path in lists():
        api, address = there if path in OWN else everyone, path.format(**world.kwargs["report"])
        told, found, following = rows(api.get(f"{address}?limit={MOST}").json()), [], f"{address}?limit=1"
        while following:
            answer = api.get(following)
            found += rows(answer.json())
            link = answer.json()["next"]
            assert (path, answer.get("Link")) == (path, f'<{link}>; rel="next"' if link else None)
            following = link.partition("/api/v1/")[2] if link else ""
        assert (path, found) == (path, told)
        several |= {path} if len(told) > 1 else set()
        for wrong in WRONG:
            answer = api.get(f"{address}?{wrong}")
            said = (answer.status_code, answer["Content-Type"], answer.json().get("code"), answer.json().get("parameter"))
            if said != (400, "application/problem+json", "parameter", wrong.partition("=")[0]):
                bad.append((path, wrong, said))
    assert bad == []
    assert set(lists()) - several == {"subjects/{ref}/links/"}  # followed in tests/api/test_together.py
