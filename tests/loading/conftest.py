"""The example municipality, loaded once for a module's tests and taken back after them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from reports.loading.municipality import load_municipality
from tests.databases import kept_meanwhile


@pytest.fixture(scope="module")
def botevgrad(django_db_setup, django_db_blocker) -> Iterator[Path]:
    """The folder whose municipality stands in the database while the module runs."""
    folder = settings.BASE_DIR / "fixtures/botevgrad"
    with kept_meanwhile(django_db_blocker):
        load_municipality(folder)
        yield folder
