"""How the workers of `pytest -n` share the tests: what stands on one dear thing stays together, what takes long begins first.

The groups of pytest-xdist 3.8 are lost under pytest 9.2 without a word: it writes them into names that pytest no longer reads. Paths are read here.
"""

from __future__ import annotations

import time

from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    "tests/browser/", "tests/walks/", "tests/loading/test_botevgrad.py", "tests/loading/test_demo.py",
    "tests/reports/spatial/test_plans.py", "tests/reports/test_querysets.py", "tests/walls/test_sentinels.py",
)  # fmt: skip
"""Folders and files whose tests stand on one site, one demonstration, one world or one large table."""
FIRST = ("tests/browser/", "tests/walls/test_matrix.py", "tests/walks/", "tests/walls/test_sentinels.py")
"""What takes longest, in this order: whatever begins last is waited for by everyone."""


def unit(nodeid: str) -> str:
    """What one worker takes as a whole: such a folder or file, else the test alone."""
    return next((path for path in TOGETHER if nodeid.startswith(path)), nodeid)


def turn(nodeid: str) -> int:
    """Tests are begun in the order of this number."""
    return next((at for at, path in enumerate(FIRST) if nodeid.startswith(path)), len(FIRST))


class Ends:
    """When each worker had no more to do: far apart, and something long was begun too late."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.after: dict[str, float] = {}

    def note(self, worker: str) -> None:
        self.after[worker] = time.monotonic() - self.began

    def told(self) -> str:
        return ", ".join(f"{worker} {seconds:.0f} s" for worker, seconds in sorted(self.after.items()))


class Sharing(LoadScopeScheduling):
    """Gives out the units in the order in which their first tests were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)
