"""The case towards the document system, as its page says it, and the button that has it sent again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from reports import actions
from reports.cases.rows import Case
from reports.cases.wording import why
from reports.models import Report
from reports.views.desk.entrance import staff, working_on


def towards_outside(report: Report) -> dict[str, Any] | None:
    """What the page says of it; None where nothing was filed officially, or no document system is used here.

    The demonstration, which has none, shows how it would be.
    """
    case = Case.objects.filter(pk=report.pk).first() if report.official else None
    if case is None or not (settings.DOCUMENT_SYSTEM or settings.DEMO or case.state != Case.State.WAITING):
        return None
    return {
        "case": case, "system": settings.DOCUMENT_SYSTEM, "words": _words(case), "again": case.state != Case.State.REGISTERED,
    }  # fmt: skip


def _words(case: Case) -> str:
    if case.state == Case.State.REGISTERED:
        day = case.registered_on.strftime("%d.%m.%Y") if case.registered_on else ""
        return _("registered under number %(number)s on %(day)s") % {"number": case.number, "day": day}
    return {
        Case.State.WAITING: _("waits to be taken"),
        Case.State.SENT: _("sent, its number has not come back yet"),
        Case.State.FAILED: _("could not be sent: %(error)s") % {"error": why(case.error)},
    }[Case.State(case.state)]


@never_cache
@require_POST
@staff
def again(request: HttpRequest, ref: str) -> HttpResponse:
    """`/desk/<ref>/case/again/`: the document system is told once more."""
    report = working_on(request, ref)
    try:
        actions.send_again(report.pk, by=request.user)  # type: ignore[arg-type]
    except (PermissionDenied, Case.DoesNotExist):
        raise Http404 from None
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("The case is sent again. Its page says when that is done."))
    return redirect("desk_report", report.subject.reference)
