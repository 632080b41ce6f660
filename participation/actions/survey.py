"""Surveys are prepared, opened, closed and reported by staff."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.models import Audience, Subject, TimelineRow
from discussion.search import vector
from geoportal.kernel.multilingual import language_of, rewritten, text_in
from municipality.models import Area, Sector
from participation import rules
from participation.actions.move import edge_of, locked, take
from participation.models import Answered, Reply, Survey
from participation.workflow import Who

Texts = dict[str, str]


@dataclass(kw_only=True)
class Planned:
    """What staff says of a survey; texts by language. `closes_at`: until when answers are taken."""

    title: Texts
    sector: Sector
    closes_at: datetime.datetime
    introduction: Texts | None = None
    form: str = Survey.Form.SURVEY
    once: bool = True
    results: str = Survey.Results.AT_END
    paper: bool = True

    def facts(self) -> dict[str, Any]:
        """Fields of Survey."""
        return {name: value for name, value in vars(self).items() if name != "sector"}

    @property
    def words(self) -> list[str]:
        return [*self.title.values(), *(self.introduction or {}).values()]


def prepare(said: Planned, *, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None = None) -> Survey:
    """Keeps a survey that staff alone sees; the same client UUID again answers the first one.

    Raises PermissionDenied for whoever may not ask the public.
    """
    if not rules.may_survey(by):
        raise PermissionDenied
    for tries in (1, 0):
        known = Survey.objects.filter(subject__client_uuid=client_uuid).select_related("subject").first()
        if known is not None:
            return known
        try:
            return _prepare(said, by, client_uuid, at or timezone.now())
        except IntegrityError:  # sent twice at the same moment, or a reference that is somebody's
            if not tries:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _prepare(said: Planned, by: User, client_uuid: uuid.UUID, at: datetime.datetime) -> Survey:
    language = language_of(said.title)
    subject = Subject.objects.create(
        kind=Subject.Kind.SURVEY, client_uuid=client_uuid, title=text_in(said.title, language)[:150], language=language,
        sector=said.sector, area=Area.objects.root(), is_public=False, created_at=at,
    )  # fmt: skip
    works_in = next((each.organisation for each in by.held if each.organisation.kind == "department"), None)
    made = Survey(subject=subject, status="preparing", status_at=at, author=by, organisation=works_in, **said.facts())
    made.full_clean(exclude=["subject", "title", "introduction"], validate_constraints=False)
    made.save(force_insert=True)
    Subject.objects.filter(pk=subject.pk).update(search=vector(*said.words))
    discussion.actions.append(
        subject, "kept_preparing", by=by, capacity=Who.ORGANISER, at=at, after="preparing", audience=Audience.AUTHOR, bumps=False,
        tells=False,
    )  # fmt: skip
    return made


@transaction.atomic
def change(survey_id: int, said: Planned, *, by: User, version: int | None = None) -> TimelineRow:
    """While it is prepared; texts of other languages stay."""
    survey = locked(Survey, survey_id, version=version)
    edge = edge_of(survey, "change", by)
    for name, value in said.facts().items():
        setattr(survey, name, rewritten(getattr(survey, name), value) if isinstance(value, dict) else value)
    survey.full_clean(exclude=["subject", "title", "introduction"], validate_constraints=False)
    survey.save()
    title = text_in(survey.title, survey.subject.language)[:150]
    Subject.objects.filter(pk=survey.pk).update(title=title, sector=said.sector, search=vector(*said.words))
    return take(survey, edge, by=by, capacity=Who.ORGANISER, tells=False)


@transaction.atomic
def open_it(survey_id: int, *, by: User, version: int | None = None, at: datetime.datetime | None = None) -> TimelineRow:
    """Everyone sees it and may answer; from now on nothing of what is asked changes."""
    survey = locked(Survey, survey_id, version=version)
    edge = edge_of(survey, "open", by)
    now = at or timezone.now()
    if not survey.questions.exists():
        raise ValidationError(_("Ask at least one question first."), code="empty")
    if survey.closes_at <= now:
        raise ValidationError(_("The last day has passed. Choose a later one first."), code="late")
    survey.opened_at = now
    survey.save(update_fields=["opened_at"])
    return take(survey, edge, by=by, capacity=Who.ORGANISER, at=at)


@transaction.atomic
def extend(survey_id: int, closes_at: datetime.datetime, *, by: User, version: int | None = None) -> TimelineRow:
    """More time; never less, as people were told until when."""
    survey = locked(Survey, survey_id, version=version)
    edge = edge_of(survey, "extend", by)
    if closes_at <= survey.closes_at or closes_at <= timezone.now():
        raise ValidationError({"day": _("Choose a later day than the present last one.")})
    survey.closes_at = closes_at
    survey.save(update_fields=["closes_at"])
    return take(survey, edge, by=by, capacity=Who.ORGANISER)


@transaction.atomic
def close(
    survey_id: int, *, by: User, version: int | None = None, text: str = "", at: datetime.datetime | None = None
) -> TimelineRow:
    """No more answers before its time is over: its last day is that on which it is closed."""
    survey = locked(Survey, survey_id, version=version)
    edge = edge_of(survey, "close", by)
    _ends(survey, at or timezone.now())
    _forget_who(survey)
    return take(survey, edge, by=by, capacity=Who.ORGANISER, text=text, at=at)


@transaction.atomic
def stop(survey_id: int, *, by: User, version: int | None = None, text: str = "") -> TimelineRow:
    """It ends without results, with the reason."""
    survey = locked(Survey, survey_id, version=version)
    edge = edge_of(survey, "stop", by)
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    _ends(survey, timezone.now())
    _forget_who(survey)
    return take(survey, edge, by=by, capacity=Who.ORGANISER, text=text)


@transaction.atomic
def report(
    survey_id: int, *, by: User, version: int | None = None, text: str = "", at: datetime.datetime | None = None
) -> TimelineRow:
    """Publishes the results; `text`: what the municipality makes of them."""
    survey = locked(Survey, survey_id, version=version)
    return take(survey, edge_of(survey, "report", by), by=by, capacity=Who.ORGANISER, text=text, at=at)


@transaction.atomic
def show_words(survey_id: int, shown: set[int], among: set[int], *, by: User) -> TimelineRow:
    """Of these answers in words some are public, the others not. Their writers stay unknown."""
    survey = locked(Survey, survey_id)
    edge_of(survey, "show_words", by)
    written = Reply.objects.filter(response__survey=survey).exclude(text="")
    written.filter(pk__in=among & shown).update(is_public=True)
    written.filter(pk__in=among - shown).update(is_public=False)
    return discussion.actions.append(
        survey.subject, "show_words", by=by, capacity=Who.MODERATOR, audience=Audience.STAFF, tells=False
    )


def close_those_over(now: datetime.datetime | None = None) -> int:
    """Surveys whose time is over are closed by the clock; answers how many."""
    return sum(_close_over(pk, now or timezone.now()) for pk in Survey.objects.due(now).values_list("pk", flat=True))


@transaction.atomic
def _close_over(survey_id: int, now: datetime.datetime) -> bool:
    survey = locked(Survey, survey_id)
    if survey.status != "open" or survey.closes_at > now:
        return False
    _forget_who(survey)
    take(survey, edge_of(survey, "close", None, system=True), by=None, capacity=Who.SYSTEM, at=now)
    return True


def _ends(survey: Survey, now: datetime.datetime) -> None:
    """Pages, map and lists say until when it really was."""
    if survey.opened_at is not None and survey.opened_at < now < survey.closes_at:
        survey.closes_at = now
        survey.save(update_fields=["closes_at"])


def _forget_who(survey: Survey) -> None:
    """Nobody can answer twice any more: that anybody answered need not be known."""
    Answered.objects.filter(survey=survey).delete()
