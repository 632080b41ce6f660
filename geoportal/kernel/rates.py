"""The limits as a table, and how a rate is written. Needs the standard library only."""

from __future__ import annotations

import re
from functools import lru_cache

# "<verb>_<key>": address is a block of network addresses, contact an e-mail address, cell 100 m of the map.
# settings.LIMITS replaces single rows; an empty text lifts a limit.
LIMITS: dict[str, str] = {
    "report_address": "10/10m 20/1h 30/1d",
    "report_contact": "10/1h 20/1d",
    "report_cell": "20/1h",
    "confirm_contact": "1/15m 5/1d",
    "confirm_address": "20/1h",
    "photo_address": "60/10m 300/1d",
    "comment_address": "10/10m 30/1h 60/1d",
    "comment_contact": "10/10m 60/1d",
    "link_address": "20/1h",
    "link_contact": "3/15m 10/1d",
    "support_address": "30/10m 200/1d",
    "support_contact": "1/15m 10/1d",
    "follow_address": "30/10m 200/1d",
    "follow_contact": "2/15m 10/1d",
    "come_address": "30/10m 200/1d",
    "come_contact": "2/15m 10/1d",
    "join_address": "30/10m 200/1d",
    "join_contact": "2/15m 10/1d",
    "fixed_address": "10/1h 20/1d",
    "fixed_contact": "2/15m 10/1d",
    "flag_address": "10/10m 50/1d",
    "sign_in_address": "20/10m 100/1d",
    "sign_in_contact": "10/10m 30/1d",
    "write_address": "60/1m 600/1h",
    "paper_address": "20/10m 100/1d",
    "webhook_address": "20/10m 100/1d",
    "search_address": "240/1m 3000/1h",
}
_RATE = re.compile(r"(\d+)/(\d+)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@lru_cache(maxsize=256)
def rates(text: str) -> tuple[tuple[int, int], ...]:
    """((limit, seconds), …) of "10/10m 30/1d". ValueError names the part that is none."""
    found = []
    for part in text.split():
        match = _RATE.fullmatch(part)
        if not match:
            raise ValueError(f"{part!r} is no rate; write it like 10/10m (s, m, h, d)")
        found.append((int(match[1]), int(match[2]) * _SECONDS[match[3]]))
    return tuple(found)
