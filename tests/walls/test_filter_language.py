"""What the filter language understands is answered by every address that speaks it, a guest's as a planner's."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories
from tests.walls.test_bad_boxes import DESK, GUESTS, PLANNING

pytestmark = pytest.mark.django_db
ANALYSES = ["/planning/?analysis=hotspots&", "/planning/?analysis=clusters&", "/planning/?analysis=areas&"]
UNDERSTOOD = ["status=closed", "status=rejected", "status=received,awaiting_confirmation", "status=awaiting_moderation"]
WORDS = ["q=zaatar", "q=zaatars+zatar"]
"""Their dictionary form is written with an apostrophe."""


@pytest.mark.parametrize("address", [*GUESTS, *DESK, *PLANNING, *ANALYSES])
def test_what_the_filter_language_understands_is_answered(address: str) -> None:
    factories.town()
    factories.report()
    client = Client()
    if address in DESK:
        client.force_login(factories.official())
    if address in (*PLANNING, *ANALYSES):
        client.force_login(factories.planner())
    for words in [*UNDERSTOOD, *WORDS]:
        answer = client.get(f"{address}bbox=23.5,42.8,24,43.1&{words}")
        assert answer.status_code == 200, (words, answer.content.decode()[:200])
