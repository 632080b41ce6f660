"""Goals are set, changed, reached or given up, and what serves them is linked to them."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.actions.spine import require_public
from discussion.models import Link, Subject, TimelineRow
from discussion.search import vector
from geoportal.kernel.multilingual import language_of, rewritten, text_in
from municipality.models import Area, Organisation, Sector
from participation import rules, workflow
from participation.actions.once import once
from participation.models import Goal, Indicator, Survey
from participation.workflow import STAYS, Who

Texts = dict[str, str]
TEXTS = ("title", "measure")
YEARS = 50
"""So many years ahead a goal may lie."""


@dataclass(kw_only=True)
class Aim:
    """What is to be reached; texts by language. `vision`: the one that ends in this goal."""

    sector: Sector
    title: Texts
    measure: Texts
    by_year: int
    area: Area | None = None
    organisation: Organisation | None = None
    indicator: Indicator | None = None
    target: Decimal | None = None
    vision: Survey | None = None

    def facts(self) -> dict[str, Any]:
        """Fields of Goal."""
        return {name: value for name, value in vars(self).items() if name not in ("sector", "area", "vision")}


class Over(Exception):
    """The goal is reached or given up: nothing of it changes any more."""


@transaction.atomic
def set_goal(
    slug: str, facts: dict[str, Any], *, sector: Sector, area: Area | None = None, by: User | None = None,
    client_uuid: uuid.UUID | None = None, at: datetime.datetime | None = None,
) -> tuple[Goal, bool]:  # fmt: skip
    """The goal of that slug, made with these facts (fields of Goal) where there is none; whether it is new."""
    found = Goal.objects.filter(slug=slug).select_related("subject").first()
    if found is not None:
        return found, False
    at, language = at or timezone.now(), language_of(facts["title"])
    subject = Subject.objects.create(
        kind=Subject.Kind.GOAL, title=text_in(facts["title"], language)[:150], language=language, sector=sector,
        area=area or Area.objects.root(), is_public=True, created_at=at, client_uuid=client_uuid,
    )  # fmt: skip
    made = Goal(subject=subject, slug=slug, **facts)
    made.full_clean(exclude=["subject", *(TEXTS if client_uuid else ())])
    made.save(force_insert=True)
    _index(made)
    discussion.actions.append(subject, "submitted", by=by, capacity=Who.ORGANISER, at=at, bumps=False)
    return made, True


def _index(goal: Goal) -> None:
    words = [text for name in TEXTS for text in getattr(goal, name).values()]
    Subject.objects.filter(pk=goal.pk).update(search=vector(*words))


def aim_at(said: Aim, *, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None = None) -> Goal:
    """Sets a goal; the same client UUID again answers the first one. The vision it comes from has a line of it, which its followers
    hear. Raises ValidationError by field, PermissionDenied for whoever does not plan here."""
    return once(Goal, client_uuid, lambda: _aim_at(said, by, client_uuid, at))


@transaction.atomic
def _aim_at(said: Aim, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None) -> Goal:
    if not rules.sets_goals(by):
        raise PermissionDenied
    _check(said, at)
    vision = discussion.actions.lock(said.vision.pk) if said.vision is not None else None
    if vision is not None:
        require_public(vision)
    slug = f"goal-{client_uuid.hex}"
    made, _new = set_goal(slug, said.facts(), sector=said.sector, area=said.area, by=by, client_uuid=client_uuid, at=at)
    if vision is not None:
        Link.objects.create(source=made.subject, target=vision, kind=Link.Kind.INSPIRED_BY)
        discussion.actions.append(
            vision, "goal_set", by=by, capacity=Who.ORGANISER, at=at, data={"linked": made.pk}, bumps=False
        )
    return made


def _check(said: Aim, at: datetime.datetime | None, *, same_year: bool = False) -> None:
    wrong: dict[str, str] = {}
    year = timezone.localdate(at).year
    if not same_year and not year <= said.by_year <= year + YEARS:
        wrong["by_year"] = _("Write a year that is still to come, within 50 years.")
    if said.target is not None and said.indicator is None:
        wrong["indicator"] = _("A target needs the indicator by which it is measured.")
    if wrong:
        raise ValidationError(wrong)


def _locked(goal_id: int, name: str, by: User, version: int | None) -> Goal:
    """The goal with its Subject locked, where this act may be done. Raises Stale, Over, PermissionDenied."""
    subject = discussion.actions.lock(goal_id, version=version)
    goal: Goal = Goal.objects.get(pk=goal_id)
    goal.subject = subject
    if not rules.keeps_goal(by, goal):
        raise PermissionDenied
    if goal.status not in workflow.GOALS[name].sources:
        raise Over
    return goal


@transaction.atomic
def change(
    goal_id: int, said: Aim, *, by: User, why: str, version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow:
    """The goal anew, with the reason; what it said before stands in its history. Raises ValidationError by field."""
    goal = _locked(goal_id, "change", by, version)
    _check(said, at, same_year=goal.by_year == said.by_year)
    if not why:
        raise ValidationError({"why": _("Say why: everyone reads it.")})
    before = _in_words(goal)
    for name, value in said.facts().items():
        setattr(goal, name, rewritten(getattr(goal, name), value) if isinstance(value, dict) else value)
    goal.full_clean(exclude=["subject", *TEXTS], validate_unique=False)
    goal.save()
    _index(goal)
    title = text_in(goal.title, goal.subject.language)[:150]
    area = said.area or Area.objects.root()
    Subject.objects.filter(pk=goal.pk).update(title=title, sector=said.sector, area=area)
    was = [_("It said before: “%s”") % old for old, new in zip(before, _in_words(goal), strict=True) if old != new]
    text = "\n".join([why, *was])
    return discussion.actions.append(goal.subject, "change", by=by, capacity=Who.ORGANISER, text=text, at=at)


def _in_words(goal: Goal) -> list[str]:
    """Title, measure, year and target, as the history tells them."""
    target = f"{goal.indicator}: {goal.target.normalize():f}" if goal.target is not None else ""
    return [text_in(goal.title), text_in(goal.measure), str(goal.by_year), target]


@transaction.atomic
def finish(
    goal_id: int, name: str, *, by: User, text: str, version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow:
    """`reach`: it is reached; `end`: it is not aimed at any more. In words; both stay in lists. Raises ValidationError without words."""
    goal = _locked(goal_id, name, by, version)
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    edge = workflow.GOALS[name]
    assert edge.target != STAYS
    before, goal.status, goal.ended_on = goal.status, edge.target, timezone.localdate(at)
    goal.save(update_fields=["status", "ended_on"])
    return discussion.actions.append(
        goal.subject, name, by=by, capacity=Who.ORGANISER, text=text, at=at, before=before, after=goal.status
    )


@transaction.atomic
def serve(goal_id: int, source: Subject, *, by: User | None, at: datetime.datetime | None = None) -> bool:
    """A policy, project or idea serves the goal; whether that is new. Whoever follows the goal hears of it."""
    subject = discussion.actions.lock(goal_id)
    _made, new = Link.objects.get_or_create(source=source, target=subject, kind=Link.Kind.SERVES)
    if new:
        discussion.actions.append(
            subject, "served", by=by, capacity=Who.ORGANISER, at=at, data={"serves": source.pk}, text=source.title, bumps=False
        )
    return new
