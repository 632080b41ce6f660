"""Rows of YAML and CSV files that know the file and line they stand on, so that every error can name them."""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from geoportal.kernel import geometry
from geoportal.kernel.multilingual import validate_texts
from geoportal.kernel.sprite import icons
from geoportal.kernel.text import clean

REQUIRED: Any = object()
MOST_BYTES = 4 * 1024 * 1024
DEEPEST = 50
YES_NO = {"yes": True, "no": False, True: True, False: False}


class LoadError(Exception):
    """Something in the data is wrong: `file`, `line` (from 1) and what to do about it."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file, self.line, self.message = file, line, message


class Row:
    """One record. Fields are taken by name and type; `done` refuses those that nobody took."""

    def __init__(self, file: str, line: int, values: dict[str, Any], lines: dict[str, int], *, header: int = 0) -> None:
        self.file, self.line, self.values, self.lines, self.header = file, line, values, lines, header
        self._taken: set[str] = set()

    def error(self, name: str, message: str) -> LoadError:
        """The error to raise about the field `name`."""
        line = self.lines.get(name) or next((n for key, n in self.lines.items() if key.startswith(f"{name}:")), self.line)
        return LoadError(self.file, line, f"{name}: {message}")

    def refuse(self, error: ValidationError) -> LoadError:
        """A model's refusal as an error about the first field that it names."""
        if hasattr(error, "error_dict"):
            name, messages = next(iter(error.message_dict.items()))
            return self.error(name, messages[0])
        return LoadError(self.file, self.line, error.messages[0])

    def raw(self, name: str, default: Any = REQUIRED) -> Any:
        """The value as written; an empty one counts as missing."""
        self._taken.add(name)
        value = self.values.get(name)
        if value is None or value == "":
            if default is REQUIRED:
                raise self.missing(name)
            return default
        return value

    def missing(self, name: str) -> LoadError:
        """The error about a field that is not given; in a sheet without such a column it names the header."""
        if self.header and not any(key.split(":", 1)[0] == name for key in self.values):
            return LoadError(self.file, self.header, f"{name}: " + _("is missing"))
        return self.error(name, _("is missing"))

    def text(self, name: str, default: Any = REQUIRED) -> Any:
        value = self.raw(name, default)
        if value is not default and not isinstance(value, str):
            raise self.error(name, _("must be text; put it in quotes"))
        return self._readable(name, value)

    def _readable(self, name: str, value: Any) -> Any:
        """The same value; LoadError when control characters stand in it."""
        try:
            clean(value or "", lines=True)
        except ValidationError as error:
            raise self.error(name, error.messages[0]) from None
        return value

    def icon(self, name: str, prefix: str, default: Any = REQUIRED) -> Any:
        """The id of a sign in the sprite without its prefix: `s` for sectors, `c` for categories, `l` for landmarks."""
        value = self.text(name, default)
        if value and value not in icons(prefix):
            raise self.error(name, _("“%(slug)s” is not known") % {"slug": value})
        return value

    def number(self, name: str, default: Any = REQUIRED) -> Any:
        """A whole number."""
        value = self.raw(name, default)
        if value is default:
            return default
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value.strip(), re.ASCII):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(name, _("must be a whole number"))
        return value

    def amount(self, name: str, default: Any = REQUIRED) -> Any:
        value = self.raw(name, default)
        if value is default:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(name, _("must be a number"))
        return value

    def flag(self, name: str, default: Any = REQUIRED) -> Any:
        value = self.raw(name, default)
        if value is not default and (not isinstance(value, str | bool) or value not in YES_NO):
            raise self.error(name, _("must be yes or no"))
        return value if value is default else YES_NO[value]

    def day(self, name: str, default: Any = REQUIRED) -> Any:
        value = self.raw(name, default)
        if value is not default and not isinstance(value, datetime.date):
            raise self.error(name, _("must be a date: year-month-day"))
        return value

    def texts(self, name: str, default: Any = REQUIRED) -> Any:
        """{language: text}, from a mapping or from the columns name:bg, name:en."""
        columns = {key: value for key, value in self.values.items() if key.startswith(f"{name}:")}
        if columns:
            self._taken.update(columns)
            found = {key.split(":", 1)[1]: value for key, value in columns.items() if value}
        else:
            value = self.raw(name, None)
            if value is not None and not isinstance(value, Row):
                raise self.error(name, _("write one text for each language"))
            found = dict(value.values) if value else {}
        if not found:
            if default is REQUIRED:
                raise self.missing(name)
            return default
        try:
            validate_texts(found)
        except ValidationError as error:
            raise self.error(name, error.messages[0]) from None
        return {language: self._readable(name, text).strip() for language, text in found.items()}

    def words(self, name: str) -> list[str]:
        """A list of words, from a YAML list or a cell divided by spaces; empty when missing."""
        value = self.raw(name, [])
        found = value.split() if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            raise self.error(name, _("must be a list of words"))
        return found

    def rows(self, name: str) -> list[Row]:
        """The records below this one; none when missing."""
        value = self.raw(name, [])
        if not isinstance(value, list) or not all(isinstance(item, Row) for item in value):
            raise self.error(name, _("must be a list of records"))
        return value

    def row(self, name: str) -> Row:
        value = self.raw(name)
        if not isinstance(value, Row):
            raise self.error(name, _("must be a record"))
        return value

    def shape(self, name: str, kind: str) -> Any:
        """A WGS84 geometry of `kind` from a list of positions, through the gate; None when missing."""
        value = self.raw(name, None)
        if value is None:
            return None
        try:
            return geometry.geojson({"type": kind, "coordinates": value}, kinds=frozenset([kind]))
        except ValidationError as error:
            raise self.error(name, error.messages[0]) from None

    def plain(self) -> dict[str, Any]:
        """The record as it stands, without line numbers; takes every field."""
        self._taken.update(self.values)
        return {key: _plain(value) for key, value in self.values.items()}

    def done(self) -> None:
        """No field may be left over: a misspelt name must not pass silently."""
        for name in self.values:
            if name not in self._taken:
                raise LoadError(self.file, self.header or self.lines[name], f"{name}: " + _("is not a field here"))


def _plain(value: Any) -> Any:
    if isinstance(value, Row):
        return value.plain()
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _construct(node: yaml.Node, file: str, loader: yaml.SafeLoader) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item, file, loader) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        try:
            return loader.construct_object(node)
        except ValueError as error:  # a date such as 2026-13-99
            raise LoadError(file, line, str(error)) from None
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node))
        lines[key] = key_node.start_mark.line + 1
        if key in values:
            raise LoadError(file, lines[key], _("%(name)s stands twice") % {"name": key})
        values[key] = _construct(value_node, file, loader)
    return Row(file, line, values, lines)


def content_of(path: Path) -> str:
    """The text of a data file; LoadError when it is missing, too large or not UTF-8."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LoadError(str(path), 1, _("the file is too large"))
        return path.read_text(encoding="utf-8-sig")  # spreadsheets write the mark of the encoding first
    except OSError:
        raise LoadError(str(path), 1, _("there is no such file")) from None
    except UnicodeDecodeError:
        raise LoadError(str(path), 1, _("the file is not UTF-8 text")) from None


class _Loader(yaml.SafeLoader):
    """The safe loader, refusing depth before Python's stack does, and aliases, which can hold themselves or grow without end."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem=_("an alias stands here; write it out"), problem_mark=self.get_mark())
        if self.depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem=_("is nested too deeply"), problem_mark=self.get_mark())
        found: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return found


def yaml_of(path: Path) -> Any:
    """Row, list or plain value of a YAML file."""
    text = content_of(path)
    if not text.strip():
        return []
    loader = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        return _construct(node, str(path), loader) if node is not None else []
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise LoadError(str(path), line, _("a control character stands here; remove it")) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LoadError(str(path), line, error.problem or _("is not YAML")) from None
    except (yaml.YAMLError, ValueError) as error:
        raise LoadError(str(path), 1, str(error).splitlines()[0]) from None
    finally:
        if loader is not None:
            loader.dispose()


def _csv_rows(path: Path) -> Iterator[Row]:
    lines = content_of(path).splitlines(keepends=True)
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        if twice := next((name for name in header if header.count(name) > 1), None):
            raise LoadError(str(path), 1, _("%(name)s stands twice") % {"name": twice})
        for cells in reader:
            line = reader.line_num
            if not cells:
                continue
            if len(cells) != len(header):
                message = _("%(found)s cells where the header has %(wanted)s")
                raise LoadError(str(path), line, message % {"found": len(cells), "wanted": len(header)})
            values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
            yield Row(str(path), line, values, dict.fromkeys(header, line), header=1)
    except csv.Error as error:
        raise LoadError(str(path), reader.line_num, str(error)) from None


def table(folder: Path, name: str, *, required: bool = True) -> list[Row]:
    """The records of `name`.csv or `name`.yaml."""
    path, sheet = folder / f"{name}.yaml", folder / f"{name}.csv"
    if path.exists() and sheet.exists():
        raise LoadError(str(sheet), 1, _("keep one of %(name)s.csv and %(name)s.yaml") % {"name": name})
    if not path.exists() and not sheet.exists() and not required:
        return []
    found = list(_csv_rows(sheet)) if sheet.exists() else yaml_of(path)
    if not isinstance(found, list) or not all(isinstance(item, Row) for item in found):
        raise LoadError(str(path), 1, _("must be a list of records"))
    if required and not found:
        raise LoadError(str(sheet if sheet.exists() else path), 1, _("holds no record"))
    return found


def record(path: Path) -> Row:
    """The one record of a YAML file."""
    found = yaml_of(path)
    if not isinstance(found, Row):
        raise LoadError(str(path), 1, _("must be a record"))
    return found
