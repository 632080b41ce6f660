"""No limits unless a test sets them; nothing remembered from the test before."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

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
