"""How far a long analysis has come. It tells; whoever started it listens; where nobody does, nothing happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int, str], None]
_listener: ContextVar[Listener | None] = ContextVar("planning_progress", default=None)


def tell(done: int, of: int, doing: str) -> None:
    """So many of so many steps are behind the analysis; `doing` names the one that begins now."""
    if listener := _listener.get():
        listener(done, of, doing)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """What is told inside goes to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
