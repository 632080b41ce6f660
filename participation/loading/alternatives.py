"""Comparisons of the demonstration: prepared, opened, written about, answered by residents' variants and decided by the verbs."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import User
from discussion.models import Subject
from municipality.models import Area, Organisation, Sector
from participation.actions import alternative as variants
from participation.actions import comparison as actions
from participation.actions.alternative import Variant
from participation.actions.comparison import Question
from participation.forms.survey import end_of
from participation.models import Alternative, Comparison
from reports.loading.categories import one
from reports.loading.people import People
from reports.loading.rows import Row, table
from reports.loading.talks import Talk
from reports.loading.upsert import Load

SPACE = uuid.UUID("0d6a5c1b-7f83-4f7b-8a35-2f5d1c9be4a1")


def alternatives(load: Load, folder: Path, people: People, now: datetime.datetime) -> None:
    """Those of `alternatives.yaml` that are missing. Days are counted from the day of loading."""
    load.each(table(folder, "alternatives", required=False), lambda row: _one(load, row, people, now))


def _one(load: Load, row: Row, people: People, now: datetime.datetime) -> None:
    slug = row.text("slug")
    key = uuid.uuid5(SPACE, slug)
    if Comparison.objects.filter(subject__client_uuid=key).exists():
        load.count(Comparison, "same")
        return
    organisation = one(row, "organisation", Organisation)
    by, opened = people.official_of[organisation.pk], now - datetime.timedelta(days=row.number("opened_before"))
    before = opened - datetime.timedelta(days=6)
    ends = end_of(timezone.localdate(opened) + datetime.timedelta(days=row.number("days")))
    # What people wrote is written now: it ends on its own day once that is done.
    later = max(ends, now + datetime.timedelta(days=2))
    said = Question(
        title=row.texts("title"), introduction=row.texts("introduction"), sector=one(row, "sector", Sector), organisation=organisation,
        closes_at=later, settlement=one(row, "settlement", Area, optional=True),
    )  # fmt: skip
    found = actions.prepare(said, by=by, client_uuid=key, at=before)
    own = [(each, variants.add(found.pk, _variant(each), by=by, client_uuid=uuid.uuid5(key, each.text("slug")), at=before))
           for each in row.rows("variants")]  # fmt: skip
    actions.open_it(found.pk, by=by, at=opened)
    sent = [(each, _sent(each, found, people, key, opened)) for each in row.rows("residents")]
    for each, made in [*own, *sent]:
        _talk(each, made.pk, uuid.uuid5(key, f"talk {each.text('slug')}"), people, now)
        each.done()
    _talk(row, found.pk, uuid.uuid5(key, "talk"), people, now)
    Comparison.objects.filter(pk=found.pk).update(closes_at=ends)
    if row.raw("decided", None):
        _decided(row.row("decided"), found, {each.text("slug"): made for each, made in own}, by, now)
    row.done()
    load.count(Comparison, "new")


def _variant(row: Row, **more: Any) -> Variant:
    named = (("lines", "MultiLineString"), ("points", "MultiPoint"), ("areas", "MultiPolygon"))
    shapes = [shape for name, kind in named if (shape := row.shape(name, kind)) is not None]
    numbers = {name: row.number(name, None) for name in ("cost_from", "cost_to", "months_from", "months_to")}
    return Variant(
        title=row.texts("title"), description=row.texts("description"), shapes=shapes, cost_source=row.texts("cost_source", None),
        place=row.text("place", ""), **numbers, **more,
    )  # fmt: skip


def _sent(row: Row, found: Comparison, people: People, key: uuid.UUID, opened: datetime.datetime) -> Alternative:
    """A neighbour's, which a moderator has read a day later."""
    by = people.neighbours[row.number("by")]
    at = opened + datetime.timedelta(days=row.number("after"))
    said = _variant(row, public_name=by.name if row.flag("named", False) else "")
    made = variants.propose(found.pk, said, by=by, client_uuid=uuid.uuid5(key, row.text("slug")), at=at)
    variants.publish(made.pk, by=people.moderator, at=at + datetime.timedelta(hours=20))
    Subject.objects.filter(pk=made.pk).update(created_at=at)
    return made


def _talk(row: Row, subject_id: int, seed: uuid.UUID, people: People, now: datetime.datetime) -> None:
    Talk(subject_id, seed, people, now).load(row.rows("comments"))


def _decided(row: Row, found: Comparison, own: dict[str, Alternative], by: User, now: datetime.datetime) -> None:
    actions.close_over(now, only=found.pk)
    at, texts = now - datetime.timedelta(days=row.number("before")), row.texts("why")
    actions.decide(found.pk, own[row.text("preferred")], by=by, text=texts["bg"], language="bg", at=at)
    Comparison.objects.filter(pk=found.pk).update(why=texts)
    row.done()
