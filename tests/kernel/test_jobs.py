"""A job is deferred with its transaction or not at all, by a task in a worker as by a page."""

from __future__ import annotations

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


@pytest.mark.django_db(transaction=True)
def test_what_a_task_defers_goes_with_its_transaction() -> None:
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]  # as the worker's command does
        deferrer = app.configure_task("notifications.webhook")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            deferrer.defer(delivery_id=1)
            deferrer.batch_defer({"delivery_id": 2}, {"delivery_id": 3})
            assert ProcrastinateJob.objects.count() == 3
            raise ZeroDivisionError
        assert ProcrastinateJob.objects.count() == 0
        deferrer.defer(delivery_id=4)
        assert [job.args for job in ProcrastinateJob.objects.all()] == [{"delivery_id": 4}]
