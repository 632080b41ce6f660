"""A survey is answered: by a person, once or as often as one wishes, or by staff from paper. No answer knows its person."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import Correspondent, User
from discussion.models import Audience
from municipality.models import Area
from participation.actions.move import edge_of, locked
from participation.models import Answered, Question, Reply, Response, Survey
from participation.workflow import Who

Given = dict[int, Any]
"""Question's id → list of whole numbers, text or geometry (WGS84, through the kernel's gate); missing: not answered."""
LONGEST_TEXT = 4000
COLUMNS = {"Point": "point", "LineString": "line", "Polygon": "polygon"}
SHAPES = {"point": "Point", "line": "LineString", "area": "Polygon"}


def answered_already() -> ValidationError:
    return ValidationError(
        _("You have answered this survey already. Each person answers once, and what was sent stays as it is."), code="twice"
    )


def mark_of(survey: Survey, correspondent: Correspondent) -> str:
    """A keyed hash of survey and person, that no answer carries."""
    return discussion.actions.digest(f"survey {survey.pk} answered by {correspondent.pk}")


def has_answered(survey: Survey, correspondent: Correspondent) -> bool:
    return Answered.objects.filter(mark=mark_of(survey, correspondent)).exists()


@transaction.atomic
def answer(survey_id: int, given: Given, *, correspondent: Correspondent | None, client_uuid: uuid.UUID) -> Response:
    """Keeps the answers; the same client UUID again answers the first ones.

    Raises ValidationError: by question (`q<id>`), for a second time (code "twice"), after the end (code "over"), for an
    unproven address (code "unverified").
    """
    survey = locked(Survey, survey_id)
    known = Response.objects.filter(pk=client_uuid, survey=survey).first()
    if known is not None:
        return known
    if not survey.takes_answers:
        raise ValidationError(_("This survey takes no answers any more."), code="over")
    if survey.once:
        if correspondent is None or correspondent.verified_at is None:
            raise ValidationError(_("Confirm your e-mail first."), code="unverified")
        _mark, new = Answered.objects.get_or_create(mark=mark_of(survey, correspondent), defaults={"survey": survey})
        if not new:
            raise answered_already()
    made = _keep(survey, given, client_uuid, paper=False)
    discussion.actions.append(survey.subject, "answered", capacity="visitor", audience=Audience.STAFF, tells=False, bumps=False)
    return made


@transaction.atomic
def enter_paper(survey_id: int, given: Given, *, by: User, client_uuid: uuid.UUID) -> Response:
    """Staff enters what somebody wrote on paper, also after the end: paper comes late."""
    survey = locked(Survey, survey_id)
    known = Response.objects.filter(pk=client_uuid, survey=survey).first()
    if known is not None:
        return known
    edge_of(survey, "enter_paper", by)
    if not survey.paper:
        raise ValidationError(_("This survey takes no answers on paper."), code="paper")
    made = _keep(survey, given, client_uuid, paper=True)
    discussion.actions.append(
        survey.subject, "enter_paper", by=by, capacity=Who.ORGANISER, audience=Audience.STAFF, tells=False, bumps=False
    )
    return made


@transaction.atomic
def load_answers(survey_id: int, given: list[tuple[datetime.date, Given]]) -> None:
    """Answers of earlier days, for data that is loaded, not lived; one row of the timeline tells of all."""
    survey = locked(Survey, survey_id)
    for day, one in given:
        made = _keep(survey, one, uuid.uuid4(), paper=False)
        Response.objects.filter(pk=made.pk).update(on=day)
    discussion.actions.append(
        survey.subject, "answered", capacity=Who.SYSTEM, audience=Audience.STAFF, tells=False, bumps=False
    )


def _keep(survey: Survey, given: Given, client_uuid: uuid.UUID, *, paper: bool) -> Response:
    questions = list(survey.questions.all())
    check(questions, given)
    made = Response.objects.create(id=client_uuid, survey=survey, on=timezone.localdate(), paper=paper)
    Reply.objects.bulk_create(
        Reply(response=made, question=question, **_column(given[question.pk]))
        for question in questions
        if _is_said(given.get(question.pk))
    )
    return made


def _is_said(value: Any) -> bool:
    return value is not None and value != "" and value != []


def _column(value: Any) -> dict[str, Any]:
    if isinstance(value, GEOSGeometry):
        return {COLUMNS[value.geom_type]: value}
    return {"text": value} if isinstance(value, str) else {"choices": value}


def check(questions: list[Question], given: Given) -> None:
    """Raises ValidationError with a sentence for each question whose answer does not fit."""
    wrong = {f"q{each.pk}": words for each in questions if (words := _wrong(each, given.get(each.pk)))}
    if not wrong and not any(_is_said(given.get(each.pk)) for each in questions):
        raise ValidationError(_("Answer at least one question."), code="empty")
    if wrong:
        raise ValidationError(wrong)


def _wrong(question: Question, value: Any) -> str:
    """What is wrong with the answer; "" when it fits."""
    if not _is_said(value):
        return _("This question needs an answer.") if question.required else ""
    if question.kind == Question.Kind.TEXT:
        fits = isinstance(value, str) and len(value) <= LONGEST_TEXT
        return "" if fits else _("At most %(n)d characters fit: shorten the text.") % {"n": LONGEST_TEXT}
    if question.kind in SHAPES:
        if not isinstance(value, GEOSGeometry) or value.geom_type != SHAPES[question.kind]:
            return _("Mark the place again.")
        return outside(question, value)
    if not isinstance(value, list) or not set(value) <= set(question.values) or len(set(value)) != len(value):
        return _("Choose from the list.")
    if question.kind in (Question.Kind.SINGLE, Question.Kind.SCALE) and len(value) != 1:
        return _("Choose one answer.")
    return ""


def outside(question: Question, shape: GEOSGeometry) -> str:
    """The sentence for a mark that lies outside the question's area or the municipality; "" inside."""
    if question.area is not None:
        inside = question.area.covers(shape)
        return "" if inside else _("This lies outside the area that the question is about. Mark it within the border.")
    whole = Area.objects.filter(parent=None, polygon__isnull=False)
    if not whole.exists() or whole.filter(polygon__covers=shape).exists():
        return ""
    return _("This lies outside the municipality. Mark it within its border.")
