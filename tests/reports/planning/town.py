"""Many reports at once for analyses: rows by the shortest way, from plain columns that a test can compute with as well."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.http import QueryDict
from django.utils import timezone

from discussion.models import Subject
from layers.models import Project
from municipality.models import Area, Sector
from reports.models import Category, Report
from reports.planning.question import Question
from tests.factories import CENTRE

FIRST = {"problem": "received", "idea": "gathering_support"}
NOON = datetime.time(12)


@dataclass(frozen=True)
class Row:
    """One report to be: place in degrees (None: without one), local day of sending and of the answer; `status` empty: the first."""

    place: tuple[float, float] | None = (23.6, 42.9)
    sent: datetime.date = datetime.date(2026, 3, 2)
    answered: datetime.date | None = None
    area: str = "levka"
    category: str = "pothole"
    status: str = ""
    due: datetime.date | None = None
    supports: int = 0
    author: Any = None
    public: bool = True


def fill(rows: Sequence[Row]) -> list[Report]:
    """The reports of the rows, in their order; no verb, no timeline."""
    areas = {area.slug: area for area in Area.objects.all()}
    categories = {category.slug: category for category in Category.objects.select_related("sector", "department")}
    subjects, reports = [], []
    for row in rows:
        category, area = categories[row.category], areas[row.area]
        at = timezone.make_aware(datetime.datetime.combine(row.sent, NOON))
        common = {"kind": category.kind, "sector": category.sector, "area": area, "created_at": at, "is_public": row.public}
        hidden = {} if row.public else {"visibility": "restricted"}
        subjects.append(Subject(title="Проба", language="bg", support_count=row.supports, **common, **hidden))
        reports.append(
            Report(
                subject=subjects[-1], category=category, department=category.department,
                status=row.status or FIRST[category.kind], answer_due=row.due,
                answered_on=row.answered, author=row.author, geom=Point(*row.place, srid=4326) if row.place else None, **common,
            )
        )  # fmt: skip
    Subject.objects.bulk_create(subjects)
    for subject, report in zip(subjects, reports, strict=True):
        report.subject = subject
    return Report.objects.bulk_create(reports)


def project(slug: str = "park", **fields: Any) -> Project:
    """A published project, by default a point in the middle of Левка."""
    town, sector = Area.objects.root(), Sector.objects.get(slug="urban")
    subject = Subject.objects.create(kind="project", title=slug, language="bg", sector=sector, area=town, is_public=True)
    shape = {} if {"point", "points", "line", "polygon"} & set(fields) else {"point": Point(*CENTRE, srid=4326)}
    return Project.objects.create(
        subject=subject, slug=slug, title={"bg": f"Проект {slug}", "en": slug}, **{"stage": "done", **shape, **fields}
    )


def ask(query: str, user: Any, **more: Any) -> Question:
    return Question.from_query(QueryDict(query), user, **more)
