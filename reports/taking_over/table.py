"""A CSV file as other systems write it: UTF-8 with or without its mark or Windows-1251, commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from geoportal.kernel.text import uncelled

MOST_BYTES = 200 * 1024 * 1024
ENCODINGS = ("utf-8-sig", "cp1251")
DELIMITERS = ";,\t"
MOST_CHARACTERS = 131_072  # of one cell


@dataclass(frozen=True)
class Table:
    """`columns`: the header; `rows` gives (line, cells by column), None for a line with more or fewer cells."""

    columns: list[str]
    text: str
    delimiter: str

    def rows(self) -> Iterator[tuple[int, dict[str, str] | None]]:
        """Raises ValidationError at a cell that is no CSV any more; what was read until then stands."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        try:
            next(reader)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    whole = len(cells) == len(self.columns)
                    yield reader.line_num, dict(zip(self.columns, map(uncelled, cells), strict=True)) if whole else None
        except csv.Error:
            words = _("Line %(line)s cannot be read: a cell is far too long, or a quote is never closed.")
            raise ValidationError(words % {"line": reader.line_num}) from None


def read(path: Path) -> Table:
    """Raises ValidationError for a file that is no table."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 200 MB. Divide it."))
        return of_bytes(path.read_bytes())
    except OSError:
        raise ValidationError(_("There is no file %(path)s.") % {"path": path}) from None


def of_bytes(raw: bytes) -> Table:
    """The same of what was sent. Raises ValidationError for what is no table."""
    text = _decoded(raw)
    csv.field_size_limit(MOST_CHARACTERS)  # counts for the whole process: said here, whoever read a table before
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        columns = [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])]
    except csv.Error:
        columns = []
    if len(columns) < 2 or len(set(columns)) < len(columns):
        raise ValidationError(_("The first line must name the columns, each once, with commas or semicolons between."))
    return Table(columns, text, delimiter)


def _decoded(raw: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The file is neither UTF-8 nor Windows-1251. Save it anew."))
