"""Practices are summed up by anyone with an account and read by a moderator before everyone sees them."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import User
from discussion.models import Audience, Subject, TimelineRow
from discussion.search import vector
from geoportal.kernel.multilingual import language_of, rewritten, text_in
from municipality.models import Area, Sector
from participation import rules, workflow
from participation.actions.move import edge_of, locked, take
from participation.actions.once import once
from participation.models import Practice
from participation.workflow import Kind, Who

Texts = dict[str, str]
TEXTS = ("title", "city", "country", "what", "result", "lesson")
FIRST_YEAR = 1800


@dataclass(kw_only=True)
class Summary:
    """A practice as its summary tells it; texts by language."""

    sector: Sector
    title: Texts
    city: Texts
    country: Texts
    year: int
    source_url: str
    source_name: str
    what: Texts
    result: Texts | None = None
    lesson: Texts | None = None
    until: int | None = None
    cost: str = Practice.Cost.UNKNOWN
    cost_note: Texts | None = None
    point: Point | None = None
    public_name: str = ""
    further_sources: list[str] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """Fields of Practice."""
        return {name: value for name, value in vars(self).items() if name != "sector"}

    @property
    def words(self) -> list[str]:
        return [text for name in TEXTS for text in (getattr(self, name) or {}).values()]


def _check(said: Summary) -> None:
    wrong: dict[str, str] = {}
    if not FIRST_YEAR <= said.year <= timezone.localdate().year:
        wrong["year"] = _("Write the year in which it began, as 2016.")
    if said.until is not None and said.until < said.year:
        wrong["until"] = _("The end lies before the beginning.")
    if wrong:
        raise ValidationError(wrong)


def sum_up(said: Summary, *, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None = None) -> Practice:
    """Keeps the summary; the same client UUID again answers the first one. Raises ValidationError by field."""
    return once(Practice, client_uuid, lambda: _sum_up(said, by, client_uuid, at or timezone.now()))


@transaction.atomic
def _sum_up(said: Summary, by: User, client_uuid: uuid.UUID, at: datetime.datetime) -> Practice:
    blocks.require_free_account(by)
    _check(said)
    speaks = next((each.organisation for each in by.held if by.works_for(each.organisation_id)), None)
    status = workflow.FIRST[Kind.PRACTICE] if rules.publishes_at_once(by, speaks) else "awaiting_moderation"
    public, language = workflow.STATES[status].public, language_of(said.title)
    subject = Subject.objects.create(
        kind=Subject.Kind.PRACTICE, client_uuid=client_uuid, title=text_in(said.title, language)[:150], language=language,
        sector=said.sector, area=Area.objects.root(), is_public=public, created_at=at,
    )  # fmt: skip
    made = Practice(subject=subject, status=status, status_at=at, author=by, organisation=speaks, **said.facts())
    made.full_clean(exclude=["subject", *TEXTS, "cost_note"], validate_constraints=False)
    made.save(force_insert=True)
    Subject.objects.filter(pk=subject.pk).update(search=vector(*said.words))
    discussion.actions.append(
        subject, "submitted" if public else f"kept_{status}", by=by, capacity=Who.ORGANISER, at=at, after=status,
        audience=Audience.PUBLIC if public else Audience.AUTHOR, bumps=False,
    )  # fmt: skip
    return made


@transaction.atomic
def mend(practice_id: int, said: Summary, *, by: User, version: int | None = None) -> TimelineRow:
    """The summary anew; texts of other languages stay."""
    practice = locked(Practice, practice_id, version=version)
    edge = edge_of(practice, "change", by)
    _check(said)
    for name, value in said.facts().items():
        setattr(practice, name, rewritten(getattr(practice, name), value) if isinstance(value, dict) else value)
    practice.full_clean(exclude=["subject", *TEXTS, "cost_note"], validate_constraints=False)
    practice.save()
    title = text_in(practice.title, practice.subject.language)[:150]
    Subject.objects.filter(pk=practice.pk).update(title=title, sector=said.sector, search=vector(*said.words))
    return take(practice, edge, by=by, capacity=Who.ORGANISER, tells=False)
