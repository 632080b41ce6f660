"""Where reports of another system are read: a table, or an endpoint of Open311; and the words of columns that have few."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils import timezone

from reports.taking_over import mapping, open311, table

Rows = Iterator[tuple[str, dict[str, str] | None]]
TWO_YEARS = datetime.timedelta(days=730)
MOST_WORDS, LONGEST_WORD = 60, 100
"""A column with more different words, or longer ones, is neither category nor state."""


class File:
    """A table; `place`: photos may lie wherever their addresses say, as far as the guarded door lets them."""

    known: dict[str, str] | None = None
    place = ""

    def __init__(self, path: Path) -> None:
        self._table = table.read(path)
        self.name, self.columns = path.name, self._table.columns

    def rows(self) -> Rows:
        return ((str(line), cells) for line, cells in self._table.rows())


class Endpoint:
    """An endpoint of Open311, from a day on (two years back)."""

    known: dict[str, str] | None = mapping.OPEN311
    columns = list(open311.NAMES)

    def __init__(self, endpoint: str, since: datetime.date | None) -> None:
        self.name, self.place = endpoint, open311.place(endpoint)
        self._since = since or timezone.localdate() - TWO_YEARS

    def rows(self) -> Rows:
        return open311.requests(self.name, self._since)


class Words:
    """The different words of each column, gathered row by row."""

    def __init__(self, columns: Iterable[str]) -> None:
        self._found: dict[str, set[str]] = {column: set() for column in columns}

    def add(self, cells: dict[str, str] | None) -> None:
        for column, text in (cells or {}).items():
            if (words := self._found.get(column)) is None:
                continue
            word = " ".join(text.split())
            words.add(word)
            if len(words) > MOST_WORDS or len(word) > LONGEST_WORD:
                del self._found[column]

    def few(self) -> dict[str, list[str]]:
        """Column → its words in order, of the columns that have few."""
        return {column: sorted(words - {""}) for column, words in self._found.items()}
