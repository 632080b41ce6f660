"""Other servers on the same data, each from its own locked environment under var/bench/peers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import place

from bench.peers.kinds import PEERS
from bench.servers import Server
from bench.target import REPO, Target


@contextlib.contextmanager
def running(target: Target, *, wanted: bool) -> Iterator[tuple[dict[str, Server], dict[str, str], dict[str, str]]]:
    """({name: running server}, {name: why it does not run}, {name: version}): none is left out in silence."""
    servers: dict[str, Server] = {}
    errors: dict[str, str] = {}
    versions: dict[str, str] = {}
    if wanted:
        with target.connect() as connection:
            connection.execute((REPO / "bench/sql/peers.sql").read_text())
    with contextlib.ExitStack() as stack:
        for peer in PEERS if wanted else ():
            versions[peer.name] = peer.version()
            place.say(f"peer {peer.name} {versions[peer.name]}")
            try:
                servers[peer.name] = stack.enter_context(peer.started(target))
            except (place.Refused, OSError) as failed:
                errors[peer.name] = " ".join(str(failed).split())[-400:]
                place.say(f"peer {peer.name} does not run: {errors[peer.name][-200:]}")
        yield servers, errors, versions
