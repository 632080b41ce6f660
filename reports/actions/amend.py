"""What changes a report without moving it: its words, place, category, kind; internal notes."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import User
from discussion import gates
from discussion.models import Audience, Subject, TimelineRow
from discussion.search import vector
from layers.near import near
from municipality.models import Area
from reports import clocks, rules, workflow
from reports.actions.move import NotAllowed, attach_to_row, locked, restart_clock, save_state
from reports.actions.nearness import find_by_words
from reports.actions.submit import outside, responsible, route
from reports.actions.writer import require_free_author
from reports.at_objects import stays
from reports.models import Category, CoAuthor, PickedObject, Report, Revision, Words
from reports.workflow import Who


def untouched(report: Report) -> bool:
    """No official has acted yet."""
    if report.status not in workflow.UNTOUCHED:
        return False
    return not TimelineRow.objects.filter(subject_id=report.pk, capacity__in=[Who.OFFICIAL, Who.DISPATCHER]).exists()


def may_edit(user: Any, report: Report, *, proven_author: bool = False) -> bool:
    """The author, until an official first acts, never after filing officially."""
    author = Who.AUTHOR in rules.capacities(user, report, proven_author=proven_author)
    return author and not report.official and untouched(report)


@transaction.atomic
def edit(
    report_id: int, *, title: str, text: str, by: User | None = None, version: int | None = None,
    proven_author: bool = False, at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """The author mends the words; the older version is kept."""
    subject, report = locked(report_id, version=version)
    if not may_edit(by, report, proven_author=proven_author):
        raise PermissionDenied
    require_free_author(report, by)
    words = report.words
    row = discussion.actions.append(
        subject, "edited", by=by, capacity=Who.AUTHOR, at=at, department=report.department,
        before=report.status, after=report.status,
    )  # fmt: skip
    Revision.objects.create(report=report, row=row, title=subject.title, text=words.text)
    Words.objects.filter(report=report).update(text=text)
    Subject.objects.filter(pk=subject.pk).update(title=title, search=vector(title, text, *report.where_words))
    return row


@transaction.atomic
def add_words(
    report_id: int, *, text: str, photo: list[uuid.UUID] | None = None, by: User | None = None,
    proven_author: bool = False, co_author: int | None = None, language: str = "", at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """The author adds to the report while it is open; `co_author`: the key of the co-author who does in the author's stead."""
    subject, report = locked(report_id)
    if not _writes_along(report, co_author) and Who.AUTHOR not in rules.capacities(by, report, proven_author=proven_author):
        raise PermissionDenied
    if report.state.ends or report.status in workflow.DRAFTS:
        raise NotAllowed(report, "add")
    _require_free(report, by, co_author)
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    row = discussion.actions.repeated(subject, "added", by=by, text=text) or discussion.actions.append(
        subject, "added", by=by, capacity=Who.AUTHOR, at=at, department=report.department, text=text, language=language,
        before=report.status, after=report.status, data={"co_author": co_author} if co_author else {},
    )  # fmt: skip
    attach_to_row(photo or [], report, row)
    return row


def _require_free(report: Report, by: User | None, co_author: int | None) -> None:
    """Of a co-author it is asked of that person, else of the author."""
    if co_author is None:
        require_free_author(report, by)
    else:
        blocks.require_free(CoAuthor.objects.select_related("correspondent").get(pk=co_author).correspondent)


def _writes_along(report: Report, co_author: int | None) -> bool:
    return co_author is not None and CoAuthor.objects.agreed().filter(pk=co_author, report=report).exists()


@transaction.atomic
def note(report_id: int, *, text: str, by: User, at: datetime.datetime | None = None) -> TimelineRow:
    """An internal note, for staff alone."""
    subject, report = locked(report_id)
    if not rules.may_note(by, report):
        raise PermissionDenied
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    if row := discussion.actions.repeated(subject, "noted", by=by, text=text):
        return row
    return discussion.actions.append(
        subject, "noted", by=by, capacity=Who.OFFICIAL, audience=Audience.STAFF, at=at, text=text,
        department=report.department, tells=False, bumps=False,
    )  # fmt: skip


def consequence(report: Report, category: Category, area: Area) -> dict[str, Any]:
    """What a new category or place would change: {department, answer_due}; shown before it is done."""
    since = timezone.localdate(report.created_at)
    due = clocks.answer_due(category, official=report.official, kind=report.kind, since=since)
    return {"department": route(category, area), "answer_due": due if clocks.owes_answer(report) else None}


@transaction.atomic
def relocate(
    report_id: int, *, category: Category | None = None, point: Point | None = None, place: str | None = None,
    by: User | None = None, version: int | None = None, proven_author: bool = False, text: str = "",
    at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """Another category or place; routing and clock follow. The author while nobody acted, staff while it is open."""
    subject, report = locked(report_id, version=version)
    author = may_edit(by, report, proven_author=proven_author)
    if not author and not rules.may_note(by, report):
        raise PermissionDenied
    if report.state.ends:
        raise NotAllowed(report, "relocate")
    if author and place is not None:
        require_free_author(report, by)
    if category is not None and category.kind != report.kind:
        raise ValidationError({"category": _("Choose a category for this kind.")})
    area = _move_place(report, point, place)
    before = {"category": report.category_id, "department": report.department_id}
    category = category or report.category
    changed = consequence(report, category, area)
    if changed["department"].pk != report.department_id:
        report.assignee = None
        report.status = workflow.without_person(report.status)
    report.department = changed["department"]
    if report.answered_on is None and report.status not in workflow.DRAFTS:
        report.answer_due = changed["answer_due"]
    report.category = category
    report.save(update_fields=["category", "geom", "place", "near", "approximate", "just_outside"])
    if point is not None or place is not None:
        find_by_words(report)
    Subject.objects.filter(pk=subject.pk).update(area=area, sector_id=category.sector_id)
    subject.further_sectors.remove(category.sector_id)
    report.area, report.sector_id = area, category.sector_id
    save_state(subject, report)
    return discussion.actions.append(
        subject, "relocated", by=by, capacity=Who.AUTHOR if author else Who.OFFICIAL, at=at, text=text,
        department=report.department, before=report.status, after=report.status,
        data={"from": before, "category": category.pk, "area": area.pk},
    )  # fmt: skip


def _move_place(report: Report, point: Point | None, place: str | None) -> Area:
    if place is not None:
        report.place = place
    if point is None:
        return report.area
    area, beyond = responsible(point)
    if area is None:
        raise ValidationError({"point": outside(point)}, code="outside")
    gates.require_still_inside(report.subject, point)
    report.geom, report.approximate, report.just_outside, report.near = point, False, beyond, near(point)
    _leave_object(report, point)
    return area


def _leave_object(report: Report, point: Point) -> None:
    """Moved away from the thing that it was about, it is about that no more (`reports.at_objects.REACH`)."""
    picked = PickedObject.objects.filter(report=report).first()
    if picked is not None and not stays(picked, point):
        picked.delete()


@transaction.atomic
def turn(
    report_id: int, *, category: Category, text: str, by: User, version: int | None = None,
    at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """A problem becomes an idea or the reverse; the clock begins anew by the rules of the new kind."""
    subject, report = locked(report_id, version=version)
    if Who.OFFICIAL not in rules.capacities(by, report):
        raise PermissionDenied
    if report.state.ends or report.status in workflow.DRAFTS:
        raise NotAllowed(report, "turn")
    if category.kind == report.kind:
        raise ValidationError({"category": _("Choose a category of the other kind.")})
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    if category.kind == workflow.Kind.PROBLEM and report.geom is None:
        raise ValidationError({"category": _("A problem needs a place; this idea has none.")})
    at, before = at or timezone.now(), report.status
    report.kind, report.category = category.kind, category
    report.department, report.assignee = route(category, report.area), None
    report.left_status, report.status_at = before, at
    report.status = workflow.entry_state(report.kind, official=report.official or report.kind == workflow.Kind.IDEA)
    restart_clock(report, timezone.localdate(at))
    _save_turned(subject, report)
    return discussion.actions.append(
        subject, "turned", by=by, capacity=Who.OFFICIAL, at=at, text=text, department=report.department,
        before=before, after=report.status, data={"kind": report.kind, "category": category.pk},
    )  # fmt: skip


def _save_turned(subject: Subject, report: Report) -> None:
    """Kind and state change in one statement, as the table's constraints demand."""
    Subject.objects.filter(pk=subject.pk).update(kind=report.kind, sector_id=report.category.sector_id)
    subject.further_sectors.remove(report.category.sector_id)
    report.sector_id = report.category.sector_id
    report.save(
        update_fields=[
            "kind", "category", "department", "assignee", "status", "left_status", "status_at", "answer_due",
            "answered_on", "expected_on",
        ]
    )  # fmt: skip


__all__ = ["add_words", "consequence", "edit", "may_edit", "note", "relocate", "turn", "untouched"]
