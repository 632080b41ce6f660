"""The invented town, and events in it."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from municipality.models import Sector
from participation.actions.event import Announced, announce
from participation.models import Event
from tests import factories

WHERE = Point(*factories.CENTRE, srid=4326)


def said(**fields: Any) -> Announced:
    """A meeting in three days, for two hours."""
    begins = timezone.now() + datetime.timedelta(days=3)
    defaults: dict[str, Any] = {
        "title": "Среща за градината", "text": "Ще говорим за пейките.", "sector": Sector.objects.get(slug="urban"),
        "starts_at": begins, "ends_at": begins + datetime.timedelta(hours=2), "place": "читалището", "point": WHERE,
    }  # fmt: skip
    return Announced(**{**defaults, **fields})


def event(by: Any = None, **fields: Any) -> Event:
    """An announced event of an official's, in the name of the department unless another is given."""
    by = by or factories.official()
    return announce(said(**{"organisation": home_of(by), **fields}), by=by, client_uuid=uuid.uuid4())


def home_of(by: Any) -> Any:
    """The organisation for which this person works here; None for a resident."""
    return next((each.organisation for each in by.held if by.works_for(each.organisation_id)), None)


def past(made: Event) -> Event:
    """The event as it is an hour after its beginning."""
    begins = timezone.now() - datetime.timedelta(hours=1)
    Event.objects.filter(pk=made.pk).update(starts_at=begins, ends_at=begins + datetime.timedelta(hours=2))
    made.refresh_from_db()
    return made


@pytest.fixture
def town(db: Any) -> Any:
    return factories.town()
