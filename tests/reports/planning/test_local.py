"""Local metres against PROJ, through PostGIS."""

from __future__ import annotations

import numpy as np
import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import F

from municipality.models import Area, Installation
from municipality.site import forget
from reports.planning.local import Local
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lat", [-33.4, 0.0, 42.95, 64.1])
def test_it_is_the_projection_of_proj_to_a_millimetre_and_back(lat):
    chance = np.random.default_rng(5)
    local = Local(23.75, lat)
    lons, lats = 23.75 + chance.uniform(-3, 3, 200), lat + chance.uniform(-3, 3, 200)
    x, y = local.metres(lons, lats)
    with connection.cursor() as cursor:
        # All as one shape: PostGIS reads the words of a projection anew for each.
        cursor.execute(
            """SELECT ST_X(geom), ST_Y(geom) FROM ST_DumpPoints((SELECT
                 ST_Transform(ST_SetSRID(ST_Collect(ST_MakePoint(x, y) ORDER BY n), 4326), %s)
                 FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY u (x, y, n))) ORDER BY path""",
            [f"+proj=tmerc +lat_0={lat} +lon_0=23.75 +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +units=m", lons.tolist(), lats.tolist()],
        )
        proj = np.array(cursor.fetchall())
    assert np.abs(np.column_stack([x, y]) - proj).max() < 0.001
    lon, lat_back = local.degrees(x, y)
    assert np.abs(lon - lons).max() < 1e-9
    assert np.abs(lat_back - lats).max() < 1e-9


def test_its_middle_is_that_of_the_municipality(django_assert_num_queries):
    factories.town()
    assert Local.of_municipality() == Local(23.75, 42.95)
    Area.objects.filter(parent=None).update(polygon=None, point=Point(23.7, 42.9, srid=4326))
    with django_assert_num_queries(0):
        assert Local.of_municipality() == Local(23.75, 42.95)
    Installation.objects.update(edition=F("edition") + 1)  # as whoever loads or edits areas does
    forget()
    assert Local.of_municipality() == Local(23.7, 42.9)
