"""Bring the database up to date; a new one gets the municipality and, in the demo, its sample contents.

.venv/bin/python deploy/database.py
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import cluster
from place import REPO, VAR, Refused, main, say

# Held while migrating: two hosts that start at once on one database take turns.
MIGRATION_LOCK = 7_303_014


def _connect() -> None:
    from django.db import OperationalError, connection

    # A migration or a first load may take longer than any request may.
    connection.settings_dict["OPTIONS"]["options"] = "-c statement_timeout=0 -c lock_timeout=60s -c search_path=public"
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise Refused(f"the database does not answer: {str(error).strip().splitlines()[0]}") from error
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'")
        if cursor.fetchone() == (0,):
            raise Refused("the database has no PostGIS: install it on its server, or leave DATABASE_URL out")


def _missing_extensions() -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in cluster.EXTENSIONS if name not in there]


def make_extensions() -> None:
    """The extensions and tables of the site must be makeable; where the role may not, say what its superuser runs once."""
    from django.db import DatabaseError, connection, transaction

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for name in _missing_extensions():
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    except DatabaseError as error:
        statements = " ".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in _missing_extensions())
        raise Refused(
            f"{str(error).strip().splitlines()[0]}: let a superuser run in the database of DATABASE_URL: {statements}"
        ) from error
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, has_schema_privilege('public', 'CREATE')")
        role, may_create = cursor.fetchone()
    if not may_create:
        raise Refused(
            f"the role {role} may not make tables: let a superuser run in the database of DATABASE_URL:"
            f' GRANT CREATE ON SCHEMA public TO "{role}";'
        )


def municipality_folder() -> Path:
    """The folder MUNICIPALITY names, else the first one under fixtures/."""
    given = os.environ.get("MUNICIPALITY")
    folders = [REPO / given] if given else sorted(path for path in (REPO / "fixtures").glob("*") if path.is_dir())
    if not folders or not folders[0].is_dir():
        raise Refused(f"there is no folder {given or 'under fixtures/'} to load: MUNICIPALITY names it")
    return folders[0]


def _empty(app: str) -> bool:
    from django.apps import apps

    return not any(model._default_manager.exists() for model in apps.get_app_config(app).get_models())


def nothing_sent() -> bool:
    """Nobody has sent a report yet. Subjects there may be: the municipality's own services are some."""
    from reports.models import Report

    return not Report.objects.exists()


def update(_arguments: list[str]) -> None:
    """Migrate; load what a new database needs. An interrupted first load is taken up again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
    sys.path.insert(0, str(REPO))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import CommandError, call_command

    _connect()
    make_extensions()
    call_command("migrate", interactive=False, verbosity=0)
    loading = VAR / "loading"
    if not loading.exists() and not _empty("municipality"):
        return
    loading.write_text("the first load of the database has begun\n")
    folder = municipality_folder()
    say(f"database: loading {folder.name}")
    try:
        call_command("load_municipality", str(folder), verbosity=0, stdout=io.StringIO())
        if settings.DEMO and (folder / "demo").is_dir() and nothing_sent():
            say("database: drawing up the demo")
            call_command("load_demo", str(folder / "demo"), verbosity=0, stdout=io.StringIO())
    except CommandError as error:
        raise Refused(f"loading {folder.name} failed: {error}") from error
    loading.unlink()


if __name__ == "__main__":
    main(update)
