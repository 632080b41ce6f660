"""Policies and figures for programs."""

from __future__ import annotations

import pytest
from django.test import Client

from municipality.models import Area
from tests import factories
from tests.participation.test_policies import day, policy, promised
from tests.participation.test_sectors import indicator

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def town(db):
    return factories.town()


def test_a_programme_is_told_with_its_measures_and_promises():
    by = factories.official()
    root = policy(by)
    measure = policy(by, parent=root, weight=2)
    promised(measure, by, -3)
    (found,) = Client().get("/api/v1/policies/?sector=urban").json()["policies"]
    assert (found["reference"], found["level"], found["progress"]) == (root.subject.reference, "programme", 0)
    (below,) = found["measures"]
    assert (below["weight"], [(one["state"], one["due_on"]) for one in below["promises"]]) == (
        2,
        [("slipped", day(-3).isoformat())],
    )
    assert Client().get("/api/v1/policies/?sector=health").json() == {"policies": [], "next": None}
    one = Client().get(f"/api/v1/policies/{measure.subject.reference}/").json()
    assert (one["level"], one["measures"], one["promises"]) == ("measure", [], below["promises"])


def test_figures_are_told_with_their_source():
    indicator(y2024=1, y2025=2)
    indicator("village", Area.objects.get(slug="dabrava"), y2025=3)
    (found,) = Client().get("/api/v1/indicators/?area=dabrava").json()["indicators"]
    assert (found["slug"], found["area"], found["source_name"]["bg"]) == ("village", "dabrava", "Отделът")
    assert found["figures"] == [{"on": "2025-12-31", "value": 3.0}]
    assert len(Client().get("/api/v1/indicators/").json()["indicators"]) == 2


@pytest.mark.parametrize("address", ["policies/?overdue=1", "policies/?odd=1", "indicators/?q=a"])
def test_what_the_language_does_not_know_here_is_refused(address: str):
    assert Client().get(f"/api/v1/{address}").status_code == 400
