"""An analysis's own parameters as data: the address is read by them, and the page draws its form from them."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.formats import get_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import parse as parse_reference
from geoportal.kernel.text import clean
from layers.models import Project
from reports.parameters import BadParameter
from reports.wording import day

Words = str | Promise
Choices = Callable[[], list[tuple[str, Words]]]
MOST_DISTANCES = 5
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)


@dataclass(frozen=True)
class Parameter:
    """One parameter. `lowest` and `highest` belong to numbers, in `unit`; `choices` to a choice: (value, label) in order.

    `kind`: whole, number, choice, day, distances (one to five whole numbers that rise, with commas), project (a published
    project by its reference; the value is its row).
    `default` is the value when the address names none; None means that nothing is chosen.
    """

    name: str
    label: Words
    help: Words
    kind: str = "whole"
    default: Any = None
    lowest: float | None = None
    highest: float | None = None
    unit: Words = ""
    choices: Choices | None = None

    def read(self, text: str) -> Any:
        """The value of the address's text. Raises BadParameter with the remedy."""
        try:
            return getattr(self, f"_{self.kind}")(clean(text))
        except ValidationError as refused:
            found = BadParameter(self.name, refused.messages[0])
            found.label = capfirst(str(self.label))
            raise found from refused

    def in_words(self, value: Any) -> str:
        """The value with its unit, as a reader says it; a dash where nothing is chosen."""
        if value is None:
            return "–"
        if self.kind == "choice":
            return str(dict(self.options()).get(value, value))
        if self.kind == "project":
            return text_in(value.title)
        if self.kind == "day":
            return day(value)
        if self.kind == "distances":
            return f"{', '.join(map(str, value))} {self.unit}".strip()
        return f"{number_format(value, use_l10n=True, force_grouping=True)} {self.unit}".strip()

    def as_text(self, value: Any) -> str:
        """The value as the address holds it, decimals behind a point in every language; '' where nothing is chosen."""
        if value is None:
            return ""
        if self.kind == "project":
            return str(value.subject.reference)
        return ",".join(map(str, value)) if self.kind == "distances" else str(value)

    def as_typed(self, text: str) -> str:
        """An address's text as a form's field shows it: a number as the reader's language writes it."""
        known = self.kind == "number" and _NUMBER.fullmatch(text)
        return text.replace(",", ".").replace(".", get_format("DECIMAL_SEPARATOR")) if known else text

    def options(self) -> list[tuple[str, Words]]:
        """(value, label) of a choice; empty for other kinds."""
        return self.choices() if self.choices else []

    def _range(self, value: float) -> None:
        assert self.lowest is not None and self.highest is not None
        if not self.lowest <= value <= self.highest:
            raise ValidationError(
                _("Write a number from %(lowest)s to %(highest)s.")
                % {"lowest": number_format(self.lowest), "highest": number_format(self.highest)}
            )

    def _whole(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 12):
            raise ValidationError(_("Write a whole number."))
        self._range(int(text))
        return int(text)

    def _number(self, text: str) -> float:
        if not _NUMBER.fullmatch(text):
            raise ValidationError(_("Write a number, for example 0.05."))
        value = float(text.replace(",", "."))
        self._range(value)
        return value

    def _distances(self, text: str) -> tuple[int, ...]:
        parts = [part.strip() for part in text.split(",")] if len(text) <= 60 else []
        if not 1 <= len(parts) <= MOST_DISTANCES:
            raise ValidationError(_("Write one to five whole numbers with commas between them, for example 50,150,300."))
        values = tuple(self._whole(part) for part in parts)
        if any(later <= earlier for earlier, later in itertools.pairwise(values)):
            raise ValidationError(_("Each distance must be greater than the one before it."))
        return values

    def _choice(self, text: str) -> str:
        values = [value for value, _label in self.options()]
        if text not in values:
            raise ValidationError(_("Unknown value. Known: %(names)s.") % {"names": ", ".join(values)})
        return text

    def _day(self, text: str) -> datetime.date:
        try:
            found = parse_date(text)
        except ValueError:
            found = None
        if found is None or not 1990 <= found.year <= 2100:
            raise ValidationError(_("Write a day as 2026-11-25."))
        return found

    def _project(self, text: str) -> Project:
        reference = parse_reference(text)
        found = Project.objects.filter(subject__is_public=True, subject__reference=reference).select_related("subject").first()
        if not reference or found is None:
            raise ValidationError(_("There is no such planned project. Choose one from the list."))
        return found


def project_parameter(help_text: Words, label: Words) -> Parameter:
    """The parameter `project`: one published planned project."""
    return Parameter("project", label, help_text, kind="project", choices=_projects)


def _projects() -> list[tuple[str, Words]]:
    rows = Project.objects.filter(subject__is_public=True).order_by("pk").values_list("subject__reference", "title")
    return [(reference, text_in(title)) for reference, title in rows]
