"""No limits unless a test sets them; nothing remembered from the test before; a server for programs that others wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections

from reports.freshness import data_version
from tests.api.client import Api


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> None:
    settings.LIMITS = {"*": ""}
    cache.clear()
    data_version.forget()


@pytest.fixture
def api() -> Api:
    return Api()


@dataclass
class Running:
    """A server: its address without a slash at the end, and the first lines of what it was asked."""

    address: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server(settings: Any) -> Iterator[Running]:
    """A server in this process that sees the rows of the test: its one thread uses the test's own connection, while the test waits."""
    shared = connections["default"]
    shared.inc_thread_sharing()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # the test's transaction would end with it
    asked: list[str] = []

    class Noting(WSGIRequestHandler):
        def log_message(self, _pattern: str, *words: Any) -> None:
            asked.append(str(words[0]))

    made = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Noting)

    def serve() -> None:
        connections["default"] = shared
        made.serve_forever(poll_interval=0.05)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    settings.SITE_URL = f"http://127.0.0.1:{made.server_port}"
    yield Running(settings.SITE_URL, asked)
    made.shutdown()
    thread.join(10)
    made.server_close()
    shared.dec_thread_sharing()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
