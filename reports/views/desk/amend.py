"""What an official changes beside the workflow: notes, place and category, kind, restriction."""

from __future__ import annotations

from collections.abc import Callable
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
from discussion.models import Audience, TimelineRow, Visibility
from reports import actions, rules
from reports.forms.desk import DeskMoveForm, NoteForm, RestrictForm, TurnForm
from reports.models import Report
from reports.views.desk.case import case_context
from reports.views.desk.entrance import staff, working_on
from reports.views.desk.preview import preview
from reports.views.desk.transition import place_errors
from reports.workflow import Who


def small(request: HttpRequest, report: Report, form: Form, title: str, act: str, do: Callable[[dict[str, Any]], TimelineRow],
          *, tells: bool = True, **more: Any) -> HttpResponse:  # fmt: skip
    """A small form about the case: the form, then, where the act `tells` the reporter, the message, then it is done.

    What somebody else did meanwhile is shown, the words stay. `act`: the words of the button that does it.
    """
    button = _("See the message") if tells else act
    more["tells"] = tells
    status = 200
    if request.method == "POST":
        status = 422
        if request.POST.get("go") == "back":
            status = 200
        elif form.is_valid():
            try:
                if tells and not request.POST.get("sure"):
                    return preview(request, report, form, lambda: do(form.cleaned_data), title=title, button=act)
                do(form.cleaned_data)
                return redirect("desk_report", report.subject.reference)
            except ValidationError as refused:
                place_errors(form, refused)
            except PermissionDenied:
                raise Http404 from None
            except actions.NotAllowed:
                form.add_error(None, _("This is not possible in the present state."))
            except Stale:
                return _stale(request, report, form, title, button, more)
    context = {**case_context(request, report), "form": form, "title": title, "button": button, **more}
    return render(request, "desk/small.html", context, status=status)


def _stale(request: HttpRequest, report: Report, form: Form, title: str, button: str, more: dict[str, Any]) -> HttpResponse:
    rows = TimelineRow.objects.filter(subject_id=report.pk, version__gt=form.cleaned_data["version"]).order_by("pk")
    fresh = working_on(request, report.subject.reference)
    data = form.data.copy()
    data["version"] = str(fresh.subject.version)
    form.data = data
    context = {
        **case_context(request, fresh), "form": form, "title": title, "button": button, **more,
        "others": messages.describe_all(rows, audience=Audience.STAFF),
        "others_note": _("Look at it, then send your words again if they still fit."),
    }  # fmt: skip
    return render(request, "desk/small.html", context, status=412)


def _post(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _worker(request: HttpRequest, ref: str) -> Report:
    report = working_on(request, ref)
    if not rules.may_note(request.user, report):
        raise Http404
    return report


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def note(request: HttpRequest, ref: str) -> HttpResponse:
    report = _worker(request, ref)

    def do(data: dict[str, Any]) -> TimelineRow:
        return actions.note(report.pk, text=data["text"], by=request.user)  # type: ignore[arg-type]

    return small(request, report, NoteForm(_post(request)), _("Internal note"), _("Write it down"), do, tells=False)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def relocate(request: HttpRequest, ref: str) -> HttpResponse:
    """The consequence for department and due date is shown before it is done."""
    report = _worker(request, ref)
    where = {"lon": report.geom.x, "lat": report.geom.y} if report.geom else {}
    first = {"category": report.category.slug, "place": report.place, "version": report.subject.version, **where}
    form = DeskMoveForm(_post(request), initial=first, report=report, user=request.user)

    def do(data: dict[str, Any]) -> TimelineRow:
        return actions.relocate(
            report.pk, category=data["category"], point=data["point"], place=data["place"], by=request.user,
            version=data["version"],
        )  # fmt: skip

    return small(request, report, form, _("Another place or category"), _("Change it"), do, map=bool(where))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def turn(request: HttpRequest, ref: str) -> HttpResponse:
    report = working_on(request, ref)
    if Who.OFFICIAL not in rules.capacities(request.user, report):
        raise Http404
    form = TurnForm(_post(request), initial={"version": report.subject.version}, report=report)
    title = _("Make it an idea") if report.kind == "problem" else _("Make it a problem")

    def do(data: dict[str, Any]) -> TimelineRow:
        return actions.turn(report.pk, category=data["category"], text=data["text"], by=request.user, version=data["version"])  # type: ignore[arg-type]

    say = _("The clock begins anew by the rules of the other kind.")
    return small(request, report, form, title, title, do, say=say)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def restrict(request: HttpRequest, ref: str) -> HttpResponse:
    report = _worker(request, ref)
    if report.subject.visibility not in (Visibility.PUBLIC, Visibility.RESTRICTED):
        raise Http404
    open_now = report.subject.visibility == Visibility.PUBLIC
    form = RestrictForm(_post(request), initial={"version": report.subject.version})

    def do(data: dict[str, Any]) -> TimelineRow:
        return actions.restrict(report.pk, restricted=open_now, text=data["text"], by=request.user, version=data["version"])  # type: ignore[arg-type]

    title = _("Take it out of the public set") if open_now else _("Put it back into the public set")
    return small(request, report, form, title, _("Change it"), do)
