"""A file against its layer: counted before, written whole or not at all, written again by its key, taken back."""

from __future__ import annotations

import datetime
import os
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from layers import actions, differences, jobs, progress
from layers.actions import imports
from layers.importing import Mapping
from layers.management.commands import import_layer
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
    Feature.objects.filter(slug="1").update(approximate=True)  # the file knows the place
    exact = taken(into, LATER, **MAPPING)
    assert (counts(exact), Feature.objects.filter(approximate=True).count()) == ((0, 1, 2, 0), 0)
    actions.undo(exact.pk)
    Feature.objects.filter(slug="1").update(approximate=False)
    same = into.imports.filter(state="done").first()
    with pytest.raises(ValidationError):  # the later one first
        actions.undo(found.pk)
    actions.undo(same.pk)
    actions.undo(found.pk)
    assert (standing(into), looked()["frame"]) == (before, frame)
    assert dict(Feature.objects.values_list("slug", "pk")) == numbers  # addresses lead to the same things
    with pytest.raises(ValidationError):
        actions.undo(found.pk)
    assert set(into.imports.values_list("state", flat=True)) == {"done", "undone"}
    assert ImportRow.objects.exclude(role="made").count() == 0
    # What a file lacks may stay, too.
    kept = taken(into, LATER, **MAPPING, keeps=True)
    assert (counts(kept), Feature.objects.count()) == ((1, 1, 1, 0), 4)
    assert Installation.objects.get().edition == edition + 8


def test_how_far_the_writing_is_can_be_seen_by_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "WRITTEN_PIECE", 2)
    into = layer()
    seen: list[tuple[int, int]] = []

    def elsewhere(pk: Any) -> int:
        """As another connection sees it, while the transaction is open."""
        try:
            return progress.reached(pk)
        finally:
            connection.close()

    def told(done: int, of: int) -> None:
        with ThreadPoolExecutor(1) as pool:
            seen.append((done, pool.submit(elsewhere, found.pk).result()))
        assert (of, Import.objects.get(pk=found.pk).far) == (100, (done, 100))

    found = checked(into, FIRST, **MAPPING)
    assert progress.reached(found.pk) == 0
    assert actions.carry_out(found.pk, told=told) == "done"
    assert seen == [(11, 11), (22, 22), (33, 33), (44, 44), (55, 55), (66, 66), (77, 77), (88, 88), (100, 100)]
    assert Feature.objects.count() == 3
    later = checked(into, LATER, **MAPPING)
    assert (actions.carry_out(later.pk), counts(Import.objects.get(pk=later.pk))) == ("done", (1, 1, 1, 1))


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
        assert actions.carry_out(found.pk) == "checked"
        assert standing(into) == before, broken
        assert found.rows.filter(role="coming").count() == 3
        found.refresh_from_db()
        assert (found.state, found.refused) == ("checked", "not_written")
    monkeypatch.setattr(differences, "CARRY_OUT", steps)
    assert actions.carry_out(found.pk) == "done"
    found.refresh_from_db()
    assert found.refused == ""
    # Rows that were put aside and are not whole are not carried out.
    found = checked(into, FIRST, **MAPPING)
    found.rows.filter(number=1).delete()
    assert actions.carry_out(found.pk) == "failed"
    assert [row[1] for row in standing(into)] == ["1", "2", "4"]


def test_a_database_without_time_is_asked_again_and_nothing_stays_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the jobs themselves: the first try raises, so that the queue tries again; the last one leaves a state to go on from."""

    def refuse(*_given: Any) -> None:
        raise OperationalError("canceling statement due to lock timeout")

    def asked(job: Any, attempts: int) -> Any:
        context = SimpleNamespace(job=SimpleNamespace(attempts=attempts))
        if attempts < job.retry_strategy.max_attempts:
            with pytest.raises(OperationalError):
                job.func(context, str(found.pk))
        else:
            assert job.retry_strategy.get_retry_decision(exception=OperationalError(), job=context.job) is None
            job.func(context, str(found.pk))
        found.refresh_from_db()
        return found.state, found.refused

    into = layer()
    found = checked(into, FIRST, **MAPPING)
    actions.read_anew(found.pk, Mapping(**MAPPING))
    with monkeypatch.context() as broken:
        broken.setattr(imports, "_compare", refuse)
        assert [asked(jobs.check, n) for n in (0, jobs.MOST_RETRIES)] == [("checking", ""), ("failed", "failed")]
    assert not found.rows.exists()
    found = checked(into, FIRST, **MAPPING)
    actions.start(found.pk, seen=found.reading)
    with monkeypatch.context() as broken:
        broken.setattr(imports, "_write", refuse)
        assert [asked(jobs.carry_out, n) for n in (0, jobs.MOST_RETRIES)] == [("carrying", ""), ("checked", "not_written")]
    actions.start(found.pk, seen=found.reading)
    assert (actions.carry_out(found.pk), Feature.objects.count()) == ("done", 3)


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
        actions.start(waste.pk, seen=waste.reading)


def test_the_night_takes_what_nobody_needs(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    into = layer()
    old = taken(into, FIRST, **MAPPING)
    begun, lost, locked, waste = (checked(into, LATER, **MAPPING) for _n in range(4))
    past = timezone.now() - datetime.timedelta(days=100)
    Import.objects.update(created_at=past)
    Import.objects.filter(pk=old.pk).update(carried_at=past)
    Import.objects.filter(pk__in=[begun.pk, lost.pk]).update(state="carrying", begun_at=past)
    Import.objects.filter(pk=begun.pk).update(begun_at=timezone.now())  # checked long ago, carried out this minute
    real = imports.drop
    monkeypatch.setattr(imports, "drop", lambda pk: real(pk if pk != locked.pk else begun.pk))  # somebody goes on with it
    folder = Path(settings.MEDIA_ROOT) / "imports"
    for name, days in (("left-over", 2), ("coming", 0)):
        (folder / name).write_bytes(b"x")
        at = time.time() - days * 86_400
        os.utime(folder / name, (at, at))
    assert actions.may_be_undone(into) is None
    with pytest.raises(ValidationError):
        actions.undo(old.pk)
    with monkeypatch.context() as elsewhere:  # not the machine's own folder of temporary files
        elsewhere.setattr(imports.tempfile, "gettempdir", lambda: str(folder / "none"))
        assert actions.drop_old() == 2
    assert dict(Import.objects.values_list("pk", "state")) == {
        old.pk: "done", begun.pk: "carrying", lost.pk: "dropped", locked.pk: "checked", waste.pk: "dropped",
    }  # fmt: skip
    assert not old.rows.exists()
    assert {each.name for each in folder.iterdir() if len(each.name) < 20} == {"coming"}


def test_a_layer_of_areas_takes_no_file_without_a_key() -> None:
    """Its areas would all be others, and who is told of them or filters by them would hear nothing more."""
    into = layer(areas=True)
    taken(into, FIRST, **MAPPING)
    found = checked(into, FIRST)
    assert (found.state, found.refused, [field["name"] for field in found.found["fields"]]) == (
        "failed", "needs_key", ["no", "name"]
    )  # fmt: skip
    into.areas = False
    into.save()
    found = checked(into, FIRST)
    Layer.objects.update(areas=True)
    assert (actions.carry_out(found.pk), Import.objects.get(pk=found.pk).refused) == ("failed", "needs_key")


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    # What is not said is as for the last file, on the page too, unless that is to be forgotten.
    into, numbers = Layer.objects.get(slug="posts"), dict(Feature.objects.values_list("slug", "pk"))
    path.write_bytes(LATER)
    monkeypatch.setattr(import_layer, "QUIET_SECONDS", 0)
    lines = said("--layer", "posts")
    assert (lines[0], lines[-2], lines[-3]) == ("… прочетени: 100 %", "… записани: 100 %", "… записани: 85 %")
    assert [(row[1], row[2]["bg"]) for row in standing(into)] == [("1", "Първи"), ("2", "Втори, нов"), ("4", "Четвърти")]
    assert Feature.objects.get(slug="2").pk == numbers["2"]
    sent = actions.begin(Layer.objects.get(slug="posts"), "posts.geojson", [FIRST], by=None)
    assert Mapping.of(sent.mapping) == Mapping(key="no", name="name")
    actions.drop(sent.pk)
    said("--layer", "posts", "--forget", "--name", "name")
    assert [(row[1], row[2]["bg"]) for row in standing(into)] == [("", "Първи"), ("", "Втори, нов"), ("", "Четвърти")]
    assert Layer.objects.get(slug="posts").mapping["key"] == ""


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
