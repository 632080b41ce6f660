"""A new database gets the demonstration although the municipality's own data are there."""

from __future__ import annotations

from pathlib import Path

import database
import pytest
from django.core.management import call_command

from discussion.models import Subject
from tests import factories

REPO = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_services_of_the_municipality_are_no_contents_of_people() -> None:
    call_command("load_municipality", str(REPO / "fixtures" / "botevgrad"), verbosity=0)
    assert Subject.objects.exists()
    assert database.nothing_sent()


@pytest.mark.django_db
def test_a_report_is() -> None:
    factories.town()
    factories.report()
    assert not database.nothing_sent()
