"""What a row of the table is: a set of requests, those who answer it, the goals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bench.asked import Drawn, Request
from bench.clients import CONNECTIONS
from bench.figures import Goal

Ask = Callable[["Context"], list[Request]]
SITE, FRESH, LIMIT, BARE = "site", "fresh", "limit", "bare"


@dataclass
class Context:
    """What requests are made of. `ask` answers (status, body, headers) of the running site.

    `token` is that of a resident's program, `cookie` the header of a signed-in planner.
    """

    drawn: Drawn
    token: str
    cookie: str
    ask: Callable[[Request], tuple[int, bytes, Mapping[str, str]]]
    peers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Variant:
    """One who answers: a server by its name (SITE, FRESH: the site without kept answers, BARE, a peer) or LIMIT."""

    server: str
    ask: Ask
    connections: int = CONNECTIONS
    writes: bool = False
    anew: bool = False
    """Its requests are made again for each round."""
    warm: bool = False
    """Each process is asked everything before the reading: what it keeps is kept by then."""


@dataclass(frozen=True)
class Row:
    """`variants` by the name that goals use; "ours" is the product's. `queries`: count its statements too."""

    name: str
    title: str
    variants: Mapping[str, Variant]
    goals: tuple[Goal, ...] = ()
    peers: Mapping[str, Variant] = field(default_factory=dict)
    counts_queries: bool = False
    sizes: bool = False

    def chosen(self, peers: frozenset[str]) -> dict[str, Variant]:
        """Its variants, with those peers that run."""
        return {**self.variants, **{name: one for name, one in self.peers.items() if one.server in peers}}


def against_limit(ask: Ask, server: str = SITE, *, bare: bool = False, kept: bool = False) -> dict[str, Variant]:
    """Ours, the database's own limit and, if wanted, bare WSGI and ours with kept answers, all with the same requests."""
    found = {"limit": Variant(LIMIT, ask), "ours": Variant(server, ask)}
    more = {"bare": (BARE, bare), "kept": (SITE, kept)}
    return found | {name: Variant(server, ask, warm=server == SITE) for name, (server, wanted) in more.items() if wanted}
