"""Every format, every way of writing letters and coordinates; bad rows are refused or mended as the report says."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point as Spot
from shapely import LineString, Point, Polygon

from layers.folding import folded
from layers.models import Import, Place
from municipality.models import Area
from tests import factories
from tests.layers.files import (
    LAT,
    LON,
    checked,
    geojson,
    layer,
    packed,
    point,
    polygon,
    read_here,
    refused,
    standing,
    taken,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    factories.town()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


@pytest.mark.usefixtures("here")
def test_each_format_comes_in(tmp_path: Path) -> None:
    """One point with a Bulgarian name; formats without fields of their own have it in the field that they have."""
    named = {"код": ["7"], "име": ["Лампа № 7"]}
    for number, (driver, fields, name) in enumerate(
        (
            ("GPKG", named, "име"), ("GeoJSON", named, "име"), ("FlatGeobuf", named, "име"), ("ESRI Shapefile", named, "име"),
            ("KML", {"Name": ["Лампа № 7"]}, "Name"), ("GPX", {"name": ["Лампа № 7"]}, "name"),
        )
    ):  # fmt: skip
        folder = tmp_path / str(number)
        folder.mkdir()
        more = {"encoding": "UTF-8"} if driver == "ESRI Shapefile" else {}
        into = layer(f"l{number}")
        done = taken(into, written(folder, driver, [Point(LON, LAT)], fields, **more), name=name)
        ((_slug, key, names, _icon, _about, _properties, place, *_no),) = standing(into)
        assert (key, names) == ("", {"bg": "Лампа № 7"}), driver
        assert place.coords == pytest.approx((LON, LAT), abs=1e-6), driver
        assert done.counts == {
            "rows": 1, "usable": 1, "refused": 0, "mended": 0, "new": 1, "changed": 0, "same": 0, "gone": 0, "outside": 0
        }, driver  # fmt: skip


@pytest.mark.usefixtures("here")
def test_a_drawing_without_a_coordinate_system_is_guessed_where_it_leads_into_the_municipality(tmp_path: Path) -> None:
    """7801, the cadastre's: made of degrees by the same PROJ, given once as east/north and once turned."""
    from layers.import_shapes import Projection

    east, north = metres("EPSG:7801")
    assert Projection("EPSG:7801")(_one(east, north))[0] == pytest.approx((LON, LAT), abs=1e-6)
    drawing = written(tmp_path, "DXF", [LineString([(east, north), (east + 100, north)])], {"Layer": ["оси"]}, crs=None)
    into = layer()
    done = taken(into, drawing)
    assert (done.found["crs"], done.found["guessed"], done.found["swapped"]) == ("EPSG:7801", True, False)
    assert standing(into)[0][7].extent == pytest.approx((LON, LAT, LON + 0.00123, LAT), abs=2e-4)
    turned = f"No;X;Y\n1;{north:.2f};{east:.2f}\n".replace(".", ",").encode()
    done = taken(into, turned, key="No")
    assert (done.found["crs"], done.found["swapped"]) == ("EPSG:7801", True)
    assert standing(into)[0][6].coords == pytest.approx((LON, LAT), abs=1e-6)
    into.refresh_from_db()
    assert (into.source_srid, into.mapping["key"]) == (7801, "No")


def _one(x: float, y: float) -> Any:
    import numpy as np

    return np.array([[x, y]])


def metres(system: str) -> tuple[float, float]:
    """The town's centre in a system, by PostGIS."""
    from django.contrib.gis.geos import Point as Place
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(g), ST_Y(g) FROM ST_Transform(ST_GeomFromText(%s, 4326), %s) g",
            [Place(LON, LAT).wkt, int(system.removeprefix("EPSG:"))],
        )
        return cursor.fetchone()


@pytest.mark.usefixtures("here")
def test_letters_of_windows_and_a_projection_beside_the_shapefile(tmp_path: Path) -> None:
    east, north = metres("EPSG:32635")
    data = written(
        tmp_path, "ESRI Shapefile", [Point(east, north)], {"NAME": ["Чешма „Извор“"]}, crs="EPSG:32635", encoding="CP1251"
    )
    into = layer()
    done = taken(into, data, name="NAME")
    assert (done.found["encoding"], done.found["crs"], done.found["guessed"]) == ("CP1251", done.found["crs"], False)
    assert standing(into)[0][2] == {"bg": "Чешма „Извор“"}
    assert standing(into)[0][6].coords == pytest.approx((LON, LAT), abs=1e-6)
    # Without .cpg and .prj the letters are told from the table, the system from where it leads.
    members = zipfile.ZipFile(io.BytesIO(data))
    bare = packed({name: members.read(name) for name in members.namelist() if not name.endswith((".cpg", ".prj"))})
    done = taken(into, bare, name="NAME")
    assert (done.found["encoding"], done.found["crs"], done.found["guessed"]) == ("CP1251", "EPSG:32635", True)
    assert standing(into)[0][2] == {"bg": "Чешма „Извор“"}
    # A wrong system is seen before anything is written: all rows lie outside.
    found = checked(into, bare, srid=32634)
    assert found.counts["outside"] == found.counts["usable"] == 1


@pytest.mark.usefixtures("here")
def test_tables_with_coordinates(tmp_path: Path) -> None:
    into = layer()
    for data in (
        f"\ufeffиме;lon;lat\nКъща;{LON};{LAT}\nБез място;;\n".encode(),
        f"име,lon,lat\nКъща,{LON},{LAT}\nБез място,x,y\n".encode("cp1251"),
        f'име;lon;lat\nКъща;"{str(LON).replace(".", ",")}";{str(LAT).replace(".", ",")}\nБез място;1e999;5\n'.encode(),
    ):
        done = taken(into, data, name="име")
        assert done.counts | {"gone": 0} == {
            "rows": 2, "usable": 1, "refused": 1, "mended": 0, "new": 1, "changed": 0, "same": 0, "gone": 0, "outside": 0
        }  # fmt: skip
        assert done.report == [[2, "empty", ""]]
        assert [row[2] for row in standing(into)] == [{"bg": "Къща"}]
    assert refused(b"a;b\n1;2\n") == "columns"
    chosen = taken(into, f"a;b\n{LON};{LAT}\n".encode(), x="a", y="b")
    assert chosen.counts["new"] == 1
    sheet = workbook([["име", "lon", "lat"], ["Къща", LON, LAT]])
    done = taken(into, sheet, name="име")
    assert (done.found["format"], standing(into)[0][2]) == ("xlsx", {"bg": "Къща"})


@pytest.mark.usefixtures("here")
def test_a_table_with_addresses() -> None:
    home = Area.objects.get(slug="levka")
    for slug, kind, name, at in (
        ("area-levka", "settlement", "гр. Левка", Spot(LON, LAT)), ("ul-gurko", "street", "ул. Гурко", None),
        ("clock", "landmark", "Часовникова кула", Spot(23.61, 42.91)),
    ):  # fmt: skip
        Place.objects.create(slug=slug, kind=kind, area=home, name=factories.texts(name), folded=folded(name), point=at)
    into = layer()
    table = "име;адрес\nКъща;ул. Гурко 5, Левка\nЧасовник;часовниковта кула\nНикъде;ул. Няма Такава 7, Левка\nПразно;\n"
    done = taken(into, table.encode(), address="адрес", name="име", key="име")
    assert done.report == [
        [3, "address", "ул. Няма Такава 7, Левка"], [4, "empty", ""],
        [1, "by_address", "ул. Гурко 5, гр. Левка"], [2, "by_address", "Часовникова кула, гр. Левка"],
    ]  # fmt: skip
    assert [(row[1], row[4], row[6].coords) for row in sorted(standing(into), key=lambda row: row[1])] == [
        ("Къща", True, (LON, LAT)), ("Часовник", False, (23.61, 42.91)),
    ]  # fmt: skip
    # Columns that are not found can be chosen from those of the file.
    assert refused(b"a;b\n1;2\n") == "columns"
    assert [field["name"] for field in Import.objects.first().found["fields"]] == ["a", "b"]


def workbook(rows: list[list[Any]]) -> bytes:
    """A sheet as small as one can be."""

    def cell(value: Any) -> str:
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>' if isinstance(value, str) else f"<c><v>{value}</v></c>"

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    related = "application/vnd.openxmlformats-package.relationships+xml"
    lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)

    def leads(what: str, to: str) -> str:
        return f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{office}/{what}" Target="{to}"/></Relationships>'

    texts = {
        "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="rels" ContentType="{related}"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": leads("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        '<sheets><sheet name="Лист" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": leads("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
    }
    return packed({name: text.encode() for name, text in texts.items()})


@pytest.mark.usefixtures("here")
def test_each_bad_row_is_said_and_the_others_come_in() -> None:
    d = 0.001
    bow = polygon((LON, LAT), (LON + d, LAT + d), (LON + d, LAT), (LON, LAT + d))
    rows: list[tuple[Any, dict[str, Any]]] = [
        (point(), {"id": "a", 'x"); drop table layers_feature; --': "1"}),
        (bow, {"id": "b"}),
        (None, {"id": "c"}),
        (point(400, 42), {"id": "d"}),
        (point(), {"id": "a"}),
        (point(), {"name": "без ключ"}),
        ({"type": "MultiPoint", "coordinates": [[LON, LAT], [LON + d, LAT]]}, {"id": "e"}),
        ({"type": "GeometryCollection", "geometries": [point(), bow]}, {"id": "f"}),
        ({"type": "MultiPoint", "coordinates": [[LON, LAT]]}, {"id": "g"}),
        ({"type": "LineString", "coordinates": [[LON, LAT], [LON, LAT]]}, {"id": "h"}),
        ({"type": "LineString", "coordinates": [[LON, LAT, 5], [LON + d, LAT, 6]]}, {"id": 9}),
        (point(*factories.OUTSIDE), {"id": "out"}),
        (point(), {"id": "i", "text": "я" * 5000, "steers": "а\u0001б\u202eв"}),
        (point(), {"id": "j", **{f"поле {n}": "я" * 900 for n in range(40)}}),
    ]  # fmt: skip
    into = layer()
    found = taken(into, geojson(*rows), key="id")
    assert found.report == [
        [3, "empty", ""], [4, "range", ""], [5, "same_key", ""], [6, "no_key", ""], [7, "mixed", ""], [8, "mixed", ""],
        [10, "invalid", ""], [14, "properties", ""], [2, "crossing", "b"], [12, "outside", ""],
    ]  # fmt: skip
    standing_now = {row[1]: row for row in standing(into)}
    assert set(standing_now) == {"a", "b", "g", "9", "out", "i"}
    assert standing_now["a"][5] == {"id": "a", 'x"); drop table layers_feature; --': "1"}
    assert (standing_now["b"][8].geom_type, standing_now["b"][8].valid, len(standing_now["b"][8])) == ("MultiPolygon", True, 2)
    assert standing_now["i"][5] == {"id": "i", "text": "я" * 1000, "steers": "абв"}
    assert found.counts["mended"] == 1 and found.counts["refused"] == 8


@pytest.mark.usefixtures("here")
def test_numbers_that_are_none(tmp_path: Path) -> None:
    nan = float("nan")
    shapes = [Point(LON, LAT), LineString([(LON, nan), (LON, LAT)]), Polygon()]
    data = written(tmp_path, "GPKG", shapes, {"n": [1.5, nan, 2.0]}, geometry_type="Unknown")
    into = layer()
    found = taken(into, data)
    assert [line[:2] for line in found.report] == [[2, "not_finite"], [3, "empty"]]
    assert standing(into)[0][5] == {"n": 1.5}


@pytest.mark.usefixtures("here")
def test_a_row_is_as_long_as_the_database_writes_it() -> None:
    """In bytes: the row that is too long is named, the others come in."""
    letters = {f"f{n}": "я" * 1000 for n in range(12)}
    digits = {f"n{n}": 1e300 for n in range(45)} | {"quoted": '"' * 1000}
    full = {f"f{n}": "я" * 1000 for n in range(9)} | {"rest": "я" * ((20_000 - 9 * 2010 - 12) // 2)}
    over = {**full, "rest": full["rest"] + "a"}
    found = checked(layer(), geojson(*((point(), fields) for fields in (letters, digits, full, over))))
    assert (found.state, found.counts["usable"]) == ("checked", 2), found.refused
    assert sorted(found.report) == [[1, "properties", ""], [4, "properties", ""]]
