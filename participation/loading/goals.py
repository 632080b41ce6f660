"""Sample goals with what serves them, and what was recommended to services and changed there."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from discussion.models import Link, Subject, TimelineRow
from layers.models import Project
from municipality.models import Area, Sector
from participation.actions.goal import serve, set_goal
from participation.actions.service import tell_change
from participation.loading.policies import uuid_of as policy_uuid
from participation.models import Goal, Indicator, Service
from reports.loading.categories import one
from reports.loading.histories import uuid_of
from reports.loading.people import People
from reports.loading.rows import Row, table
from reports.loading.upsert import Load


def goals(load: Load, folder: Path, people: People, now: datetime.datetime) -> None:
    """Those of `goals.yaml` that are missing."""
    load.each(table(folder, "goals", required=False), lambda row: _goal(load, row, people, now))


def recommendations(load: Load, folder: Path, people: People, now: datetime.datetime) -> None:
    """Those of `recommendations.yaml`: ideas that recommend something to a service, and what changed there."""
    load.each(table(folder, "recommendations", required=False), lambda row: _recommended(load, row, people, now))


def _goal(load: Load, row: Row, people: People, now: datetime.datetime) -> None:
    target, by = row.amount("target", None), row.number("by")
    facts = {
        "title": row.texts("title"), "measure": row.texts("measure"), "by_year": timezone.localdate(now).year + by,
        "indicator": one(row, "indicator", Indicator, optional=True), "target": target, "example": row.flag("example", False),
    }  # fmt: skip
    sector, area = one(row, "sector", Sector), one(row, "area", Area, optional=True)
    sources = _sources(row)
    slug = row.text("slug")
    row.done()
    at = now - datetime.timedelta(days=200)
    try:
        made, new = set_goal(slug, facts, sector=sector, area=area, by=people.moderator, at=at)
    except ValidationError as error:
        raise row.refuse(error) from None
    for source in sources if new else ():
        serve(made.pk, source, by=people.moderator, at=at)
    load.count(Goal, "new" if new else "same")


def _sources(row: Row) -> list[Subject]:
    """What serves it, each named by its slug."""
    found: list[Subject] = []
    for name, known in (
        ("policies", lambda slug: Subject.objects.filter(client_uuid=policy_uuid(slug))),
        ("projects", lambda slug: Subject.objects.filter(pk__in=Project.objects.filter(slug=slug).values("pk"))),
        ("ideas", lambda slug: Subject.objects.filter(client_uuid=uuid_of(slug))),
    ):
        for slug in row.words(name):
            found.append(_one(row, name, slug, known(slug)))
    return found


def _one(row: Row, name: str, slug: str, known: Any) -> Subject:
    subject: Subject | None = known.first()
    if subject is None:
        raise row.error(name, slug)
    return subject


def _recommended(load: Load, row: Row, people: People, now: datetime.datetime) -> None:
    service = one(row, "service", Service)
    for slug in row.words("ideas"):
        source = _one(row, "ideas", slug, Subject.objects.filter(client_uuid=uuid_of(slug)))
        _link, new = Link.objects.get_or_create(source=source, target=service.subject, kind=Link.Kind.RECOMMENDS)
        load.count(Link, "new" if new else "same")
    by = people.official_of.get(service.department_id or 0, people.moderator)
    told = TimelineRow.objects.filter(subject=service.pk, code="changed").exists()
    for below in row.rows("changed"):
        text, at = below.text("text"), now - datetime.timedelta(days=below.number("ago"))
        below.done()
        if not told:
            tell_change(service.pk, text, by=by, at=at)
    row.done()
