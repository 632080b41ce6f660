"""The example municipality, loaded once for a module's tests and taken back after them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from reports.loading.municipality import load_municipality


@pytest.fixture(scope="module")
def botevgrad(django_db_setup, django_db_blocker) -> Iterator[Path]:
    """The folder whose municipality stands in the database while the module runs."""
    folder = settings.BASE_DIR / "fixtures/botevgrad"
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        load_municipality(folder)
        yield folder
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
