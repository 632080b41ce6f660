"""The least that a Python server can do: bare WSGI, psycopg on a kept connection, the product's own statements, the last one's answer.

granian serves `application`; BENCH_STATEMENTS names a JSON file {path: [statement, …]}, BENCH_DATABASE the database.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
import psycopg

_STATEMENTS: dict[str, list[str]] = json.loads(Path(os.environ["BENCH_STATEMENTS"]).read_text())
_OWN = threading.local()


def _connection() -> psycopg.Connection[Any]:
    if not hasattr(_OWN, "connection"):
        _OWN.connection = psycopg.connect(os.environ["BENCH_DATABASE"], autocommit=True, options="-c search_path=public")
    return _OWN.connection


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The rows of the path's last statement: a single binary value as it is, anything else as JSON."""
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    statements = _STATEMENTS.get(f"{path}?{query}" if query else path)
    if not statements:
        start("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return [b""]
    for statement in statements:
        rows = _connection().execute(statement.encode(), binary=True).fetchall()
    if len(rows) == 1 and len(rows[0]) == 1 and isinstance(rows[0][0], bytes):
        body = rows[0][0]
    else:
        body = orjson.dumps(rows, default=str)
    start("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body)))])
    return [body]
