"""The demonstration, loaded once for a run: a database and a folder of files that each site begins as a copy of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.databases import made, managed, once, tables


@dataclass(frozen=True)
class Demonstration:
    """`database`: a name, nobody is connected to it; `files`: a VAR_DIR with photos, static files and the key of its signatures."""

    database: str
    files: Path

    def copied(self, name: str, var: Path) -> None:
        """Makes the database `name` and the files in `var`."""
        made(name, copy_of=self.database)
        shutil.copytree(self.files, var, dirs_exist_ok=True)


def filled(environment: dict[str, str], municipality: str = "fixtures/botevgrad") -> None:
    """The municipality, the demonstration and the static files for the site of that environment, whose tables are there."""
    managed(environment, "load_municipality", municipality)
    managed(environment, "load_demo")
    managed(environment, "collectstatic", "--no-input", "--verbosity", "0")


def environment_of(name: str, var: Path) -> dict[str, str]:
    """What a site on that database and folder is started with."""
    return dict(os.environ) | {
        "PGDATABASE": name,
        "PGHOST": str(settings.DATABASES["default"]["HOST"]),
        "VAR_DIR": str(var),
        "DEMO": "1",
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "geoportal.settings",
    }


@contextmanager
def demonstration(shared: Path) -> Iterator[Demonstration]:
    """The one of the run whose folder is `shared`."""
    files = shared / "demonstration" / "var"

    def fill(name: str) -> None:
        shutil.rmtree(files, ignore_errors=True)
        with tables(shared) as empty:
            made(name, copy_of=empty)
        filled(environment_of(name, files))

    with once(shared / "demonstration", fill) as name:
        yield Demonstration(name, files)
