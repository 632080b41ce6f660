from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.db.backends.postgis.base import DatabaseWrapper as Postgis
from django.db import connections

connection: Any = connections["default"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What the server was asked whether the connection is usable; it is not, from the second time on."""
    seen: list[bool] = []

    def answer(_self: Any) -> bool:
        seen.append(not seen)
        return seen[-1]

    monkeypatch.setattr(Postgis, "is_usable", answer)
    monkeypatch.setattr(connection, "_answered", 0.0)
    monkeypatch.setattr(connection, "errors_occurred", False)
    return seen


def test_a_connection_that_answered_lately_is_not_asked_again(asked: list[bool]) -> None:
    assert [connection.is_usable() for _request in range(3)] == [True, True, True]
    assert asked == [True]


def test_after_an_error_the_server_is_asked_whatever_it_answered_before(asked: list[bool]) -> None:
    assert connection.is_usable()
    connection.errors_occurred = True
    assert not connection.is_usable()
    connection.errors_occurred = False
    assert not connection.is_usable()
    assert asked == [True, False, False]
