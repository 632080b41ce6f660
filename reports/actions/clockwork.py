"""What time alone does to reports. Each step locks, checks again and leaves its row; a repeat finds nothing to do."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import discussion.actions
from discussion.actions.photos import folder_of
from discussion.models import Audience, SubjectPhoto, TimelineRow
from geoportal.kernel import photos
from municipality.site import installation, support_needed
from reports import clocks, workflow
from reports.actions.move import NotAllowed, act, locked
from reports.models import Document, Photo, Report, TermUnit
from reports.workflow import Kind, Who

REMIND_DAYS = 2
DRAFT_PHOTO_HOURS = 24
ORIGINAL_DAYS = 30
"""For so long a covering can be looked into by who has the machine; no page shows the original."""
MOST = 500
"""At a time; the next run takes the rest."""


def _take(edge: workflow.Transition, ids: list[int], at: datetime.datetime) -> int:
    """Takes the edge for each; one that somebody moved meanwhile is left alone."""
    done = 0
    for pk in ids:
        try:
            act(pk, edge.name, system=True, at=at)
            done += 1
        except NotAllowed:
            continue
    return done


def lapse_answers(now: datetime.datetime | None = None) -> int:
    """Reports whose author was asked and did not answer within the working days go on; answers how many."""
    now = now or timezone.now()
    edge = workflow.TRANSITIONS[(Kind.PROBLEM, "answer_lapsed")]
    rules = installation()
    asked = Report.objects.filter(status__in=edge.sources).order_by("status_at").values_list("pk", "status_at")[:MOST]
    over = [pk for pk, since in asked if _last_day(since, rules.question_working_days) < timezone.localdate(now)]
    return _take(edge, over, now)


def _last_day(since: datetime.datetime, working_days: int) -> datetime.date:
    return clocks.add_term(timezone.localdate(since), working_days, TermUnit.WORKING_DAYS, installation().country)


def archive_ideas(now: datetime.datetime | None = None) -> int:
    """Ideas that did not gather enough support within the term are archived; answers how many."""
    now = now or timezone.now()
    edge = workflow.TRANSITIONS[(Kind.IDEA, "archive")]
    waiting = Report.objects.filter(kind=Kind.IDEA, status__in=edge.sources).order_by("status_at")
    over = [
        pk
        for pk, since in waiting.values_list("pk", "status_at")[:MOST]
        if clocks.gathers_until(since) < timezone.localdate(now)
    ]
    return _take(edge, over, now)


def review_supported(now: datetime.datetime | None = None) -> int:
    """Ideas that have enough support by a rule that was changed meanwhile are reviewed; answers how many."""
    edge = workflow.TRANSITIONS[(Kind.IDEA, "reach_threshold")]
    gathering = Report.objects.filter(kind=Kind.IDEA, status__in=edge.sources, subject__support_count__gt=0)
    rows = gathering.order_by("pk").values_list("pk", "area_id", "subject__support_count")
    over = [pk for pk, area, count in rows.iterator() if count >= support_needed(area)]
    return _take(edge, over[:MOST], now or timezone.now())


def remind_due(now: datetime.datetime | None = None) -> int:
    """Reports due within two days remind whoever is in charge, once for each date; answers how many."""
    today = timezone.localdate(now)
    due = Report.objects.filter(due_on__range=(today, today + datetime.timedelta(days=REMIND_DAYS)))
    reminded = TimelineRow.objects.filter(code="due_soon", subject__report__in=due).values_list("subject_id", "data__due_on")
    known = set(reminded)
    waiting = [pk for pk, due_on in due.values_list("pk", "due_on") if (pk, due_on.isoformat()) not in known]
    return sum(_remind(pk, now or timezone.now()) for pk in waiting[:MOST])


@transaction.atomic
def _remind(report_id: int, at: datetime.datetime) -> bool:
    subject, report = locked(report_id)
    if report.due_on is None:
        return False
    data = {"due_on": report.due_on.isoformat()}
    if TimelineRow.objects.filter(subject=subject, code="due_soon", data=data).exists():
        return False
    discussion.actions.append(
        subject, "due_soon", capacity=Who.SYSTEM, audience=Audience.STAFF, at=at, department=report.department,
        before=report.status, after=report.status, data=data, bumps=False,
    )  # fmt: skip
    return True


def sweep_photos(now: datetime.datetime | None = None) -> int:
    """Removes photos and documents that no report, comment or act took within a day, and folders without a row; answers how many."""
    limit = (now or timezone.now()) - datetime.timedelta(hours=DRAFT_PHOTO_HOURS)
    gone = 0
    for pk in Photo.objects.filter(report=None, fixed_claim=None, created_at__lt=limit).values_list("pk", flat=True)[:MOST]:
        # The row goes first: a folder without a row is swept next time, a row without files would be a broken picture.
        deleted, _by_model = Photo.objects.filter(pk=pk, report=None).delete()
        if deleted:
            photos.discard(Path(settings.MEDIA_ROOT) / str(pk))
            gone += 1
    for photo in SubjectPhoto.objects.waiting().filter(created_at__lt=limit)[:MOST]:
        if SubjectPhoto.objects.waiting().filter(pk=photo.pk).delete()[0]:
            photos.discard(folder_of(photo))
            gone += 1
    waiting = Document.objects.filter(report=None, created_at__lt=limit)
    gone += waiting.filter(pk__in=list(waiting.values_list("pk", flat=True)[:MOST])).delete()[0]
    return gone + _sweep_folders(limit)


def drop_covered(now: datetime.datetime | None = None) -> int:
    """Removes originals of which a covered copy has stood for 30 days; answers how many."""
    limit = (now or timezone.now()) - datetime.timedelta(days=ORIGINAL_DAYS)
    old: list[uuid.UUID] = []
    for model in (Photo, SubjectPhoto):
        theirs = list(model._default_manager.filter(covered_at__lt=limit).values_list("pk", flat=True)[:MOST])
        model._default_manager.filter(pk__in=theirs).delete()
        old += theirs
    for pk in old:
        photos.discard(Path(settings.MEDIA_ROOT) / str(pk))
    return len(old)


def _sweep_folders(limit: datetime.datetime) -> int:
    root = Path(settings.MEDIA_ROOT)
    old = {}
    for folder in root.iterdir() if root.is_dir() else ():
        name = _uuid(folder.name)
        if name is not None and folder.is_dir() and folder.stat().st_mtime < limit.timestamp():
            old[name] = folder
    known = set(Photo.objects.filter(pk__in=old).values_list("pk", flat=True))
    known |= set(SubjectPhoto.objects.filter(pk__in=old).values_list("pk", flat=True))
    known |= set(Document.objects.filter(pk__in=old).values_list("pk", flat=True))
    orphans = [folder for name, folder in old.items() if name not in known]
    for folder in orphans:
        photos.discard(folder)
    return len(orphans)


def _uuid(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name)
    except ValueError:
        return None
