"""An official's act in two steps: the form, then the message as the reporter will get it; only then it is done."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion import messages
from discussion.actions import Stale
from discussion.models import Audience, TimelineRow
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.photos import MOST_BYTES
from reports import actions, rules, workflow
from reports.forms.errors import errors_by_field
from reports.forms.transition import TransitionForm
from reports.models import MessageTemplate, Report
from reports.views.desk.case import case_context
from reports.views.desk.entrance import staff, working_on
from reports.views.desk.preview import preview
from reports.wording_acts import act_name
from reports.workflow import Transition


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def act(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    report = working_on(request, ref)
    edge = workflow.TRANSITIONS.get((workflow.Kind(report.kind), name))
    if edge is None or not rules.may(request.user, report, edge):
        raise Http404
    if request.method != "POST":
        if report.status not in edge.sources:
            return redirect("desk_report", report.subject.reference)
        return page(request, report, edge, TransitionForm(None, edge=edge, report=report, user=request.user))
    return _posted(request, report, edge)


def _posted(request: HttpRequest, report: Report, edge: Transition) -> HttpResponse:
    data = request.POST
    if template := data.get("template"):
        data = _with_template(data, template)
    form = TransitionForm(data, request.FILES, edge=edge, report=report, user=request.user)
    if template or data.get("go") == "back":
        return page(request, report, edge, form)
    if not form.is_valid():
        return page(request, report, edge, form, status=422)
    words = {"title": act_name(edge.name), "button": act_name(edge.name)}
    given = actions.Given()
    try:
        given = form.given(form.kept_photos() + keep_photo(request), keep_document(request) or form.cleaned_data["document_id"])

        def do() -> TimelineRow:
            version = form.cleaned_data["version"]
            return actions.act(report.pk, edge.name, by=request.user, version=version, given=given)  # type: ignore[arg-type]

        if not data.get("sure"):
            return preview(request, report, form, do, photos=given.photo, document=given.document, edge=edge, **words)
        do()
    except ValidationError as refused:
        place_errors(form, refused)
        return page(request, report, edge, _with_document(form, given), status=422)
    except PermissionDenied:
        raise Http404 from None
    except (Stale, actions.NotAllowed):
        return stale(request, report, edge, form)
    return redirect("desk_report", report.subject.reference)


def _with_template(data: Any, slug: str) -> Any:
    """The ready answer's words go into the form, after what stands there."""
    data = data.copy()
    found = MessageTemplate.objects.filter(slug=slug).first() if "\0" not in slug else None
    if found:
        data["text"] = f"{data.get('text', '')}\n{text_in(found.text)}".strip()
    return data


def keep_photo(request: HttpRequest) -> list[uuid.UUID]:
    """The form's photo, sanitised; it stays kept through the preview."""
    file = request.FILES.get("photo")
    if file is None:
        return []
    client_uuid = uuid.uuid4()
    try:
        actions.keep_photo(uuid.uuid4(), client_uuid, file.read(MOST_BYTES + 1))
    except ValidationError as refused:
        raise ValidationError({"photo": refused}) from refused
    return [client_uuid]


def _with_document(form: TransitionForm, given: actions.Given) -> TransitionForm:
    """A paper that arrived stays with the form when something else in it is refused."""
    if given.document and "document" not in form.errors:
        form.data = form.data.copy()
        form.data["document_id"] = str(given.document)
    return form


def keep_document(request: HttpRequest) -> uuid.UUID | None:
    """The form's PDF through the gate; it stays kept through the preview."""
    file = request.FILES.get("document")
    if file is None:
        return None
    try:
        return actions.keep_document(file.name or "", file).pk
    except ValidationError as refused:
        raise ValidationError({"document": refused}) from refused


def place_errors(form: Form, refused: ValidationError) -> None:
    for name, errors in errors_by_field(refused).items():
        form.add_error(name if name in form.fields else None, errors)


def page(request: HttpRequest, report: Report, edge: Transition, form: TransitionForm, *, status: int = 200,
         **more: Any) -> HttpResponse:  # fmt: skip
    context = {**case_context(request, report), "edge": edge, "form": form, "title": act_name(edge.name), **more}
    return render(request, "desk/act.html", context, status=status)


def stale(request: HttpRequest, report: Report, edge: Transition, form: TransitionForm) -> HttpResponse:
    """Somebody was quicker: their acts are shown, one's own words stay. One's own second click is no conflict."""
    seen = form.cleaned_data.get("version") or 0
    rows = list(TimelineRow.objects.filter(subject_id=report.pk, version__gt=seen).order_by("pk"))
    mine = [row for row in rows if row.actor_id == request.user.pk and row.code == edge.name]
    if mine and len(rows) == len(mine):
        return redirect("desk_report", report.subject.reference)
    fresh = working_on(request, report.subject.reference)
    data = form.data.copy()
    data["version"] = str(fresh.subject.version)
    again = TransitionForm(data, edge=edge, report=fresh, user=request.user)
    note = _("Look at it, then send your words again if they still fit.")
    if fresh.status not in edge.sources:
        note = _("After that, this step is no longer possible. Your words are kept below to copy.")
    others = messages.describe_all(rows, audience=Audience.STAFF)
    return page(request, fresh, edge, again, status=412, others=others, others_note=note)
