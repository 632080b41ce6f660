"""Answers in a table: the list of the desk with its last columns filled in, as it comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.taking_over.mapping import fold
from reports.taking_over.table import Table

NUMBER = gettext_lazy("Number")
TO_FILL_IN: dict[str, Promise] = {
    "version": gettext_lazy("Version"), "status": gettext_lazy("New state"), "text": gettext_lazy("Answer"),
    "reason": gettext_lazy("Reason"), "expected_on": gettext_lazy("Expected on"),
}  # fmt: skip
"""The last columns of the desk's list; `version` says which state of the case was looked at, the others are empty there."""
COLUMNS: dict[str, Promise] = {"number": NUMBER, **TO_FILL_IN}
NEEDED = ("number", "version", "status", "text")
MOST = 10_000
"""Rows in which something is written."""


@dataclass(frozen=True)
class AnswerRow:
    """`row` of the file, and its cells as they were written. `torn`: it has more or fewer cells than the header."""

    row: str
    number: str = ""
    version: str = ""
    status: str = ""
    text: str = ""
    reason: str = ""
    expected_on: str = ""
    torn: bool = False

    @classmethod
    def of(cls, kept: list[Any]) -> Self:
        """From what `kept` answered."""
        return cls(*kept)

    def kept(self) -> list[Any]:
        """As JSON takes it."""
        return [getattr(self, each.name) for each in fields(self)]


def read(table: Table, most: int = MOST) -> list[AnswerRow]:
    """The rows in which something is written, in their order; those without stay out.

    Raises ValidationError where a column is missing or there are more than `most` of them.
    """
    columns = _columns(table.columns)
    found = list(_rows(table, columns))
    if len(found) > most:
        raise ValidationError(
            _("Answers stand in %(count)s rows; at most %(most)s fit at once. Divide the file.")
            % {"count": len(found), "most": most}
        )
    return found


def _columns(names: list[str]) -> dict[str, str]:
    """Field → column, by its name in any of the languages."""
    by_name = {fold(name): name for name in names}
    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {name: by_name[fold(str(label))] for name, label in COLUMNS.items() if fold(str(label)) in by_name}
    if missing := [str(COLUMNS[name]) for name in NEEDED if name not in found]:
        raise ValidationError(
            _("The file lacks the columns: %(names)s. Take the list of the desk as CSV and fill in its last columns.")
            % {"names": ", ".join(missing)}
        )
    return found


def _rows(table: Table, columns: Mapping[str, str]) -> Iterator[AnswerRow]:
    for line, cells in table.rows():
        if cells is None:
            yield AnswerRow(str(line), torn=True)
            continue
        read = {name: cells[column].strip() for name, column in columns.items()}
        if any(read.get(name) for name in ("status", "text", "reason", "expected_on")):
            yield AnswerRow(str(line), **read)
