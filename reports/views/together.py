"""Pages of those who stand with an author: inviting co-authors, agreeing by the mailed link, organisations under their name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.browser import remember, remember_for
from geoportal.kernel import throttle
from reports import actions, co_author_links, workflow
from reports.access import co_author_of, proven_author
from reports.forms.errors import errors_by_field
from reports.forms.together import EndorseForm, InviteForm, JoinForm
from reports.models import CoAuthor, Endorsement, Report
from reports.views.page import found
from reports.views.said import taking_out, typed


def _idea(request: HttpRequest, ref: str) -> Report:
    report = found(request, ref)
    if report.kind != workflow.Kind.IDEA or not report.is_public or report.status in workflow.WORDLESS:
        raise Http404
    return report


def _refuse(form: Form, refused: Exception) -> None:
    """A refusal stands at its field, with everything typed."""
    if isinstance(refused, ValidationError):
        for name, errors in errors_by_field(refused).items():
            form.add_error(name if name in form.fields else None, errors)
    elif isinstance(refused, throttle.Throttled):
        form.add_error(None, refused.detail)
    else:
        form.add_error(None, _("This is not possible any more: the idea has moved on. Look at its page."))


REFUSALS = (ValidationError, throttle.Throttled, actions.NotAllowed)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def co_authors(request: HttpRequest, ref: str) -> HttpResponse:
    """The author invites, and takes back what nobody has answered."""
    report = _idea(request, ref)
    if not proven_author(request, report):
        raise Http404
    by = request.user if request.user.is_authenticated else None
    form = InviteForm(request.POST if request.method == "POST" and "take_back" not in request.POST else None)
    if request.method == "POST":
        try:
            if pk := request.POST.get("take_back", ""):
                _take_back(report, pk, by)
                return redirect("report_co_authors", report.subject.reference)
            if form.is_valid():
                throttle.limit(request, "write", contact=form.cleaned_data["email"])
                actions.invite(report.pk, form.cleaned_data["email"], by=by, proven_author=True, language=get_language() or "")
                messages.success(request, _("The invitation is on its way."))
                return redirect("report_co_authors", report.subject.reference)
        except REFUSALS as refused:
            _refuse(form if form.is_bound else _bound(form), refused)
    rows = CoAuthor.objects.filter(report=report, correspondent__isnull=False)
    context = {"report": report, "form": form, "rows": rows}
    return render(request, "reports/co_authors.html", context, status=422 if form.errors else 200)


def _bound(form: Form) -> Form:
    form.is_bound, form.cleaned_data = True, {}
    return form


def _take_back(report: Report, pk: str, by: Any) -> None:
    mine = (
        CoAuthor.objects.filter(report=report, pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    )
    if mine is None:
        raise Http404
    actions.take_back(mine.pk, by=by, proven_author=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of an invitation: what it means, agree or decline. GET never acts."""
    asked = co_author_links.asked(token)
    if asked is None:
        return render(request, "reports/expired.html", status=410)
    form = JoinForm(
        typed(request) if request.method == "POST" else None, initial={"public_name": asked.asked_name or asked.public_name}
    )
    if request.method == "POST" and "decline" in request.POST:
        actions.leave(asked.pk)
        messages.success(request, _("You are not a co-author."))
        return redirect(asked.report.subject.path)
    if request.method == "POST" and not taking_out(request) and form.is_valid():
        try:
            throttle.limit(request, "write")
            known, first = actions.agree(asked.pk, public_name=form.cleaned_data["public_name"])
        except REFUSALS as refused:
            _refuse(form, refused)
        else:
            assert known.correspondent is not None
            messages.success(request, _("You are a co-author of this idea."))
            response = redirect(asked.report.subject.path)
            if first:
                remember(response, known.correspondent)
            elif known.correspondent.user_id is None:
                remember_for(request, response, known.correspondent, asked.report_id)
            return response
    context = {"asked": asked, "report": asked.report, "form": form}
    return render(request, "reports/join.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, ref: str) -> HttpResponse:
    """A co-author leaves; only the author withdraws the idea."""
    report = _idea(request, ref)
    mine = co_author_of(request, report)
    if mine is None:
        raise Http404
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        actions.leave(mine.pk)
        messages.success(request, _("You are not a co-author."))
        return redirect("report", report.subject.reference)
    say = _("What you wrote stays. Your name is taken off the page. To withdraw the whole idea, ask its author.")
    context = {"report": report, "form": form, "title": _("Leave as a co-author"), "button": _("Leave"), "say": say}
    return render(request, "reports/small.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def endorse(request: HttpRequest, ref: str) -> HttpResponse:
    """A member of a verified organisation says that it stands behind the idea, or takes that back."""
    report = _idea(request, ref)
    theirs = actions.may_endorse(request.user)
    if not theirs:
        raise Http404
    form = EndorseForm(request.POST if request.method == "POST" else None, organisations=theirs)
    if request.method == "POST" and form.is_valid():
        try:
            throttle.limit(request, "write")
            chosen = form.cleaned_data["organisation"]
            verb = actions.unendorse if "back" in request.POST else actions.endorse
            verb(report.pk, chosen, by=request.user)  # type: ignore[operator, arg-type]
            return redirect("report", report.subject.reference)
        except (*REFUSALS, PermissionDenied) as refused:
            _refuse(form, refused)
    behind = Endorsement.objects.filter(report=report, organisation__in=theirs).select_related("organisation")
    context = {"report": report, "form": form, "behind": behind}
    return render(request, "reports/endorse.html", context, status=422 if form.errors else 200)
