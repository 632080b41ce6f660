"""An official covers faces and numbers on a photo; everyone sees the covered copy at once."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.actions import Stale
from reports import actions, rules
from reports.forms.cover import StaffCoverForm
from reports.models import Photo
from reports.views.desk.case import case_context
from reports.views.desk.entrance import staff, working_on


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def cover(request: HttpRequest, ref: str, photo_id: uuid.UUID) -> HttpResponse:
    report = working_on(request, ref)
    photo = Photo.objects.filter(pk=photo_id, report=report, hidden=False).first()
    if photo is None or not rules.may_note(request.user, report):
        raise Http404
    form = StaffCoverForm(request.POST if request.method == "POST" else None, initial={"version": report.subject.version})
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, _user(request)
        try:
            actions.cover_photo(report.pk, photo.pk, given["boxes"], by=by, text=given["text"], version=given["version"])
            return redirect("desk_report", report.subject.reference)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        except Stale:
            form.data = form.data.copy()
            form.data["version"] = str(working_on(request, ref).subject.version)
            form.add_error(None, _("Look at it, then send your words again if they still fit."))
    context = {
        **case_context(request, report),
        "form": form,
        "picture": photo.url("large"),
        "title": _("Cover a part of the photo"),
    }
    return render(request, "desk/cover.html", context, status=422 if form.errors else 200)


def _user(request: HttpRequest) -> Any:
    return request.user
