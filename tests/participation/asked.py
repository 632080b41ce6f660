"""Surveys for tests: prepared with one question of each kind, open, filled in."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.contrib.gis.geos import LineString, Point, Polygon
from django.utils import timezone

from accounts.models import User
from municipality.models import Sector
from participation.actions import answering, questions
from participation.actions.questions import Asked
from participation.actions.survey import Planned, open_it, prepare
from participation.models import Question, Response, Survey
from tests import factories

LON, LAT = factories.CENTRE
HERE = Point(LON, LAT, srid=4326)
EVERY: list[dict[str, Any]] = [
    {"kind": "single", "options": ["Да", "Не", "Не знам"]},
    {"kind": "multiple", "options": ["Паркове", "Улици", "Училища"]},
    {"kind": "scale", "least_words": {"bg": "никак"}, "most_words": {"bg": "много"}},
    {"kind": "text"},
    {"kind": "ranking", "options": ["Вода", "Въздух", "Тишина"]},
    {"kind": "point"},
    {"kind": "line"},
    {"kind": "area"},
]
"""One of each kind, in this order."""


def planned(**fields: Any) -> Planned:
    """Open for ten days more."""
    defaults: dict[str, Any] = {
        "title": {"bg": "Как да изглежда Левка"}, "introduction": {"bg": "Питаме всички."}, "sector": Sector.objects.get(slug="urban"),
        "closes_at": timezone.now() + datetime.timedelta(days=10),
    }  # fmt: skip
    return Planned(**{**defaults, **fields})


def asked(**fields: Any) -> Asked:
    options = [{"bg": each} for each in fields.pop("options", [])]
    defaults: dict[str, Any] = {
        "kind": "single",
        "text": {"bg": f"Въпрос: {fields.get('kind', 'single')}?"},
        "options": options,
    }
    return Asked(**{**defaults, **fields})


def prepared(by: User, kinds: tuple[str, ...] = (), **fields: Any) -> Survey:
    """With the questions of these kinds, or of every kind."""
    made = prepare(planned(**fields), by=by, client_uuid=uuid.uuid4())
    for each in EVERY:
        if not kinds or each["kind"] in kinds:
            questions.ask(made.pk, asked(**each), by=by)
    return made


def opened(by: User | None = None, kinds: tuple[str, ...] = (), **fields: Any) -> Survey:
    by = by or factories.official()
    made = prepared(by, kinds, **fields)
    open_it(made.pk, by=by)
    return Survey.objects.select_related("subject").get(pk=made.pk)


def by_kind(survey: Survey) -> dict[str, Question]:
    return {each.kind: each for each in survey.questions.all()}


def given(survey: Survey, **more: Any) -> answering.Given:
    """An answer to every question; others by kind."""
    line = LineString((LON, LAT), (LON + 0.001, LAT), srid=4326)
    polygon = Polygon(((LON, LAT), (LON + 0.001, LAT), (LON, LAT + 0.001), (LON, LAT)), srid=4326)
    usual = {
        "single": [0], "multiple": [0, 2], "scale": [4], "text": "Повече сянка.", "ranking": [2, 0, 1], "point": HERE,
        "line": line, "area": polygon, **more,
    }  # fmt: skip
    return {each.pk: usual[each.kind] for each in survey.questions.all()}


def filled(survey: Survey, times: int = 1, **more: Any) -> list[Response]:
    """So many people answer, yesterday."""
    made = [
        answering.answer(survey.pk, given(survey, **more), correspondent=factories.guest(), client_uuid=uuid.uuid4())
        for _each in range(times)
    ]
    Response.objects.filter(pk__in=[each.pk for each in made]).update(on=timezone.localdate() - datetime.timedelta(days=1))
    return made
