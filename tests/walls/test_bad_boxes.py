"""Every address that takes a part of the map refuses what is none by its name, for a guest as for a planner."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
GUESTS = [
    "/?", "/map.json?", "/map/here/?", "/map/area/?area=levka&", "/reports/?", "/api/v1/reports/?", "/tiles/reports/8/144/94.mvt?",
    "/tiles/clusters/8/144/94.mvt?", "/tiles/projects/8/144/94.mvt?", "/tiles/areas/8/144/94.mvt?", "/tiles/reports.json?",
]  # fmt: skip
DESK = ["/desk/?", "/desk/map/?", "/desk/map.json?", "/desk/map/here/?", "/desk/map/area/?area=levka&", "/desk/list.csv?"]
PLANNING = ["/planning/?", "/planning/map.json?", "/planning/answer.csv?", "/planning/print/?"]
BOXES = [
    "179,42,-179,44", "23.5,42.8,23.5,42.8", "24,43,23,42", "nan,nan,nan,nan", "NaN,42,24,43", "-inf,42,inf,43", "1e300,1,2,3",
    "a,b,c,d", "23,42,24", "23,42,24,43,44", "-200,42,24,43", ",".join(["23.500000,42.800000"] * 300),
]  # fmt: skip


@pytest.mark.parametrize("address", [*GUESTS, *DESK, *PLANNING])
def test_what_is_no_box_is_refused_by_name(address: str) -> None:
    factories.town()
    client = Client()
    if address in DESK:
        client.force_login(factories.official())
    if address in PLANNING:
        client.force_login(factories.planner())
    for box in BOXES:
        answer = client.get(f"{address}bbox={box}")
        said = answer.content.decode()
        assert answer.status_code == 400, (box, said[:200])
        assert "Част от картата" in said or "bbox: " in said, box
    assert client.get(f"{address}bbox=23.5,42.8,24,43.1").status_code == 200
