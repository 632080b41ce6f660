"""Every format, every way of writing letters and coordinates; hostile files are refused or mended as the report says."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import threading
import uuid
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.gis.geos import Point as Spot
from shapely import LineString, Point, Polygon

from geoportal.kernel.geometry import GeometryRefused
from geoportal.kernel.geometry_bulk import ewkb
from layers import importing
from layers.folding import folded
from layers.import_open import Refused, opened
from layers.models import Import, Layer, Place
from municipality.models import Area
from tests import factories
from tests.layers.files import LAT, LON, checked, geojson, layer, packed, point, polygon, read_here, standing, taken, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town(settings: Any, tmp_path: Path) -> None:
    Canary.hits.clear()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    factories.town()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


def refused(data: bytes, **mapping: Any) -> str:
    """Why a file is refused, read by the process that reads files."""
    into, _made = Layer.objects.get_or_create(slug="refused", defaults={"name": {}})
    found = checked(into, data, **mapping)
    assert found.state == Import.State.FAILED
    assert not found.rows.exists()
    return found.refused


def why(data: bytes, folder: Path) -> str:
    """Why a file is not even handed to a driver; "" where it is."""
    inner = folder / uuid.uuid4().hex
    inner.mkdir()
    (inner / "file").write_bytes(data)
    try:
        opened(inner / "file", inner)
    except Refused as said:
        return said.code
    return ""


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


def test_archives_that_are_traps(tmp_path: Path) -> None:
    whole = written(tmp_path, "ESRI Shapefile", [Point(LON, LAT)], {"n": [1]})
    members = zipfile.ZipFile(io.BytesIO(whole))
    parts = {name: members.read(name) for name in members.namelist()}
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as archive:
        about = zipfile.ZipInfo("made.shp")
        about.external_attr = 0o120777 << 16
        archive.writestr(about, "/etc/passwd")
    many = packed({f"{n}.txt": b"" for n in range(21)})
    # A list of a million members, as small as a file of 22 bytes can say it: it is not believed and not read.
    lying = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65_535, 65_535, 46_000_000, 0, 0)
    zeros = packed({"made.shp": bytes(60_000_000)})
    overlapping = whole[:-22] + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 200, 200, 99_000, 0, 0)
    for data, expected in (
        (many, "members"), (packed({f"m/{n}": b"" for n in range(3000)}), "members"), (b"PK\3\4" + lying, "members"),
        (zeros, "bomb"), (packed({"../made.shp": b"x"}), "slip"), (packed({"/made.shp": b"x"}), "slip"), (link.getvalue(), "link"),
        (packed({"made.vrt": b"<OGRVRTDataSource/>"}), "member"), (packed({"in.zip": many}), "member"),
        (packed({"a.geojson": many}), "member"), (packed({"made.shp": parts["made.shp"]}), "shapefile"),
        (packed({"readme.txt": b"x"}), "archive"), (whole[:200], "broken"), (overlapping, "broken"),
        (packed(parts), ""),
    ):  # fmt: skip
        assert why(data, tmp_path) == expected, expected
    assert refused(packed({**parts, "made.shp": b"\0" * 200})) == "broken"


def test_a_link_or_a_word_of_its_own_hides_behind_no_way_of_writing(tmp_path: Path) -> None:
    whole = '{"type": "FeatureCollection", %s, "features": []}'
    link, named = '"type": "link", "properties": {"href": "http://a/b"}', '{"type": "name", "properties": {"name": "%s"}}'
    for crs, expected in (
        ('"crs": {' + " " * 301 + link + "}", "crs_link"), ('"cr\\u0073": {' + link + "}", "crs_link"),
        ('"crs": {"a": {"b": {' + link + "}}}", "crs_link"), ("'crs': {" + link + "}", "crs_link"), ('"crs"/**/: {' + link + "}", "crs_link"),
        ('"crs": ' + named % "http://a/b", "crs_link"), ('"crs": ' + " " * 301 + named % "EPSG:7801", ""),
        ('"crs": ' + named % "urn:ogc:def:crs:OGC:1.3:CRS84", ""), ('"crs": null', ""), ('"note": "crs"', ""),
    ):  # fmt: skip
        assert why((whole % crs).encode(), tmp_path) == expected, crs
    book = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.bin": b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'}
    assert why(packed(book), tmp_path) == "dtd"
    assert why(packed({**book, "xl/worksheets/sheet1.bin": "<a/>".encode("utf-16-le")}), tmp_path) == "dtd"
    assert why(packed({**book, "xl/worksheets/sheet1.bin": b"P\0r\0i\0n\0"}), tmp_path) == ""


def test_xml_and_texts_that_are_traps(tmp_path: Path) -> None:
    kml = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
    bomb = f'<!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{kml.format("<name>&b;</name>")}'
    vrt = "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    for data, expected in (
        (bomb.encode(), "dtd"), (b"\xff\xfe" + bomb.encode("utf-16-le"), "format"), (vrt.encode(), "format"),
        (b"<?xml version='1.0'?><gml:FeatureCollection/>", "format"), (b"\x89PNG\r\n\x1a\n\0", "format"), (kml.encode(), ""),
    ):  # fmt: skip
        assert why(data, tmp_path) == expected, data[:40]
    with pytest.raises(importing.ImportRefused):
        checked(layer("empty"), b"")


@pytest.mark.usefixtures("here")
def test_files_that_no_driver_can_use() -> None:
    one = geojson((point(), {}))
    for data, expected, mapping in (
        (b"{", "broken", {}), (b'{"type": "FeatureCollection", "features": []}', "nothing", {}),
        (b"SQLite format 3\0" + bytes(200), "broken", {}), (b"fgb\3fgb\0" + b"\xff" * 100, "nothing", {}),
        (b"/vsicurl/http://127.0.0.1/a", "format", {}), ("име;lon;lat\nа;1;2\n".encode("cp1251"), "unknown_srid", {}),
        ("име;lon;lat\nа;1;2\n".encode("cp1251"), "encoding", {"encoding": "UTF-8"}), (one, "no_field", {"key": "няма"}),
        (one, "srid", {"srid": 999_999}), (geojson((None, {})), "no_shapes", {}),
    ):  # fmt: skip
        assert refused(data, **mapping) == expected, data[:40]


def test_a_process_that_dies_or_takes_too_long_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MEMORY", 50 * 1024 * 1024)
    assert refused(geojson((point(), {}))) in ("failed", "killed", "memory")
    monkeypatch.setattr(importing, "SECONDS", 0.01)
    assert refused(geojson((point(), {}))) == "slow"


class Canary(BaseHTTPRequestHandler):
    hits: list[str] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(404)
        self.end_headers()

    do_HEAD = do_POST = do_GET

    def log_message(self, *_words: Any) -> None:
        pass


def test_nothing_in_a_file_makes_the_server_ask_another(tmp_path: Path) -> None:
    """The bird is shown to sing first: the same address asked with nothing in the way is heard."""
    import urllib.request

    server = HTTPServer(("127.0.0.1", 0), Canary)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        at = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(OSError, match="404"):
            urllib.request.urlopen(f"{at}/alive")
        assert Canary.hits == ["/alive"]
        link = {"type": "link", "properties": {"href": f"{at}/crs", "type": "proj4"}}
        assert why(geojson((point(), {}), crs=link), tmp_path) == "crs_link"
        assert why(geojson((point(), {}), crs={"type": "name", "properties": {"name": f"{at}/name"}}), tmp_path) == "crs_link"
        mark = f"<Placemark><name>{at}</name><Point><coordinates>{LON},{LAT}</coordinates></Point></Placemark>"
        schema = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{at}/schema {at}/x.xsd"'
        kml = (
            f'<kml xmlns="http://www.opengis.net/kml/2.2" {schema}><Document><Style><IconStyle><Icon><href>{at}/icon.png</href></Icon>'
            f"</IconStyle></Style><NetworkLink><Link><href>{at}/net.kml</href></Link></NetworkLink>{mark}</Document></kml>"
        )
        gpx = f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="{LAT}" lon="{LON}"><link href="{at}/gpx"/></wpt></gpx>'
        for data in (kml.encode(), gpx.encode()):
            assert taken(layer(f"c{len(data)}"), data).counts["new"] == 1
        vrt = f"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/vsicurl/{at}/vrt</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
        assert why(vrt.encode(), tmp_path) == "format"
        assert Canary.hits == ["/alive"]
    finally:
        server.shutdown()
        server.server_close()


ASKING = """import sys
sys.path.append(sys.argv[1])
from layers import import_child
if sys.argv[2] == "bounded":
    import_child.bounded(6 << 30, 60)
import pyogrio
if sys.argv[2] == "one driver":
    from layers.import_shapes import only
    only("GeoJSON")
for address in sys.argv[3:]:
    try:
        print(pyogrio.read_info(address)["features"])
    except pyogrio.errors.DataSourceError:
        print("refused")
"""


def test_the_process_that_reads_files_has_no_network_and_one_driver(tmp_path: Path) -> None:
    """Without its bounds the same call is heard and the same file opened."""
    server = HTTPServer(("127.0.0.1", 0), Canary)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    good, vrt = tmp_path / "good.geojson", tmp_path / "a.vrt"
    good.write_bytes(geojson((point(), {})))
    vrt.write_text(
        f"<OGRVRTDataSource><OGRVRTLayer name='good'><SrcDataSource>{good}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )

    def asked(how: str, *addresses: str) -> list[str]:
        command = [sys.executable, "-I", "-c", ASKING, str(settings.BASE_DIR), how, *addresses]
        return subprocess.run(command, capture_output=True, text=True, env={}, check=True, timeout=60).stdout.split()

    try:
        at = f"/vsicurl/http://127.0.0.1:{server.server_port}"
        assert asked("bounded", f"{at}/bounded.geojson") == ["refused"]
        assert Canary.hits == []
        assert asked("free", f"{at}/free.geojson", str(vrt)) == ["refused", "1"]
        assert "/free.geojson" in Canary.hits
    finally:
        server.shutdown()
        server.server_close()
    assert asked("one driver", str(vrt), str(good)) == ["refused", "1"]


def test_the_gate_for_many_refuses_what_the_gate_refuses() -> None:
    good = struct.pack("<BIdd", 1, 1, LON, LAT)
    assert ewkb("point", good.hex().upper()) == f"0101000020E6100000{good[5:].hex().upper()}"
    for bad in (
        struct.pack("<BIdd", 1, 1, float("nan"), LAT), struct.pack("<BIdd", 1, 1, LON, float("inf")), struct.pack("<BIdd", 1, 1, 1e300, 2),
        struct.pack("<BIdd", 1, 1, 181, 2), good[:-1], good + b"\0", struct.pack(">BIdd", 0, 1, LON, LAT), struct.pack("<BI", 1, 1),
        struct.pack("<BIIdd", 1, 0x20000001, 4326, LON, LAT), struct.pack("<BII", 1, 5, 0), struct.pack("<BII", 1, 6, 4_000_000_000),
        struct.pack("<BIIBII", 1, 5, 1, 1, 2, 0),
    ):  # fmt: skip
        for kind in ("point", "line", "polygon", "other"):
            with pytest.raises(GeometryRefused):
                ewkb(kind, bad.hex().upper())
    with pytest.raises(GeometryRefused):
        ewkb("point", "zz")


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
