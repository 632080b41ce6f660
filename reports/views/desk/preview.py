"""What an act will say and change, before it is done: it is done, read and undone in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from discussion import messages
from discussion.models import Audience, TimelineRow
from discussion.words import in_words
from geoportal.kernel.text import CleanCharField
from reports import next_steps, workflow
from reports.models import Photo, Report
from reports.views.desk.case import case_context
from reports.views.page import photo_items

MOVES = frozenset({"relocated", "turned"})
"""Acts that are asked for the sake of department and date: both are named even when they stay."""


def rehearse(report: Report, act: Callable[[], TimelineRow]) -> dict[str, Any]:
    """The act's message to the author as it will be sent, and what follows for the case; nothing of it stays.

    Raises whatever the act raises.
    """
    contact = getattr(report, "contact", None)
    reader = contact.correspondent if contact and contact.correspondent and contact.correspondent.email else None
    if reader and not (reader.verified_at or report.entered_by_id):
        reader = None  # an address that never answered is not written to
    language = reader.language if reader else report.subject.language
    with transaction.atomic():
        row = act()
        after = Report.objects.select_related("subject", "department", "category__regime").get(pk=report.pk)
        told = _told(row, after)
        audience = Audience.AUTHOR if told or row.audience == Audience.PUBLIC else Audience.STAFF
        with translation.override(language):
            found = {"message": messages.describe(row, language=language, audience=audience), "told": told,
                     "next": next_steps.for_reader(after, own=True) if told else ""}  # fmt: skip
        transaction.set_rollback(True)
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    where = f"{settings.SITE_URL}{prefix}{report.subject.path}"
    return found | {"reachable": reader is not None, "public": row.audience == Audience.PUBLIC, "where": where,
                    "lines": _consequences(report, after, row.code)}  # fmt: skip


def _told(row: TimelineRow, report: Report) -> bool:
    edge = workflow.TRANSITIONS.get((workflow.Kind(report.kind), row.code))
    return edge is None or workflow.tells_author(edge, row.data)


def _consequences(before: Report, after: Report, code: str) -> list[str]:
    """Who has it then, and until when."""
    lines = []
    if code in MOVES or after.department_id != before.department_id:
        lines.append(_("It will be with: %(department)s.") % {"department": after.department})
    if code in MOVES or after.answer_due != before.answer_due:
        due = after.answer_due
        lines.append(_("Answer due by %(day)s.") % {"day": in_words(due)} if due else _("No due date follows."))
    return lines


def preview(request: HttpRequest, report: Report, form: Form, act: Callable[[], TimelineRow], *,
            photos: Collection[Any] = (), document: Any = None, **more: Any) -> HttpResponse:  # fmt: skip
    """The page between form and deed; everything typed travels on in hidden fields. more: title, button."""
    context = {
        **case_context(request, report), **rehearse(report, act), **more, "carried": _carried(form, photos, document),
        "enclosed": photo_items(Photo.objects.filter(client_uuid__in=photos)) if photos else (),
    }  # fmt: skip
    return render(request, "desk/preview.html", context)


def _carried(form: Form, photos: Collection[Any], document: Any = None) -> list[tuple[str, str]]:
    """(name, value) of what was typed; words as they were cleaned."""
    found = []
    for name, field in form.fields.items():
        if type(field) is CleanCharField:
            found.append((name, form.cleaned_data[name]))
        elif name not in ("photo", "photo_ids", "document", "document_id"):
            found += [(name, value) for value in form.data.getlist(name) if value]  # type: ignore[attr-defined]
    found += [("document_id", str(document))] if document else []
    return [*found, *([("photo_ids", " ".join(str(photo) for photo in photos))] if photos else [])]
