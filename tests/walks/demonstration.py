"""The demonstration, loaded once for a run: a database and a folder of files that each site begins as a copy of."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

REPO = Path(__file__).resolve().parents[2]
NAME, FILES, USED, TURN = "name", "var", "used", "turn"


@dataclass(frozen=True)
class Demonstration:
    """`database`: a name, nobody is connected to it; `files`: a VAR_DIR with photos, static files and the key of its signatures."""

    database: str
    files: Path

    def copied(self, name: str, var: Path) -> None:
        """Makes the database `name` and the files in `var`."""
        with connected() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.database}"')
        shutil.copytree(self.files, var, dirs_exist_ok=True)


def connected(name: str = "postgres") -> psycopg.Connection[Any]:
    """To a database of the server that the tests use; each statement stands for itself."""
    server = settings.DATABASES["default"]
    where = {key: server[key.upper()] for key in ("host", "port", "user", "password") if server.get(key.upper())}
    return psycopg.connect(dbname=name, autocommit=True, **where)


def dropped(name: str) -> None:
    """Takes the database away, whoever is connected to it."""
    with connected() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def made(name: str) -> None:
    """An empty database beside the others of the server, whatever was there under its name."""
    dropped(name)
    with connected() as connection:
        connection.execute(f'CREATE DATABASE "{name}"')


def filled(environment: dict[str, str], municipality: str) -> None:
    """Tables, the municipality, the demonstration and the static files for the site of that environment."""
    for words in (
        ("migrate", "--verbosity", "0"), ("load_municipality", municipality), ("load_demo",),
        ("collectstatic", "--no-input", "--verbosity", "0"),
    ):  # fmt: skip
        subprocess.run([sys.executable, "manage.py", *words], cwd=REPO, env=environment, check=True)


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
def _in_turn(folder: Path) -> Iterator[None]:
    with (folder / TURN).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def demonstration(folder: Path, municipality: str = "fixtures/botevgrad") -> Iterator[Demonstration]:
    """The demonstration of everyone who names that folder: who comes first loads it, who leaves last takes it away."""
    folder.mkdir(exist_ok=True)
    with (folder / USED).open("w") as used:
        with _in_turn(folder):
            if not (folder / NAME).exists():
                _load(folder, municipality)
            fcntl.flock(used, fcntl.LOCK_SH)
            found = Demonstration((folder / NAME).read_text(), folder / FILES)
        try:
            yield found
        finally:
            with _in_turn(folder):
                _leave(folder, used.fileno(), found)


def _load(folder: Path, municipality: str) -> None:
    """The name is written last: what broke half-way is begun again by the next."""
    name = f"demonstration_{os.getpid()}"
    shutil.rmtree(folder / FILES, ignore_errors=True)
    made(name)
    filled(environment_of(name, folder / FILES), municipality)
    (folder / NAME).write_text(name)


def _leave(folder: Path, used: int, found: Demonstration) -> None:
    try:
        fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(used, fcntl.LOCK_UN)
        return  # somebody else has it too
    (folder / NAME).unlink()
    shutil.rmtree(found.files, ignore_errors=True)
    dropped(found.database)
