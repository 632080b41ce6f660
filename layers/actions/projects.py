"""The writer of planned projects."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

import discussion.actions
from discussion.models import Subject, Visibility
from discussion.search import vector
from geoportal.kernel.multilingual import language_of, text_in
from layers.models import Milestone, Project
from municipality.models import Area, Sector


@transaction.atomic
def keep_project(
    slug: str,
    facts: dict[str, Any],
    *,
    sector: Sector,
    further_sectors: list[Sector],
    areas: list[Area],
    root: Area,
    milestones: list[dict[str, Any]],
    at: datetime.datetime | None = None,
) -> tuple[Project, bool]:
    """The project of that slug with these facts (fields of Project), made public; whether it is new.

    It stands in its one area, or in `root` where it concerns several. `milestones`: name, due_on, done_on, in their order.
    """
    language = language_of(facts["title"])
    texts = [text for field in (facts["title"], facts.get("summary")) for text in (field or {}).values()]
    values = {
        "title": text_in(facts["title"], language)[:150], "language": language, "sector": sector, "is_public": True,
        "area": areas[0] if len(areas) == 1 else root,
    }  # fmt: skip
    project = Project.objects.filter(slug=slug).first()
    new = project is None
    if project is None:
        subject = Subject.objects.create(kind=Subject.Kind.PROJECT, created_at=at or timezone.now(), **values)
        project = Project.objects.create(subject=subject, slug=slug, **facts)
    else:
        subject = discussion.actions.lock(project.pk)
        values["is_public"] = subject.visibility == Visibility.PUBLIC
        Subject.objects.filter(pk=subject.pk).update(**values)
        Project.objects.filter(pk=project.pk).update(**facts)
    Subject.objects.filter(pk=subject.pk).update(search=vector(*texts))
    subject.further_sectors.set(further_sectors)
    project.areas.set(areas)
    Milestone.objects.filter(project=project).delete()
    Milestone.objects.bulk_create(Milestone(project=project, order=n, **step) for n, step in enumerate(milestones))
    return project, new
