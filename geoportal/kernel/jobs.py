"""How jobs are kept: in the transaction of whoever defers them, in a worker too."""

from __future__ import annotations

from procrastinate import App
from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django.django_connector import DjangoConnector


class Connector(DjangoConnector):
    """A worker fetches and ends its jobs through a pool of its own. What a task defers would go the same way, be taken by another
    worker before the task's transaction is committed, and find nothing there: it goes by the task's own connection."""

    def get_worker_connector(self) -> BaseAsyncConnector:
        found = super().get_worker_connector()
        found.get_sync_connector = lambda: self  # type: ignore[method-assign]
        return found


def ready(app: App) -> None:
    """For PROCRASTINATE_ON_APP_READY."""
    app.connector = app.job_manager.connector = Connector()
