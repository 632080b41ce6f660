"""Rows of a file of the municipality as things of the gazetteer: named, spelt, numbered; or why a row is none, and how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.folding import house
from layers.import_wording import of_row
from layers.importing import ImportRefused, Mapping, Naming, text
from layers.models import Place
from layers.osm import LONGEST_NUMBER, names, spellings

KINDS = (Place.Kind.STREET, Place.Kind.HOUSE, Place.Kind.LANDMARK, Place.Kind.SQUARE, Place.Kind.QUARTER)
Row = tuple[int, str, str]
"""Number in the file from 1, code of WHY or layers.import_wording, a word of the row that it is about."""
_SQUARE = re.compile(r"(пл\.|площад\b|pl\.|square\b)", re.IGNORECASE)
_AGAIN = _("Mend its shape in the program that made the file and read the file again.")
WHY: dict[str, tuple[Promise, Promise]] = {
    "no_name": (_("has no name with letters"), _("Fill in the column of names, or choose another one.")),
    "no_number": (_("has no house number"), _("Fill in the column of numbers, or write the number behind the street.")),
    "long_number": (_("its number has more than 12 signs"), _("Write the number alone, without words.")),
    "square": (_("is a square among streets"), _("Put the squares into a file of their own and read it with --kind square.")),
    "left_out": (
        _("lies outside the municipality; left out"),
        _("Look at its coordinates; where all rows are told so, choose the coordinate system."),
    ),
    "no_street": (
        _("its street is not known in that settlement"),
        _("Mend the street's name or the coordinates, or read the file of streets first (--kind street)."),
    ),
    "same_house": (_("has the street and number of an earlier row; left out"), _("Keep one row for each house.")),
    "same": (_("is called as an earlier row near by; left out"), _("Give it a name of its own, if it is another place.")),
    "own": (
        _("stands in the municipality's folder already; not entered twice"),
        _("Nothing needs mending; of a street its line was taken."),
    ),
}
"""{code: (what is wrong, how to mend it)}."""
NOTED = ("own", "same", "same_house")
MEND: dict[str, Promise] = {
    "empty": _("Give it a place: a shape, or both coordinates as numbers."),
    "range": _("Choose the coordinate system in which the file was made (--srid)."),
    "not_finite": _("Write its coordinates as numbers."),
    "properties": _("Leave out long fields."),
}
"""Of what the reader of files says of a row."""


@dataclass(frozen=True)
class Columns:
    """Which columns say street and number of a house; "" for both where its name is the whole address."""

    street: str = ""
    number: str = ""


class Things:
    """Makes things of rows. Raises ImportRefused where a column that was chosen is not there, or none that is needed."""

    def __init__(self, kind: str, mapping: Mapping, columns: Columns, head: dict[str, Any]) -> None:
        first, *others = [code for code, _name in settings.LANGUAGES]
        known = [field["name"] for field in head["fields"]]
        is_house = kind == Place.Kind.HOUSE
        if missing := next((name for name in (columns.street, columns.number) if name and name not in known), ""):
            raise ImportRefused("no_field", missing)
        if not (mapping.name or (is_house and columns.street)):
            raise ImportRefused("no_name_field", ", ".join(known))
        self._naming = Naming(mapping, head, "", (first, (others or [first])[0]))
        self._kind, self._columns, self._first, self._is_house = kind, columns, first, is_house

    def thing(self, row: dict[str, Any]) -> dict[str, Any] | Row:
        """{kind, key, name, spelt, number, e} of a row of layers.importing.read, or why it is none."""
        if "why" in row:
            return row["n"], row["why"], row.get("about", "")
        found, number = self._naming.names(row), ""
        own = found.pop(self._first, "")
        if self._is_house:
            own, number = self._address(row, own)
        name = names({"": own, **found}, "street" if self._is_house else self._kind) if own else {}
        if not (spelt := spellings(name)):
            return row["n"], "no_name", ""
        if self._is_house and (not number or len(number) > LONGEST_NUMBER):
            return row["n"], "long_number" if number else "no_number", own
        if self._kind == Place.Kind.STREET and _SQUARE.match(own):
            return row["n"], "square", own
        return {"kind": self._kind, "key": f"{row['n']:07}", "name": name, "spelt": spelt, "number": number, "e": row["e"]}

    def _address(self, row: dict[str, Any], own: str) -> tuple[str, str]:
        """(street, number) by the columns that were chosen, else of the whole address."""
        street = text(row["p"].get(self._columns.street)) if self._columns.street else own
        if not self._columns.number:
            return house(street)
        return street, text(row["p"].get(self._columns.number)).lstrip("№ ")


def told(code: str) -> tuple[str, str]:
    """What is wrong with a row, and how it is mended."""
    if code in WHY:
        what, mend = WHY[code]
        return str(what), str(mend)
    return of_row(code), str(MEND.get(code, _AGAIN))
