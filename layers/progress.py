"""How far the writing of a file is, seen while its transaction is still open, whose rows nobody else sees.

Each hundredth that is reached is an advisory lock of that transaction: others find it in `pg_locks`, and it goes with the
transaction, committed or not, by a killed worker too.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from django.db import connection

Told = Callable[[int, int], None]
"""Hears (done, of all): rows while a file is read, hundredths while it is written."""
WHOLE = 100


def silent(done: int, of: int) -> None:
    """Nobody listens."""


def reach(pk: Any, hundredth: int) -> None:
    """Inside the transaction that writes: so far it is. Shared, so that nobody ever waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_space(pk), hundredth])


def reached(pk: Any) -> int:
    """Hundredths, 0 while nothing is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(objid::bigint), 0) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
            " AND classid::bigint = %s AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [_space(pk)],
        )
        return int(cursor.fetchone()[0])


def _space(pk: Any) -> int:
    """The first number of an import's locks: below 2³¹, above those that are counted from one."""
    return zlib.crc32(str(pk).encode()) & 0x3FFFFFFF | 0x40000000
