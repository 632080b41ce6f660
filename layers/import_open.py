"""What kind of file a stranger's geodata is, by its bytes and never by its name; archives and XML are looked at before anything
opens them. Part of the process of `layers.import_child`: standard library only.
"""

from __future__ import annotations

import io
import json
import re
import stat
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

MOST_MEMBERS, MOST_SHEET_MEMBERS = 20, 200
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
HARMLESS = 10 * 1024 * 1024
"""Less than this may be packed as tightly as it likes: a table of blanks is."""
MOST_DIRECTORY = 100_000
"""Bytes of an archive's list of members."""
PIECE = 1024 * 1024
SHAPEFILE = ("shp", "shx", "dbf", "prj", "cpg")
ALONE = ("geojson", "json", "gpkg", "kml", "gpx", "dxf", "fgb", "csv")
BESIDE = ("qpj", "sbn", "sbx", "qix", "xml", "qml", "qmd", "sld", "txt", "pdf", "htm", "html", "fix", "png", "jpg", "jpeg")
"""May lie in an archive; nobody unpacks them."""
DRIVERS = {
    "geojson": "GeoJSON", "gpkg": "GPKG", "shp": "ESRI Shapefile", "kml": "KML", "gpx": "GPX", "dxf": "DXF", "fgb": "FlatGeobuf",
    "xlsx": "XLSX", "csv": "",
}  # fmt: skip
_DTD = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_CRS = re.compile(rb"""["'](?:c|\\u0063)(?:r|\\u0072)(?:s|\\u0073)["']\s*(/|:\s*[{/'])""")
"""The key in each way of writing it, before an object, or before what only lenient readers take for JSON."""
_NAMED = re.compile(r"urn:ogc:def:crs:[A-Za-z0-9:.]+|EPSG:\d{4,6}")
_OF_CRS = {"type", "properties", "name", "code"}
MOST_OF_CRS = 2000
_DXF = re.compile(rb"\A(?:\s*999\r?\n[^\n]*\n)*\s*0\r?\n\s*SECTION\r?\n")
_ROOT = re.compile(rb"<(?:\w+:)?(kml|gpx)[\s>]")


class Refused(Exception):
    """args: the code that `layers.importing` has a sentence for, and a word of the file that it is about."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code, about)
        self.code, self.about = code, about
        self.head: dict[str, object] = {}


@dataclass
class Opened:
    """A file that may be handed to the one driver of its format. `parts`: names of the tables in an archive."""

    format: str
    path: Path
    encoding: str = ""
    parts: list[str] = field(default_factory=list)


def opened(path: Path, folder: Path, encoding: str = "", part: str = "") -> Opened:
    """The file in `folder` under a name of ours, or what its archive holds. Raises Refused."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("empty")
    if head.startswith(b"PK"):
        return _unpacked(path, folder, encoding, part)
    if head.startswith(b"SQLite format 3\0"):
        return Opened("gpkg", _named(path, folder, "gpkg"))
    if head.startswith(b"fgb"):
        return Opened("fgb", _named(path, folder, "fgb"))
    return _text(path.read_bytes(), folder, encoding)


def _named(path: Path, folder: Path, ending: str) -> Path:
    """The same bytes as `source.<ending>`: a driver takes a file's name for a hint."""
    found = folder / f"source.{ending}"
    if found != path:
        found.symlink_to(path)
    return found


def _text(data: bytes, folder: Path, encoding: str) -> Opened:
    """GeoJSON, KML, GPX, DXF or CSV, as UTF-8."""
    if _DXF.match(data[:4096]):
        found = folder / "source.dxf"
        found.write_bytes(data)  # says by itself in what letters it is written
        return Opened("dxf", found)
    if b"\0" in data:
        raise Refused("format")
    read = "UTF-8" if encoding == "" else encoding
    try:
        text = data.decode("utf-8-sig" if read == "UTF-8" else read)
    except UnicodeDecodeError:
        if encoding:
            raise Refused("encoding", encoding) from None
        read, text = "CP1251", data.decode("cp1251", "replace")
    data = text.encode()
    begins = data[:4096].lstrip()
    kind = "geojson" if begins.startswith(b"{") else "csv"
    if begins.startswith(b"<"):
        kind = _xml(data)
    elif kind == "geojson":
        _check_crs(data)
    found = folder / f"source.{kind}"
    found.write_bytes(data)
    return Opened(kind, found, read)


def _xml(data: bytes) -> str:
    """kml or gpx. Raises Refused for every other, and for XML that defines words of its own (bombs, files of the server)."""
    if _DTD.search(data):
        raise Refused("dtd")
    root = _ROOT.search(data[:4096])
    if root is None:
        raise Refused("format")
    return root[1].decode()


def _check_crs(data: bytes) -> None:
    """A coordinate system may be named; an address from which to fetch it is none."""
    for found in _CRS.finditer(data):
        pairs: list[tuple[str, object]] = []
        try:
            text = data[found.end() - 1 : found.end() + MOST_OF_CRS].decode("utf-8", "ignore")
            json.JSONDecoder(object_pairs_hook=pairs.extend).raw_decode(text)
        except (ValueError, RecursionError):
            raise Refused("crs_link") from None
        for key, value in pairs:
            named = isinstance(value, str) and (
                _NAMED.fullmatch(value) if key == "name" else value.lower() not in ("link", "url")
            )
            if key not in _OF_CRS or not (named or (key == "code" and isinstance(value, int)) or key == "properties"):
                raise Refused("crs_link")


# Archives ------------------------------------------------------------------------------------------------------------------


def _unpacked(path: Path, folder: Path, encoding: str, part: str) -> Opened:
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = _checked(archive, path.stat().st_size)
            if any(each.filename == "xl/workbook.xml" for each in members):
                return _sheets(archive, members, path, folder)
            return _chosen(archive, members, folder, encoding, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, struct.error, OSError, ValueError):
        raise Refused("broken") from None


def _check_directory(path: Path) -> None:
    """How many members there are, before a list of them is made: a million names would fill the memory."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        raise Refused("broken")
    members, size = struct.unpack_from("<HI", tail, at + 10)
    if members > MOST_SHEET_MEMBERS or size > MOST_DIRECTORY or tail[max(0, at - 20) :].startswith(b"PK\6\7"):
        raise Refused("members")


def _checked(archive: zipfile.ZipFile, packed: int) -> list[zipfile.ZipInfo]:
    """The members, when all of them may be here."""
    members = [each for each in archive.infolist() if not each.is_dir()]
    sheets = any(each.filename == "xl/workbook.xml" for each in members)
    if len(members) > (MOST_SHEET_MEMBERS if sheets else MOST_MEMBERS):
        raise Refused("members")
    for each in members:
        name = each.filename
        if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/"):
            raise Refused("slip")
        if stat.S_ISLNK(each.external_attr >> 16):
            raise Refused("link")
        if each.flag_bits & 1:
            raise Refused("locked")
        if not sheets and not _beside(name) and _ending(name) not in (*SHAPEFILE, *ALONE):
            raise Refused("member", Path(name).name[:60])
    whole = sum(each.file_size for each in members)
    if whole > MOST_UNPACKED or (whole > HARMLESS and whole > MOST_RATIO * packed):
        raise Refused("bomb")
    return members


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _beside(name: str) -> bool:
    return _ending(name) in BESIDE or name.startswith("__MACOSX/") or name.endswith(".DS_Store")


def _bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int = MOST_UNPACKED) -> bytes:
    """Unpacked with a counter: what the list says of sizes may be a lie."""
    out = io.BytesIO()
    with archive.open(member) as file:
        while piece := file.read(PIECE):
            if out.tell() + len(piece) > most:
                raise Refused("bomb")
            out.write(piece)
    return out.getvalue()


def _sheets(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], path: Path, folder: Path) -> Opened:
    """A workbook; any of its parts may be taken for XML, whatever it is called."""
    whole = 0
    for each in members:
        data = _bytes(archive, each, MOST_UNPACKED - whole)
        whole += len(data)
        if _DTD.search(data) or data[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
            raise Refused("dtd")
    return Opened("xlsx", _named(path, folder, "xlsx"))


def _chosen(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, encoding: str, part: str) -> Opened:
    """The shapefile or the one other file of an archive; `part` names one of several."""
    files = [each for each in members if not _beside(each.filename)]
    shapes = {each.filename[:-4]: each for each in files if _ending(each.filename) == "shp"}
    if not shapes:
        alone = [each for each in files if _ending(each.filename) in ALONE]
        if len(alone) != 1:
            raise Refused("archive")
        inner = folder / "inner"
        inner.write_bytes(_bytes(archive, alone[0]))
        if inner.read_bytes()[:2] == b"PK":
            raise Refused("member", Path(alone[0].filename).name[:60])
        return opened(inner, folder, encoding)
    names = {Path(stem).name: stem for stem in shapes}
    stem = names.get(part, next(iter(shapes)))
    whole = 0
    for each in files:
        if each.filename[:-4] == stem and each.filename[-4:-3] == "." and _ending(each.filename) in SHAPEFILE:
            data = _bytes(archive, each, MOST_UNPACKED - whole)
            whole += len(data)
            (folder / f"source.{_ending(each.filename)}").write_bytes(data)
    if not (folder / "source.dbf").exists() or not (folder / "source.shx").exists():
        raise Refused("shapefile")
    _check_sizes(folder)
    return Opened("shp", folder / "source.shp", encoding or _letters(folder), sorted(names))


def _check_sizes(folder: Path) -> None:
    """The parts of a shapefile are as long as they say, and hold as many shapes as rows; GDAL reads what it finds and says nothing."""
    shapes, index, table = ((folder / f"source.{ending}").read_bytes() for ending in ("shp", "shx", "dbf"))
    for part in (shapes, index):
        if len(part) < 100 or 2 * int.from_bytes(part[24:28], "big") != len(part):
            raise Refused("broken")
    rows, head, long = struct.unpack_from("<IHH", table.ljust(12, b"\0"), 4)
    if rows != (len(index) - 100) // 8 or len(table) < head + rows * long:
        raise Refused("broken")
    for at in range(100, len(index) - 7, 8):
        begin, words = struct.unpack_from(">II", index, at)
        if shapes[2 * begin + 4 : 2 * begin + 8] != index[at + 4 : at + 8] or 2 * (begin + words) + 8 > len(shapes):
            raise Refused("broken")


def _letters(folder: Path) -> str:
    """In what letters the table is written: what lies beside it says so, else whether it could be UTF-8."""
    said = folder / "source.cpg"
    if said.exists():
        name = said.read_bytes()[:40].decode("ascii", "ignore").strip().upper()
        return {"1251": "CP1251", "ANSI 1251": "CP1251", "WINDOWS-1251": "CP1251", "65001": "UTF-8", "UTF8": "UTF-8"}.get(
            name, name
        )
    table = (folder / "source.dbf").read_bytes()
    try:
        table[int.from_bytes(table[8:10], "little") :].decode()
    except UnicodeDecodeError:
        return "CP1251"
    return "UTF-8"
