"""What several analyses are tried with."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
import time_machine

from accounts.models import User
from tests import factories


@pytest.fixture
def planner(db: None) -> User:
    """Of the town, which is there too."""
    factories.town()
    return factories.planner()


@pytest.fixture
def _late_in_2026() -> Iterator[None]:
    with time_machine.travel(datetime.datetime(2026, 11, 15, 12, tzinfo=datetime.UTC), tick=False):
        yield
