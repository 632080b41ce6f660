"""The site under measurement: the command of `make run`, two processes, real middleware, on the benchmark's database."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator

import run as site_run

from bench.servers import Server, free_port, running
from bench.target import VAR_BENCH, Target

# The limits are counted as ever, but nobody reaches them: all requests come from one machine.
MANY = 10**7
LIMITS = f"report_address={MANY}/10m {MANY}/1h {MANY}/1d,report_contact={MANY}/1h {MANY}/1d,report_cell={MANY}/1h,write_address={MANY}/1m {MANY}/1h"
APPLICATION = "geoportal.wsgi:application"
# The same site keeping no answers: each comes from the database.
KEEPS_NOTHING = "bench.fresh:application"


def environment(target: Target, port: int, name: str) -> dict[str, str]:
    """What `make run` would set for a real installation, and addresses of clients from the header."""
    metrics = VAR_BENCH / f"metrics-{name}"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    own = {"PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}", "TRUSTED_PROXIES": "1", "LIMITS": LIMITS}
    return {**os.environ, **site_run.WEB_ENVIRONMENT, **target.environment(), **own, "PROMETHEUS_MULTIPROC_DIR": str(metrics)}


@contextlib.contextmanager
def site(target: Target, name: str, application: str = APPLICATION) -> Iterator[Server]:
    """The running site under `name`."""
    os.environ["BIND"] = "127.0.0.1"
    port = free_port()
    command = [*site_run.web_command(port)[:-1], application]
    with running(name, command, environment(target, port, name), port, "/readyz") as server:
        yield server


@contextlib.contextmanager
def bare(target: Target, statements: dict[str, list[str]]) -> Iterator[Server]:
    """The bare WSGI application with the statements of each path, under the same server."""
    port = free_port()
    path = VAR_BENCH / "statements.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(statements))
    command = [*site_run.web_command(port)[:-1], "bench.bare:application"]
    given = {**os.environ, "BENCH_STATEMENTS": str(path), "BENCH_DATABASE": target.words()}
    with running("bare", command, given, port) as server:
        yield server


def planner_cookie() -> str:
    """The header of a signed-in planner."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import Membership, User
    from municipality.models import Organisation

    person, _new = User.objects.get_or_create(email="planner@bench.test", defaults={"name": "Planner"})
    Membership.objects.update_or_create(
        user=person, organisation=Organisation.objects.departments()[0], defaults={"roles": ["planner"], "active": True}
    )
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def token() -> str:
    """A resident's token for sending reports; the account belongs to the benchmark's database."""
    from accounts.models import ApiToken, User
    from api.authentication import issue

    person, _new = User.objects.get_or_create(email="resident@bench.test", defaults={"name": "Иван Петров"})
    ApiToken.objects.filter(user=person).delete()
    return issue(person, "bench", ["read", "report"])[1]
