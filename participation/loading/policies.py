"""Sample policies: adopted, promised, kept, postponed and observed by the verbs that people use, dated from today."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from layers.models import Project
from municipality.models import Area, Organisation, Sector
from participation.actions.policy import Adopted, Promised, adopt, keep, postpone, promise
from participation.actions.weights import carry_out
from participation.models import Policy
from reports.loading.categories import one
from reports.loading.people import People
from reports.loading.rows import Row, table
from reports.loading.talks import Talk
from reports.loading.upsert import Load

SPACE = uuid.UUID("7a1e1d0c-90f7-4f0a-8a54-c1f4d0a6b3e5")


def policies(load: Load, folder: Path, people: People, now: datetime.datetime) -> None:
    """Those of `policies.yaml` that are missing, with their measures."""
    load.each(table(folder, "policies", required=False), lambda row: _programme(load, row, people, now))


def uuid_of(slug: str) -> uuid.UUID:
    """The client UUID of a sample policy."""
    return uuid.uuid5(SPACE, slug)


def _programme(load: Load, row: Row, people: People, now: datetime.datetime) -> None:
    at = now - datetime.timedelta(days=row.number("adopted_before"))
    said = Adopted(
        **_common(row, now), adopted_on=timezone.localdate(at), act=row.texts("act", None), act_url=row.text("act_url", ""),
        area=one(row, "area", Area, optional=True),
    )  # fmt: skip
    measures = row.rows("measures")
    made = _made(load, row, said, people, now, at)
    for order, below in enumerate(measures):
        said = Adopted(
            **_common(below, now), parent=made, order=order, weight=below.number("weight", 1),
            area=one(below, "area", Area, optional=True),
        )  # fmt: skip
        _made(load, below, said, people, now, at + datetime.timedelta(minutes=order + 1))


def _common(row: Row, now: datetime.datetime) -> dict[str, Any]:
    until = row.number("until", None)
    return {
        "sector": one(row, "sector", Sector), "organisation": one(row, "owner", Organisation), "title": row.texts("title"),
        "what": row.texts("what"), "example": row.flag("example", False),
        "until": None if until is None else timezone.localdate(now) + datetime.timedelta(days=until),
    }  # fmt: skip


def _made(load: Load, row: Row, said: Adopted, people: People, now: datetime.datetime, at: datetime.datetime) -> Policy:
    slug, promises, comments = row.text("slug"), row.rows("promises"), row.rows("comments")
    projects = [_project(row, name) for name in row.words("projects")]
    row.done()
    new = not Policy.objects.filter(subject__client_uuid=uuid_of(slug)).exists()
    by = people.official_of.get(said.organisation.pk, people.moderator)
    adopter = people.official_of.get((said.parent or said).organisation.pk, people.moderator)
    try:
        made = adopt(said, by=adopter, client_uuid=uuid_of(slug), at=at)
        if new:
            for project in projects:
                carry_out(made.pk, project.subject, by=by, at=at)
            for below in promises:
                _promise(made, below, by, now, at)
            Talk(made.pk, uuid_of(f"talk {slug}"), people, now).load(comments)
    except ValidationError as error:
        raise row.refuse(error) from None
    load.count(Policy, "new" if new else "same")
    return made


def _project(row: Row, slug: str) -> Project:
    found = Project.objects.filter(slug=slug).select_related("subject").first()
    if found is None:
        raise row.error("projects", slug)
    return found


def _promise(policy: Policy, row: Row, by: User, now: datetime.datetime, at: datetime.datetime) -> None:
    """`due`, `done` and `moved_to` are days from today; `moved_at` too, with the reason under `moved_why`."""
    said = Promised(text=row.texts("text"), due_on=_day(now, row.number("due")), weight=row.number("weight", 1))
    made = promise(policy.pk, said, by=by, at=at)
    if moved := row.number("moved_to", None):
        when = now + datetime.timedelta(days=row.number("moved_at"))
        postpone(policy.pk, made.pk, by=by, due_on=_day(now, moved), text=row.text("moved_why"), at=when)
    if (done := row.number("done", None)) is not None:
        when = now + datetime.timedelta(days=done)
        note, url = row.text("evidence"), row.text("evidence_url", "")
        keep(policy.pk, made.pk, by=by, done_on=_day(now, done), note=note, evidence_url=url, at=when)
    row.done()


def _day(now: datetime.datetime, days: int) -> datetime.date:
    return timezone.localdate(now) + datetime.timedelta(days=days)
