"""Sample visions and surveys: prepared, opened, answered by invented people and reported by the verbs that staff uses."""

from __future__ import annotations

import datetime
import random
import uuid
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import LineString, Point, Polygon
from django.utils import timezone

from municipality.models import Area, Organisation, Sector
from participation.actions import answering, questions
from participation.actions import survey as actions
from participation.actions.questions import Asked
from participation.actions.survey import Planned
from participation.forms.survey import end_of
from participation.models import Question, Survey
from reports.loading.categories import one
from reports.loading.people import People
from reports.loading.rows import Row, table
from reports.loading.upsert import Load

SPACE = uuid.UUID("4b0d8a5e-92f7-4f0e-9a51-7a6f0c2b1d35")
SPREAD = 0.006
"""Degrees by which invented marks lie around their middle: some 500 m."""


def surveys(load: Load, folder: Path, people: People, now: datetime.datetime) -> None:
    """Those of `surveys.yaml` that are missing. Days are counted from the day of loading."""
    load.each(table(folder, "surveys", required=False), lambda row: _survey(load, row, people, now))


def _survey(load: Load, row: Row, people: People, now: datetime.datetime) -> None:
    key = uuid.uuid5(SPACE, row.text("slug"))
    if Survey.objects.filter(subject__client_uuid=key).exists():
        load.count(Survey, "same")
        return
    organisation = one(row, "organisation", Organisation)
    by = people.official_of.get(organisation.pk, people.moderator)
    day = timezone.localdate(now) + datetime.timedelta(days=row.number("ends_in_days"))
    begins = now - datetime.timedelta(days=row.number("begun_before"))
    said = Planned(
        title=row.texts("title"), introduction=row.texts("introduction", None), sector=one(row, "sector", Sector), closes_at=end_of(day),
        form=row.text("form", "survey"), once=row.flag("once", True), results=row.text("results", "at_end"),
    )  # fmt: skip
    made = actions.prepare(said, by=by, client_uuid=key, at=begins)
    for each in row.rows("questions"):
        questions.ask(made.pk, _asked(each), by=by, at=begins)
    actions.open_it(made.pk, by=by, at=begins)
    _answers(made, row.number("answers", 0), begins, now)
    if report := row.text("report", ""):
        ended = min(now, made.closes_at)
        actions.close(made.pk, by=by, at=ended)
        actions.report(made.pk, by=by, text=report, at=ended + datetime.timedelta(hours=30))
    row.done()
    load.count(Survey, "new")


def _asked(row: Row) -> Asked:
    options = [{"bg": each.text("bg"), "en": each.text("en", "") or each.text("bg")} for each in row.rows("options")]
    asked = Asked(
        kind=row.text("kind"), text=row.texts("text"), help=row.texts("help", None), required=row.flag("required", False),
        options=options, least=row.number("least", 1), most=row.number("most", 5), least_words=row.texts("least_words", None),
        most_words=row.texts("most_words", None), area=row.shape("area", "Polygon"),
    )  # fmt: skip
    row.done()
    return asked


def _answers(survey: Survey, count: int, begins: datetime.datetime, now: datetime.datetime) -> None:
    """So many filled-in surveys by chance that is the same each time, over the days that have passed."""
    chance = random.Random(str(survey.subject.client_uuid))  # noqa: S311  invented, and the same again
    last = min(timezone.localdate(now) - datetime.timedelta(days=1), survey.last_day)
    days = max(1, (last - timezone.localdate(begins)).days)
    asked = list(survey.questions.all())
    given = []
    for _each in range(count):
        one = {each.pk: _by_chance(each, chance) for each in asked if each.required or chance.random() < 0.85}
        if any(value for value in one.values()):
            given.append((last - datetime.timedelta(days=chance.randrange(days)), one))
    if given:
        answering.load_answers(survey.pk, given)


def _by_chance(question: Question, chance: random.Random) -> Any:
    """An invented answer; the first options are liked more."""
    values = question.values
    match question.kind:
        case Question.Kind.MULTIPLE:
            return sorted(chance.sample(values, chance.randint(1, min(3, len(values)))))
        case Question.Kind.RANKING:
            return sorted(values, key=lambda value: value + chance.gauss(0, 2))
        case Question.Kind.TEXT:
            return None
        case Question.Kind.POINT | Question.Kind.LINE | Question.Kind.AREA:
            return _mark(question, chance)
        case _:
            weights = [len(values) - index for index in range(len(values))]
            return chance.choices(values, weights[::-1] if question.kind == Question.Kind.SCALE else weights)


def _mark(question: Question, chance: random.Random) -> Any:
    """Within the question's area, or around the middle of the largest settlement."""
    home = Area.objects.settlements().exclude(point=None).order_by("-population").first()
    middle = question.area.centroid if question.area else home.point if home else None
    if middle is None:
        return None
    x, y = middle.x + chance.gauss(0, SPREAD), middle.y + chance.gauss(0, SPREAD / 2)
    corners = [(x, y), (x + SPREAD / 2, y), (x, y + SPREAD / 2)]
    found: Any = Point(x, y, srid=4326)
    if question.kind == Question.Kind.LINE:
        found = LineString(corners, srid=4326)
    elif question.kind == Question.Kind.AREA:
        found = Polygon([*corners, corners[0]], srid=4326)
    return None if answering.outside(question, found) else found
