"""Reports come from another system, block by block; an import is taken back as long as nobody acted on its reports.

Nobody is told: every row of the timeline is written with `tells` false, so that neither the job that tells nor the reconciler
that looks for untold rows makes a delivery, an alert or a message to a program.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from discussion.actions.photos import folder_of
from discussion.models import Subject, TimelineRow
from geoportal.kernel import photos
from municipality.site import installation
from reports import workflow
from reports.actions.move import locked, restart_clock, save_state
from reports.actions.submit import Submission, submit
from reports.models import Channel, Photo, Report
from reports.taking_over import photos as photos_of
from reports.taking_over.rows import ReportImport, TakenOver
from reports.taking_over.taken import Said, Taken

BLOCK = 500
"""Rows of one transaction."""


def begin(source: str, name: str) -> ReportImport:
    """The import to which blocks are added; one that took nothing over is removed by `finish`."""
    return ReportImport.objects.create(source=source, name=name[:200])


@transaction.atomic
def take(run_id: int, block: list[Taken], photo_ids: dict[str, list[Any]] | None = None) -> tuple[Counter[str], list[Said]]:
    """All of the block or, when something breaks, nothing. What is known already follows its state and answer there.

    `photo_ids`: external id → client UUIDs of photos kept in the report's draft. Answers counts and what was refused.
    """
    run = ReportImport.objects.select_for_update().get(pk=run_id)
    rows = TakenOver.objects.filter(source=run.source, external_id__in=[one.external_id for one in block])
    known = {row.external_id: row for row in rows}
    counts, said = Counter[str](), list[Said]()
    with discussion.actions.untold():
        for one in block:
            try:
                if one.external_id in known:
                    done = _follow(run, known[one.external_id], one, said)
                else:
                    _take(run, one, (photo_ids or {}).get(one.external_id, []))
                    done = "new"
            except ValidationError as refused:
                said.append(Said(one.row, "refused", " ".join(refused.messages)[:200]))
                done = "refused"
            counts[done] += 1
    run.counts = dict(Counter(run.counts) + counts)
    run.save(update_fields=["counts"])
    return counts, said


@transaction.atomic
def _take(run: ReportImport, one: Taken, photo_ids: list[Any]) -> None:
    kept_back = one.category.slug in installation().premoderation.get("categories", ())
    report = submit(
        Submission(
            kind=one.category.kind, category=one.category, title=one.title, text=one.text, client_uuid=one.client_uuid,
            language=one.language, point=one.point, settlement=one.settlement, place=one.place, photos=photo_ids, restricted=kept_back,
            channel=Channel.IMPORT, taken_over=run.pk,
        ),
        at=one.created, tells=False,
    )  # fmt: skip
    TakenOver.objects.create(
        report=report, run=run, source=run.source, external_id=one.external_id, status=one.status, answer=one.answer_digest
    )
    if one.status != report.status:
        _enter(run, report.pk, one)
    else:
        _owe(report)


def _owe(report: Report) -> None:
    """What is still open is ours from today: its term begins on the day on which it was taken over."""
    restart_clock(report, timezone.localdate())
    report.save(update_fields=["answer_due", "answered_on", "expected_on"])


def _enter(run: ReportImport, report_id: int, one: Taken, *, at: datetime.datetime | None = None) -> None:
    """Its state there becomes its state here, told at its own time; a clock that ended there is none of ours."""
    subject, report = locked(report_id)
    before = report.status
    report.left_status, report.status, report.status_at = before, one.status, at or one.closed
    if report.state.answered:
        report.answer_due = report.answered_on = report.expected_on = None
    elif report.answer_due is None:
        restart_clock(report, timezone.localdate())
    save_state(subject, report)
    code = workflow.TAKEN_OVER[workflow.Kind(report.kind)][one.status]
    discussion.actions.append(
        subject, code, capacity="official", at=report.status_at, before=before, after=one.status, department=report.department,
        data={"taken_over": run.pk}, text=one.answer, language=one.language, tells=False,
    )  # fmt: skip


def _follow(run: ReportImport, known: TakenOver, one: Taken, said: list[Said]) -> str:
    """What changed there since is taken over, unless somebody acted on it here or it went back to its first state there."""
    if (known.status, known.answer) == (one.status, one.answer_digest):
        return "same"
    report = Report.objects.get(pk=known.report_id)
    if _acts_of_ours([report.pk]):
        said.append(Said(one.row, "acted_on", one.external_id))
        return "refused"
    if not workflow.TAKEN_OVER[workflow.Kind(report.kind)].get(one.status):
        said.append(Said(one.row, "went_back", one.external_id))
        return "refused"
    last = TimelineRow.objects.filter(subject=report.pk).order_by("-pk").values_list("at", flat=True)[0]
    _enter(run, report.pk, one, at=max(one.closed, last))
    TakenOver.objects.filter(pk=known.pk).update(status=one.status, answer=one.answer_digest)
    return "changed"


def _acts_of_ours(report_ids: list[int]) -> list[int]:
    """Those of the reports on which somebody acted here: each act leaves a row, and an import marks its own."""
    acts = TimelineRow.objects.filter(subject__in=report_ids).exclude(data__has_key="taken_over")
    return sorted(set(acts.values_list("subject", flat=True)))


def carry(run_id: int, rows: Iterator[Taken], pictured: str | None = None) -> Iterator[tuple[Counter[str], list[Said]]]:
    """Block by block: counts of each, and what was left out or refused. What was taken before something broke stays.

    `pictured`: photos are fetched too, from there alone (`within` of `outside.get`, "": from anywhere). Raises ValidationError while
    another run takes over the same reports.
    """
    while block := list(islice(rows, BLOCK)):
        fetched, left_out = ({}, []) if pictured is None else photos_of.fetch(block, pictured)
        try:
            counts, refused = take(run_id, block, fetched)
        except IntegrityError:
            raise ValidationError(_("Another run takes over the same reports. Wait for it, then run again.")) from None
        yield counts, left_out + refused


def finish(run_id: int) -> ReportImport | None:
    """The import as it stands; one that changed nothing leaves no trace."""
    run = ReportImport.objects.get(pk=run_id)
    if not run.counts.get("new") and not run.counts.get("changed"):
        run.delete()
        return None
    return run


@transaction.atomic
def undo(run_id: int) -> int:
    """The reports that an import brought go, with words, photos and history; answers how many.

    Raises ValidationError when somebody acted on one of them (code "acted_on") or it was undone before ("undone").
    """
    run = ReportImport.objects.select_for_update().get(pk=run_id)
    if run.undone_at is not None:
        raise ValidationError(_("This import was undone already."), code="undone")
    ids = list(TakenOver.objects.filter(run=run).order_by("pk").values_list("pk", flat=True))
    list(Subject.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if acted := _acts_of_ours(ids):
        numbers = ", ".join(Subject.objects.filter(pk__in=acted[:10]).order_by("pk").values_list("reference", flat=True))
        words = _("Somebody has acted on reports of this import since: %(numbers)s. It can no longer be undone.")
        raise ValidationError(words % {"numbers": numbers}, code="acted_on")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('geoportal.expiring', 'on', true)")
    gone = list(Photo.objects.filter(report__in=ids))
    Photo.objects.filter(report__in=ids).delete()
    TimelineRow.objects.filter(subject__in=ids).delete()
    TakenOver.objects.filter(pk__in=ids).delete()
    try:
        Report.objects.filter(pk__in=ids).delete()
        Subject.objects.filter(pk__in=ids).delete()
    except ProtectedError:
        raise ValidationError(
            _("Something else refers to reports of this import. It can no longer be undone."), code="acted_on"
        ) from None
    for photo in gone:
        transaction.on_commit(partial(photos.discard, folder_of(photo)))
    run.undone_at = timezone.now()
    run.save(update_fields=["undone_at"])
    return len(ids)
