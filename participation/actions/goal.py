"""Goals are set, and what serves them is linked to them."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

import discussion.actions
from accounts.models import User
from discussion.models import Link, Subject
from discussion.search import vector
from geoportal.kernel.multilingual import language_of, text_in
from municipality.models import Area, Sector
from participation.models import Goal
from participation.workflow import Who


@transaction.atomic
def set_goal(
    slug: str, facts: dict[str, Any], *, sector: Sector, area: Area | None = None, by: User | None = None,
    at: datetime.datetime | None = None,
) -> tuple[Goal, bool]:  # fmt: skip
    """The goal of that slug, made with these facts (fields of Goal) where there is none; whether it is new."""
    found = Goal.objects.filter(slug=slug).select_related("subject").first()
    if found is not None:
        return found, False
    at, language = at or timezone.now(), language_of(facts["title"])
    subject = Subject.objects.create(
        kind=Subject.Kind.GOAL, title=text_in(facts["title"], language)[:150], language=language, sector=sector,
        area=area or Area.objects.root(), is_public=True, created_at=at,
    )  # fmt: skip
    made = Goal(subject=subject, slug=slug, **facts)
    made.full_clean(exclude=["subject"])
    made.save(force_insert=True)
    words = [text for name in ("title", "measure") for text in facts[name].values()]
    Subject.objects.filter(pk=subject.pk).update(search=vector(*words))
    discussion.actions.append(subject, "submitted", by=by, capacity=Who.ORGANISER, at=at, bumps=False)
    return made, True


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
