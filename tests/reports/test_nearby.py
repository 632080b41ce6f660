"""What else is at a place: one query for reports, one for projects, and what they are shown with comes along."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.template.loader import render_to_string

from layers.models import Layer
from municipality.site import installation
from reports.models import Report
from reports.nearby import around
from tests import factories
from tests.reports.planning.town import Row, fill, project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("template", ["reports/_around.html", "reports/_beside.html"])
def test_all_that_is_shown_is_fetched_at_once(template, django_assert_num_queries):
    factories.town()
    fill([Row(place=factories.CENTRE)])
    project()
    assert installation().similar_metres  # kept by the process from then on
    with django_assert_num_queries(2):
        found = around(Point(*factories.CENTRE, srid=4326), words="Проба")
        html = render_to_string(template, {"around": found})
    assert "Проект park" in html and "0 м" in html
    assert "Проба" in html


@pytest.mark.parametrize(
    ("metres", "surveyed", "shown", "said"),
    [(20, True, True, "ул. Роза"), (30, True, True, ""), (20, False, True, ""), (20, True, False, "")],
)
def test_the_street_is_named_beside_its_line(client, metres, surveyed, shown, said):
    factories.town()
    lon, lat = factories.CENTRE
    layer = Layer.objects.create(slug="streets", name=factories.texts("Улици"), ground=True, published=shown)
    for name, away in (("ул. Роза", 0), ("ул. Далия", 0.001)):
        line = MultiLineString(LineString((lon - 0.02, lat + away), (lon + 0.02, lat + away)), srid=4326)
        layer.features.create(slug=str(away)[-1], name=factories.texts(name), line=line, approximate=not surveyed)
    answer = client.get("/reports/near/", {"lon": lon, "lat": lat - metres / 111_195}).content.decode()
    assert (f'data-street="{said}"' in answer) if said else ("data-street" not in answer)


def test_near_measures_metres_on_the_ground():
    factories.town()
    factories.report()
    lon, lat = factories.CENTRE
    # 0.003° of longitude at 42.9° north are 245 m on the spheroid.
    beside = Point(lon + 0.003, lat, srid=4326)
    assert [round(row.metres) for row in Report.objects.near(beside, 300)] == [245]
    assert list(Report.objects.near(beside, 200)) == []
