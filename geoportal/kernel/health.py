"""Is the process alive, may it be given requests, and what does it count."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from geoportal.kernel import metrics
from geoportal.kernel.addresses import is_loopback

_migrated = False
_WAITING = """SELECT DISTINCT j.queue_name FROM procrastinate_jobs j
 WHERE j.status = 'todo' AND coalesce(j.scheduled_at, '-infinity') < now() - interval '2 minutes'
   AND EXISTS (SELECT FROM procrastinate_events e
                WHERE e.job_id = j.id AND e.type = 'deferred' AND e.at < now() - interval '2 minutes')
   AND NOT EXISTS (SELECT FROM procrastinate_jobs d JOIN procrastinate_workers w ON w.id = d.worker_id
                    WHERE d.status = 'doing' AND d.queue_name = j.queue_name AND w.last_heartbeat > now() - interval '2 minutes')
 ORDER BY 1"""


def _database() -> bool:
    """The database answers within a second."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1000")
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations() -> bool:
    """No migration waits; looked up until that is so, then remembered."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _media() -> bool:
    """Photos can be written."""
    return os.access(_existing(Path(settings.MEDIA_ROOT)), os.W_OK | os.X_OK)


def _disk() -> bool:
    """A tenth of the media's disk is free."""
    usage = shutil.disk_usage(_existing(Path(settings.MEDIA_ROOT)))
    return usage.free * 10 >= usage.total


def _worker() -> bool:
    """A worker gave a sign of life in the last two minutes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '2 minutes'")
        return bool(cursor.fetchone()[0])


def waiting() -> list[str]:
    """Names of the queues in which a job has been due for two minutes while no living worker is at a job of that queue.

    Workers do not say which queues they serve, so the loss of one is seen by what it leaves lying. A queue whose worker is busy
    with something long is none of these.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1000")
        cursor.execute(_WAITING)
        return [name for (name,) in cursor.fetchall()]


def _waiting() -> list[str] | None:
    """The same; None where it cannot be read."""
    try:
        return waiting()
    except DatabaseError:
        return None


# Without the first no request can be answered; without one of the second the site goes on, and somebody should look.
NEEDED: dict[str, Callable[[], bool]] = {"database": _database, "migrations": _migrations}
WANTED: dict[str, Callable[[], bool]] = {"media": _media, "disk": _disk, "worker": _worker}


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, OSError):
        return False


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; asks nobody."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 {"status": "ready" | "degraded", "checks": {name: bool}, "waiting": [queue]}, 503 "down" when a needed check fails."""
    needed = {name: _holds(check) for name, check in NEEDED.items()}
    wanted = {name: needed["database"] and _holds(check) for name, check in WANTED.items()}
    queues = _waiting() if needed["database"] else None
    wanted["queues"] = queues == []
    status = "down" if not all(needed.values()) else "ready" if all(wanted.values()) else "degraded"
    response = JsonResponse(
        {"status": status, "checks": needed | wanted, "waiting": queues or []}, status=503 if status == "down" else 200
    )
    response["Cache-Control"] = "no-store"
    if status == "down":
        response["Retry-After"] = "10"
    return response


@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """Prometheus text for this machine only; for everyone else there is nothing."""
    if not is_loopback(request):
        return HttpResponseNotFound("not found\n", content_type="text/plain")
    return HttpResponse(metrics.text(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
