"""The statements that the product itself sends for a request, letter by letter: asked of it at run time, never copied here."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Sequence
from typing import Any

import place
import psycopg

from bench.asked import ADDRESS, UUID, Request

_NUMBER = "\\set number random(100000000000, 999999999999)\n\\set other random(100000000000, 999999999999)\n"
_BYTEA = 17
WARM_SECONDS = 0.5
BORDERS = ("BEGIN", "COMMIT", "ROLLBACK")


class Capture:
    """The product in this process, asked through all of its middleware; caches of set-up rows are warm, answers are new."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.test import Client

        from geoportal.kernel.conditional import kept

        settings.ALLOWED_HOSTS = ["*"]
        self.kept, self.most = kept, kept.most
        self.warm_until = 0.0
        self.client = Client(raise_request_exception=False)

    def statements(self, request: Request, key: str = "", *, keeps: bool = False) -> list[str]:
        """What `request` sends, in order, with literals in place; `key` stands where the request says UUID.

        `keeps`: answers given before are given again, as on the site; otherwise each is made anew.
        """
        from django.db import connection, reset_queries

        self.kept.most = self.most if keeps else 0
        self._warm()
        connection.force_debug_cursor = True
        try:
            reset_queries()
            sent: list[tuple[str, Any]] = []

            def note(send: Any, sql: str, given: Any, many: bool, more: Any) -> Any:
                sent.append((sql, given))
                return send(sql, given, many, more)

            with connection.execute_wrapper(note):
                status = self._ask(request, key or str(uuid.uuid4()))
            compose: Any = connection.ops
            # The log has the borders of transactions too, but not every statement's text.
            texts = iter([sql if given is None else str(compose.compose_sql(sql, given)) for sql, given in sent])
            found = [query["sql"] if query["sql"] in BORDERS else next(texts) for query in connection.queries]
            found = [statement.rstrip(" \n;") for statement in found]
        finally:
            connection.force_debug_cursor = False
        if status >= 400:
            raise place.Refused(f"{request.method} {request.path} answers {status}: nothing to measure")
        return found

    def _warm(self) -> None:
        """What the process remembers for a second was asked for lately: it is no part of the request."""
        if time.monotonic() > self.warm_until:
            self._ask(Request("/api/v1/sectors/"), "")
            self.warm_until = time.monotonic() + WARM_SECONDS

    def all(self, requests: Sequence[Request]) -> list[list[str]]:
        """The statements of each, after one that warms what the process keeps."""
        self.statements(requests[-1])
        return [self.statements(request) for request in requests]

    def _ask(self, request: Request, key: str) -> int:
        headers = {name: value.replace(UUID, key).replace(ADDRESS, "10.1.2.3") for name, value in request.headers}
        kind = headers.pop("Content-Type", "application/octet-stream")
        body = request.body.replace(UUID, key)
        # Warm answers would hide the statements: each process keeps some for a while.
        answer: Any = self.client.generic(request.method, request.path, body, content_type=kind, headers=headers)
        return int(answer.status_code)


def without_transfer(connection: psycopg.Connection[Any], statements: Sequence[str]) -> list[str]:
    """A statement that answers one binary value answers its length instead: the limit carries no tile to the client."""
    found = []
    for statement in statements:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            columns = connection.execute(f"SELECT * FROM ({statement}) t LIMIT 0".encode()).description or []
            if len(columns) == 1 and columns[0].type_code == _BYTEA:
                found.append(f"SELECT octet_length(t.b) FROM ({statement}) t(b)")
                continue
        found.append(statement)
    return found


def scripts(each: Sequence[Sequence[str]], most: int = 100) -> list[str]:
    """Scripts for pgbench, at most `most` of them, evenly taken: one for each request."""
    step = max(1, len(each) // most)
    return ["".join(f"{one_line(statement)};\n" for statement in statements) for statements in each[::step][:most]]


def one_line(statement: str) -> str:
    """Comments go: pgbench reads some of their signs as its own."""
    return re.sub(r"^\s*--.*$", "", statement, flags=re.M).strip()


def as_new(statements: Sequence[str], key: str, ids: dict[str, int], reference: str) -> str:
    """A submission's statements as a script that can be sent again and again: other keys, other references, returned ids.

    `ids`: {table: key of the row it made}; the statement that returns it sets a variable that stands for it afterwards.
    """
    lines = []
    known: dict[str, str] = {}
    for number, statement in enumerate(statements):
        text = one_line(statement)
        # psycopg writes UUIDs without dashes, JSON has them.
        text = text.replace(key, "00000000-0000-4000-8000-:number").replace(key.replace("-", ""), f"{'0' * 12}40008000:number")
        text = text.replace(reference, "0:reference")  # the product's never begin with 0
        if "kernel_counter" in text:
            text = _other_counters(text)
        for value, variable in known.items():
            text = re.sub(rf"(?<![\d.:]){value}(?![\d.:])", f":{variable}", text)
        made = next((table for table in ids if text.startswith(f'INSERT INTO "{table}"') and " RETURNING " in text), None)
        if made:
            known[str(ids[made])] = f"made{number}_id"
            lines.append(f"{text} \\gset made{number}_\n")
        else:
            lines.append(f"{text};\n")
    return _NUMBER + "\\set reference random(100000000, 999999999)\n" + "".join(lines)


def _other_counters(text: str) -> str:
    """Each request comes from its own address and place: other rows of the counters, not one that all wait for."""
    found = re.findall(r"'([0-9a-f]{32})'", text)
    for number, name in enumerate(dict.fromkeys(found)):
        text = text.replace(name, f"{number:08}000040009000:other")
    return text
