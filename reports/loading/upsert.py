"""Writing rows by their key: made when new, changed where they differ, left alone when equal; counted for the summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from reports.loading.rows import LoadError, Row


class Load:
    """One run: what it changed, what was wrong and which records it has seen."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.problems: list[LoadError] = []
        self.seen: dict[str, set[Any]] = {}

    @property
    def changed(self) -> bool:
        return any(counter["new"] or counter["changed"] for counter in self.counts.values())

    def each(self, rows: Iterable[Row], take: Callable[[Row], Any]) -> None:
        """Takes every row; an error is kept and the next row goes on, so that one run names them all."""
        for row in rows:
            try:
                take(row)
            except LoadError as error:
                self.tell(error)

    def tell(self, error: LoadError) -> None:
        """Keeps the error, once: a column that is missing would come back with every row."""
        if str(error) not in map(str, self.problems):
            self.problems.append(error)

    def in_order(self, rows: Iterable[Row], take: Callable[[Load, Row, int], Any]) -> None:
        """As `each`, with the row's place in the file, which is the order in which people see it."""
        for order, row in enumerate(rows):
            self.each([row], partial(self._take_at, take, order))

    def _take_at(self, take: Callable[[Load, Row, int], Any], order: int, row: Row) -> None:
        take(self, row, order)

    def count(self, model: type[models.Model], what: str) -> None:
        self.counts.setdefault(str(model._meta.label), Counter())[what] += 1

    def upsert(self, row: Row, model: type[models.Model], key: dict[str, Any], values: dict[str, Any]) -> Any:
        """The row of `model` with that key and these values; LoadError names the field that the model refuses."""
        row.done()
        seen = self.seen.setdefault(str(model._meta.label), set())
        if (identity := tuple(key.values())) in seen:
            name = " ".join(str(part) for part in identity if part is not None)
            raise row.error(next(iter(key)), _("%(name)s stands twice") % {"name": name})
        seen.add(identity)
        found = model._default_manager.filter(**key).first()
        if found is None:
            made = model(**key, **values)
            _clean(made, row)
            made.save(force_insert=True)
            self.count(model, "new")
            return made
        changed = [name for name, value in values.items() if not _same(getattr(found, name), value)]
        for name in changed:
            setattr(found, name, values[name])
        if changed:
            if any(field.name == "version" for field in model._meta.fields) and "version" not in key:
                found.version += 1  # type: ignore[attr-defined]
                changed.append("version")
            _clean(found, row)
            found.save(update_fields=changed)
        self.count(model, "changed" if changed else "same")
        return found


def _clean(instance: models.Model, row: Row) -> None:
    try:
        instance.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise row.refuse(error) from None


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, GEOSGeometry) and isinstance(new, GEOSGeometry):
        return bool(old.equals_exact(new))
    return bool(old == new)
