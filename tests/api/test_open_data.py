"""Files of open data: everything public and nothing else, whole, described, listed."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from api.open_data import datasets, shelf, writing
from geoportal.kernel import child
from layers.models import Feature, Layer
from municipality.models import Page
from participation.actions import survey as surveys
from reports import actions
from reports.models import Reason, Report
from tests import factories
from tests.participation.asked import filled, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db: Any) -> Report:
    factories.town()
    Page.objects.create(slug="open-data", version=1, title={"bg": "Данни"}, body={"bg": "Всичко."}, since="2026-11-01")
    author = factories.resident()
    shown = factories.report(
        author=author, title="=1+1 дупка", text="Пред входа.", name="Стражица Тайнова", address="ул. Тайна 7"
    )
    hidden = factories.report(author=author, title="Скрито нещо")
    actions.hide(hidden.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    factories.report(author=author, title="Само за администрацията", restricted=True)
    return shown


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty file stands for the GeoPackage, whose library takes a second to begin."""

    def answer(_program: str, sent: bytes, **_more: Any) -> bytes:
        Path(json.loads(sent)["path"]).touch()
        return b"done"

    monkeypatch.setattr(child, "answer", answer)


READ = """
import json, pyogrio, sys
print(json.dumps([pyogrio.read_info(path, force_feature_count=True)["features"] for path in json.load(sys.stdin)]))
"""


def lines(name: str) -> list[dict[str, str]]:
    text = Client().get(f"/open-data/files/{name}").getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_everything_public_is_written_and_nobody_named(made: Report) -> None:
    written = writing.make()
    assert [row["reference"] for row in lines("reports.csv")] == [made.subject.reference]
    row = lines("reports.csv")[0]
    assert (row["title"], row["longitude"], row["latitude"]) == ("'=1+1 дупка", str(made.geom.x), str(made.geom.y))
    collection = json.loads(Client().get("/open-data/files/reports.geojson").getvalue())
    assert [feature["id"] for feature in collection["features"]] == [made.subject.reference]
    whole = b"".join((written.folder / file.name).read_bytes() for file in written.files)
    for secret in ("Тайнова", "ул. Тайна", "Скрито нещо", "Само за администрацията"):
        assert secret.encode() not in whole


def test_results_of_a_survey_are_a_dataset_once_they_stand_and_small_groups_are_not_in_it(made: Report, bare: None) -> None:
    by = factories.official()
    survey = opened(by, ("single", "text", "point"), results="always")
    filled(survey, 8)
    filled(survey, 2, single=[1])
    filled(survey, 3, single=[2])
    few = opened(by, ("single",))
    filled(few, 4)
    writing.make()
    assert lines("surveys.csv") == []  # its answers still come in: two days beside each other would tell the one between
    for each in (survey, few):
        surveys.close(each.pk, by=by)
        surveys.report(each.pk, by=by, text="Започваме с парка.")
    writing.make()
    number, rows = survey.subject.reference, lines("surveys.csv")
    told = [[row[name] for name in ("key", "kind", "answered", "answer_bg", "n")] for row in rows]
    assert told == [
        [f"{number}.1.1", "single", "13", "Да", "8"], [f"{number}.1.2", "single", "13", "Не", ""],
        [f"{number}.1.3", "single", "13", "Не знам", ""], [f"{number}.2.1", "text", "13", "", ""],
        [f"{number}.3.1", "point", "13", "1. гр. Левка", "13"],
    ]  # fmt: skip
    shapes = json.loads(Client().get("/open-data/files/surveys.geojson").getvalue())["features"]
    assert [shape["geometry"] and shape["geometry"]["type"] for shape in shapes] == [None] * 4 + ["Polygon"]


def test_the_geopackage_holds_the_same_rows(made: Report) -> None:
    written = writing.make()
    with sqlite3.connect(written.folder / "all.gpkg") as package:
        for dataset in datasets.every():
            table = (
                package.execute(f'SELECT count(*) FROM "{dataset.id}"').fetchone() if written.of(dataset.id)[0].rows else (0,)
            )
            assert table == (written.of(dataset.id)[0].rows,), dataset.id
        sent, late, place = package.execute("SELECT created_at, late, geom FROM reports").fetchone()
    assert (sent, late) == (f"{made.created_at.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%S}Z", 0)
    assert place.endswith(struct.pack("<2d", made.geom.x, made.geom.y))
    # GDAL in a process of its own, as everywhere: it opens each of the files and finds the same rows.
    files = [file for file in written.files if file.dataset]
    paths = json.dumps([str(written.folder / file.name) for file in files])
    told = subprocess.run(
        [sys.executable, "-c", READ], input=paths, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert json.loads(told) == [file.rows for file in files]


def test_each_field_is_in_the_dictionary_and_each_sum_is_true(made: Report, bare: None) -> None:
    written = writing.make()
    said = {(row["dataset"], row["field"]) for row in lines("dictionary.csv")}
    heads = {
        (dataset.id, name)
        for dataset in datasets.every()
        for name in (written.folder / f"{dataset.id}.csv").read_text("utf-8-sig").splitlines()[0].split(",")
        if name not in ("longitude", "latitude")
    }
    assert said == heads
    for file in written.files:
        body = (written.folder / file.name).read_bytes()
        assert (len(body), hashlib.sha256(body).hexdigest()) == (file.bytes, file.sha256)
    catalogue = Client().get("/open-data/catalog.jsonld").json()
    told = {
        one["@id"].rpartition("/")[2]: one["spdx:checksum"]["spdx:checksumValue"]["@value"]
        for dataset in catalogue["dcat:dataset"] for one in dataset["dcat:distribution"]
    }  # fmt: skip
    assert told == {file.name: file.sha256 for file in written.files if file.dataset}
    assert all(
        dataset[key] for dataset in catalogue["dcat:dataset"] for key in ("dct:title", "dct:description", "dcat:contactPoint")
    )


MANDATORY = {
    "dcat:Catalog": ("dct:title", "dct:description", "dct:publisher"), "dcat:Dataset": ("dct:title", "dct:description"),
    "dcat:Distribution": ("dcat:accessURL",), "foaf:Agent": ("foaf:name",), "spdx:Checksum": ("spdx:algorithm", "spdx:checksumValue"),
}  # fmt: skip
"""DCAT-AP 3.0: classes and their mandatory properties."""


def things(part: Any) -> list[dict[str, Any]]:
    """Everything in a JSON-LD document that has a class."""
    below = [
        found
        for each in (part.values() if isinstance(part, dict) else part if isinstance(part, list) else ())
        for found in things(each)
    ]
    return [part, *below] if isinstance(part, dict) and part.get("@type") in MANDATORY else below


def test_the_catalogue_has_what_the_profile_demands_in_both_languages(made: Report, bare: None) -> None:
    writing.make()
    catalogue = Client().get("/open-data/catalog.jsonld").json()
    found = things(catalogue)
    assert {each["@type"] for each in found} == set(MANDATORY)
    assert [(each["@type"], name) for each in found for name in MANDATORY[each["@type"]] if not each.get(name)] == []
    for each in (one for one in found if one["@type"] in ("dcat:Catalog", "dcat:Dataset")):
        for name in ("dct:title", "dct:description"):
            said = {text["@language"]: text["@value"] for text in each[name]}
            assert set(said) == {"bg", "en"}
            assert all(said.values())
    addresses = [one["@id"] for one in found if one["@type"] == "dcat:Distribution"]
    assert len(addresses) == len(set(addresses)) == 2 * len(catalogue["dcat:dataset"])


def test_a_file_is_asked_for_again_only_when_it_is_another(made: Report, bare: None) -> None:
    writing.make()
    first = Client().get("/open-data/files/areas.csv")
    assert first["Content-Disposition"] == 'attachment; filename="areas.csv"'
    assert Client().get("/open-data/files/areas.csv", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert Client().get("/open-data/files/manifest.json").status_code == 404
    assert Client().get("/open-data/files/..%2F..%2Fmanifest.json").status_code == 404


def test_what_breaks_leaves_the_former_set(made: Report, bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    former = writing.make()

    def broken(*_words: Any, **_more: Any) -> bytes:
        raise child.Unanswered("killed")

    monkeypatch.setattr(child, "answer", broken)
    with pytest.raises(child.Unanswered):
        writing.make()
    assert shelf.newest() == former
    assert [path.name for path in shelf.root().iterdir()] == [former.folder.name]


def test_a_new_set_is_due_each_night_and_when_something_was_taken_away(made: Report, bare: None) -> None:
    assert writing.is_due()
    written = writing.make()
    now = timezone.localtime(written.made_at)
    night = (now + datetime.timedelta(days=1)).replace(hour=1, minute=59)
    assert [writing.is_due(at) for at in (now, night, night.replace(hour=2))] == [False, False, True]
    actions.hide(made.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert writing.is_due(now)
    assert lines("reports.csv") != []
    writing.make()
    assert (lines("reports.csv"), writing.is_due(now)) == ([], False)


def test_words_that_are_cut_or_taken_back_make_a_set_due(made: Report, bare: None) -> None:
    for act in (
        lambda: actions.redact(
            made.pk, reason=Reason.objects.get(slug="spam"), title="=1+1", text="Пред входа.", by=factories.moderator()
        ),
        lambda: actions.act(made.pk, "withdraw", by=made.author, given=actions.Given(text="Сбърках.")),
    ):
        written = writing.make()
        assert not writing.is_due(written.made_at)
        act()
        assert writing.is_due(written.made_at)


def test_an_act_that_is_seen_late_makes_a_set_due(made: Report, bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its row has an older key than others that were seen, because it was committed after them."""
    actions.hide(made.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    late = writing._acts()
    monkeypatch.setattr(writing, "_acts", lambda: frozenset({max(late) + 1}))
    written = writing.make()
    monkeypatch.setattr(writing, "_acts", lambda: late | {max(late) + 1})
    assert writing.is_due(written.made_at)


def test_a_layer_that_is_public_no_more_has_no_file(made: Report) -> None:
    layer = Layer.objects.create(slug="gpkg-trees", name=factories.texts("Дървета"), popup=["fid", "Slug", "=owner"])
    oak = {"fid": 7, "Slug": "дъб", "=owner": "общината"}
    Feature.objects.create(
        layer=layer, slug="oak", name=factories.texts("Дъб"), point="SRID=4326;POINT(23.79 42.9)", properties=oak
    )
    written = writing.make()
    row = lines("gpkg-trees.csv")[0]
    assert (row["slug"], row["fid"], row["Slug"], row["'=owner"]) == ("oak", "7.0", "дъб", "общината")
    with sqlite3.connect(written.folder / "all.gpkg") as package:
        assert package.execute('SELECT slug, fid_, Slug_ FROM "layer_gpkg-trees"').fetchall() == [("oak", 7.0, "дъб")]
    Layer.objects.filter(pk=layer.pk).update(popup=["fid"])
    assert writing.is_due(written.made_at)
    Layer.objects.filter(pk=layer.pk).update(published=False)
    assert Client().get("/open-data/files/gpkg-trees.csv").status_code == 404
    assert Client().get("/open-data/files/all.gpkg").status_code == 404
    assert writing.is_due(written.made_at)


def test_where_no_new_set_comes_the_one_that_says_too_much_goes(
    made: Report, bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = writing.make()
    monkeypatch.setattr(writing, "_written", lambda _folder: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        writing.make_or_clear()
    assert shelf.newest() == former
    actions.hide(made.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    with pytest.raises(ZeroDivisionError):
        writing.make_or_clear()
    assert shelf.newest() is None


def test_the_page_says_what_there_is(made: Report, bare: None) -> None:
    before = Client().get("/open-data/").content.decode()
    assert "Първите файлове" in before
    writing.make()
    text = Client().get("/open-data/").content.decode()
    assert (
        "/open-data/files/reports.csv" in text and "/open-data/files/all.gpkg" in text and "/open-data/catalog.jsonld" in text
    )
