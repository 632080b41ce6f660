"""Django's PostGIS backend; see the package."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.gis.db.backends.postgis import base
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.pq import Format

SURE_SECONDS = 1.0
"""A connection that answered so lately is taken for usable: under load the check would be a round trip a request."""


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    _answered = 0.0

    def is_usable(self) -> bool:
        """As Django's; asked of the server only when it has not answered for a second, or when something failed since."""
        now = time.monotonic()
        if not self.errors_occurred and now - self._answered < SURE_SECONDS:
            return True
        usable = bool(super().is_usable())
        self._answered = now if usable else 0.0
        return usable

    def prepared(self, *, binary: bool = False) -> Any:
        """A cursor whose statements the server plans once for each text: for hot paths whose texts are few.

        `binary`: values come in the server's own form. Of bytes that is half of what text is, and nothing is to be read.
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor: Any = ServerBindingCursor(self.connection)  # type: ignore[call-arg]
        cursor.format = Format.BINARY if binary else Format.TEXT
        return self.make_debug_cursor(cursor) if self.queries_logged else self.make_cursor(cursor)
