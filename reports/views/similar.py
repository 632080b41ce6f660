"""A similar report instead of a new one: supported from the draft, which is kept until one says that it is the same."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Correspondent
from discussion.models import Support
from geoportal.kernel import throttle
from geoportal.kernel.references import parse
from reports import actions
from reports.models import Report
from reports.views import drafts
from reports.views.acknowledged import acknowledge
from reports.views.draft_photos import of_draft
from reports.views.visitor import known_visitor

SUPPORT, OTHER, SAME = "support:", "other", "same:"
"""Beginnings of what `go` says about a report beside the draft: it is mine too, mine is another, mine is the same and is let go."""


def is_answer(go: str) -> bool:
    return go == OTHER or go.startswith((SUPPORT, SAME))


def beside(ref: str) -> Report | None:
    """The public report of that number, or nothing."""
    number = parse(ref)
    return Report.objects.public().select_related("subject").filter(subject__reference=number).first() if number else None


def _let_go(report: Report, known: Correspondent | None) -> str:
    """What became of the own report, and of the support that was asked for."""
    if known is not None and Support.objects.filter(subject_id=report.pk, correspondent=known).exists():
        return _("Your report was not sent: it is the same as this one. Your support counts.")
    return _("Your report was not sent: it is the same as this one. If we sent you a link, open it: then your support counts.")


def answer(request: HttpRequest, draft: uuid.UUID, step: str, go: str) -> HttpResponse:
    """Back to the kept draft, to the page of support (strangers name their address there), or to the other report."""
    report = beside(go.partition(":")[2])
    if report is None:
        return redirect(drafts.way_back(draft, step))
    if go.startswith(SAME):
        for photo in of_draft(draft):
            actions.drop_photo(draft, photo.client_uuid)
        drafts.drop(request, draft)
        acknowledge(request, _let_go(report, known_visitor(request)))
        return redirect("report", report.subject.reference)
    known = known_visitor(request)
    try:
        if known is not None:
            throttle.limit(request, "support")
            actions.support(report.pk, known)
            return redirect(drafts.way_back(draft, step, same=report.subject.reference))
    except (ValidationError, throttle.Throttled):
        pass  # its own page says why
    page = reverse("report_support", args=[report.subject.reference])
    return redirect(f"{page}?{urlencode({'draft': str(draft), 'step': step})}")
