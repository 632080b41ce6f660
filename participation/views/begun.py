"""A begun idea that comes from something else here, and is linked to it once it is sent."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from discussion.models import Subject
from reports.views import drafts
from reports.views.submit import KEPT


def begin(request: HttpRequest, origin: Subject, **filled: str) -> HttpResponse:
    """Opens the form with what is `filled` in already; nothing is sent before its author says so."""
    draft = uuid.uuid4()
    data = QueryDict(mutable=True)
    data["kind"], data["inspired_by"] = "idea", origin.reference
    for name, text in filled.items():
        data[name] = text
    if not drafts.keep(request, draft, data, KEPT):
        return redirect("report_new")
    return redirect(drafts.way_back(draft, "place"))
