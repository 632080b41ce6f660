"""What the database does for the kernel: expressions, and the wall behind the gate."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.writer import MigrationWriter
from django.db.models import F
from django.test.utils import isolate_apps

from geoportal.kernel.geometry import OnTheGlobe, geometry_checks, point
from geoportal.kernel.postgis import as_geojson, box, latitude, longitude, metres_between

TIED = "MULTIPOLYGON(((23 42, 23.1 42.1, 23.1 42, 23 42.1, 23 42)))"


@pytest.fixture
def places(db: None) -> Any:
    """A table with a point that must be there and an area that may."""
    with isolate_apps("geoportal.kernel"):

        class TrialPlace(models.Model):
            at = models.PointField()
            area = models.MultiPolygonField(null=True, blank=True)

            class Meta:
                app_label = "kernel"
                constraints = [*geometry_checks("at", name="trial_at"), *geometry_checks("area", name="trial_area", null=True)]

        with connection.schema_editor() as editor:
            editor.create_model(TrialPlace)
        yield TrialPlace


def test_expressions(places: Any) -> None:
    places.objects.create(at=point(23.7942, 42.9061))
    row = (
        places.objects.annotate(
            lon=longitude("at"), lat=latitude("at"), json=as_geojson("at"), metres=metres_between("at", point(23.7942, 42.9151))
        )
        .values_list("lon", "lat", "json", "metres")
        .get()
    )
    assert row[:3] == (23.7942, 42.9061, '{"type":"Point","coordinates":[23.7942,42.9061]}')
    assert abs(row[3] - 999.8) < 1  # 0.009° of a meridian at 42.9° N
    assert places.objects.filter(at__bboverlaps=box((23.7, 42.9, 23.8, 43.0))).count() == 1
    assert places.objects.filter(at__bboverlaps=box((23.8, 42.9, 23.9, 43.0))).count() == 0


@pytest.mark.parametrize(
    "written",
    [
        "ST_SetSRID(ST_MakePoint(1e300, 42), 4326)",
        "ST_SetSRID(ST_MakePoint('NaN', 42), 4326)",
        "ST_SetSRID(ST_MakePoint(23, 'NaN'), 4326)",
        "ST_SetSRID(ST_MakePoint('Infinity', 42), 4326)",
        "ST_SetSRID(ST_MakePoint(181, 42), 4326)",
        "ST_SetSRID(ST_MakePoint(23, -90.1), 4326)",
        "'SRID=4326;POINT EMPTY'::geometry",
    ],
)
def test_the_wall_stands_without_the_gate(places: Any, written: str) -> None:
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="trial_at"), transaction.atomic():
            cursor.execute(f"INSERT INTO kernel_trialplace (at) VALUES ({written})")
        cursor.execute("INSERT INTO kernel_trialplace (at) VALUES (ST_SetSRID(ST_MakePoint(-180, 90), 4326))")
    assert places.objects.count() == 1


@pytest.mark.parametrize(
    "wkt",
    [
        TIED,
        "MULTIPOLYGON EMPTY",
        "MULTIPOLYGON(((0 0, 181 0, 181 1, 0 0)))",
    ],
)
def test_areas_too(places: Any, wkt: str) -> None:
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="trial_area"), transaction.atomic():
        cursor.execute(
            "INSERT INTO kernel_trialplace (at, area) VALUES (ST_SetSRID(ST_MakePoint(1, 1), 4326), ST_GeomFromText(%s, 4326))",
            [wkt],
        )


def test_models_are_told_before_the_database_is(places: Any) -> None:
    """`full_clean` asks the same condition, with the value once in each of its places."""
    places(at=point(23, 42)).full_clean()
    tied = GEOSGeometry(f"SRID=4326;{TIED}")
    with pytest.raises(ValidationError) as refused:
        places(at=point(23, 42), area=tied).full_clean()
    assert "42.1" not in str(refused.value.messages)


def test_the_condition_can_be_written_into_a_migration() -> None:
    text, imports = MigrationWriter.serialize(OnTheGlobe(F("at")))
    assert "OnTheGlobe(models.F('at'))" in text
    assert "import geoportal.kernel.geometry" in imports
