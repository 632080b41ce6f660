"""A client of the API: bodies as JSON, a session or a token."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from accounts.models import User
from api.authentication import issue


class Api:
    """`get post put delete` below /api/v1/, answering Django's responses; `user` signs in, `token` goes into the header."""

    def __init__(self, user: User | None = None, token: str = "", **client: Any) -> None:
        self.client = Client(**client)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        if user:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def _send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = json.dumps(body) if not isinstance(body, bytes | str) else body
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = names.pop("content-type", "application/json")
        return self.client.generic(
            method, f"/api/v1/{path}", data if body is not None else "", content_type=kind, headers=self.headers | names
        )

    def get(self, path: str, **headers: str) -> Any:
        return self._send("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("POST", path, body, **headers)

    def put(self, path: str, **headers: str) -> Any:
        return self._send("PUT", path, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._send("DELETE", path, **headers)


def with_token(user: User, *scopes: str) -> Api:
    """A program with a token of these scopes."""
    return Api(token=issue(user, "test", list(scopes))[1])
