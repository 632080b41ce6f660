"""Why a file or a row of it could not be used, in words that say what to do; and what was mended."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FORMATS = {
    "geojson": "GeoJSON", "gpkg": "GeoPackage", "shp": "Shapefile", "kml": "KML", "gpx": "GPX", "dxf": "DXF", "fgb": "FlatGeobuf",
    "csv": "CSV", "xlsx": "XLSX",
}  # fmt: skip
"""Kinds of files by their own names."""
UNREADABLE = frozenset({"format", "dtd", "members", "slip", "link", "locked", "bomb"})
"""Why a file cannot be used however it is read."""
OF_FILE: dict[str, Promise] = {
    "empty": _("The file is empty."),
    "beside": _("Nothing of the file lies in the municipality. Choose the extract of its region."),
    "too_large": _("The file is larger than 200 MB. Divide it, or leave out fields."),
    "format": _(
        "The kind of file is not known. GeoPackage, Shapefile as ZIP, GeoJSON, KML, GPX, DXF, FlatGeobuf, CSV and XLSX are read."
    ),
    "extract": _("This is no extract of OpenStreetMap. Files .osm.pbf, .osm and .osm.gz are read."),
    "fewer_streets": _(
        "More than half of the streets of earlier extracts would go. Take an extract of the whole municipality, or add --force if they are to go."
    ),
    "broken": _("The file is not whole or not written by the rules of its format. Save it anew and send it again."),
    "encoding": _("The file is not written in these letters. Choose another encoding."),
    "dtd": _(
        "The file defines words of its own (DOCTYPE, ENTITY). For safety such XML is not read; save it anew from a map program."
    ),
    "crs_link": _("The coordinate system is given as a link. Save the file with an EPSG number."),
    "members": _("The archive holds too many files. Pack one shapefile only: .shp, .shx, .dbf, .prj, .cpg."),
    "slip": _("The archive holds names that lead out of it. Pack the files without folders."),
    "link": _("The archive holds links to other files. Pack the files themselves."),
    "locked": _("The archive is locked with a password. Pack it without one."),
    "member": _("The archive holds a file that has no place here."),
    "bomb": _("Unpacked the archive is far too large: at most 200 MB and a hundred times its own size."),
    "archive": _("The archive must hold one shapefile or one other file with geodata."),
    "shapefile": _("A part of the shapefile is missing: .shp, .shx and .dbf belong together."),
    "nothing": _("The file holds no rows."),
    "rows": _("The file holds more than 250,000 rows. Divide it."),
    "corners": _("The shapes of the file have more than 2,000,000 corners together. Divide it, or simplify them."),
    "needs_key": _("Notices and filters name these areas. Choose the field by which each area is found again."),
    "columns": _("It is not known which columns hold the coordinates, or the address. Choose them."),
    "no_shapes": _("No row of the file has a place that can be used."),
    "srid": _("This coordinate system is not known. Choose another EPSG number."),
    "elsewhere": _(
        "This coordinate system is made for another part of the world. Choose the one in which the file was made; the cadastre’s is 7801."
    ),
    "unknown_srid": _(
        "The file does not say its coordinate system, and none of the usual ones leads into the municipality. Choose it."
    ),
    "memory": _("The file needs more memory than one file may have. Divide it."),
    "slow": _("Reading took too long. Divide the file."),
    "killed": _("The file broke the program that reads it. Save it anew from another program."),
    "failed": _("The file could not be read."),
    "addresses": _("The file holds more than 10,000 addresses. Divide it, or give it coordinates."),
    "busy": _("Other files are being read. Try again in a minute."),
    "no_field": _("The file has no such field. Choose the key and the name anew."),
    "fewer_places": _(
        "More than half of the places that earlier files of this kind brought are not in this one. If that is right, add --force."
    ),
    "no_name_field": _("It is not known which column holds the names. Choose one of these."),
    "not_inside": _(
        "Nothing of the file lies in the municipality. Look whether it is the right file and its coordinate system."
    ),
    "no_places": _("No row of the file can be used; what to mend is said of each."),
    "clash": _("Something in the layer has changed meanwhile. Check the file once more."),
    "not_written": _("The layer could not be written just now. Carry it out once more in a minute."),
    "gone": _("The file is no longer here. Send it again."),
}
"""Of the whole file; `about` may name what it is about."""

OF_ROW: dict[str, Promise] = {
    "empty": _("has no shape"),
    "broken": _("its shape cannot be read"),
    "vertices": _("has more than 100,000 corners"),
    "not_finite": _("has a coordinate that is not a number"),
    "range": _("lies outside the globe in this coordinate system"),
    "mixed": _("mixes points, lines and areas, or has several points"),
    "kind": _("has a shape of a kind that maps do not take"),
    "invalid": _("its outline cannot be mended"),
    "properties": _("its fields are too long together"),
    "address": _("its address is not known here"),
    "no_key": _("has no key"),
    "same_key": _("has the key of an earlier row"),
}
"""The row is left out."""

NOTED: dict[str, Promise] = {
    "crossing": _("its outline crossed itself; mended"),
    "by_address": _("placed by its address"),
    "outside": _("lies outside the municipality; taken in"),
}
"""The row is taken."""


def of_file(code: str, about: str = "") -> str:
    """The sentence for a whole file; `about` after it."""
    sentence = str(OF_FILE.get(code, OF_FILE["failed"]))
    return f"{sentence} ({about})" if about else sentence


def of_row(code: str) -> str:
    """What is said of one row."""
    return str({**OF_ROW, **NOTED}.get(code, code))
