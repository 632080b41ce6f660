"""Acts that are loaded, not lived: they leave their rows and tell nobody."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

import discussion.actions
from discussion.models import Subject, Support, TimelineRow
from reports import actions
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town():
    return factories.town()


def test_untold_acts_have_rows_and_no_jobs_and_later_ones_tell_again():
    with discussion.actions.untold():
        report = factories.report(tells=True)
    assert (TimelineRow.objects.get().tells, ProcrastinateJob.objects.count()) == (False, 0)
    actions.act(report.pk, "start", by=factories.official())
    assert (TimelineRow.objects.get(code="start").tells, ProcrastinateJob.objects.count()) == (True, 1)


def test_untold_ends_with_its_block_even_when_that_fails():
    with pytest.raises(ValueError, match="x"), discussion.actions.untold():
        raise ValueError("x")
    factories.report(tells=True)
    assert TimelineRow.objects.get().tells


def test_loaded_supports_count_and_have_their_own_time_and_row():
    report, then = factories.report(), timezone.now() - datetime.timedelta(days=3)
    given = [(factories.guest(), then + datetime.timedelta(hours=number)) for number in range(3)]
    discussion.actions.load_supports(report.pk, given)
    assert Subject.objects.get().support_count == 3
    assert list(Support.objects.order_by("created_at").values_list("created_at", flat=True)) == [at for _who, at in given]
    assert TimelineRow.objects.filter(code="supported", tells=False, audience="staff").count() == 3


def test_supports_of_what_is_not_public_are_refused():
    report = factories.report(category="private")
    with pytest.raises(ValidationError):
        discussion.actions.load_supports(report.pk, [(factories.guest(), timezone.now())])
    assert Support.objects.count() == 0
