"""Questions of a survey are written, changed, moved and taken out while it is prepared."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Polygon
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.models import User
from discussion.models import TimelineRow
from geoportal.kernel.multilingual import rewritten
from participation.actions.move import NotAllowed, edge_of, locked, take
from participation.actions.survey import Texts
from participation.models import Question, Survey
from participation.models.survey import MOST_STEPS
from participation.workflow import Who

MOST = 40
MOST_OPTIONS = 20
TEXTS = ("text", "help", "least_words", "most_words")


@dataclass(kw_only=True)
class Asked:
    """One question; texts by language. `options`: of a choice or a ranking; `area`: where marks must lie, in WGS84."""

    kind: str
    text: Texts
    help: Texts | None = None
    required: bool = False
    options: list[Texts] = field(default_factory=list)
    least: int = 1
    most: int = 5
    least_words: Texts | None = None
    most_words: Texts | None = None
    area: Polygon | None = None

    def facts(self) -> dict[str, Any]:
        """Fields of Question."""
        return dict(vars(self))


def _check(asked: Asked) -> None:
    wrong: dict[str, str] = {}
    if asked.kind in Question.LISTS and len(asked.options) < 2:
        wrong["options"] = _("Write at least two answers to choose from, one on each line.")
    if len(asked.options) > MOST_OPTIONS:
        wrong["options"] = _("At most %(n)d answers: join some.") % {"n": MOST_OPTIONS}
    if not asked.least < asked.most < asked.least + MOST_STEPS:
        wrong["most"] = _("A scale goes from a smaller number to a larger one, over at most 11 numbers.")
    if wrong:
        raise ValidationError(wrong)


def _begin(survey_id: int, by: User, version: int | None) -> tuple[Survey, Any]:
    survey = locked(Survey, survey_id, version=version)
    return survey, edge_of(survey, "ask", by)


def _said(question: Question, asked: Asked) -> Question:
    """What is asked, in the question; texts of other languages stay, options' too where their number is the same."""
    before = question.options
    for name, value in asked.facts().items():
        setattr(question, name, rewritten(getattr(question, name), value) if name in TEXTS and value else value)
    if len(before) == len(asked.options):
        question.options = [rewritten(old, new) for old, new in zip(before, asked.options, strict=True)]
    if question.kind not in Question.LISTS:
        question.options = []
    if question.kind not in Question.MAPS:
        question.area = None
    return question


@transaction.atomic
def ask(survey_id: int, asked: Asked, *, by: User, version: int | None = None, at: datetime.datetime | None = None) -> Question:
    """One more question at the end. Raises ValidationError by field."""
    survey, edge = _begin(survey_id, by, version)
    _check(asked)
    if survey.questions.count() >= MOST:
        raise ValidationError(_("A survey has at most %(n)d questions. Nobody answers more.") % {"n": MOST})
    last = survey.questions.aggregate(last=Max("order"))["last"]
    made = _said(Question(survey=survey, order=0 if last is None else last + 1), asked)
    made.save(force_insert=True)
    take(survey, edge, by=by, capacity=Who.ORGANISER, tells=False, at=at)
    return made


def _question(survey: Survey, question_id: int) -> Question:
    """Raises NotAllowed for one that is gone: a second press."""
    found = survey.questions.filter(pk=question_id).first()
    if found is None:
        raise NotAllowed(survey, "ask")
    return found


@transaction.atomic
def ask_otherwise(survey_id: int, question_id: int, asked: Asked, *, by: User, version: int | None = None) -> TimelineRow:
    """The question anew, at its place."""
    survey, edge = _begin(survey_id, by, version)
    _check(asked)
    _said(_question(survey, question_id), asked).save()
    return take(survey, edge, by=by, capacity=Who.ORGANISER, tells=False)


@transaction.atomic
def move(survey_id: int, question_id: int, *, up: bool, by: User, version: int | None = None) -> TimelineRow:
    """Before its former or behind its next; at the end of the list nothing moves."""
    survey, edge = _begin(survey_id, by, version)
    question = _question(survey, question_id)
    side = {"order__lt": question.order} if up else {"order__gt": question.order}
    other = survey.questions.filter(**side).order_by("-order" if up else "order").first()
    if other is not None:
        survey.questions.filter(pk=other.pk).update(order=question.order)
        survey.questions.filter(pk=question.pk).update(order=other.order)
    return take(survey, edge, by=by, capacity=Who.ORGANISER, tells=False)


@transaction.atomic
def take_out(survey_id: int, question_id: int, *, by: User, version: int | None = None) -> TimelineRow:
    """The question is gone; those after it move up."""
    survey, edge = _begin(survey_id, by, version)
    question = _question(survey, question_id)
    question.delete()
    survey.questions.filter(order__gt=question.order).update(order=F("order") - 1)
    return take(survey, edge, by=by, capacity=Who.ORGANISER, tells=False)
