"""„Was it solved?“: asked in the mail of the answer and on the author's own page. Two buttons; GET never acts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.models import TimelineRow
from geoportal.kernel import throttle
from reports import actions
from reports.access import proven_author
from reports.actions.author import last_solution, may_judge, said_already, solution_of
from reports.forms.author import ActForm
from reports.forms.errors import errors_by_field
from reports.models import Report
from reports.solved_links import asked
from reports.views.acknowledged import acknowledge
from reports.views.author import keep_photo_of, own, sent_photos
from reports.views.said import taking_out, typed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the links of the mail; holding it proves the author, whatever the browser."""
    found = asked(token)
    if found is None:
        return render(request, "reports/solved_over.html", {"report": None}, status=410)
    report, solution = found
    return _page(request, report, solution)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_author(request: HttpRequest, ref: str) -> HttpResponse:
    """The same from the report's page."""
    report = own(request, ref)
    return _page(request, report, last_solution(report))


def _page(request: HttpRequest, report: Report, solution: TimelineRow | None) -> HttpResponse:
    yes = request.POST.get("answer") == "yes"
    form = ActForm(*_sent(request, yes), fields=("text", "photo"))
    form.fields["text"].label = _("What is still wrong?")
    answers = request.method == "POST" and (yes or (not taking_out(request) and form.is_valid()))
    if answers and _said(solution, form, yes):
        return _thanks(request, report, yes)
    if solution is None or not may_judge(report, solution_of(report)) or solution != solution_of(report):
        known = proven_author(request, report) or report.is_public
        return render(request, "reports/solved_over.html", {"report": report if known else None}, status=410)
    if answers:
        try:
            return _done(request, report, form, yes)
        except (ValidationError, throttle.Throttled, actions.NotAllowed) as refused:
            if _said(solution, form, yes):  # the first of two clicks was being recorded
                return _thanks(request, report, yes)
            form = form if form.is_bound else ActForm(request.POST, fields=("text", "photo"))
            _place(form, refused)
    return _form(request, report, solution, form)


def _said(solution: TimelineRow | None, form: ActForm, yes: bool) -> bool:
    text = "" if yes else form.cleaned_data["text"]
    return solution is not None and said_already(solution, yes=yes, text=text)


def _form(request: HttpRequest, report: Report, solution: TimelineRow, form: ActForm) -> HttpResponse:
    words = getattr(solution, "words", None)
    context = {"report": report, "form": form, "no": request.GET.get("answer") == "no" or form.is_bound, "said": words}
    if form.is_bound:
        context["shot"] = keep_photo_of(request, form)
    return render(request, "reports/solved.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest, yes: bool) -> tuple[Any, Any]:
    return (typed(request), request.FILES) if request.method == "POST" and not yes else (None, None)


def _done(request: HttpRequest, report: Report, form: ActForm, yes: bool) -> HttpResponse:
    throttle.limit(request, "write")
    by: Any = request.user if request.user.is_authenticated and request.user.pk == report.author_id else None
    if yes:
        actions.confirm_solved(report.pk, by=by, proven_author=True)
    else:
        given = actions.Given(text=form.cleaned_data["text"], photo=sent_photos(request, form.cleaned_data["kept"]))
        actions.act(report.pk, "request_reopen", by=by, proven_author=True, given=given)
    return _thanks(request, report, yes)


def _thanks(request: HttpRequest, report: Report, yes: bool) -> HttpResponse:
    """What the first answer shows, and every repeat of it."""
    if report.is_public or proven_author(request, report):
        said = _("Thank you. It is noted that the problem is gone.")
        acknowledge(request, said if yes else _("Thank you. What is still wrong is noted, and an official reads it."))
        return redirect("report", report.subject.reference)
    return render(request, "reports/solved_over.html", {"report": None, "thanks": True})


def _place(form: ActForm, refused: Exception) -> None:
    if isinstance(refused, throttle.Throttled):
        form.add_error(None, refused.detail)
    elif isinstance(refused, ValidationError):
        for name, errors in errors_by_field(refused).items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, _("This is not possible any more: the report has moved on. Look at its page."))
