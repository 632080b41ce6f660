"""The database of a size, made or completed: chunks that are missing are loaded, then indexes, statistics and summaries."""

from __future__ import annotations

import concurrent.futures
import datetime
import json
import os
import sys
import threading
import time
from typing import Any

import psycopg

from bench import definitions, ground, schema
from bench.chunks import CHUNK, COLUMNS, Chunks
from bench.target import REPO, Target, place
from bench.towns import towns

SQL = {name: (REPO / f"bench/sql/{name}.sql").read_text() for name in ("staging", "subjects", "reports", "further_sectors")}
LOADERS, VACUUMS = 2, 15
SEQUENCES = ("discussion_subject", "discussion_subject_further_sectors")


class Progress:
    """A bar on a terminal, a line at each tenth elsewhere."""

    def __init__(self, what: str, total: int, done: int) -> None:
        self.what, self.total, self.done, self.first = what, total, done, done
        self.start, self.told, self.lock = time.monotonic(), -1, threading.Lock()

    def add(self, rows: int) -> None:
        with self.lock:
            self.done += rows
            tenth = self.done * 10 // self.total
            if not sys.stdout.isatty() and tenth == self.told:
                return
            self.told = tenth
            seconds = time.monotonic() - self.start
            rate = (self.done - self.first) / max(seconds, 0.001)
            left = (self.total - self.done) / max(rate, 1)
            bar = "#" * (self.done * 30 // self.total)
            text = f"{self.what} [{bar:30}] {self.done:,} of {self.total:,} · {rate:,.0f}/s · {left:.0f} s left"
            if sys.stdout.isatty():
                print(f"\r{text}", end="\n" if self.done >= self.total else "", flush=True)
            else:
                place.say(text)


def fill(target: Target, day: datetime.date | None = None) -> dict[str, float]:
    """Makes the data set of `target` complete; answers the seconds of each step, {} when there was nothing to do.

    `day` is the day as of which a new data set is drawn: today unless given.
    """
    if target.exists():
        target.refuse_unmarked()
        _drop_outdated(target)
    if not target.exists():
        target.create()
    seconds: dict[str, float] = {}
    places = towns()
    _timed(seconds, "ground", lambda: ground.lay(target, places, day or datetime.date.today()))  # noqa: DTZ011  a date of the data
    with target.connect() as connection:
        if ground.setting(connection, "complete"):
            return _follow(target, connection)
        drawn = datetime.date.fromisoformat(ground.setting(connection, "day") or "")
        chunks = Chunks(target.rows, drawn, places, ground.read(connection))
        done = {int(str(number)) for (number,) in connection.execute("SELECT number FROM bench.chunk").fetchall()}
        if len(done) < len(chunks):
            definitions.take_away(connection)
    _timed(seconds, "rows", lambda: _load(target, chunks, done))
    _timed(seconds, "indexes", lambda: definitions.bring_back(target))
    _timed(seconds, "vacuum", lambda: _vacuum(target, definitions.TABLES))
    _timed(seconds, "summaries", lambda: _summaries(target))
    with target.connect() as connection:
        connection.execute("INSERT INTO bench.setting VALUES ('complete', 'yes'), ('seconds', %s)", [json.dumps(seconds)])
    return seconds


def _drop_outdated(target: Target) -> None:
    with target.connect() as connection:
        other = schema.rewritten(connection)
    if other:
        place.say(f"{target.name}: {other[0]} reads otherwise than when the data were made; they are made anew")
        target.drop()


def _follow(target: Target, connection: psycopg.Connection[Any]) -> dict[str, float]:
    """A complete data set follows the product: new migrations, and new summaries where these are made otherwise than before.

    Answers how long it took when it was made, in seconds."""
    seconds: dict[str, float] = json.loads(ground.setting(connection, "seconds") or "{}")
    target.manage("migrate", "-v0")
    schema.keep(connection)
    if ground.setting(connection, "summaries") != summaries_made():
        _timed(seconds, "summaries", lambda: _summaries(target))
    return seconds


def _timed(seconds: dict[str, float], name: str, work: Any) -> None:
    start = time.monotonic()
    work()
    seconds[name] = round(time.monotonic() - start, 1)


def _load(target: Target, chunks: Chunks, done: set[int]) -> None:
    missing = [number for number in range(len(chunks)) if number not in done]
    progress = Progress(target.name, target.rows, sum(chunks.count(number) for number in done))
    local = threading.local()

    def work(number: int) -> None:
        if not hasattr(local, "connection"):
            local.connection = target.connect()
        load_chunk(local.connection, chunks, number)
        progress.add(chunks.count(number))

    with concurrent.futures.ThreadPoolExecutor(min(LOADERS, os.cpu_count() or 1)) as loaders:
        for loading in [loaders.submit(work, number) for number in missing]:
            loading.result()


def load_chunk(connection: psycopg.Connection[Any], chunks: Chunks, number: int) -> None:
    """Loads one chunk and writes it down as done, in one transaction."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(SQL["staging"])
        names = ", ".join(name for name, _kind in COLUMNS)
        with cursor.copy(f"COPY staging ({names}) FROM STDIN (FORMAT binary)") as copy:
            copy.write(chunks.binary(number))
        for name in ("subjects", "reports", "further_sectors"):
            cursor.execute(SQL[name])
        cursor.execute("INSERT INTO bench.chunk (number, rows) VALUES (%s, %s)", [number, chunks.count(number)])


def _vacuum(target: Target, tables: tuple[str, ...]) -> None:
    with target.connect() as connection:
        for table in SEQUENCES:
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        for table in tables:
            connection.execute(f"VACUUM (ANALYZE) {table}")
        connection.execute("ANALYZE")


def summaries_made() -> str:
    """A hash of what the product's points and summaries are made by."""
    return place.hash_of(*sorted([*REPO.glob("reports/sql/*.sql"), REPO / "reports/spatial/summary.py"]))


def _summaries(target: Target) -> None:
    """The product's own command makes its points and summaries from the reports; a version without it has none."""
    with target.connect() as connection:
        made = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND relname ~ '^reports_(class|point|cell|delta)' ORDER BY 1"
        ).fetchall()
    if not made:
        return
    place.say(f"{target.name}: points and summaries")
    target.manage("check_summaries", "--repair")
    with target.connect() as connection:
        for (name,) in made:
            connection.execute(f"VACUUM (ANALYZE) {name}")
        _until_visible(connection)
        connection.execute(
            "INSERT INTO bench.setting VALUES ('summaries', %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [summaries_made()],
        )


def _until_visible(connection: psycopg.Connection[Any]) -> None:
    """A vacuum beside somebody's older snapshot (the server's own analysing) cannot say that all see all rows: then once more."""
    for _again in range(VACUUMS):
        found = connection.execute(
            "SELECT relallvisible >= relpages FROM pg_class WHERE oid = 'reports_point'::regclass"
        ).fetchone()
        if found and found[0]:
            return
        time.sleep(2)
        connection.execute("VACUUM reports_point")


__all__ = ["CHUNK", "fill", "load_chunk"]
