"""What planners write of a layer: nothing is lost between two of them, and what a layer cannot show is said."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.translation import override

from geoportal.kernel.tiles import Tile
from layers import actions, contents, styling, tiles
from layers.models import Feature, Layer
from layers.on_map import about, drawn
from reports.freshness import data_version
from tests import factories
from tests.api.test_tiles import address, read
from tests.layers.files import LAT, LON, layer

pytestmark = pytest.mark.django_db
LAMPS = "/planning/layers/lamps/"
FORM = {"name": "Лампи", "name_en": "Lamps", "colour": "blue", "published": "on"}
SERVICE = {
    "name": "Ортофото", "published": "on", "url": "https://tile.example/{z}/{x}/{y}.png", "source": "© Геодезия", "opacity": "60",
    "max_zoom": "18",
}  # fmt: skip


@pytest.fixture(autouse=True)
def town() -> None:
    factories.town()
    cache.clear()


def _filled(into: Layer, *said: dict[str, Any]) -> Layer:
    for number, properties in enumerate(said):
        Feature.objects.create(layer=into, slug=f"f-{number}", name={}, point=f"POINT({LON} {LAT})", properties=properties)
    contents.keep(into.pk)
    data_version.forget()
    into.refresh_from_db()
    return into


def _seen(client: Client, page: str = LAMPS) -> str:
    form = client.get(f"{page}change/").context["form"]
    return str(form["seen"].value())


def test_what_another_planner_saved_meanwhile_is_shown_and_never_lost_unseen(planner: Client) -> None:
    into = layer("lamps", popup=["вид"], style={"colour": "blue"}, sector=None)
    for wrong in ({}, {"seen": "0" * 32}):  # whoever looked at nothing
        assert planner.post(f"{LAMPS}change/", {**FORM, **wrong}).status_code == 412
    mine = _seen(planner)
    theirs = {**FORM, "licence": "CC0", "popup": "вид", "dated_on": "2026-03-01", "colour": "red", "seen": mine}
    assert planner.post(f"{LAMPS}change/", theirs)["Location"] == LAMPS
    mended = {**FORM, "group": "Улици", "popup": "вид", "seen": mine}
    refused = planner.post(f"{LAMPS}change/", mended)
    form = refused.context["form"]
    assert (refused.status_code, form["group"].value()) == (412, "Улици")
    assert form.non_field_errors()[0].startswith("Междувременно друг промени този слой.")
    assert list(form.non_field_errors())[1:] == [
        "Група – сега там стои: празно", "Лиценз – сега там стои: CC0", "От кой ден са данните? – сега там стои: 01.03.2026",
        "Цвят – сега там стои: червено",
    ]  # fmt: skip
    into.refresh_from_db()
    assert (into.licence, into.group, into.style) == ("CC0", None, {"colour": "red"})
    # Looked at and kept: what is typed now takes its place. What a file brought meanwhile is no change of theirs.
    _filled(into, {"вид": "LED"})
    again = {**mended, "licence": "CC0", "seen": form["seen"].value()}
    assert planner.post(f"{LAMPS}change/", again)["Location"] == LAMPS
    into.refresh_from_db()
    assert (into.licence, into.group, into.facts["types"]) == ("CC0", {"bg": "Улици"}, {"вид": ["string"]})
    Layer.objects.all().delete()
    with pytest.raises(Layer.DoesNotExist):
        actions.keep_layer(into, {"licence": ""}, seen=form["seen"].value())


def test_a_day_to_come_and_two_rules_for_one_value_are_refused(planner: Client) -> None:
    _filled(layer("lamps"), {"мощност": 1.5})
    form = {**FORM, "dated_on": "2100-01-31", "field": "мощност", "rules": "1,5 = зелено\n1.50 = червено"}
    wrong = planner.post(f"{LAMPS}change/", {**form, "seen": _seen(planner)})
    assert wrong.context["form"].errors == {"dated_on": ["Този ден още не е дошъл."]}
    form["dated_on"] = "2026-01-31"
    wrong = planner.post(f"{LAMPS}change/", {**form, "seen": _seen(planner)})
    assert wrong.context["form"].errors == {"rules": ["Две правила са за стойността „1.50“. Оставете едното."]}


def test_fields_that_the_data_lack_are_named_and_values_are_understood(planner: Client) -> None:
    into = layer("lamps")
    form = {
        **FORM,
        "popup": "свети\nнямаго",
        "field": "свети",
        "rules": "да = зелено | x = y",
        "from_zoom": "12",
        "to_zoom": "9",
    }
    wrong = planner.post(f"{LAMPS}change/", {**form, "seen": _seen(planner)})
    assert set(wrong.context["form"].errors) == {"rules"}
    form["rules"] = "да = зелено\nне = червено = угаснала | out"
    wrong = planner.post(f"{LAMPS}change/", {**form, "seen": _seen(planner)})
    assert wrong.context["form"].errors == {
        "to_zoom": ["Последният мащаб е по-малък от първия и слоят никога няма да се вижда. Поправете единия."]
    }
    form["to_zoom"] = "14"
    # Of an empty layer nothing is said to be missing, and values are as they are typed.
    planner.post(f"{LAMPS}change/", {**form, "seen": _seen(planner)})
    into.refresh_from_db()
    assert ([rule["value"] for rule in into.style["rules"]], contents.lacking(into)) == (["да", "не"], [])
    _filled(into, {"свети": True, "мощност": 1.5}, {"свети": False, "мощност": 20})
    for page in (LAMPS, f"{LAMPS}change/"):
        text = planner.get(page).content.decode()
        assert (text.count("го няма в данните"), "Полето „нямаго“ го няма в данните" in text) == (1, True)
    form["popup"] = "свети"
    planner.post(f"{LAMPS}change/", {**form, "seen": _seen(planner)})
    assert "го няма в данните" not in planner.get(LAMPS).content.decode()
    into.refresh_from_db()
    assert into.style["rules"] == [
        {"value": "true", "colour": "green", "name": "да"},
        {"value": "false", "colour": "red", "name": "угаснала", "name_en": "out"},
    ]
    data_version.forget()
    assert {row["slug"]: row["look"] for row in read(Client().get(address("lamps", 14)).content)["lamps"]} == {
        "f-0": 0,
        "f-1": 1,
    }
    key = {}
    for language in ("bg", "en"):
        with override(language):
            key[language] = [step["words"] for step in styling.legend(into.style)][:2]
            assert styling.read(styling.written(into.style)) == into.style["rules"]
    assert key == {"bg": ["да", "угаснала"], "en": ["да", "out"]}
    numbers = [{"value": value, "colour": "red"} for value in ("1,5", "20", "100,0", "малко")]
    assert [rule["value"] for rule in styling.understood(numbers, ["number"])] == ["1.5", "20", "100", "малко"]
    assert styling.understood(numbers, ["number", "string"]) == numbers


def _tile(zoom: int) -> Tile:
    return Tile.parse(str(zoom), *address("lamps", zoom).removesuffix(".mvt").split("/")[-2:])


def test_a_layer_ends_at_a_zoom_too(planner: Client) -> None:
    into = _filled(layer("lamps", style={"from_zoom": 12, "to_zoom": 14}), {})
    assert [bool(Client().get(address("lamps", zoom)).content) for zoom in (10, 11, 14, 15)] == [False, True, True, False]
    told = Client().get("/tiles/lamps.json").json()
    assert [(told["maxzoom"], row["minzoom"], row["maxzoom"]) for row in told["vector_layers"]] == [(22, 12, 14)]
    assert (drawn(into, "/0/0/0.mvt")["to_zoom"], drawn(layer("posts"), "/0/0/0.mvt")["to_zoom"]) == (14, 20)
    form = planner.get(f"{LAMPS}change/").context["form"]
    assert (form["from_zoom"].value(), form["to_zoom"].value()) == (12, 14)
    Layer.objects.filter(pk=into.pk).update(style={"from_zoom": 20})
    data_version.forget()
    cache.clear()
    assert [bool(tiles.draw(Layer.objects.get(slug="lamps"))(_tile(zoom))) for zoom in (17, 18)] == [
        False,
        True,
    ]  # maps ask for none nearer


def test_a_taken_address_names_the_layer_that_has_it(planner: Client) -> None:
    layer("lamps")
    said = {}
    for page, form in (("new/", FORM), ("new/service/", SERVICE)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("layers.services.allowed", lambda _url: True)
            answer = planner.post(f"/planning/layers/{page}", {**form, "slug": "lamps"})
        said[page] = (answer.status_code, answer.context["form"].errors)
    assert said == dict.fromkeys(said, (400, {"slug": ["Има слой с този адрес: Стълбове. Изберете друг."]}))


def test_the_list_has_the_layers_order_and_says_who_sees_each(planner: Client, settings: Any) -> None:
    settings.TILE_HOSTS = ["https://tile.example"]
    for order, slug in enumerate(("third", "first", "second")):
        layer(slug, order=(order + 2) % 3)
    assert [row.slug for row in planner.get("/planning/layers/").context["layers"]] == ["first", "second", "third"]
    planner.post("/planning/layers/new/service/", {**SERVICE, "slug": "aerial", "legend_url": "https://tile.example/key.png"})
    made = Layer.objects.get(slug="aerial")
    settings.TILE_HOSTS = []
    page = "/planning/layers/aerial/"
    listed = planner.get("/planning/layers/").content.decode().partition("aerial")[2].partition("</small>")[0]
    for text in (listed, planner.get(page).content.decode()):
        assert "не се показва: адресът не е разрешен" in text and "всеки го вижда" not in text
    # It can be hidden all the same; another address is refused as before.
    form = {**SERVICE, "legend_url": made.legend_url, "seen": _seen(planner, page)}
    del form["published"]
    other = planner.post(f"{page}change/", {**form, "url": "https://evil.example/{z}/{x}/{y}.png"})
    assert set(other.context["form"].errors) == {"url"}
    assert planner.post(f"{page}change/", form)["Location"] == page
    made.refresh_from_db()
    assert (made.published, made.url, made.legend_url) == (False, SERVICE["url"], "https://tile.example/key.png")


def test_how_often_it_is_renewed_stands_on_public_maps() -> None:
    made = layer("lamps", source="Община Левка", dated_on=datetime.date(2026, 3, 1), updated_every="Всяка пролет")
    with override("bg"):
        assert about(made) == "Община Левка · 01.03.2026 · обновява се всяка пролет"
    assert "обновява се всяка пролет" in Client().get("/map/layers/").content.decode()
