"""A long analysis whose worker is killed: taken up again by the next worker, given up after the third time, never „running“."""

from __future__ import annotations

import signal

import pytest

from reports.actions import planning as verbs
from reports.models import Run
from tests import factories
from tests.notifications.test_killed_worker import fall_silent, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run() -> Run:
    factories.town()
    planner = factories.planner()
    factories.reports(6)
    return verbs.start_run(planner, "analysis=areas", "bg")


def test_the_next_worker_takes_it_up(run):
    assert work("while_reckoning") == -signal.SIGKILL
    run.refresh_from_db()
    assert run.state == "running"
    fall_silent()
    assert work() == 0
    run.refresh_from_db()
    assert (run.state, run.result["n"]) == ("done", 6)


@pytest.mark.deep
def test_what_kills_every_worker_is_given_up(run):
    for _time in range(verbs.MOST_ATTEMPTS):
        assert work("while_reckoning") == -signal.SIGKILL
        fall_silent()
    work()
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.message
