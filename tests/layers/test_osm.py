"""An extract of OpenStreetMap in the gazetteer: what comes, what stays, what goes, what is refused, and that it is found."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from pmtiles.reader import MemorySource, Reader

from geoportal.kernel import child
from layers import ground_file, import_shapes, osm_child, osm_tiles
from layers.actions import import_osm
from layers.folding import folded, romanised
from layers.gazetteer import chosen, search
from layers.ground import base_maps
from layers.importing import ImportRefused
from layers.models import BaseMap, Place
from layers.osm import names
from municipality.models import Area, Installation
from tests import factories
from tests.api.test_tiles import read as decoded

LON, LAT = factories.CENTRE


class Extract:
    """Written as OSM XML; positions are in units of 0.001 degree from the town's centre."""

    def __init__(self) -> None:
        self._nodes: list[str] = []
        self._ways: list[str] = []
        self._numbers = iter(range(1, 10**9))

    def node(self, x: float, y: float, **tags: str) -> int:
        number = next(self._numbers)
        self._nodes.append(f'<node id="{number}" lon="{LON + x / 1000:.7f}" lat="{LAT + y / 1000:.7f}">{xml_tags(tags)}</node>')
        return number

    def way(self, *positions: tuple[float, float], closed: bool = False, **tags: str) -> None:
        nodes = [self.node(*position) for position in positions]
        refs = "".join(f'<nd ref="{node}"/>' for node in [*nodes, *(nodes[:1] if closed else [])])
        self._ways.append(f'<way id="{next(self._numbers)}">{refs}{xml_tags(tags)}</way>')

    def text(self, before: str = "") -> str:
        return f'<?xml version="1.0"?>{before}<osm version="0.6">{"".join(self._nodes)}{"".join(self._ways)}</osm>'

    def file(self, folder: Path) -> Path:
        path = folder / "town.osm"
        path.write_text(self.text(), "utf-8")
        return path


def xml_tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key.replace('__', ':'))} v={quoteattr(text)}/>" for key, text in tags.items())


def town_extract(more: bool = True) -> Extract:
    extract = Extract()
    extract.way((0, 0), (2, 0), highway="residential", name="улица Гурко")
    extract.way((2, 0), (4, 0), highway="residential", name="улица Гурко", name__en="Gurko St")
    extract.way((0, 1), (4, 1), highway="tertiary", name="Стара планина")
    extract.way((0, 2), (4, 2), highway="path", name="Екопътека")
    extract.way((2, 2), (2.2, 2), (2.2, 2.2), closed=True, building="yes", amenity="library", name="Читалище „Христо Ботев“",
                addr__housenumber="12", addr__street="Гурко")  # fmt: skip
    extract.node(1, 0.1, addr__housenumber="5А", addr__street="Гурко")
    extract.node(1.001, 0.1, addr__housenumber="5А", addr__street="ул. Гурко")
    extract.node(3, 0.1, addr__housenumber="8", addr__street="Нова")
    extract.node(2, 3, highway="bus_stop", name="Болницата", name__en="The hospital")
    extract.node(2.1, 3, highway="bus_stop", name="Болницата")
    extract.node(0, 0, place="town", name="Левка")
    extract.node(5, 5, place="suburb", name="Запад")
    extract.node(3, 3, amenity="bench")
    extract.node(900, 0, shop="bakery", name="Далече")
    if more:
        extract.node(1, 4, shop="bakery", name="Хлебарница")
    return extract


@pytest.fixture
def town(db):
    factories.town()
    home = Area.objects.get(slug="levka")
    for slug, kind, name in (("area-levka", "settlement", "гр. Левка"), ("planina", "street", "ул. Стара планина")):
        Place.objects.create(slug=slug, kind=kind, area=home, name=factories.texts(name), folded=folded(name))


@pytest.fixture
def here(monkeypatch):
    """Extracts are read in the tests' own process: what the process is that reads them elsewhere, the other tests see."""
    monkeypatch.setenv("OSM_CONFIG_FILE", "")
    monkeypatch.setenv("CPL_TMPDIR", "")
    monkeypatch.setattr(import_shapes, "only", lambda driver: None)
    monkeypatch.setattr("layers.osm.MOST_THINGS", 1000)  # room for so many is taken at once: half a gigabyte for a million
    monkeypatch.setattr(child, "lines", lambda program, order, **limits: osm_child.answered(json.loads(order)))


def standing() -> dict[str, dict[str, str]]:
    return {place.name["bg"]: place.name for place in Place.objects.filter(source="osm").exclude(kind="house")}


def test_streets_houses_landmarks_and_quarters_come_and_go_and_the_towns_own_stay(town, here, tmp_path):
    taken = import_osm(town_extract().file(tmp_path))
    assert taken.kept == {"street": 2, "house": 3, "landmark": 3, "quarter": 1}
    assert (taken.new, taken.changed, taken.gone) == (9, 0, 0)
    gurko = Place.objects.get(source="osm", folded__startswith="gurko", kind="street")
    assert (gurko.name, gurko.area.slug) == ({"bg": "ул. Гурко", "en": "Gurko Street"}, "levka")
    assert [len(line) for line in gurko.line] == [3]
    assert sorted(gurko.houses.values_list("number", flat=True)) == ["12", "5А"]
    assert standing() == {
        "ул. Гурко": {"bg": "ул. Гурко", "en": "Gurko Street"}, "ул. Нова": {"bg": "ул. Нова", "en": "Nova Street"},
        "Читалище „Христо Ботев“": {"bg": "Читалище „Христо Ботев“", "en": "Chitalishte „Hristo Botev“"},
        "Болницата": {"bg": "Болницата", "en": "The hospital"}, "Запад": {"bg": "Запад", "en": "Zapad"},
        "Хлебарница": {"bg": "Хлебарница", "en": "Hlebarnitsa"},
    }  # fmt: skip
    own = Place.objects.get(slug="planina")
    assert (own.source, own.name["bg"], len(own.line[0])) == ("", "ул. Стара планина", 2)

    again = import_osm(town_extract(more=False).file(tmp_path))
    assert (again.new, again.changed, again.gone) == (0, 0, 1)
    assert "Хлебарница" not in standing()
    empty = Extract()
    empty.node(1, 1, amenity="bench")
    with pytest.raises(ImportRefused) as beside:  # an extract of another region would take all of it away
        import_osm(empty.file(tmp_path))
    assert beside.value.code == "beside"
    assert standing()["ул. Гурко"]
    left = Extract()
    left.node(1, 1, name="Болницата", amenity="hospital")
    assert import_osm(left.file(tmp_path), force=True).kept == {"landmark": 1}
    assert list(standing()) == ["Болницата"]
    own.refresh_from_db()
    assert own.line is None


def test_what_came_is_found_and_a_known_house_is_a_place(town, tmp_path):
    out = StringIO()
    packed = tmp_path / "town.osm.gz"
    packed.write_bytes(gzip.compress(town_extract().text().encode()))
    call_command("import_osm", packed, stdout=out)
    assert "© OpenStreetMap" in out.getvalue()
    assert "fill_near --all" in out.getvalue().splitlines()[-1]
    for typed in ("гурко 5а", "gurko 5a", "ул. Гурко №5А", "Gurko Street 5a"):
        hit = search(typed)[0]
        assert (hit.place.name["bg"], hit.exact, round((hit.point.x - LON) * 1000, 2)) == ("ул. Гурко", True, 1.0), typed
        assert chosen(hit.key).point.coords == hit.point.coords
    assert [(hit.name, hit.exact) for hit in search("гурко 99")] == [("ул. Гурко 99, гр. Левка", False)]
    assert [hit.place.kind for hit in search("bolnicata")] == ["landmark"]


def test_strange_files_change_nothing_and_say_why(town, here, tmp_path):
    import_osm(town_extract().file(tmp_path))
    before = list(Place.objects.order_by("pk").values_list("pk", "name"))
    for data, why in (
        (b"", "empty"), (gzip.compress(b""), "empty"), (b'{"type": "FeatureCollection"}', "extract"), (b"PK\3\4", "extract"),
        (b"<kml></kml>", "extract"), (town_extract().text()[:-900].encode(), "broken"),
        (town_extract().text('<!DOCTYPE osm [<!ENTITY a "b">]>').encode(), "dtd"), (gzip.compress(b"<osm" * 9)[:-5], "broken"),
        (b"\0\0\0\x0d\x0a\x09OSMHeader" + b"\xff" * 60, "broken"),
    ):  # fmt: skip
        with pytest.raises(ImportRefused) as refused:
            import_osm(strange(tmp_path, data))
        assert refused.value.code == why, data[:60]
        assert ("Четат се файлове .osm.pbf, .osm и .osm.gz." in refused.value.messages[0]) == (why == "extract"), data[:60]
    with pytest.raises(CommandError):
        call_command("import_osm", tmp_path / "nothing.pbf")
    with pytest.raises(CommandError):
        call_command("import_osm", tmp_path / "town.osm", bbox="1,2,3")
    assert list(Place.objects.order_by("pk").values_list("pk", "name")) == before


def test_a_trial_writes_nothing_and_most_streets_go_with_force_alone(town, here, tmp_path):
    whole = town_extract()
    for y, name in ((3, "улица Рила"), (4, "улица Опълченска")):
        whole.way((0, y), (4, y), highway="residential", name=name)
    made = import_osm(whole.file(tmp_path)).map

    def all_as_it_is():
        rows = Place.objects.order_by("pk").values_list("pk", "slug", "name", "line", "point")
        return list(rows), Installation.objects.get().edition, [path.stem for path in osm_tiles.folder().iterdir()], base_maps()

    before = all_as_it_is()
    assert made and before[2] == [made.name]
    piece, half = Extract(), Extract()
    piece.node(3, 0.1, addr__housenumber="8", addr__street="Нова")  # one street of four; the municipality's own is none
    for y, name in ((3, "улица Рила"), (4, "улица Опълченска")):
        half.way((0, y), (4, y), highway="residential", name=name)
    assert import_osm(half.file(tmp_path), dry=True).refused is None  # two of four go: no more than half
    path, out = piece.file(tmp_path), StringIO()
    call_command("import_osm", path, dry_run=True, stdout=out)
    assert "Нови: 0, Променено: 0, Изчезнали: 9\n" in out.getvalue()
    assert "улици: 3 от 4; места общо: 9" in out.getvalue().splitlines()[-1]
    assert all_as_it_is() == before
    with pytest.raises(CommandError, match=r"--force.*улици: 3 от 4; места общо: 9.*Нищо не е променено") as refused:
        call_command("import_osm", path)
    assert (refused.value.returncode, all_as_it_is()) == (1, before)
    call_command("import_osm", path, force=True, stdout=StringIO())
    assert list(standing()) == ["ул. Нова"]


def test_names_are_written_as_people_here_do():
    asked = [
        ("улица Гурко", "street"),
        ("бул. „Трети март“", "street"),
        ("Rue Grimaldi", "street"),
        ("алея Първа", "street"),
        ("София", "quarter"),
        ("площад Нов пазар", "square"),
        ("Нов пазар", "square"),
    ]
    assert [names({"": name}, kind) for name, kind in asked] == [
        {"bg": "ул. Гурко", "en": "Gurko Street"}, {"bg": "бул. „Трети март“", "en": "„Treti mart“ Boulevard"},
        {"bg": "Rue Grimaldi", "en": "Rue Grimaldi"}, {"bg": "алея Първа", "en": "aleya Parva"}, {"bg": "София", "en": "Sofia"},
        {"bg": "площад Нов пазар", "en": "Nov pazar Square"}, {"bg": "Нов пазар", "en": "Nov pazar"},
    ]  # fmt: skip
    assert [romanised(text) for text in ("Щъркелово гнездо", "ЮГ", "Яна", "ул. Шейново")] == [
        "Shtarkelovo gnezdo", "YUG", "Yana", "ul. Sheynovo"
    ]  # fmt: skip


def tile(name: str, zoom: int) -> dict[str, list[dict[str, str]]]:
    """{layer: what each thing of it says} of the tile in the middle of the town."""
    lon, lat = LON + 0.002, LAT + 0.001
    x, y = (ground_file.ranges((lon, lat, lon, lat), zoom)[at].start for at in (0, 1))
    path = osm_tiles.there(name)
    assert path
    content = Reader(MemorySource(path.read_bytes())).get(zoom, x, y)
    found = decoded(gzip.decompress(content)) if content else {}
    return {
        layer: [{key: text for key, text in each.items() if key not in ("shape", "mvt_id")} for each in things]
        for layer, things in found.items()
    }


def drawn_extract() -> Extract:
    extract = town_extract()
    extract.way((-90, 1), (90, 1), highway="primary", name="Околовръстен път")
    extract.way((-90, 2), (90, 2), railway="rail", name="Линия")
    extract.way((-90, 0), (90, 0), waterway="river", name="Бебреш")
    extract.way((-80, -50), (80, -50), (80, 50), (-80, 50), closed=True, landuse="forest")
    extract.way((-60, -50), (60, -50), (60, 50), (-60, 50), closed=True, natural="water", name="Язовир")
    extract.way((-70, -50), (70, -50), (70, 50), (-70, 50), closed=True, boundary="administrative", admin_level="6")
    extract.way((0, 0), (900, 900), power="line", name="Никъде нарисуван")
    return extract


def test_a_base_map_is_drawn_big_things_first_and_served_in_ranges(
    town, here, tmp_path, client, django_capture_on_commit_callbacks
):
    extract = drawn_extract().file(tmp_path)
    with django_capture_on_commit_callbacks(execute=True):
        made = import_osm(extract).map
    assert made
    header = Reader(MemorySource(osm_tiles.there(made.name).read_bytes())).header()
    assert (header["min_zoom"], header["max_zoom"], header["clustered"], header["addressed_tiles_count"]) == (
        8,
        16,
        True,
        made.tiles,
    )
    far, near = tile(made.name, 9), tile(made.name, 14)
    assert {layer: [each["kind"] for each in things] for layer, things in far.items()} == {
        "land": ["wood"], "water": ["water"], "waterways": ["river"], "boundaries": ["6"], "roads": ["main"], "places": ["town"],
    }  # fmt: skip
    assert far["roads"] == [{"kind": "main", "name_bg": "Околовръстен път", "name_en": "Okolovrasten pat"}]
    assert {each["kind"] for each in near["roads"]} == {"main", "secondary", "street", "path", "rail"}
    assert (len(near["buildings"]), near["waterways"][0]["name_bg"]) == (1, "Бебреш")
    assert ["buildings" in tile(made.name, zoom) for zoom in (13, 14, 16)] == [False, True, True]

    [row] = base_maps()
    address = f"/basemap/{made.name}.pmtiles"
    assert (row["slug"], row["tiles"], row["attribution"]) == ("own-map", address, "© OpenStreetMap contributors")
    part = client.get(address, headers={"Range": "bytes=0-6"})
    assert (part.status_code, part.content, part["Content-Range"]) == (206, b"PMTiles", f"bytes 0-6/{made.size}")
    assert len(b"".join(client.get(address).streaming_content)) == made.size

    with pytest.raises(ImportRefused):  # a broken file changes nothing
        import_osm(strange(tmp_path, drawn_extract().text()[:-900].encode()))
    assert import_osm(drawn_extract().file(tmp_path)).map == made
    with django_capture_on_commit_callbacks(execute=True):
        later = import_osm(town_extract().file(tmp_path)).map
    assert later
    assert {path.stem for path in osm_tiles.folder().iterdir()} == {
        later.name,
        made.name,
    }  # open pages still read the one before
    assert [each["tiles"] for each in base_maps()] == [f"/basemap/{later.name}.pmtiles"]


def test_a_writing_that_fails_leaves_map_and_gazetteer(town, here, tmp_path, monkeypatch):
    made = import_osm(drawn_extract().file(tmp_path)).map
    before = standing()
    for broken in ("new_edition", "osm_tiles.gzip.compress"):  # after the file stands, and while it is written
        with monkeypatch.context() as failing:
            failing.setattr(f"layers.actions.osm.{broken}", lambda *_a, **_k: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                import_osm(town_extract(more=False).file(tmp_path))
        assert [path.stem for path in osm_tiles.folder().iterdir()] == [made.name]
        assert (standing(), [row["tiles"] for row in base_maps()]) == (before, [f"/basemap/{made.name}.pmtiles"])


def test_the_own_map_comes_first_until_others_are_put_before_it_and_photos_have_words(town, here, tmp_path, settings):
    settings.TILE_HOSTS = ["https://tiles.example"]
    for slug, aerial in (("streets", False), ("photo", True)):
        BaseMap.objects.create(slug=slug, name=factories.texts(slug), url="https://tiles.example/{z}/{x}/{y}", aerial=aerial)
    import_osm(drawn_extract().file(tmp_path))
    assert [(row["slug"], row.get("back")) for row in base_maps()] == [("own-map", None), ("streets", None), ("photo", "Карта")]
    said = [row["silent"] for row in base_maps()]
    assert ["„" in said[0], said[2].startswith("„photo“: сървърът му не изпраща")] == [False, True]
    BaseMap.objects.filter(slug="own-map").update(order=1)
    import_osm(drawn_extract().file(tmp_path))
    assert [row["slug"] for row in base_maps()] == ["streets", "photo", "own-map"]
    with pytest.raises(ValidationError):
        BaseMap(slug="nowhere", name=factories.texts("Никъде"), attribution="x").full_clean()
    osm_tiles.remove(set())
    assert [row["slug"] for row in base_maps()] == ["streets", "photo"]


def strange(folder: Path, data: bytes) -> Path:
    path = folder / "strange"
    path.write_bytes(data)
    return path
