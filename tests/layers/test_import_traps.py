"""Hostile files are refused, and what reads them is bounded."""

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
from shapely import Point

from geoportal.kernel.geometry import GeometryRefused
from geoportal.kernel.geometry_bulk import ewkb
from layers import importing
from layers.import_open import Refused, opened
from tests import factories
from tests.layers.files import LAT, LON, checked, geojson, layer, packed, point, read_here, refused, taken, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town(settings: Any, tmp_path: Path) -> None:
    Canary.hits.clear()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    factories.town()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


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
    # Parts that say to be longer or shorter than they are, or to hold other rows than shapes, are not half read.
    for name, at, lie in (
        ("made.shp", 24, b"\0\1\0\0"), ("made.shp", 24, b"\0\0\0\1"), ("made.shp", 104, b"\0\0\0\1"), ("made.shx", 104, b"\0\0\1\0"),
        ("made.shx", 100, b"\x7f\xff\xff\xff"), ("made.shx", 24, b"\0\0\0\0"), ("made.dbf", 4, b"\0\0\0\x80"), ("made.dbf", 10, b"\xff\xff"),
    ):  # fmt: skip
        told = parts[name][:at] + lie + parts[name][at + len(lie) :]
        assert why(packed({**parts, name: told}), tmp_path) == "broken", (name, at)
    assert why(packed({**parts, "made.dbf": parts["made.dbf"][:20]}), tmp_path) == "broken"


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
        (one, "srid", {"srid": 999_999}), (one, "elsewhere", {"srid": 8122}), (geojson((None, {})), "no_shapes", {}),
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
