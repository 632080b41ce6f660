"""The signs of the sprite, by which data names its icons."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings


@cache
def icons(prefix: str) -> frozenset[str]:
    """Ids in the sprite, without their prefix: `s` for sectors, `c` for categories, `l` for landmarks."""
    text = (settings.BASE_DIR / "static/img/sprite.svg").read_text(encoding="utf-8")
    return frozenset(re.findall(rf'id="{prefix}-([\w-]+)"', text))
