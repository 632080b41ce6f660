"""What else is at a place: one query for reports, one for projects, and what they are shown with comes along."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from django.template.loader import render_to_string

from municipality.site import installation
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
