"""The measurement: every row's variants in turn, round after round, so that what disturbs the machine disturbs all of them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import place

from bench import capture, clients, site, upkeep
from bench.asked import Request, draw, tile_of
from bench.figures import summary
from bench.row import BARE, FRESH, LIMIT, SITE, Context, Row, Variant
from bench.rows.writes import submissions
from bench.servers import Server, answer_of, ask
from bench.target import Target

ROUNDS = 3
SECONDS = 1.0
SLOW_SECONDS = 10.0
WARM_SECONDS = 2.0
FRESH_ZOOM = 6
OURS = (LIMIT, SITE, FRESH, BARE)
DAY_ROW = "tile-z13"
MOST_SCRIPTS = 60


@dataclass
class Ready:
    """One variant with its requests made, or the reason why it cannot be measured."""

    row: Row
    name: str
    variant: Variant
    requests: list[Request] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    readings: list[dict[str, float]] = field(default_factory=list)
    more: dict[str, float] = field(default_factory=dict)
    error: str = ""

    def result(self) -> dict[str, Any]:
        """For JSON: figures over the rounds, or the error."""
        if self.error:
            return {"server": self.variant.server, "error": self.error}
        return {"server": self.variant.server, **summary(self.readings), **self.more}


@dataclass
class Measurement:
    """All that one run needs; `servers` by name."""

    target: Target
    servers: dict[str, Server]
    errors: dict[str, str]
    captured: capture.Capture
    context: Context

    def prepare(self, rows: tuple[Row, ...]) -> list[Ready]:
        """Requests and statements of every variant."""
        found = []
        for row in rows:
            for name, variant in row.chosen(self.context.peers).items():
                ready = Ready(row, name, variant)
                try:
                    self._make(ready)
                except (place.Refused, OSError) as refused:
                    ready.error = str(refused).splitlines()[0][:300]
                found.append(ready)
        return found

    def _make(self, ready: Ready) -> None:
        ready.requests = ready.variant.ask(self.context)
        if ready.variant.server == LIMIT:
            ready.scripts = self._scripts(ready)

    def _scripts(self, ready: Ready) -> list[str]:
        if ready.requests[0].method == "SQL":
            return [f"{request.path};\n" for request in ready.requests]
        step = max(1, len(ready.requests) // MOST_SCRIPTS)
        chosen = ready.requests[::step][:MOST_SCRIPTS]
        if ready.variant.writes:
            # One goes before, for what the product writes now and then only.
            found = []
            for number, request in enumerate(chosen[:21]):
                # A single one that the product refuses shows among the failures of its own variant.
                with contextlib.suppress(place.Refused):
                    found.append(self._writing(request, number))
            if len(found) < 2:
                raise place.Refused("the product refuses to write")
            return found[1:]
        with self.target.connect() as connection:
            each = [capture.without_transfer(connection, found) for found in self.captured.all(chosen)]
        if not any(each):
            raise place.Refused("the product sends no statement")
        return capture.scripts(each)

    def _writing(self, request: Request, number: int) -> str:
        key = f"7d{number:06x}-0000-4000-8000-{int(time.time() * 1000) % 10**12:012}"
        statements = self.captured.statements(request, key)
        with self.target.connect() as connection:
            subject, reference, row = connection.execute(
                "SELECT s.id, s.reference, (SELECT max(id) FROM discussion_timelinerow t WHERE t.subject_id = s.id)"
                " FROM discussion_subject s WHERE s.client_uuid = %s",
                [key],
            ).fetchone() or (0, "", 0)
        ids = {"discussion_subject": int(str(subject)), "discussion_timelinerow": int(str(row))}
        return capture.as_new(statements, key, ids, str(reference))

    def statements_by_path(self, ready: list[Ready]) -> dict[str, list[str]]:
        """What bare WSGI answers: for each request the statements that the product sends."""
        found: dict[str, list[str]] = {}
        for one in ready:
            if one.variant.server != BARE or one.error:
                continue
            try:
                for request, statements in zip(one.requests, self.captured.all(one.requests), strict=True):
                    found[request.path] = statements
            except place.Refused as refused:
                one.error = str(refused)
        return found

    def trial(self, ready: list[Ready]) -> None:
        """Each variant answers once, without an error, or is not measured; sizes and queries are counted here."""
        for one in ready:
            if one.error:
                continue
            server = one.variant.server
            if server != LIMIT and server not in self.servers:
                one.error = self.errors.get(server, "is not running")
                continue
            with contextlib.suppress(place.Refused):
                self._try(one)

    def _try(self, one: Ready) -> None:
        try:
            if one.variant.server == LIMIT:
                clients.database(self.target, one.scripts, 1, one.variant.connections)
                return
            port = self.servers[one.variant.server].port
            status, body = ask(port, one.requests[0])
            if status >= 400:
                one.error = f"answers {status}: {body[:150].decode(errors='replace')}"
                return
            if one.row.sizes:
                one.more["largest"] = max(len(ask(port, request)[1]) for request in one.requests)
            if one.row.counts_queries and one.variant.server in (SITE, FRESH):
                self.captured.statements(one.requests[0], keeps=True)
                one.more["queries"] = len(self.captured.statements(one.requests[0], keeps=True))
        except (OSError, place.Refused) as failed:
            one.error = f"{type(failed).__name__}: {failed}"[:300]

    def round(self, ready: list[Ready], seconds: float) -> None:
        """One reading of every variant; one that fails is measured no more, and says why."""
        for one in ready:
            if one.error:
                continue
            try:
                one.readings.append(self._read(one, seconds).as_dict())
            except (place.Refused, OSError) as failed:
                one.error = f"failed in the middle: {failed}"[:300]
            if one.variant.server not in OURS:
                upkeep.end_questions(self.target)
            if one.variant.writes:
                upkeep.remove_submitted(self.target)

    def _read(self, one: Ready, seconds: float) -> clients.Reading:
        """A reading; who answers nothing in that time gets SLOW_SECONDS."""
        found = self._ask(one, seconds)
        if not found.requests:
            found = self._ask(one, SLOW_SECONDS)
        if not found.requests:
            raise place.Refused(f"no answer in {SLOW_SECONDS} s")
        return found

    def _ask(self, one: Ready, seconds: float) -> clients.Reading:
        if one.variant.server == LIMIT:
            return clients.database(self.target, one.scripts, seconds, one.variant.connections)
        if one.variant.warm:
            clients.http(self.servers[one.variant.server].port, one.requests, WARM_SECONDS, one.variant.connections)
        if one.variant.anew:
            one.requests = one.variant.ask(self.context)
        return clients.http(self.servers[one.variant.server].port, one.requests, seconds, one.variant.connections)


def run(target: Target, rows: tuple[Row, ...], peers: Mapping[str, Server], errors: dict[str, str]) -> dict[str, Any]:
    """{row name: {title, variants, goals not judged yet}} after ROUNDS rounds."""
    with target.connect() as connection:
        drawn = draw(connection, target.rows)
        upkeep.set_keys_apart(connection)
    upkeep.fold()
    with contextlib.ExitStack() as stack:
        servers = {
            **peers,
            SITE: stack.enter_context(site.site(target, SITE)),
            FRESH: stack.enter_context(site.site(target, FRESH, site.KEEPS_NOTHING)),
        }
        context = Context(
            drawn,
            site.token(),
            site.planner_cookie(),
            lambda request: answer_of(servers[SITE].port, request),
            frozenset({*peers, *errors}),
        )
        measurement = Measurement(target, servers, errors, capture.Capture(), context)
        place.say("asking the product for its statements")
        ready = measurement.prepare(rows)
        servers[BARE] = stack.enter_context(site.bare(target, measurement.statements_by_path(ready)))
        measurement.trial(ready)
        upkeep.end_questions(target)
        upkeep.remove_submitted(target)
        for one in ready:
            if one.error:
                place.say(f"{one.row.name}, {one.name}: not measured: {one.error[:160]}")
        for number in range(ROUNDS):
            place.say(f"round {number + 1} of {ROUNDS}")
            measurement.round(ready, SECONDS)
        day = _day(target, measurement, ready)
        fresh = _fresh(target, measurement)
        memory = {name: {"rss_mb": round(server.rss_mb(), 1)} for name, server in servers.items()}
    return _by_row(rows, ready, {"memory": _of_memory(memory), "upkeep": day, "fresh": fresh})


def _day(target: Target, measurement: Measurement, ready: list[Ready]) -> dict[str, Any]:
    """The points' plans around a day of updates, of the statements of DAY_ROW."""
    tiles = next((one for one in ready if one.row.name == DAY_ROW and one.name == "ours" and not one.error), None)
    if tiles is None:
        return {"ours": {"error": f"needs the row {DAY_ROW}"}}
    place.say("a day of updates")
    each = measurement.captured.all(tiles.requests[:40])
    return upkeep.a_day(target, [statement for statements in each for statement in statements])


def _fresh(target: Target, measurement: Measurement) -> dict[str, Any]:
    """How soon a kept tile of clusters has the report that just came in."""
    place.say("how fresh clusters are")
    lon, lat = measurement.context.drawn.places[0]
    x, y = tile_of(lon, lat, FRESH_ZOOM)
    tile = Request(f"/tiles/clusters/{FRESH_ZOOM}/{x}/{y}.mvt")
    try:
        return {"ours": upkeep.freshness(measurement.servers[SITE].port, submissions()(measurement.context)[0], tile)}
    except (place.Refused, OSError) as failed:
        return {"ours": {"error": str(failed)[:300]}}
    finally:
        upkeep.remove_submitted(target)


def _of_memory(found: dict[str, dict[str, float]]) -> dict[str, Any]:
    return {"ours": found[SITE], **{name: value for name, value in found.items() if name not in (SITE, FRESH, BARE)}}


def _by_row(rows: tuple[Row, ...], ready: list[Ready], apart: dict[str, dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        variants: dict[str, Any] = {one.name: one.result() for one in ready if one.row is row}
        if not row.variants:
            variants = apart[row.name]
        found[row.name] = {"title": row.title, "variants": variants}
    return found
