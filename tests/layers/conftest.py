"""Who works on layers."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories


@pytest.fixture
def planner() -> Client:
    """The browser of a planner who has signed in."""
    client = Client()
    client.force_login(factories.planner(), backend="django.contrib.auth.backends.ModelBackend")
    return client
