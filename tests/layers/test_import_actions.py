"""A file against its layer: counted before, written whole or not at all, written again by its key, taken back."""

from __future__ import annotations

import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from layers import actions, differences
from layers.models import Feature, Import, ImportRow, Layer
from municipality.models import Installation
from tests import factories
from tests.layers.files import LAT, LON, checked, geojson, layer, point, read_here, standing, taken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    factories.town()


def posts(*rows: tuple[str, str, float]) -> bytes:
    return geojson(*((point(LON + east), {"no": key, "name": name}) for key, name, east in rows))


FIRST = posts(("1", "Първи", 0), ("2", "Втори", 0.001), ("3", "Трети", 0.002))
LATER = posts(("1", "Първи", 0), ("2", "Втори, нов", 0.001), ("4", "Четвърти", 0.003))
MAPPING = {"key": "no", "name": "name"}


def counts(found: Import) -> tuple[int, ...]:
    return tuple(found.counts[name] for name in ("new", "changed", "same", "gone"))


def test_a_later_file_changes_what_it_names_and_can_be_taken_back() -> None:
    into = layer()
    edition = Installation.objects.get().edition
    assert counts(taken(into, FIRST, **MAPPING)) == (3, 0, 0, 0)
    Feature.objects.filter(slug="3").update(icon="tree", approximate=True)
    looked = lambda: Layer.objects.get(pk=into.pk).facts  # noqa: E731
    frame = [pytest.approx(number) for number in (LON, LAT, LON + 0.002, LAT)]
    assert looked() == {"frame": frame, "types": {"name": ["string"], "no": ["string"]}}
    before, numbers = standing(into), dict(Feature.objects.values_list("slug", "pk"))
    found = checked(into, LATER, **MAPPING)
    assert counts(found) == (1, 1, 1, 1)
    assert standing(into) == before
    assert actions.carry_out(found.pk) == "done"
    assert [(row[1], row[2]["bg"]) for row in standing(into)] == [("1", "Първи"), ("2", "Втори, нов"), ("4", "Четвърти")]
    assert Feature.objects.get(slug="2").pk == numbers["2"]
    assert not found.path.exists()
    assert looked()["frame"][2] == pytest.approx(LON + 0.003)
    assert actions.carry_out(found.pk) == "gone"
    assert counts(taken(into, LATER, **MAPPING)) == (0, 0, 3, 0)
    same = into.imports.first()
    with pytest.raises(ValidationError):  # the later one first
        actions.undo(found.pk)
    actions.undo(same.pk)
    actions.undo(found.pk)
    assert (standing(into), looked()["frame"]) == (before, frame)
    with pytest.raises(ValidationError):
        actions.undo(found.pk)
    assert set(into.imports.values_list("state", flat=True)) == {"done", "undone"}
    assert ImportRow.objects.exclude(role="made").count() == 0
    # What a file lacks may stay, too.
    kept = taken(into, LATER, **MAPPING, keeps=True)
    assert (counts(kept), Feature.objects.count()) == ((1, 1, 1, 0), 4)
    assert Installation.objects.get().edition == edition + 6


def test_without_a_key_each_file_replaces_all_and_a_layer_from_data_is_known_by_its_slugs() -> None:
    into = layer()
    assert counts(taken(into, FIRST)) == (3, 0, 0, 0)
    assert counts(taken(into, FIRST)) == (3, 0, 0, 3)
    other = layer("other")
    Feature.objects.create(layer=other, slug="1", name=factories.texts("От данни"), point="POINT(23.6 42.9)", icon="tree")
    found = taken(other, FIRST, **MAPPING)
    assert counts(found) == (2, 1, 0, 0)
    assert Feature.objects.filter(layer=other).get(slug="1").icon == "tree"
    actions.undo(found.pk)
    assert [(row[0], row[1], row[2]["bg"]) for row in standing(other)] == [("1", "", "От данни")]


def test_a_way_broken_off_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each statement but the last: an error, as when the server is killed, takes all of it back."""
    into = layer()
    taken(into, FIRST, **MAPPING)
    before, steps = standing(into), differences.CARRY_OUT
    found = checked(into, LATER, **MAPPING)
    for broken in range(1, len(steps)):
        monkeypatch.setattr(differences, "CARRY_OUT", (*steps[:broken], "SELECT 1 / 0"))
        with pytest.raises(Exception, match="zero"):
            actions.carry_out(found.pk)
        assert standing(into) == before, broken
        assert found.rows.filter(role="coming").count() == 3
        assert Import.objects.get(pk=found.pk).state == "carrying"
    monkeypatch.setattr(differences, "CARRY_OUT", steps)
    assert actions.carry_out(found.pk) == "done"  # the worker takes it up again
    # Rows that were put aside and are not whole are not carried out.
    found = checked(into, FIRST, **MAPPING)
    found.rows.filter(number=1).delete()
    assert actions.carry_out(found.pk) == "failed"
    assert [row[1] for row in standing(into)] == ["1", "2", "4"]


def test_two_files_at_once_and_files_that_nobody_wants() -> None:
    """Both were checked against the same layer; the second is counted as it is when its turn comes."""
    into = layer()
    one, two = checked(into, FIRST, **MAPPING), checked(into, FIRST, **MAPPING)
    assert (counts(one), counts(two)) == ((3, 0, 0, 0), (3, 0, 0, 0))
    assert (actions.carry_out(one.pk), actions.carry_out(two.pk)) == ("done", "done")
    two.refresh_from_db()
    assert (counts(two), Feature.objects.count()) == ((0, 0, 3, 0), 3)
    waste = checked(into, FIRST)
    Import.objects.filter(pk=waste.pk).update(created_at="2020-01-01T00:00Z")
    assert (actions.drop_old(), actions.drop_old()) == (1, 0)
    assert (Import.objects.get(pk=waste.pk).state, waste.rows.count()) == ("dropped", 0)
    with pytest.raises(ValidationError):
        actions.start(waste.pk)


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "posts.geojson"
    path.write_bytes(FIRST)

    def said(*arguments: str) -> list[str]:
        out = StringIO()
        call_command("import_layer", str(path), *arguments, stdout=out)
        return out.getvalue().splitlines()

    with pytest.raises(CommandError, match="posts"):
        said("--layer", "posts")
    lines = said("--layer", "posts", "--create", "Стълбове", "--key", "no", "--name", "name", "--dry-run")
    assert (Feature.objects.count(), Layer.objects.get(slug="posts").published) == (0, False)
    assert "3" in lines[0] and "3" in lines[1]
    said("--layer", "posts", "--key", "no", "--name", "name")
    assert [row[1] for row in standing(Layer.objects.get(slug="posts"))] == ["1", "2", "3"]
    path.write_bytes(b"nothing")
    with pytest.raises(CommandError):
        said("--layer", "posts")
    assert Feature.objects.count() == 3


@pytest.mark.deep
@pytest.mark.parametrize("count", [200_000])
def test_two_hundred_thousand_features(
    count: int, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In at most 60 seconds, reading, comparing and writing; and again, changed."""
    import numpy as np
    import pyogrio
    import shapely

    monkeypatch.undo()  # by the bounded process, as in life
    settings.MEDIA_ROOT = str(tmp_path / "media")
    into = layer()
    x, y = LON + np.arange(count) % 500 * 1e-4, LAT + np.arange(count) // 500 * 1e-4
    numbers = np.arange(count).astype(str).astype(object)
    for word in ("a", "b"):
        path = tmp_path / f"{word}.gpkg"
        words = np.array([f"Дърво {n} {word if n % 2 else ''}" for n in range(count)], dtype=object)
        pyogrio.raw.write(path, shapely.to_wkb(shapely.points(x, y)), [numbers, words, np.arange(count) % 7], ["no", "name", "kind"],
                          driver="GPKG", geometry_type="Point", crs="EPSG:4326")  # fmt: skip
        begun = time.monotonic()
        found = checked(into, path.read_bytes(), key="no", name="name")
        read = time.monotonic() - begun
        assert actions.carry_out(found.pk) == "done"
        took = time.monotonic() - begun
        found.refresh_from_db()
        with capsys.disabled():
            print(f"\n{count} features: checked in {read:.1f} s, written in {took - read:.1f} s, {counts(found)}")
        assert took <= 60
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM layers_feature")
        assert cursor.fetchone()[0] == count
