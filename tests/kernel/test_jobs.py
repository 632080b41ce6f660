"""A job is deferred with its transaction or not at all, by a task in a worker as by a page."""

from __future__ import annotations

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

FIRST = 9_000_000_001


def kept() -> list[int]:
    """Which of ours are there; other tests leave jobs behind."""
    found = ProcrastinateJob.objects.filter(args__delivery_id__gte=FIRST).order_by("pk")
    return [job.args["delivery_id"] for job in found]


@pytest.mark.django_db(transaction=True)
def test_what_a_task_defers_goes_with_its_transaction() -> None:
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]  # as the worker's command does
        deferrer = app.configure_task("notifications.webhook")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            deferrer.defer(delivery_id=FIRST)
            deferrer.batch_defer({"delivery_id": FIRST + 1}, {"delivery_id": FIRST + 2})
            assert kept() == [FIRST, FIRST + 1, FIRST + 2]
            raise ZeroDivisionError
        assert kept() == []
        deferrer.defer(delivery_id=FIRST + 3)
        assert kept() == [FIRST + 3]
