"""Sessions in the database, of which two requests at once lose nothing: each saves what it changed, not all that it once read."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import router, transaction


class SessionStore(db.SessionStore):
    """Django's own; what another request saved since this one read stays, name by name. Not at signing in, where the key changes."""

    _was: dict[str, Any] | None = None
    """The session as read or saved by this request; None before either."""

    def load(self) -> dict[str, Any]:
        found = super().load()
        self._was = deepcopy(found)
        return found

    def save(self, must_create: bool = False) -> None:
        """As Django's. Raises UpdateError when the session was ended meanwhile."""
        with transaction.atomic(using=router.db_for_write(Session)):
            if not must_create and self.session_key and self._was is not None:
                self._take_over()
            super().save(must_create)
        if self.session_key:
            self._was = deepcopy(self._get_session(no_load=True))

    def _take_over(self) -> None:
        """Under the row's lock: what others saved, with this request's own changes over it."""
        row = Session.objects.select_for_update().filter(pk=self.session_key).first()
        if row is None:
            return
        now, own, was = self.decode(row.session_data), self._get_session(), self._was or {}
        for name in was.keys() - own.keys():
            if now.get(name) == was[name]:  # else another request has written it since
                now.pop(name, None)
        now |= {name: value for name, value in own.items() if name not in was or was[name] != value}
        self._session_cache = now
