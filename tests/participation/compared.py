"""A comparison in the invented town, at each of its stages."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.utils import timezone

from accounts.models import User
from municipality.models import Organisation, Sector
from participation.actions import alternative as variants
from participation.actions import comparison as actions
from participation.actions.alternative import Variant
from participation.actions.comparison import Question
from participation.models import Alternative, Comparison
from tests import factories

LON, LAT = factories.CENTRE
LINE = LineString((LON, LAT), (LON + 0.01, LAT), srid=4326)
SQUARE = Polygon.from_bbox((LON, LAT, LON + 0.002, LAT + 0.002))
SQUARE.srid = 4326
SPOT = Point(LON, LAT, srid=4326)


def question(**fields: Any) -> Question:
    """Open for ten days more."""
    defaults: dict[str, Any] = {
        "title": {"bg": "Как да стигаме до реката"}, "introduction": {"bg": "Има три начина."}, "sector": Sector.objects.get(slug="urban"),
        "organisation": Organisation.objects.get(slug="roads"), "closes_at": timezone.now() + datetime.timedelta(days=10),
    }  # fmt: skip
    return Question(**{**defaults, **fields})


def variant(*shapes: GEOSGeometry, **fields: Any) -> Variant:
    defaults: dict[str, Any] = {"title": {"bg": "Алея"}, "description": {"bg": "Алея до реката."}, "shapes": shapes or (LINE,)}
    return Variant(**{**defaults, **fields})


def prepared(by: User, *said: Variant, **fields: Any) -> Comparison:
    """With these variants, or with a path and a square."""
    made = actions.prepare(question(**fields), by=by, client_uuid=uuid.uuid4())
    for each in said or (variant(), variant(SQUARE, title={"bg": "Площад"}, cost_from=1000, cost_to=2000)):
        variants.add(made.pk, each, by=by, client_uuid=uuid.uuid4())
    return made


def opened(by: User | None = None, *said: Variant, **fields: Any) -> Comparison:
    by = by or factories.official()
    made = prepared(by, *said, **fields)
    actions.open_it(made.pk, by=by)
    return again(made)


def again(made: Comparison) -> Comparison:
    return Comparison.objects.select_related("subject").get(pk=made.pk)


def own(made: Comparison) -> list[Alternative]:
    return list(variants.all_in_order(made))


def sent(made: Comparison, by: User | None = None, **fields: Any) -> Alternative:
    """A resident's, which waits for a moderator."""
    return variants.propose(
        made.pk, variant(SPOT, **{"title": {"bg": "Мостче"}, **fields}), by=by or factories.resident(), client_uuid=uuid.uuid4()
    )


def over(made: Comparison) -> Comparison:
    """The comparison a minute after its end, closed by the clock."""
    Comparison.objects.filter(pk=made.pk).update(
        opened_at=timezone.now() - datetime.timedelta(days=10), closes_at=timezone.now() - datetime.timedelta(minutes=1)
    )
    actions.close_over()
    return again(made)
