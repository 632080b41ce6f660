"""`/desk/new/`: a report that came by telephone, at the desk or on paper."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reports import actions, rules
from reports.actions import Submission
from reports.forms.desk import IntakeForm
from reports.forms.submit import shown_name
from reports.views.desk.entrance import staff
from reports.views.desk.transition import keep_photo, place_errors


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    if not rules.may_enter_for_others(request.user):
        raise Http404
    data: Any = request.POST if request.method == "POST" else None
    form = IntakeForm(data, user=request.user)
    draft = request.POST.get("client_uuid", "") or str(uuid.uuid4())
    if request.method == "POST" and form.is_valid():
        try:
            report = actions.submit(_submission(request, form.cleaned_data, draft))
            return redirect("desk_report", report.subject.reference)
        except (ValidationError, ValueError) as refused:
            if isinstance(refused, ValidationError):
                place_errors(form, refused)
            else:
                draft = str(uuid.uuid4())
    return render(request, "desk/new.html", {"form": form, "draft": draft}, status=422 if form.errors else 200)


def _submission(request: HttpRequest, data: dict[str, Any], draft: str) -> Submission:
    shape = data.get("shape")
    return Submission(
        kind=data["kind"], category=data["category"], title=data["title"], text=data["text"], client_uuid=uuid.UUID(draft),
        language=get_language() or "bg", point=None if data["whole"] else data["point"],
        settlement=None if data["whole"] else data["settlement"], place=data["place"],
        line=shape if shape and shape.geom_type == "LineString" else None,
        polygon=shape if shape and shape.geom_type == "Polygon" else None,
        further_sectors=list(data["further_sectors"]), photos=keep_photo(request), official=data["way"] == "official",
        happened_on=data["happened_on"], restricted=data["restricted"], email=data.get("email") or "", name=data["name"],
        address=data["address"], phone=data["phone"], public_name=shown_name(data["public_name"], data["name"]),
        channel=data["channel"], entered_by=request.user,  # type: ignore[arg-type]
    )  # fmt: skip
