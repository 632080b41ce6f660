"""A municipality from a folder, in one transaction: all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from municipality import site
from municipality.models import Installation
from reports.loading import ALSO, areas, base, categories, layers, places
from reports.loading.rows import LoadError, record, table
from reports.loading.upsert import Load


class Refused(Exception):
    """The data has `problems`; nothing was changed."""

    def __init__(self, problems: list[LoadError]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class _DryRun(Exception):
    """Ends the transaction of a dry run."""


def load_municipality(folder: Path, *, dry_run: bool = False) -> Load:
    """Loads everything that `folder` describes and answers what changed; a second run changes nothing.

    Rows are found by their slugs, so that what refers to them stays. Rows that left the data stay too, as reports may
    stand on them. Raises Refused with every problem found, each naming file and line.
    """
    load = Load()
    try:
        with transaction.atomic():
            _load(load, folder)
            if load.problems:
                raise Refused(load.problems)
            if load.changed:
                Installation.objects.update(edition=F("edition") + 1)
            if dry_run:
                raise _DryRun
    except LoadError as error:
        raise Refused([*load.problems, error]) from None
    except _DryRun:
        pass
    site.forget()
    return load


def _load(load: Load, folder: Path) -> None:
    """In the order in which the tables refer to each other."""
    installation, sectors = record(folder / "municipality.yaml"), table(folder, "sectors")
    load.each([installation], lambda row: base.installation(load, row))
    base.sectors(load, sectors)
    base.organisations(load, record(folder / "departments.yaml"))
    areas.areas(load, folder, table(folder, "areas"))
    load.each(table(folder, "regimes", required=False), lambda row: categories.regime(load, row))
    load.in_order(table(folder, "categories"), categories.category)
    if not load.problems:  # what a broken record would have brought is not missing
        categories.ideas(load, sectors)
        load.each([installation], lambda row: categories.premoderated(load, row))
    questions = table(folder, "questions", required=False)
    load.in_order(questions, categories.question)
    if not load.problems:
        categories.chains(load, questions)
    load.each(table(folder, "routing", required=False), lambda row: categories.routing(load, row))
    load.in_order(table(folder, "reasons", required=False), categories.reason)
    load.in_order(table(folder, "templates", required=False), categories.template)
    base.pages(load, folder / "pages")
    layers.layers(load, folder)
    places.places(load, folder)
    if not load.problems:
        for name in ALSO:
            import_string(name)(load, folder)
