"""What the benchmark does to its own data beside reading: submissions are removed again, a day of updates is undone."""

from __future__ import annotations

import contextlib
import random
import statistics
import time
from collections.abc import Sequence
from typing import Any

import psycopg

from bench.asked import Request
from bench.servers import ask
from bench.target import Target, place
from bench.towns import SEED

BATCH = 50
SHARE, WORK = 0.01, 10**10
"""Updates times rows: where tables are larger than the memory each takes a tenth of a second of the disk."""
TRIES = 5
VACUUM_SECONDS = 90
FAR = 700_000_000
FRESH_TRIES, FRESH_MOST, FRESH_PAUSE, FRESH_IN_A_ROW = 10, 30.0, 2.5, 30
_CHILDREN = (
    "DELETE FROM reports_words WHERE report_id > %(rows)s",
    "DELETE FROM reports_contact WHERE report_id > %(rows)s",
    "DELETE FROM reports_consent WHERE report_id > %(rows)s",
    "DELETE FROM discussion_subject_further_sectors WHERE subject_id > %(rows)s",
    "DELETE FROM discussion_follow WHERE subject_id > %(rows)s",
    "DELETE FROM discussion_timelinetext USING discussion_timelinerow t WHERE row_id = t.id AND t.subject_id > %(rows)s",
    "DELETE FROM discussion_timelinerow WHERE subject_id > %(rows)s",
    "DELETE FROM reports_report WHERE subject_id > %(rows)s",
    "DELETE FROM discussion_subject WHERE id > %(rows)s",
    "DELETE FROM kernel_answer",
    "DELETE FROM kernel_counter",
    "DELETE FROM procrastinate_jobs WHERE status = 'todo'",
)


def fold() -> None:
    """The worker's part: appended changes go into the summaries, late ones turn with the day."""
    from reports.querysets import today
    from reports.spatial import summary

    summary.fold(today())


def end_questions(target: Target) -> None:
    """A peer whose client has gone may still ask the database: it would slow down whoever is measured next."""
    with target.connect() as connection:
        connection.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
            " AND pid <> pg_backend_pid()"
        )


def set_keys_apart(connection: psycopg.Connection[Any]) -> None:
    """Keys of timeline rows become numbers that nothing else in a statement is: they are replaced there by variables."""
    sequence = "pg_get_serial_sequence('discussion_timelinerow', 'id')"
    connection.execute(
        f"SELECT setval({sequence}, greatest(%s, (SELECT max(id) FROM discussion_timelinerow), nextval({sequence})))", [FAR]
    )


def remove_submitted(target: Target) -> int:
    """Removes what the submissions left; answers how many reports there were."""
    for _again in range(TRIES):
        # A server may still be at the last requests of a client that has gone.
        time.sleep(0.3)
        with contextlib.suppress(psycopg.errors.ForeignKeyViolation):
            return _remove(target)
    return _remove(target)


def _remove(target: Target) -> int:
    with target.connect() as connection, connection.transaction():
        connection.execute("SELECT set_config('geoportal.expiring', 'on', true)")
        found = connection.execute("SELECT count(*) FROM reports_report WHERE subject_id > %s", [target.rows]).fetchone()
        for statement in _CHILDREN:
            connection.execute(statement, {"rows": target.rows})
    fold()
    return int(str(found[0])) if found else 0


class Day:
    """Reports change their state, a few at a time, through the table and its triggers: one in a hundred up to a million reports."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.ids: list[int] = []
        self.seconds = 0.0

    def update(self) -> None:
        """Resolved ones become refused."""
        count = min(int(self.target.rows * SHARE), WORK // self.target.rows)
        chance = random.Random(SEED)  # noqa: S311  no secret
        drawn = chance.sample(range(1, self.target.rows + 1), min(self.target.rows, count * 2))
        with self.target.connect() as connection:
            found = connection.execute(
                "SELECT subject_id FROM reports_report WHERE subject_id = ANY(%s) AND kind = 'problem' AND status = 'resolved'"
                " ORDER BY md5(subject_id::text) LIMIT %s",
                [drawn, count],
            ).fetchall()
            self.ids = [int(str(number)) for (number,) in found]
            start = time.monotonic()
            self._set(connection, "refused")
            self.seconds = time.monotonic() - start
        fold()

    def undo(self) -> None:
        with self.target.connect() as connection:
            self._set(connection, "resolved")
        fold()

    def _set(self, connection: psycopg.Connection[Any], status: str) -> None:
        for start in range(0, len(self.ids), BATCH):
            batch = self.ids[start : start + BATCH]
            connection.execute("UPDATE reports_report SET status = %s WHERE subject_id = ANY(%s)", [status, batch])


def freshness(port: int, submission: Request, tile: Request) -> dict[str, float]:
    """Seconds from the answer to a submission until the tile of the running site is another one: asked again and again, until
    so many answers in a row are new that each process has given one."""
    found = []
    for _each in range(FRESH_TRIES):
        # By now no process remembers anything from before the last report.
        time.sleep(FRESH_PAUSE)
        before = ask(port, tile)[1]
        status, _body = ask(port, submission)
        if status >= 400:
            raise place.Refused(f"the submission answers {status}")
        start = last_old = time.monotonic()
        new = 0
        while new < FRESH_IN_A_ROW:
            asked = time.monotonic()
            new = 0 if ask(port, tile)[1] == before else new + 1
            last_old = last_old if new else asked
            if asked - start > FRESH_MOST:
                raise place.Refused(f"the tile is the same after {FRESH_MOST} s")
            time.sleep(0.01)
        found.append(last_old - start)
    return {"reports": len(found), "median_s": round(statistics.median(found), 3), "most_s": round(max(found), 3)}


def heap_fetches(connection: psycopg.Connection[Any], statements: Sequence[str]) -> dict[str, float]:
    """Of the plans that read the points: rows read for each, and of those the share that came from an index alone. Not among
    them: the number of a lone report, which is looked up by its key in the table on purpose."""
    plans, alone, rows = 0, 0.0, 0.0
    for statement in statements:
        found: Any = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}".encode()).fetchone()
        nodes = [
            node
            for node in _nodes(found[0][0]["Plan"])
            if node.get("Relation Name") == "reports_point" and node.get("Index Name") != "reports_point_pkey"
        ]
        plans += bool(nodes)
        rows += sum(node["Actual Rows"] * node["Actual Loops"] for node in nodes)
        alone += sum(
            node["Actual Rows"] * node["Actual Loops"] - node["Heap Fetches"]
            for node in nodes
            if node["Node Type"] == "Index Only Scan"
        )
    return {"plans": plans, "rows_read": round(rows / max(plans, 1), 1), "index_only": round(alone / max(rows, 1), 4)}


def a_day(target: Target, statements: Sequence[str]) -> dict[str, dict[str, float]]:
    """{before, updated, vacuumed: heap_fetches} of the statements around a day of updates; the autovacuum of the server works."""
    found: dict[str, dict[str, float]] = {}
    vacuums = "SELECT autovacuum_count FROM pg_stat_user_tables WHERE relname = 'reports_point'"
    with target.connect("-c search_path=public") as connection:
        found["before"] = heap_fetches(connection, statements)
        done = connection.execute(vacuums).fetchone()
        day = Day(target)
        day.update()
        try:
            found["updated"] = heap_fetches(connection, statements) | {"updates_per_second": round(len(day.ids) / day.seconds)}
            deadline = time.monotonic() + VACUUM_SECONDS
            while connection.execute(vacuums).fetchone() == done and time.monotonic() < deadline:
                time.sleep(2)
            time.sleep(3)
            vacuumed = connection.execute(vacuums).fetchone() != done
            found["ours"] = heap_fetches(connection, statements) | {"autovacuumed": int(vacuumed)}
        finally:
            day.undo()
    return found


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _nodes(child))]
