from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from geoportal.kernel import health

pytestmark = pytest.mark.urls("geoportal.kernel.urls")


def test_alive_asks_nobody(client: Any) -> None:
    response = client.get("/livez")
    assert (response.status_code, response.content, response["Cache-Control"]) == (200, b"ok\n", "no-store")
    assert client.post("/livez").status_code == 405


@pytest.mark.django_db
def test_ready(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in health.WANTED:
        monkeypatch.setitem(health.WANTED, name, lambda: True)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ready")
    assert set(response.json()["checks"]) == {"database", "migrations", "media", "disk", "worker", "queues"}


@pytest.mark.django_db
def test_degraded_is_still_ready(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.WANTED, "media", lambda: False)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"], response.json()["checks"]["media"]) == (200, "degraded", False)


@pytest.mark.django_db
def test_without_a_worker_it_says_so(client: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        assert client.get("/readyz").json()["checks"]["worker"] is False
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert client.get("/readyz").json()["checks"]["worker"] is True


def _job(queue: str, minutes: int, *, worker: int | None = None, due: int | None = None) -> None:
    """A job deferred so many minutes ago, due `due` minutes ago; waiting, or being done by the worker of that id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES (%s, 'any', now() - %s * interval '1 minute')"
            " RETURNING id",
            [queue, due],
        )
        [job] = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - %s * interval '1 minute' WHERE job_id = %s", [minutes, job]
        )
        if worker:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, job])


def _worker(minutes: int) -> int:
    """A worker that gave its last sign of life so many minutes ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 minute') RETURNING id",
            [minutes],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_queue_that_waits_while_another_is_served_is_named(client: Any) -> None:
    _job("default", 3, worker=_worker(0))
    _job("default", 3)
    _job("planning", 3)
    answer = client.get("/readyz").json()
    assert (answer["status"], answer["checks"]["worker"], answer["checks"]["queues"]) == ("degraded", True, False)
    assert answer["waiting"] == ["planning"]


@pytest.mark.django_db
def test_a_queue_whose_worker_fell_silent_at_a_job_is_named(client: Any) -> None:
    _worker(0)
    _job("planning", 20, worker=_worker(3))
    _job("planning", 3)
    assert client.get("/readyz").json()["waiting"] == ["planning"]


@pytest.mark.django_db
def test_no_queue_waits_for_a_busy_worker_for_a_moment_or_for_a_job_of_later(client: Any) -> None:
    _job("planning", 20, worker=_worker(0))
    _job("planning", 20)
    _job("default", 1)
    _job("later", 20, due=-5)
    _job("again", 20, due=1)
    answer = client.get("/readyz").json()
    assert (answer["checks"]["queues"], answer["waiting"]) == (True, [])


def test_down_without_its_database(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise OperationalError("password=secret")

    monkeypatch.setitem(health.NEEDED, "database", away)
    monkeypatch.setitem(health.NEEDED, "migrations", away)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"], response["Retry-After"]) == (503, "down", "10")
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_waiting_migrations_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kernel'")
    assert health._migrations() is False
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '0001_counters_and_answers', now())"
        )
    assert health._migrations() is True


def test_media_and_disk(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "not" / "yet"
    assert health._media() is True
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 9, "total": 100}))
    assert health._disk() is False


def test_metrics_are_for_this_machine(client: Any, rf: RequestFactory) -> None:
    client.get("/livez")
    response = client.get("/metrics")
    assert response.status_code == 200
    assert 'geoportal_requests_total{method="GET",route="livez",status="200"}' in response.content.decode()
    assert client.get("/metrics", REMOTE_ADDR="198.51.100.7").status_code == 404
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 404


def test_processes_share_their_metrics(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    assert health.metrics.text() == b""
