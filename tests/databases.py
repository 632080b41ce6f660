"""Databases beside the test's own, and those that the workers of a run make once and share."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

REPO = Path(__file__).resolve().parents[1]
NAME, USED, TURN = "name", "used", "turn"


def connected(name: str = "postgres") -> psycopg.Connection[Any]:
    """To a database of the server that the tests use; each statement stands for itself."""
    server = settings.DATABASES["default"]
    where = {key: server[key.upper()] for key in ("host", "port", "user", "password") if server.get(key.upper())}
    return psycopg.connect(dbname=name, autocommit=True, **where)


def dropped(name: str) -> None:
    """Takes the database away, whoever is connected to it."""
    with connected() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def made(name: str, copy_of: str = "template1") -> None:
    """A database of that name, whatever was there under it; nobody may be connected to the one that it is a copy of.

    Its commits do not wait for the disk: it ends with the tests.
    """
    dropped(name)
    with connected() as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copy_of}"')
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit TO off')


def managed(environment: dict[str, str], *words: str) -> None:
    """`manage.py` with these words."""
    subprocess.run([sys.executable, "manage.py", *words], cwd=REPO, env=environment, check=True)


@contextmanager
def kept_meanwhile(blocker: Any) -> Iterator[None]:
    """Rows that are made first stand for all tests until the end, and are gone after it; `blocker`: pytest-django's."""
    cache.clear()  # what the process remembers is of other rows
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


@contextmanager
def once(folder: Path, fill: Callable[[str], None]) -> Iterator[str]:
    """The name of the database of everyone who names that folder: who comes first makes it by `fill(name)`, who leaves last drops it.

    What broke half-way is begun again by the next.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / USED).open("w") as used:
        with _in_turn(folder):
            if not (folder / NAME).exists():
                name = f"{folder.name}_{os.getpid()}"
                fill(name)
                (folder / NAME).write_text(name)
            fcntl.flock(used, fcntl.LOCK_SH)
            name = (folder / NAME).read_text()
        try:
            yield name
        finally:
            with _in_turn(folder):
                _leave(folder, used.fileno(), name)


@contextmanager
def _in_turn(folder: Path) -> Iterator[None]:
    with (folder / TURN).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _leave(folder: Path, used: int, name: str) -> None:
    try:
        fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(used, fcntl.LOCK_UN)
        return  # somebody else has it too
    (folder / NAME).unlink()
    dropped(name)


@contextmanager
def tables(shared: Path) -> Iterator[str]:
    """The name of a database with all tables and nothing of a municipality; `shared`: the folder of the run."""

    def fill(name: str) -> None:
        made(name)
        server = settings.DATABASES["default"]
        managed(dict(os.environ) | {"PGDATABASE": name, "PGHOST": str(server["HOST"])}, "migrate", "--verbosity", "0")

    with once(shared / "tables", fill) as name:
        yield name
