"""What an act on an idea leaves beside the timeline: the filing, its decision, its documents, what it took."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from discussion.models import Subject, TimelineRow
from discussion.search import vector
from geoportal.kernel import documents
from geoportal.kernel.photos import Readable
from reports import workflow
from reports.models import Document, Filing, Report
from reports.workflow import Transition

if TYPE_CHECKING:
    from reports.actions.move import Given

OUTCOMES = {"accept": "accepted", "partly_accept": "partly_accepted", "refuse": "refused"}
OLDEST = datetime.date(1990, 1, 1)


def keep_document(name: str, source: bytes | Readable) -> Document:
    """A PDF through the gate, on the disk, then in the table; it waits a day for its act. Raises DocumentRefused."""
    data = documents.checked(source)
    found = Document(name=plain_name(name), size=len(data), digest=hashlib.sha256(data).hexdigest())
    documents.store(Path(settings.MEDIA_ROOT) / str(found.pk), data)
    found.save(force_insert=True)
    return found


def plain_name(name: str) -> str:
    """The file's own name without folders and signs that do not print, as people read it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*').strip(". ")
    stem = kept.removesuffix(".pdf").removesuffix(".PDF")[:110] or "document"
    return f"{stem}.pdf"


def wrong(edge: Transition, report: Report, given: Given) -> dict[str, str]:
    """What of the idea's way to the Council cannot be, by field."""
    found: dict[str, str] = {}
    for name in ("filed_on", "decided_on", "done_on"):
        if (day := getattr(given, name)) and day < OLDEST:
            found[name] = _("The day lies too far back. Check the year.")
    found |= _out_of_order(report, given)
    if given.amount is not None and given.amount < 0:
        found["amount"] = _("Write how much it took, in euros: 0 or more.")
    if given.document and not Document.objects.filter(pk=given.document, report=None).exists():
        found["document"] = _("This document did not arrive, or belongs to something else. Send it again.")
    return found


def _out_of_order(report: Report, given: Given) -> dict[str, str]:
    """Days that come before what they follow, by field: idea, filing, decision, result."""
    found: dict[str, str] = {}
    made = timezone.localdate(report.created_at)
    for name in ("filed_on", "decided_on", "done_on"):
        if (day := getattr(given, name)) and day < made:
            found[name] = _("The idea was made on %(day)s; this cannot be older.") % {"day": _written(made)}
    filing = Filing.objects.of(report.pk) if given.decided_on or given.done_on else None
    if filing and given.decided_on and report.status in workflow.BEFORE_COUNCIL and given.decided_on < filing.filed_on:
        found["decided_on"] = _("A decision cannot be older than the filing of %(day)s.") % {"day": _written(filing.filed_on)}
    if filing and given.done_on and given.done_on < (before := filing.decided_on or filing.filed_on):
        found["done_on"] = _("It cannot be done before the decision of %(day)s.") % {"day": _written(before)}
    return found


def _written(day: datetime.date) -> str:
    return day.strftime("%d.%m.%Y")


def record(edge: Transition, report: Report, given: Given, row: TimelineRow, *, before: str) -> None:
    """Writes what the act says of filing, decision, project and result; documents become this act's."""
    if report.kind != workflow.Kind.IDEA:
        return
    document = _attach(given.document, report, row)
    if edge.name == "file_with_council" and given.filed_on:
        Filing.objects.create(
            report=report, number=given.number, filed_on=given.filed_on, body=given.body, link=given.link, document=document
        )
    elif filing := Filing.objects.of(report.pk):
        if edge.name in OUTCOMES and before in workflow.BEFORE_COUNCIL:
            filing.outcome, filing.decided_on, filing.source = OUTCOMES[edge.name], given.decided_on, given.source
            filing.decision_number, filing.decision_document = given.decision_number, document
            filing.decision_link = given.link
        if edge.name == "plan" and given.project:
            filing.project = given.project
        if edge.name == "carry_out":
            filing.done_on, filing.amount = given.done_on or timezone.localdate(row.at), given.amount
        filing.save()
    if report.status in workflow.WORDLESS:  # found by its title alone from now on
        Subject.objects.filter(pk=report.pk).update(search=vector(report.subject.title))


def _attach(pk: uuid.UUID | None, report: Report, row: TimelineRow) -> Document | None:
    if pk is None:
        return None
    Document.objects.filter(pk=pk, report=None).update(report=report, row=row)
    return Document.objects.get(pk=pk)
