"""The planners' pages of layers: made, filled by a file, looked at, undone; what the public sees of it."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from geoportal.kernel.tiles import Tile
from layers import actions, import_child, styling, tiles
from layers.actions import imports
from layers.models import Feature, Import, Layer
from reports.freshness import data_version
from tests import factories
from tests.api.test_tiles import address, read
from tests.layers.files import LAT, LON, checked, geojson, layer, point, polygon, read_here, taken

pytestmark = pytest.mark.django_db
FILE = geojson(
    (point(), {"no": "1", "вид": "LED", "бележка": "тайна"}),
    (point(LON + 0.001), {"no": "2", "вид": "натриева"}),
    (None, {"no": "3"}),
)
FORM = {
    "name": "Улични лампи", "name_en": "Street lamps", "slug": "lamps", "group": "Улици", "source": "Община Левка", "licence": "CC0",
    "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/", "dated_on": "2026-03-01", "updated_every": "всяка пролет",
    "popup": "no\nвид", "colour": "blue", "field": "вид", "rules": "LED = зелено = светодиодна\nнатриева = червено", "from_zoom": "10",
}  # fmt: skip


@pytest.fixture(autouse=True)
def town(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    factories.town()
    cache.clear()


@pytest.fixture
def client_() -> Client:
    client = Client()
    client.force_login(factories.planner(), backend="django.contrib.auth.backends.ModelBackend")
    return client


STYLE = {
    "colour": "blue", "field": "вид", "from_zoom": 10,
    "rules": [{"value": "LED", "colour": "green", "name": "светодиодна"}, {"value": "натриева", "colour": "red"}],
}  # fmt: skip


def _checked_again(client_: Client, address: str, found: Import) -> None:
    """Read by its key; what nobody looked at is not carried out."""
    client_.post(address, {"do": "check", "key": "no", "name": "вид"})
    assert ProcrastinateJob.objects.filter(task_name="layers.check").count() == 2
    actions.check(found.pk)
    for seen in ("", "2020-01-01T00:00:00+00:00"):  # of a reading that nobody looked at
        answer = client_.post(address, {"do": "carry_out", "checked_at": seen}, follow=True).content.decode()
        assert "Междувременно файлът е проверен отново." in answer and "is being written" not in answer
    assert ProcrastinateJob.objects.filter(task_name="layers.carry_out").count() == 0
    found.refresh_from_db()
    assert f'name="checked_at" value="{found.reading}"' in answer


def test_a_layer_is_made_filled_shown_and_emptied_again(client_: Client) -> None:
    answer = client_.post("/planning/layers/new/", FORM)
    assert answer["Location"] == "/planning/layers/lamps/", answer.content.decode()
    made = Layer.objects.get()
    assert (made.name, made.group, made.published, made.popup) == (
        {"bg": "Улични лампи", "en": "Street lamps"}, {"bg": "Улици"}, False, ["no", "вид"]
    )  # fmt: skip
    assert made.style == STYLE
    sent = client_.post("/planning/layers/lamps/import/", {"file": SimpleUploadedFile("лампи.geojson", FILE)})
    found = Import.objects.get()
    assert sent["Location"] == f"/planning/layers/imports/{found.pk}/"
    assert ProcrastinateJob.objects.filter(task_name="layers.check", args={"import_id": str(found.pk)}).count() == 1
    page = client_.get(sent["Location"]).content.decode()
    assert '<meta http-equiv="refresh"' in page and 'role="status"' in page
    assert json.loads(client_.get(f"{sent['Location']}state.json").content)["state"] == "running"
    actions.check(found.pk)
    assert json.loads(client_.get(f"{sent['Location']}state.json").content)["state"] == "done"
    page = client_.get(sent["Location"]).content.decode()
    assert re.findall(r"<li>([^<]*): 1</li>", page) == ["няма място на картата"]
    assert [
        each["properties"]["n"] for each in json.loads(client_.get(f"{sent['Location']}shapes.json").content)["features"]
    ] == [1, 2]
    assert client_.get(f"{sent['Location']}report.csv").content.decode("utf-8-sig").splitlines()[1].startswith('3;"')
    # Read otherwise: by its key; the first reading had none.
    wrong = client_.post(sent["Location"], {"do": "check", "srid": "1", "other_srid": "x"})
    assert wrong.status_code == 400 and wrong.content.decode().count('aria-invalid="true"') == 2
    _checked_again(client_, sent["Location"], found)
    client_.post(sent["Location"], {"do": "carry_out", "checked_at": found.reading})
    assert ProcrastinateJob.objects.filter(task_name="layers.carry_out").count() == 1
    assert actions.carry_out(found.pk) == "done"
    made.refresh_from_db()
    assert (made.mapping["key"], made.source_srid, Feature.objects.count()) == ("no", 4326, 2)
    listed = client_.get("/planning/layers/").content.decode()
    assert "Улични лампи" in listed and "2 точки" in listed
    client_.post(sent["Location"], {"do": "undo"})
    assert Feature.objects.count() == 0


def test_a_long_report_is_counted_whole_and_a_large_shape_is_drawn_as_its_box(
    client_: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_TOLD", 3)
    ring = [(LON + math.cos(n / 50) / 100, LAT + math.sin(n / 50) / 100) for n in range(300)]
    found = checked(layer(), geojson((polygon(*ring), {}), (point(0, 0), {}), *((None, {}) for _n in range(5))))
    page = f"/planning/layers/imports/{found.pk}/"
    ((_n, box), (_m, spot)) = [
        (each["properties"]["n"], each["geometry"]) for each in client_.get(f"{page}shapes.json").json()["features"]
    ]
    assert (box["type"], len(box["coordinates"][0]), spot) == ("Polygon", 5, {"type": "Point", "coordinates": [0, 0]})
    said = client_.get(page).content.decode()
    assert "няма място на картата: 5</li>" in said and "свършва след 3 реда" in said
    assert len(client_.get(f"{page}report.csv").content.decode().splitlines()) == 1 + 3
    monkeypatch.setattr(import_child, "MOST_CORNERS", 200)
    assert checked(Layer.objects.get(), geojson((polygon(*ring), {}))).refused == "corners"


def test_what_is_wrong_is_said_and_what_was_typed_stays(client_: Client) -> None:
    layer("lamps")
    for change, field in (
        ({}, "slug"), ({"slug": "Не"}, "slug"), ({"slug": "imports"}, "slug"), ({"slug": "l", "rules": "LED: зелено"}, "rules"),
        ({"slug": "l", "field": ""}, "field"), ({"slug": "l", "dated_on": "вчера"}, "dated_on"), ({"slug": "l", "colour": "черно"}, "colour"),
        ({"slug": "l", "popup": "\n".join(map(str, range(20)))}, "popup"),
        ({"slug": "l", "rules": "\n".join(f"{n} = синьо" for n in range(13))}, "rules"),
    ):  # fmt: skip
        answer = client_.post("/planning/layers/new/", {**FORM, **change})
        page = answer.content.decode()
        assert (answer.status_code, f'id="id_{field}_error"' in page) == (400, True), (field, change)
        assert "Община Левка" in page
    assert client_.post("/planning/layers/lamps/import/", {}).status_code == 400
    empty = client_.post("/planning/layers/lamps/import/", {"file": SimpleUploadedFile("a.csv", b"")})
    assert empty.status_code == 400
    assert (
        client_.get("/planning/layers/lamps/import/")["Location"] == "/planning/layers/lamps/"
    )  # the address of a refused one
    changed = client_.post(
        "/planning/layers/lamps/change/", {**FORM, "name": "Лампи", "seen": actions.mark(Layer.objects.get())}
    )
    assert (changed.status_code, Layer.objects.get().name["bg"]) == (302, "Лампи")
    assert "светодиодна" in client_.get("/planning/layers/lamps/change/").content.decode()


def test_the_public_sees_published_layers_and_of_their_fields_what_is_shown(client_: Client) -> None:
    style = {"colour": "blue", "field": "вид", "rules": [{"value": "LED", "colour": "green"}]}
    into = layer("lamps", published=False, popup=["вид", 'x"); drop'], style=style)
    taken(into, FILE, key="no", name="вид")
    data_version.forget()
    tile = f"/planning/layers/lamps/{address('', 14).partition('/tiles//')[2]}"
    assert Client().get(address("lamps", 14)).status_code == 404
    assert Client().get("/tiles/lamps.json").status_code == 404
    assert "Стълбове" not in Client().get("/").content.decode()
    seen = client_.get(tile)
    assert (seen.status_code, seen["Cache-Control"]) == (200, "private, no-store")
    drawn = {row["slug"]: row for row in read(seen.content)["lamps"]}
    assert {(row["вид"], row["look"], row["label"]) for row in drawn.values()} == {
        ("LED", 0, "LED"),
        ("натриева", 1, "натриева"),
    }
    assert "тайна" not in str(drawn)
    Layer.objects.update(published=True)
    actions.keep_layer(Layer.objects.get(), {"group": {"bg": "Улици"}})
    data_version.forget()
    assert read(Client().get(address("lamps", 14)).content)["lamps"] == read(seen.content)["lamps"]
    for wrong in ("?sector=urban", "?q=", "?nothing=1"):  # nothing filters a layer
        assert Client().get(address("lamps", 14) + wrong).json()["parameter"] == wrong[1:].partition("=")[0]
        assert Client().get(f"/tiles/lamps.json{wrong}").status_code == 400
    page = Client().get("/").content.decode()
    assert 'name="features" value="lamps"' in page and "Улици" in page and "lay-green" in page
    assert json.loads(Client().get("/tiles/lamps.json").content)["vector_layers"][0]["fields"]["вид"] == "String"


def test_a_tile_of_a_layer_keeps_its_own_words_and_is_made_of_so_many_features(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field called as one of ours has its place after it; a layer is empty below the zoom before its first; the widest come first."""
    into = layer("lamps", popup=["вид", "look", "slug", "label"], style={"from_zoom": 10})
    said = {"вид": "LED", "look": "х", "slug": "свой", "label": 7}
    ring = polygon((LON, LAT), (LON + 0.01, LAT), (LON, LAT + 0.01))
    taken(into, geojson(*((point(LON + n / 1000), {"no": str(n), **said}) for n in range(5)), (ring, {"no": "wide"})), key="no")
    data_version.forget()
    row = next(each for each in read(Client().get(address("lamps", 12)).content)["lamps"] if each["slug"] == "0")
    assert {name: row[name] for name in ("вид", "look", "look_1", "slug_2", "label_3")} == {
        "вид": "LED", "look": 0, "look_1": "х", "slug_2": "свой", "label_3": 7
    }  # fmt: skip
    fields = Client().get("/tiles/lamps.json").json()["vector_layers"][0]["fields"]
    assert {"вид", "look_1", "slug_2", "label_3"} <= set(fields)
    assert Client().get(address("lamps", 8)).content == b""
    monkeypatch.setattr(tiles, "MOST_ROWS", 3)
    data_version.forget()
    some = [{each["slug"] for each in read(tiles.draw(into)(Tile.parse("12", *place)))["lamps"]} for place in [_place(12)] * 2]
    assert some[0] == some[1] and len(some[0]) == 3 and "wide" in some[0]


def _place(zoom: int) -> list[str]:
    return address("lamps", zoom).removesuffix(".mvt").split("/")[-2:]


def test_the_list_of_layers_asks_as_often_for_many_as_for_one(client_: Client) -> None:
    def asked() -> int:
        data_version.forget()
        with CaptureQueriesContext(connection) as found:
            assert client_.get("/planning/layers/").status_code == 200
        return len(found)

    layer("one")
    asked()
    once = asked()
    for number in range(3):
        Feature.objects.create(layer=layer(f"more-{number}"), slug="a", name={}, point=f"POINT({LON} {LAT})")
    assert asked() == once
    assert once <= 6


def test_rules_are_read_as_they_are_written() -> None:
    from django.utils.translation import override

    for language in ("bg", "en"):
        with override(language):
            style = {"rules": [{"value": "LED", "colour": "green"}, {"value": "б", "colour": "teal", "name": "в"}]}
            assert styling.read(styling.written(style)) == style["rules"]


def test_things_that_can_be_picked_while_reporting_say_where_they_are_and_what_is_reported() -> None:
    into = layer("lamps")
    taken(into, FILE, key="no", name="no")
    data_version.forget()
    assert "pickable" not in Client().get("/reports/new/").content.decode()
    assert "marked" not in read(Client().get(address("lamps", 16)).content)["lamps"][0]
    actions.keep_layer(Layer.objects.get(), {"pickable": True})
    restricted = factories.report(restricted=True, point=Point(LON + 0.001, LAT, srid=4326))
    factories.report(point=Point(LON + 0.00003, LAT + 0.00003, srid=4326))
    assert restricted.geom
    data_version.forget()
    drawn = {row["slug"]: row for row in read(Client().get(address("lamps", 16)).content)["lamps"]}
    assert {slug: bool(row["marked"]) for slug, row in drawn.items()} == {"1": True, "2": False}
    assert (drawn["2"]["lon"], drawn["2"]["lat"]) == pytest.approx((LON + 0.001, LAT))
    assert "marked" not in read(Client().get(address("lamps", 14)).content)["lamps"][0]
