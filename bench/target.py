"""The database that a benchmark may touch: `geoportal_bench_<rows>`, made here, beside the site's own on the same server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import cluster
import place
import psycopg
from psycopg import sql

REPO = Path(__file__).resolve().parent.parent

VAR_BENCH = place.VAR / "bench"
SITES = os.environ.get("DATABASE_URL", "")
"""Where the site's database is; the product in this process is sent to the benchmark's own later."""
NAME = re.compile(r"geoportal_bench_[1-9][0-9]{2,8}")
LEAST, MOST = 1_000, 100_000_000
# A long statement is the rule here; the rest are settings of a bulk load on a machine that does nothing else.
LOADING = "-c statement_timeout=0 -c synchronous_commit=off -c work_mem=256MB -c maintenance_work_mem=1GB -c search_path=public"


@dataclass(frozen=True)
class Target:
    """A database by its number of reports; `connection` is libpq's words without the database's name."""

    rows: int

    def __post_init__(self) -> None:
        if not LEAST <= self.rows <= MOST:
            raise place.Refused(f"ROWS={self.rows} cannot be measured: say a number from {LEAST} to {MOST}")

    @property
    def name(self) -> str:
        """The database's name; every statement of the generator goes there and nowhere else."""
        return f"geoportal_bench_{self.rows}"

    def environment(self) -> dict[str, str]:
        """What a process of the site needs to work on this database, as a real installation does."""
        given = {"DEMO": "0", "DEBUG": "0", "PGDATABASE": self.name}
        if SITES:
            given["DATABASE_URL"] = urlunsplit(urlsplit(SITES)._replace(path=f"/{self.name}"))
        return given

    def words(self, database: str | None = None) -> str:
        """libpq's connection string for the database, or for another one of the same server."""
        name = database or self.name
        if not SITES:
            return psycopg.conninfo.make_conninfo(host=str(cluster.SOCKET), user=cluster.DATABASE, dbname=name)
        url = urlsplit(SITES)
        return urlunsplit(url._replace(scheme="postgresql", path=f"/{name}"))

    def connect(self, options: str = LOADING) -> psycopg.Connection[tuple[object, ...]]:
        """A connection that commits each statement. Refuses when the server put us anywhere else than asked."""
        connection = psycopg.connect(self.words(), autocommit=True, options=options)
        (name,) = connection.execute("SELECT current_database()").fetchone() or ("",)
        try:
            refuse_foreign(str(name))
        except place.Refused:
            connection.close()
            raise
        return connection

    def exists(self) -> bool:
        with self._elsewhere() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]).fetchone()
        return found is not None

    def create(self) -> None:
        """The empty database with the extensions of the product and the marker by which we know it as ours."""
        with self._elsewhere() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))
        with self.connect() as connection:
            for extension in cluster.EXTENSIONS:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
            connection.execute((REPO / "bench/sql/marker.sql").read_text())

    def drop(self) -> None:
        """Removes the database; refuses one that has no marker of ours."""
        self.refuse_unmarked()
        with self._elsewhere() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def refuse_unmarked(self) -> None:
        """A database of that name which the generator did not make is somebody else's."""
        with self.connect() as connection:
            if connection.execute("SELECT to_regclass('bench.chunk')").fetchone() == (None,):
                raise place.Refused(f"the database {self.name} was not made by the benchmark: it is left alone")

    def manage(self, *words: str) -> None:
        """One command of manage.py on this database; its words are shown only when it fails."""
        command = [sys.executable, "manage.py", *words]
        environment = os.environ | self.environment()
        done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise place.Refused(f"manage.py {words[0]} failed: {(done.stderr or done.stdout).strip()[-1500:]}")

    def _elsewhere(self) -> psycopg.Connection[tuple[object, ...]]:
        # The database that DATABASE_URL names is there; the private server has its own.
        name = urlsplit(SITES).path.strip("/") if SITES else cluster.DATABASE
        return psycopg.connect(self.words(name), autocommit=True)


def refuse_foreign(name: str) -> None:
    """Raises Refused for any database that is not a benchmark's."""
    if not NAME.fullmatch(name):
        raise place.Refused(f"the benchmark works in databases named geoportal_bench_<rows> only, not in {name}")
