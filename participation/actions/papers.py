"""Papers of a consultation: PDF files through the gate, or links."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from discussion.models import TimelineRow
from geoportal.kernel import documents
from geoportal.kernel.photos import Readable, discard
from participation.actions.move import edge_of, locked, take
from participation.models import Consultation, Paper
from participation.models.consultation import PAPERS
from participation.workflow import Who
from reports.actions.council import plain_name

MOST_PAPERS = 50


def folder_of(pk: uuid.UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / PAPERS / str(pk)


def add_paper(
    consultation_id: int, *, kind: str, title: str, by: User, file: bytes | Readable | None = None, name: str = "",
    link: str = "", version: int | None = None, at: datetime.datetime | None = None,
) -> Paper:  # fmt: skip
    """A PDF or a link, not both. In public only „another paper“ is added. Raises ValidationError by field, DocumentRefused."""
    if bool(file) == bool(link):
        raise ValidationError({"file": _("Choose a PDF or give a link: one of the two.")})
    made = Paper(kind=kind, title=title, link=link)
    if file:
        data = documents.checked(file)
        made.name, made.size, made.digest = plain_name(name), len(data), hashlib.sha256(data).hexdigest()
        documents.store(folder_of(made.pk), data)
    try:
        return _add(consultation_id, made, by, version, at)
    except BaseException:
        if made.digest:
            discard(folder_of(made.pk))
        raise


@transaction.atomic
def _add(consultation_id: int, made: Paper, by: User, version: int | None, at: datetime.datetime | None) -> Paper:
    found = locked(Consultation, consultation_id, version=version)
    name = "amend" if found.status == "open" else "change"
    edge = edge_of(found, name, by)
    if found.papers.count() >= MOST_PAPERS:
        raise ValidationError(_("At most %(n)d papers.") % {"n": MOST_PAPERS})
    made.consultation = found
    made.full_clean(validate_constraints=False)
    made.save(force_insert=True)
    take(found, edge, by=by, capacity=Who.ORGANISER, data={"paper": str(made.pk)}, tells=name == "amend", at=at)
    return made


@transaction.atomic
def drop_paper(consultation_id: int, pk: uuid.UUID, *, by: User, version: int | None = None) -> TimelineRow:
    """Takes it out, while the consultation is prepared; the file goes once that is certain."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "change", by)
    gone, _what = Paper.objects.filter(pk=pk, consultation=found).delete()
    if gone:
        transaction.on_commit(lambda: discard(folder_of(pk)))
    return take(found, edge, by=by, capacity=Who.ORGANISER, data={"paper": str(pk)}, tells=False)
