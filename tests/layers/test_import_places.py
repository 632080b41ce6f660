"""Files of the municipality in the gazetteer: found as they are written, tied to their streets, renewed, reported, never half taken."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from geoportal.kernel import child
from layers import osm_child
from layers.actions import PlacesRefused, import_osm, import_places
from layers.folding import folded
from layers.gazetteer import search
from layers.importing import ImportRefused, Mapping
from layers.models import Place
from layers.near import near
from layers.place_rows import Columns
from municipality.models import Area
from tests import factories
from tests.layers.files import geojson, read_here
from tests.layers.test_osm import LAT, LON, Extract, town  # noqa: F401

NAME = Mapping(name="име")


def east(x: float, y: float = 0) -> list[float]:
    """In units of 0.001 degree from the town's centre, as extracts of OpenStreetMap are written there."""
    return [round(LON + x / 1000, 6), round(LAT + y / 1000, 6)]


def line(*ends: tuple[float, float]) -> dict:
    return {"type": "LineString", "coordinates": [east(*end) for end in ends]}


def kept(folder, data: bytes, name: str = "file"):
    path = folder / name
    path.write_bytes(data)
    return path


def houses(folder, *rows: tuple[str, str, float], encoding: str = "cp1251"):
    lines = [f"{street};{number};{east(x)[0]};{east(x)[1]}" for street, number, x in rows]
    return kept(folder, "\n".join(["Улица;Номер;X;Y", *lines]).encode(encoding), "houses.csv")


OF_HOUSES = Columns("Улица", "Номер")


def standing(**wanted: str) -> list[tuple[str, str]]:
    rows = Place.objects.filter(source="mun", **wanted).order_by("name__bg", "number")
    return [(place.name["bg"], place.number) for place in rows]


@pytest.fixture
def streets(town, monkeypatch, tmp_path):  # noqa: F811
    read_here(monkeypatch)
    for name in ("OSM_CONFIG_FILE", "CPL_TMPDIR"):
        monkeypatch.setenv(name, "")
    Place.objects.create(
        slug="gurko", kind="street", area=Area.objects.get(slug="levka"), name=factories.texts("ул. Гурко"),
        folded=folded("ул. Гурко"),
    )  # fmt: skip
    return kept(tmp_path, geojson(
        (line((0, 0), (2, 0)), {"име": "ул. Рила", "en": "Rila St"}), (line((2, 0), (4, 0)), {"име": "Рила"}),
        (line((0, 3), (4, 3)), {"име": "улица Гурко"}), (None, {"име": "Без място"}), (line((0, 1), (1, 1)), {}),
        (line((900, 0), (901, 0)), {"име": "Далечна"}), (line((0, 1), (1, 1)), {"име": "пл. Рила"}),
    ), "streets.geojson")  # fmt: skip


def test_houses_of_an_old_csv_are_found_exactly_and_bad_rows_say_how_to_mend_them(streets, tmp_path):
    path = houses(
        tmp_path, ("ул. Гурко", "5А", 1), ("гурко", "7", 1.5), ("ул. Няма", "1", 1), ("ул. Гурко", "", 1), ("Гурко", "5а", 1),
        ("ул. Гурко", "вход първи, етаж", 1), ("ул. Гурко", "9", 900),
    )  # fmt: skip
    out = StringIO()
    call_command("import_places", path, kind="house", street="Улица", number="Номер", dry_run=True, stdout=out)
    assert standing() == []
    call_command("import_places", path, kind="house", street="Улица", number="Номер", stdout=out)
    assert standing() == [("ул. Гурко", "5А"), ("ул. Гурко", "7")]
    for typed in ("гурко 5а", "gurko 5a", "ул. Гурко №5А"):
        hit = search(typed)[0]
        assert (hit.place.slug, hit.exact, [round(each, 6) for each in hit.point.coords]) == ("gurko", True, east(1)), typed
    assert near(search("гурко 7")[0].point)["bg"] == "до ул. Гурко 7"
    said = out.getvalue()
    assert "OpenStreetMap contributors" not in said
    report = import_places(path, "house", Mapping(), OF_HOUSES).report
    assert report == [
        (3, "no_street", "ул. Няма, гр. Левка"), (4, "no_number", "ул. Гурко"), (6, "long_number", "ул. Гурко"),
        (7, "left_out", "ул. Гурко"), (5, "same_house", "ул. Гурко 5а"),
    ]  # fmt: skip
    home = Area.objects.get(slug="levka")
    quarter = factories.area("saransk", "quarter", "Саранск", home)
    name = "жк Саранск"
    Place.objects.create(slug="area-saransk", kind="quarter", area=quarter, name=factories.texts(name), folded=folded(name))
    block = kept(tmp_path, f"Адрес;X;Y\nЖК Саранск бл. 12;{LON};{LAT}\nул. Гурко 5А;{LON};{LAT}".encode("cp1251"))
    assert import_places(block, "house", Mapping(name="Адрес"), Columns()).kept == 2
    assert (search("жк саранск бл. 12")[0].place.slug, search("жк саранск бл. 12")[0].exact) == ("area-saransk", True)
    shape = {"type": "Point", "coordinates": east(1)}
    taken = import_places(
        kept(tmp_path, geojson((shape, {"име": name}), (shape, {"име": "Запад"}))), "quarter", NAME, Columns()
    )
    assert (taken.report, standing(kind="quarter")) == ([(1, "own", name)], [("Запад", "")])
    assert said.count("Ред 3: улицата му не е позната в това населено място (ул. Няма, гр. Левка). ") == 2


def test_lines_of_streets_come_merge_and_go_with_the_next_file_and_the_folders_own_stay(streets, tmp_path):
    mapping = Mapping(name="име", name_en="en")
    taken = import_places(streets, "street", mapping, Columns())
    assert (taken.new, taken.changed, taken.gone, taken.kept, taken.rows) == (1, 0, 0, 1, 7)
    assert taken.report == [
        (4, "empty", ""), (5, "no_name", ""), (6, "left_out", "ул. Далечна"), (7, "square", "пл. Рила"), (3, "own", "ул. Гурко"),
    ]  # fmt: skip
    rila = Place.objects.get(source="mun")
    assert (rila.name, len(rila.line), len(rila.line[0])) == ({"bg": "ул. Рила", "en": "Rila St"}, 1, 3)
    own = Place.objects.get(slug="gurko")
    assert (own.source, own.line_source, len(own.line[0])) == ("", "mun", 2)
    again = import_places(streets, "street", mapping, Columns())
    assert (again.new, again.changed, again.gone) == (0, 0, 0)

    import_places(houses(tmp_path, ("Рила", "1", 1), ("Гурко", "2", 1), encoding="utf-8-sig"), "house", Mapping(), OF_HOUSES)
    later = kept(tmp_path, geojson((line((0, 5), (1, 5)), {"име": "Нова"})))
    taken = import_places(later, "street", NAME, Columns())
    assert (taken.new, taken.gone, taken.held) == (1, 0, 1)
    import_places(houses(tmp_path, ("Гурко", "2", 1)), "house", Mapping(), OF_HOUSES)
    taken = import_places(later, "street", NAME, Columns())
    assert (taken.new, taken.gone, taken.held) == (0, 1, 0)
    assert standing() == [("ул. Гурко", "2"), ("ул. Нова", "")]
    own.refresh_from_db()
    assert (own.line, own.line_source) == (None, "")


def test_an_extract_before_and_after_gives_way_to_the_files(streets, tmp_path, monkeypatch):
    extract = Extract()
    extract.way((0, 0.1), (4, 0.1), highway="residential", name="Рила")
    extract.way((0, 5), (4, 5), highway="residential", name="Пирин")
    for x, number, street in ((1, "1", "Рила"), (2, "2", "Рила"), (1, "1", "Пирин"), (2, "2", "Пирин")):
        extract.node(x, 0.2, addr__housenumber=number, addr__street=street)
    extract.node(3, 3, shop="bakery", name="Хлебарница")
    extracted = extract.file(tmp_path)

    def osm():
        with monkeypatch.context() as other:
            other.setattr("layers.osm.MOST_THINGS", 1000)
            other.setattr(child, "lines", lambda _program, order, **_bounds: osm_child.answered(json.loads(order)))
            import_osm(extracted)

    def of_osm() -> list[tuple[str, str]]:
        rows = Place.objects.filter(source="osm").order_by("name__bg", "number")
        return [(place.name["bg"], place.number) for place in rows]

    osm()
    taken = import_places(streets, "street", NAME, Columns())
    assert (taken.new, taken.gave_way) == (1, 1)
    import_places(houses(tmp_path, ("Рила", "1", 1.1), ("Пирин", "2", 2.1)), "house", Mapping(), OF_HOUSES)
    point = {"type": "Point", "coordinates": east(3.001, 3)}
    import_places(kept(tmp_path, geojson((point, {"име": "Хлебарница"}))), "landmark", NAME, Columns())
    wanted = [("ул. Пирин", ""), ("ул. Пирин", "1"), ("ул. Рила", "2")]
    assert of_osm() == wanted
    mun = list(
        Place.objects.filter(source="mun").order_by("pk").values("pk", "slug", "name", "number", "point", "line", "street")
    )
    for _again in range(2):
        osm()
        assert of_osm() == wanted
        assert list(Place.objects.filter(pk__in=[row["pk"] for row in mun]).order_by("pk").values(*mun[0])) == mun
    assert [round(search(typed)[0].point.x - LON, 4) for typed in ("рила 1", "рила 2", "пирин 1", "пирин 2")] == [
        0.0011, 0.002, 0.001, 0.0021,
    ]  # fmt: skip
    assert [hit.place.source for hit in search("хлебарница")] == ["mun"]


def test_a_file_that_leaves_nothing_is_refused_and_changes_nothing(streets, tmp_path):
    import_places(streets, "street", NAME, Columns())
    before = standing()
    far = geojson((line((900, 0), (901, 0)), {"име": "Далечна"}))
    for data, mapping, why in (
        (far, NAME, "not_inside"), (geojson((line((0, 0), (1, 0)), {"име": "…"})), NAME, "no_places"),
        (far, Mapping(name="няма"), "no_field"), (far, Mapping(), "no_name_field"), (b"", NAME, "empty"),
    ):  # fmt: skip
        with pytest.raises(ImportRefused) as refused:
            import_places(kept(tmp_path, data), "street", mapping, Columns())
        assert refused.value.code == why
    other = kept(tmp_path, geojson((line((0, 5), (1, 5)), {"име": "Нова"})))
    with pytest.raises(PlacesRefused) as refused:
        import_places(other, "street", NAME, Columns())
    assert (refused.value.code, refused.value.about, standing()) == ("fewer_places", "1 / 1", before)
    assert import_places(other, "street", NAME, Columns(), force=True, dry_run=True).gone == 1
    with pytest.raises(PlacesRefused) as refused:
        import_places(houses(tmp_path, ("ул. Няма", "1", 1)), "house", Mapping(), OF_HOUSES)
    assert refused.value.report == [(1, "no_street", "ул. Няма, гр. Левка")]
    with pytest.raises(CommandError):
        call_command("import_places", tmp_path / "nothing.csv", kind="street")
    assert standing() == before == [("ул. Рила", "")]
