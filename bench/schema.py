"""Whether a kept data set still has the schema that the product's migrations make now."""

from __future__ import annotations

import json
from typing import Any

import psycopg

from bench.target import REPO, place

SOURCES = ("*/migrations/0*.py", "*/*/migrations/0*.py", "*/sql/*.sql")


def files() -> dict[str, str]:
    """{path: hash} of every migration and its SQL."""
    found = sorted(
        {path for pattern in SOURCES for path in REPO.glob(pattern) if path.relative_to(REPO).parts[0] not in PASSED_OVER}
    )
    return {str(path.relative_to(REPO)): place.hash_of(path) for path in found}


PASSED_OVER = ("bench", "var", "node_modules", ".venv", "tests")


def keep(connection: psycopg.Connection[Any]) -> None:
    """Writes down what the database was migrated by."""
    connection.execute(
        "INSERT INTO bench.setting VALUES ('schema', %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [json.dumps(files())],
    )


def rewritten(connection: psycopg.Connection[Any]) -> list[str]:
    """Migrations that the database has, but that read otherwise now or are gone: no migration leads from there to here."""
    found = connection.execute("SELECT value FROM bench.setting WHERE name = 'schema'").fetchone()
    now = files()
    return [path for path, content in json.loads(found[0]).items() if now.get(path) != content] if found else []
