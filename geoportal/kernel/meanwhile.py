"""Of two presses at once the second may be refused by a limit before the first one's row is there: it looks again in a moment."""

from __future__ import annotations

import time
from collections.abc import Callable

PAUSES_SECONDS = (0, 0.1, 0.3)


def came_meanwhile(is_there: Callable[[], bool]) -> bool:
    """True as soon as `is_there()` says so, at most after four tenths of a second."""
    for seconds in PAUSES_SECONDS:
        time.sleep(seconds)
        if is_there():
            return True
    return False
