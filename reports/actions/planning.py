"""What planners keep and start: areas and analyses under a name, long analyses in the background."""

from __future__ import annotations

import datetime
import hashlib
import logging
import uuid
from typing import Any

from django.contrib.gis.geos import Polygon
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.errors import QueryCanceled

from accounts.models import User
from reports.models import Run, SavedAnalysis, SavedArea
from reports.planning import asking, progress, stored
from reports.planning.question import Question
from reports.rules import may_plan

log = logging.getLogger("reports.planning")
LONGEST_SECONDS = 600
MOST_ATTEMPTS = 3
KEPT_DAYS = 30
MOST_ACTIVE = 3
"""Of one person, waiting or being reckoned: one worker reckons for all planners, in turn."""
STUCK = datetime.timedelta(seconds=2 * LONGEST_SECONDS)
STEPS = 2
"""The question is read, the result kept; between them stand the analysis's own, which it tells."""


def _keep(row: SavedArea | SavedAnalysis, **how: Any) -> None:
    """Raises ValidationError where the person has one of this name, even if it came between the question and the answer."""
    row.full_clean()
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError:
        row.full_clean()
        raise


def save_area(owner: User, name: str, polygon: Polygon) -> SavedArea:
    """A drawn area under a name. Raises ValidationError where the person has one of this name."""
    made = SavedArea(owner=owner, name=name, polygon=polygon)
    _keep(made, force_insert=True)
    return made


def rename_area(area: SavedArea, name: str) -> None:
    """Raises ValidationError where the person has another one of this name."""
    area.name = name
    _keep(area, update_fields=["name"])


def delete_area(area: SavedArea) -> None:
    """Questions inside it can no longer be opened (`analyses_with` says how many)."""
    area.delete()


def delete_analysis(analysis: SavedAnalysis) -> None:
    """Its link opens for nobody any more."""
    analysis.delete()


def analyses_with(area: SavedArea) -> int:
    """How many saved analyses ask inside this area: they can no longer be opened without it."""
    return SavedAnalysis.objects.filter(query__contains=str(area.pk)).count()


def save_analysis(owner: User, name: str, query: str, *, shared: bool) -> SavedAnalysis:
    """A question under a name. Raises ValidationError where the person has one of this name."""
    made = SavedAnalysis(owner=owner, name=name, query=query, shared=shared)
    _keep(made, force_insert=True)
    return made


@transaction.atomic
def change_analysis(pk: Any, owner: User, name: str, *, shared: bool, version: int) -> SavedAnalysis:
    """Another name, or shown to others or not. Raises ValidationError where it was changed meanwhile, DoesNotExist."""
    found = SavedAnalysis.objects.select_for_update().get(pk=pk, owner=owner)
    if found.version != version:
        raise ValidationError(_("This analysis was changed meanwhile. Look at it again, then change it."), code="stale")
    found.name, found.shared, found.version = name, shared, found.version + 1
    _keep(found, update_fields=["name", "shared", "version"])
    return found


@transaction.atomic
def start_run(owner: User, query: str, language: str) -> Run:
    """The run of this question; one that still waits or runs for the same person is that run.

    Raises ValidationError while MOST_ACTIVE others of the person have not ended.
    """
    digest = hashlib.sha256(f"{language}\n{query}".encode()).hexdigest()
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two clicks at once are one run
    active = Run.objects.of(owner).filter(state__in=[Run.State.WAITING, Run.State.RUNNING]).defer("result")
    if same := active.filter(digest=digest).first():
        return same
    if active.count() >= MOST_ACTIVE:
        raise ValidationError(
            _("%(most)s of your analyses are not ready yet. Wait for one of them or cancel it.") % {"most": MOST_ACTIVE},
            code="too_many",
        )
    made = Run.objects.create(owner=owner, query=query, digest=digest, language=language, of=STEPS)
    jobs.configure_task("reports.planning_run").defer(run_id=str(made.pk))
    return made


def last_result(owner: User, query: str) -> Run | None:
    """The person's newest run of this question that has a result, without the result itself."""
    return owner.runs.filter(query=query, state=Run.State.DONE).defer("result").order_by("-finished_at").first()


def cancel_run(run: Run) -> None:
    """Ends a run that nobody wants any more; a statement of it that is being carried out is stopped."""
    if _end(run.pk, _("Cancelled.")):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = %s AND pid <> pg_backend_pid()",
                [_name(run.pk)],
            )


def carry_out(run_id: Any, attempt: int = 1) -> str:
    """Reckons a run and keeps its result; answers its state. Can be repeated: a killed worker's run is begun anew.

    Outside a transaction, so that its progress is seen; its statements may take LONGEST_SECONDS instead of a page's seconds.
    """
    active = Run.objects.filter(pk=run_id, state__in=[Run.State.WAITING, Run.State.RUNNING])
    run = active.select_related("owner").first()
    if run is None:
        return "gone"
    with translation.override(run.language):
        if attempt > MOST_ATTEMPTS:
            _end(run.pk, _("The server was stopped several times while it reckoned. Narrow the question and try again."))
            return Run.State.FAILED.value
        begun = {"done": 0, "of": STEPS, "message": _("Reading the question")}
        if not active.update(state=Run.State.RUNNING, started_at=timezone.now(), **begun):
            return "gone"
        try:
            with _patient(_name(run.pk)), progress.heard_by(_listener(run.pk)):
                kept = _reckoned(run)
        except Exception as failed:
            _end(run.pk, _why(failed))
        else:
            active.update(state=Run.State.DONE, result=kept, finished_at=timezone.now(), done=F("of"), message="")
    return str(Run.objects.filter(pk=run_id).values_list("state", flat=True).first() or "gone")


def _why(failed: Exception) -> str:
    """What the person is told of it; what nobody expected is written down."""
    if isinstance(failed, ValidationError):
        return str(failed.messages[0])
    if isinstance(failed.__cause__, QueryCanceled):
        log.warning("run stopped: it took too long or was cancelled")
        minutes = LONGEST_SECONDS // 60
        return _("It took longer than %(minutes)s minutes. Narrow the question and try again.") % {"minutes": minutes}
    log.error("run failed", exc_info=failed)
    return _("Something broke on our side. It was written down; try again later.")


def _reckoned(run: Run) -> dict[str, Any]:
    if not may_plan(run.owner):
        raise ValidationError(_("You may no longer plan here."))
    question = Question.from_query(QueryDict(run.query), run.owner)
    result = asking.answered(question)
    Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(done=F("of") - 1, message=_("Keeping the result"))
    return stored.to_json(result)


def _listener(pk: Any) -> progress.Listener:
    """Keeps what the analysis tells, with the steps before and after it; `message` says what is being done until it ends."""

    def told(done: int, of: int, doing: str) -> None:
        Run.objects.filter(pk=pk, state=Run.State.RUNNING).update(done=done + 1, of=of + STEPS, message=doing)

    return told


def _end(pk: Any, message: str) -> bool:
    """Marks a run that has not ended as failed; whether there was one."""
    active = Run.objects.filter(pk=pk, state__in=[Run.State.WAITING, Run.State.RUNNING])
    return bool(active.update(state=Run.State.FAILED, message=message, finished_at=timezone.now()))


def _name(pk: Any) -> str:
    """How the database's activity calls the run's connection."""
    return f"run {pk}"


class _patient:
    """Inside, statements of this connection may take long, and the connection has a name by which it is found."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false), set_config('application_name', %s, false)",
                           [f"{LONGEST_SECONDS}s", self.name])  # fmt: skip

    def __exit__(self, *_why: object) -> None:
        if connection.in_atomic_block and connection.needs_rollback:
            return
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
            cursor.execute("RESET application_name")


def end_stuck_runs() -> int:
    """Runs of long ago for which no job waits or works any more; how many. Nothing says „running“ for ever.

    A run that waits for the others, however long, has its job; so has one whose worker was killed (`notifications.stalled`).
    """
    at_work = ProcrastinateJob.objects.filter(task_name="reports.planning_run", status__in=["todo", "doing"])
    known = [uuid.UUID(key) for key in at_work.values_list("args__run_id", flat=True)]
    lost = Run.objects.filter(state__in=[Run.State.WAITING, Run.State.RUNNING], created_at__lt=timezone.now() - STUCK)
    message = _("The server stopped reckoning it. Try again.")
    return sum(_end(pk, message) for pk in lost.exclude(pk__in=known).values_list("pk", flat=True))


def drop_old_runs() -> int:
    """Results are kept for KEPT_DAYS; how many went."""
    gone, _each = Run.objects.filter(created_at__lt=timezone.now() - datetime.timedelta(days=KEPT_DAYS)).delete()
    return gone


def forget_planner(user: User) -> None:
    """Of a person who is erased: everything but what colleagues work with, which then has no name of an owner."""
    user.runs.all().delete()
    user.saved_analyses.filter(shared=False).delete()
    for area in user.saved_areas.all():
        if not analyses_with(area):
            area.delete()
