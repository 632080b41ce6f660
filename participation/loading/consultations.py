"""Consultations of the demonstration: prepared, opened, written about and answered by the verbs that people use."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path

from django.contrib.gis.geos import MultiPolygon
from django.utils import timezone

from accounts.models import User
from discussion.models import Comment, Subject
from municipality.models import Area, Organisation, Sector
from participation.actions import consultation as actions
from participation.actions import giving, papers, sections
from participation.actions import table as answering
from participation.actions.consultation import Terms
from participation.models import Consultation, ConsultationKind
from reports.loading.categories import one
from reports.loading.histories import uuid_of
from reports.loading.people import People
from reports.loading.rows import Row, table
from reports.loading.talks import Talk
from reports.loading.upsert import Load

SPACE = uuid.UUID("6f0c6c1e-52f4-4c5b-9a1f-6a3b1e0f9d77")


def consultations(load: Load, folder: Path, people: People, now: datetime.datetime) -> None:
    """Those of `consultations.yaml` that are missing."""
    load.each(table(folder, "consultations", required=False), lambda row: _one(load, row, people, now))


def _one(load: Load, row: Row, people: People, now: datetime.datetime) -> None:
    key = uuid.uuid5(SPACE, row.text("slug"))
    if Consultation.objects.filter(subject__client_uuid=key).exists():
        load.count(Consultation, "same")
        return
    organisation = one(row, "organisation", Organisation)
    by = people.official_of[organisation.pk]
    opened = now - datetime.timedelta(days=row.number("opened_before"))
    before, last = opened - datetime.timedelta(days=9), timezone.localdate(opened) + datetime.timedelta(days=row.number("days"))
    # What was written in it is written now: it ends on its own day once that is done.
    terms = _terms(row, organisation, max(last, timezone.localdate(now)))
    found = actions.prepare(terms, by=by, client_uuid=key, at=before)
    for section in row.rows("sections"):
        text = "\n\n".join(section.words("paragraphs"))
        sections.add_section(found.pk, title=section.text("title"), text=text, by=by, at=before)
        section.done()
    for paper in row.rows("papers"):
        papers.add_paper(
            found.pk, kind=paper.text("kind"), title=paper.text("title"), link=paper.text("link"), by=by, at=before
        )
        paper.done()
    if not row.flag("waits", False):
        actions.open_to_all(found.pk, by=by, at=opened)
        made = _written(row, found, by, people, now)
        Consultation.objects.filter(pk=found.pk).update(closes_on=last)
        _ended(row, found, made, by, now)
    row.done()
    load.count(Consultation, "new")


def _terms(row: Row, organisation: Organisation, day: datetime.date) -> Terms:
    within = row.shape("within", "Polygon")
    contact = row.row("contact")
    terms = Terms(
        kind=one(row, "kind", ConsultationKind), title=row.text("title"), text=row.text("text"), sector=one(row, "sector", Sector),
        organisation=organisation, closes_on=day, contact_name=contact.text("name"), contact_email=contact.text("email", ""),
        contact_phone=contact.text("phone", ""), level=row.text("level", "consult"), who_may=row.text("who_may", "anyone"),
        short_reason=row.text("short_reason", ""), settlement=one(row, "settlement", Area, optional=True),
        within=MultiPolygon(within, srid=4326) if within is not None else None, language="bg",
    )  # fmt: skip
    contact.done()
    return terms


def _written(row: Row, found: Consultation, by: User, people: People, now: datetime.datetime) -> list[Comment]:
    """What people wrote in it, which is answered, and what changed in its text."""
    talk = Talk(found.pk, uuid.uuid5(SPACE, f"talk {row.text('slug')}"), people, now)
    talk.load(row.rows("comments"))
    if ideas := Subject.objects.filter(client_uuid__in=[uuid_of(slug) for slug in row.words("ideas")]).order_by("pk"):
        giving.give(found.pk, list(ideas), by=by, at=now - datetime.timedelta(days=3))
    for changed in row.rows("changes"):
        section = found.sections.get(number=changed.number("section"))
        sections.change_section(
            found.pk, section.number, title=section.title, text="\n\n".join(changed.words("paragraphs")),
            why=changed.text("why"), by=by, at=now - datetime.timedelta(days=2),
        )  # fmt: skip
        changed.done()
    return talk.made


def _ended(row: Row, found: Consultation, made: list[Comment], by: User, now: datetime.datetime) -> None:
    """How it was answered, and what was adopted."""
    if row.raw("answers", None):
        answers = row.rows("answers")
        actions.close_over(timezone.localdate(now), only=found.pk)
        _answered(found, answers, made, by, row.number("answered_before"), now)
    if row.raw("adopted", None):
        adopted = row.row("adopted")
        at = now - datetime.timedelta(days=adopted.number("before"))
        actions.adopt(found.pk, by=by, title=adopted.text("title"), url=adopted.text("url"), at=at)
        adopted.done()


def _answered(found: Consultation, rows: list[Row], made: list[Comment], by: User, before: int, now: datetime.datetime) -> None:
    """One row for each answer, of the comments with these numbers in the list."""
    numbers = [list(map(int, answer.words("of"))) for answer in rows]
    answering.collect(found.pk, by=by, more=[made[n].pk for chosen in numbers for n in chosen])
    for answer, chosen in zip(rows, numbers, strict=True):
        lines = list(found.proposals.filter(sources__comment__in=[made[n].pk for n in chosen]).order_by("pk"))
        answering.write_row(
            found.pk, lines[0].pk, by=by, verdict=answer.text("verdict"), reason=answer.text("reason"),
            text=answer.text("text", ""), joined=[line.pk for line in lines[1:]],
        )  # fmt: skip
        answer.done()
    answering.answer(found.pk, by=by, at=now - datetime.timedelta(days=before))
