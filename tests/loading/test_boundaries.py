"""Surveyed boundaries replace schematic ones; reports follow."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from discussion.models import Subject
from municipality.models import Area, Installation
from reports.loading.boundaries import import_boundaries
from reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db


def ring(west: float, south: float, east: float, north: float) -> list:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def file_of(path: Path, *features: tuple[str, list], **more) -> Path:
    found = [
        {"type": "Feature", "properties": {"ekatte": code}, "geometry": {"type": "Polygon", "coordinates": [corners]}}
        for code, corners in features
    ]
    target = path / "lands.geojson"
    target.write_text(json.dumps({"type": "FeatureCollection", "features": found, **more}))
    return target


@pytest.fixture(autouse=True)
def town():
    made = factories.town()
    Area.objects.update(schematic=True)
    return made


def test_polygons_are_replaced_and_reports_move_to_the_area_that_contains_them(tmp_path):
    near, far = factories.report(at_point=(23.7, 42.9)), factories.report(at_point=(23.55, 42.9))
    edition = Installation.objects.get().edition
    path = file_of(tmp_path, ("00001", ring(23.5, 42.8, 23.65, 43.1)), ("00002", ring(23.65, 42.8, 24.0, 43.1)))
    done = import_boundaries(path, "ekatte")
    assert (done.replaced, done.moved, done.outside, done.unknown) == (["levka", "dabrava"], 1, 0, [])
    assert Report.objects.get(pk=near.pk).area.slug == "dabrava"
    assert Subject.objects.get(pk=near.pk).area.slug == "dabrava"
    assert Report.objects.get(pk=far.pk).area.slug == "levka"
    levka = Area.objects.get(slug="levka")
    assert (levka.schematic, levka.polygon.extent) == (False, (23.5, 42.8, 23.65, 43.1))
    assert Area.objects.root().schematic
    assert Installation.objects.get().edition == edition + 1


def test_place_in_words_keeps_its_settlement(tmp_path):
    levka = Area.objects.get(slug="levka")
    report = factories.report(point=None, settlement=levka, place="до кладенеца")
    import_boundaries(
        file_of(tmp_path, ("00002", ring(23.5, 42.8, 24.0, 43.1)), ("00001", ring(23.5, 42.8, 23.51, 43.1))), "ekatte"
    )
    assert Report.objects.get(pk=report.pk).area == levka


def test_report_outside_every_area_stays_and_is_counted(tmp_path):
    report = factories.report()
    Area.objects.filter(parent=None).update(code="XX")
    path = file_of(tmp_path, ("XX", ring(23.9, 42.8, 24.0, 43.1)), ("00001", ring(23.9, 42.8, 23.95, 43.1)))
    done = import_boundaries(path, "ekatte")
    assert (done.moved, done.outside, done.away_from_label) == (0, 1, ["levka-municipality", "levka"])
    assert Report.objects.get(pk=report.pk).area.slug == "levka"


def test_second_import_changes_nothing(tmp_path):
    path = file_of(tmp_path, ("00001", ring(23.5, 42.8, 23.65, 43.1)))
    import_boundaries(path, "ekatte")
    edition = Installation.objects.get().edition
    done = import_boundaries(path, "ekatte")
    assert (done.replaced, done.unchanged) == ([], ["levka"])
    assert Installation.objects.get().edition == edition


def test_dry_run_says_what_would_happen_and_changes_nothing(tmp_path):
    factories.report(at_point=(23.7, 42.9))
    out = StringIO()
    path = file_of(
        tmp_path, ("00002", ring(23.65, 42.8, 24.0, 43.1)), ("00001", ring(23.5, 42.8, 23.6, 43.1)), ("77", ring(1, 1, 2, 2))
    )
    call_command("import_boundaries", path, "--key", "ekatte", "--dry-run", stdout=out)
    assert "77" in out.getvalue()
    assert Area.objects.get(slug="levka").schematic
    assert Report.objects.get().area.slug == "levka"


@pytest.mark.parametrize(
    "corners",
    [
        [[23.5, 42.8], [23.6, 42.9], [23.6, 42.8], [23.5, 42.9], [23.5, 42.8]], [[23.5, 42.8], [23.6, 42.9], [23.5, 42.8]],
        [[1e300, 42.8], [23.6, 42.8], [23.6, 42.9], [1e300, 42.8]],
        [[23.5, 42.8, 1], [23.6, 42.8, 1], [23.6, 42.9, 1], [23.5, 42.8, 1]],
        [],
    ],
)  # fmt: skip
def test_hostile_polygon_is_refused_by_its_feature_and_nothing_changes(tmp_path, corners):
    path = file_of(tmp_path, ("00002", ring(23.65, 42.8, 24.0, 43.1)), ("00001", corners))
    with pytest.raises(CommandError, match=r"2 \(00001\)"):
        call_command("import_boundaries", path, "--key", "ekatte")
    assert Area.objects.get(slug="dabrava").schematic


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"features": []}', '{"features": 7}', "[" * 5000, '{"crs": {}, "features": [{}]}']
)
def test_what_is_no_feature_collection_is_refused(tmp_path, text):
    path = tmp_path / "bad.geojson"
    path.write_text(text)
    with pytest.raises(CommandError):
        call_command("import_boundaries", path, "--key", "ekatte")


def test_missing_file_and_missing_key_are_named(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_boundaries", tmp_path / "none.geojson", "--key", "ekatte")
    with pytest.raises(CommandError, match="code"):
        call_command("import_boundaries", file_of(tmp_path, ("00001", ring(23.5, 42.8, 23.6, 43.1))), "--key", "code")


def test_reports_of_any_number_are_re_assigned_without_a_page_s_limit_of_time(tmp_path, monkeypatch):
    monkeypatch.setattr("reports.loading.boundaries.REASSIGN", "SELECT 1 WHERE current_setting('statement_timeout') <> '0'")
    path = file_of(tmp_path, ("00001", ring(23.5, 42.8, 23.6, 43.1)))
    assert import_boundaries(path, "ekatte").moved == 0
