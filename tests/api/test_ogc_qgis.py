"""QGIS itself, without a screen: it opens collections, tiles and the GeoPackage of open data, reads to the end, filters there, and draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiLineString

from api.open_data import writing
from discussion.models import Subject
from layers.models import Project
from municipality.models import Area, Sector
from tests import factories
from tests.api import qgis
from tests.api.conftest import Running
from tests.api.test_ogc_clients import spread

pytestmark = [pytest.mark.django_db, pytest.mark.deep]


def bridge() -> str:
    """The reference of a planned project."""
    spine = {"sector": Sector.objects.get(slug="urban"), "area": Area.objects.get(slug="levka"), "is_public": True}
    subject = Subject.objects.create(kind="project", title="Мост", language="bg", **spine)
    line = MultiLineString(LineString((23.55, 42.85), (23.75, 42.95)))
    Project.objects.create(subject=subject, slug="bridge", title=factories.texts("Мост"), stage="under_way", line=line)
    return subject.reference


def test_qgis_opens_filters_and_draws_collections_tiles_and_the_geopackage(
    server: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Since 3.32 QGIS writes filters as CQL2; Debian 12 has 3.22, which sends times alone, as `datetime`."""
    if not qgis.there():
        pytest.skip("QGIS is not here: apt-get install --no-install-recommends python3-qgis")
    factories.town()
    planned = bridge()
    made = spread(120)
    Subject.objects.filter(reference__in=made[:40]).update(created_at="2026-01-01T00:00:00Z")
    package = writing.make().folder / "all.gpkg"
    monkeypatch.setenv("HOME", str(tmp_path))
    names = ("reports", "projects", "areas")
    found = qgis.drawn(server.address, package, tmp_path, *names, expression="created_at <= '2026-01-31T00:00:00Z'")
    assert found["valid"] == dict.fromkeys(qgis.SOURCES, [True] * 3)
    whole = {"reports": sorted(made), "projects": [planned], "areas": ["dabrava", "levka", "levka-municipality"]}
    assert (found["collections"], found["geopackage"], found["filtered"]) == (whole, whole, sorted(made[:40]))
    sent = [line for line in server.asked if "/items?" in line and ("datetime=" in line or "filter=" in line)]
    assert len(sent) >= 1, server.asked
    newer = tuple(int(part) for part in found["version"].split("-")[0].split(".")[:2]) >= (3, 32)
    assert all("filter=" in line for line in sent) is newer
    assert {name for name in names if any(f"/tiles/{name}/" in line for line in server.asked)} == set(whole)
    for source in qgis.SOURCES:
        picture = found["pictures"][source]
        assert (source, picture["colours"] > 3, picture["drawn"] > 10_000) == (source, True, True)
        assert (tmp_path / f"30-qgis-{source}.png").stat().st_size > 1_000
