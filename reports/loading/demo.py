"""The demonstration: people, planned projects and reports with their histories, dated back from today."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

import discussion.actions
from discussion.models import Comment, Subject
from layers.actions import new_edition
from layers.models import Project
from reports.loading import FURTHER
from reports.loading.categories import one
from reports.loading.histories import History, uuid_of
from reports.loading.layers import layers
from reports.loading.municipality import Refused
from reports.loading.people import People
from reports.loading.photos import SCENES
from reports.loading.pictures import Pictures
from reports.loading.projects import project
from reports.loading.rows import LoadError, Row, table
from reports.loading.talks import Talk
from reports.loading.upsert import Load
from reports.models import Report


def load_demo(folder: Path, *, now: datetime.datetime | None = None) -> Load:
    """Loads what is missing of the demonstration in `folder`; nobody is written to. Raises Refused."""
    now, load = timezone.localtime(now), Load()  # local, so that days back are whole days over a change of the clocks
    try:
        rows = table(folder, "reports")
        with Pictures(_kinds(_missing(rows))) as pictures, _quietly():
            people, today = People(folder), timezone.localdate(now)
            layers(load, folder)
            load.each(table(folder, "projects", required=False), lambda row: project(load, row, today))
            load.each(rows, lambda row: _history(load, History(row, people, pictures, now)))
            for name in FURTHER:
                import_string(name)(load, folder, people, now)
            load.each(table(folder, "talks", required=False), lambda row: _talk(load, row, people, now))
            if load.problems:
                raise Refused(load.problems)
            if load.changed:
                new_edition()
    except LoadError as error:
        raise Refused([error]) from None
    return load


@contextmanager
def _quietly() -> Iterator[None]:
    """All or nothing, in the site's own language, telling nobody."""
    with transaction.atomic(), discussion.actions.untold(), translation.override(settings.LANGUAGE_CODE):
        yield


def _history(load: Load, history: History) -> None:
    load.count(Report, "new" if history.load() else "same")


def _talk(load: Load, row: Row, people: People, now: datetime.datetime) -> None:
    """The conversation on a planned project; one that has begun is left alone."""
    found = one(row, "project", Project)
    comments, summary = row.rows("comments"), row.row("summary") if row.raw("summary", None) else None
    row.done()
    if not Comment.objects.filter(subject=found.pk).exists():
        Talk(found.pk, uuid_of(f"talk {found.slug}"), people, now).load(comments, summary)
        load.count(Comment, "new")


def _missing(rows: list[Row]) -> list[Row]:
    """Those that were not loaded before."""
    names = {row.text("slug"): row for row in rows}
    known = Subject.objects.filter(client_uuid__in=[uuid_of(name) for name in names]).values_list("client_uuid", flat=True)
    loaded = set(known)
    return [row for name, row in names.items() if uuid_of(name) not in loaded]


def _kinds(rows: list[Row]) -> Iterator[str]:
    """The kinds of photos that the reports and their histories show, in the order in which they are needed."""
    for row in rows:
        for shown in (row, *row.rows("history")):
            for kind in shown.words("photos"):
                if kind not in SCENES:
                    raise shown.error("photos", _("“%(slug)s” is not known") % {"slug": kind})
                yield kind
