"""Indexes and constraints taken away before a bulk load and brought back after it; what is missing is written down first."""

from __future__ import annotations

import concurrent.futures
import time
from typing import Any

import psycopg

from bench.target import LOADING, Target, place

TABLES = ("discussion_subject", "reports_report", "discussion_subject_further_sectors")
WORTH_A_LINE = 2.0  # seconds
# Foreign keys first: report_facts needs the unique constraint of the other table.
_FIND = """
SELECT c.conrelid::regclass::text, c.conname, true, format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
  FROM pg_constraint c WHERE c.conrelid = ANY(%(tables)s::regclass[]) AND c.contype = 'f'
UNION ALL
SELECT c.conrelid::regclass::text, c.conname, false, format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
  FROM pg_constraint c WHERE c.conrelid = ANY(%(tables)s::regclass[]) AND c.contype = 'u'
UNION ALL
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, false, format('DROP INDEX %%s', i.indexrelid::regclass),
       pg_get_indexdef(i.indexrelid)
  FROM pg_index i
 WHERE i.indrelid = ANY(%(tables)s::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


def take_away(connection: psycopg.Connection[Any]) -> None:
    """Drops all but primary keys and checks, and switches our triggers off; once, in one transaction."""
    with connection.transaction():
        if connection.execute("SELECT 1 FROM bench.setting WHERE name = 'bare'").fetchone():
            return
        found = connection.execute(_FIND, {"tables": list(TABLES)}).fetchall()
        for on_table, name, is_key, removes, makes in found:
            connection.execute(
                "INSERT INTO bench.definition (on_table, name, is_key, removes, makes) VALUES (%s, %s, %s, %s, %s)",
                [on_table, name, is_key, removes, makes],
            )
            connection.execute(removes)
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.execute("INSERT INTO bench.setting VALUES ('bare', 'yes')")


def bring_back(target: Target) -> None:
    """Builds what is missing, each table beside the others, then the foreign keys; an interrupted run goes on."""
    with concurrent.futures.ThreadPoolExecutor(2) as tables:
        for done in [tables.submit(_build, target, table, is_key=False) for table in TABLES]:
            done.result()
        for done in [tables.submit(_build, target, table, is_key=True) for table in TABLES]:
            done.result()
    with target.connect() as connection, connection.transaction():
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.execute("DELETE FROM bench.setting WHERE name = 'bare'")


def _build(target: Target, table: str, *, is_key: bool) -> None:
    with target.connect(f"{LOADING} -c max_parallel_maintenance_workers=1") as connection:
        wanted = connection.execute(
            "SELECT id, name, makes FROM bench.definition WHERE on_table = %s AND is_key = %s ORDER BY id", [table, is_key]
        ).fetchall()
        for number, name, makes in wanted:
            start = time.monotonic()
            with connection.transaction():
                connection.execute(str(makes))
                connection.execute("DELETE FROM bench.definition WHERE id = %s", [number])
            if time.monotonic() - start > WORTH_A_LINE:
                place.say(f"{target.name}: {name}")
