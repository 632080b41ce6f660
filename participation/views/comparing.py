"""What a department does with a comparison: prepares it, opens it, gives it more time, chooses, stops it."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation import rules
from participation.actions import comparison as actions
from participation.forms.alternative import ComparisonForm, DecideForm, ProlongForm
from participation.forms.consultation import SureForm
from participation.forms.event import WordsForm
from participation.forms.survey import end_of
from participation.models import Comparison
from participation.unheard import warning
from participation.views.afterwards import acted_then
from participation.views.found import organised
from participation.views.organise import done, over, page
from reports.views.acknowledged import acknowledge
from reports.views.said import typed

METHODS = ["GET", "HEAD", "POST"]


def _found(request: HttpRequest, ref: str) -> Comparison:
    return organised(request, ref, Comparison)


@never_cache
@login_required
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    if not rules.consults(request.user):
        raise Http404
    form = ComparisonForm(typed(request), user=request.user, initial={"client_uuid": uuid.uuid4()})  # type: ignore[misc]
    key = lambda: form.cleaned_data["client_uuid"]  # noqa: E731
    made = done(request, form, lambda: actions.prepare(form.said(), by=request.user, client_uuid=key()))  # type: ignore[arg-type]
    if made is not None:
        acknowledge(request, _("It is kept. Add two to four alternatives, then open it."))
        return redirect("comparison", made.subject.reference)
    say = _("Only your department sees it before you open it.")
    return page(request, form, _("Prepare alternatives"), _("Keep it"), kind="comparison", say=say, draw="area")


@never_cache
@login_required
@require_http_methods(METHODS)
def change(request: HttpRequest, ref: str) -> HttpResponse:
    comparison = _found(request, ref)
    form = ComparisonForm(typed(request), user=request.user, initial=ComparisonForm.first(comparison), kept=comparison.border)  # type: ignore[misc]
    do = lambda: actions.change(comparison.pk, form.said(), by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, comparison, form, do, _("Saved."), "comparison"):
        return answer
    return over(request, comparison, "change") or page(
        request, form, _("Change the question"), _("Save"), event=comparison, draw="area"
    )


@never_cache
@login_required
@require_http_methods(METHODS)
def open_it(request: HttpRequest, ref: str) -> HttpResponse:
    """Refused with fewer than two variants."""
    comparison = _found(request, ref)
    form = SureForm(typed(request), initial={"version": comparison.subject.version})
    do = lambda: actions.open_it(comparison.pk, by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, comparison, form, do, _("The alternatives are public."), "comparison"):
        return answer
    say = _(
        "Everyone sees them from now on and may write until %(day)s. They stay as they are, only the time can be made longer."
    )
    say %= {"day": f"{comparison.last_day:%d.%m.%Y}"}
    return over(request, comparison, "open") or page(
        request, form, _("Open the alternatives"), _("Open it"), event=comparison, say=say
    )


@never_cache
@login_required
@require_http_methods(METHODS)
def prolong(request: HttpRequest, ref: str) -> HttpResponse:
    comparison = _found(request, ref)
    form = ProlongForm(typed(request), initial={"version": comparison.subject.version, "day": comparison.last_day})

    def do() -> None:
        data = form.cleaned_data
        actions.prolong(comparison.pk, end_of(data["day"]), text=data["text"], by=request.user, version=data["version"])  # type: ignore[arg-type]

    if answer := acted_then(request, comparison, form, do, _("It runs longer; followers hear so."), "comparison"):
        return answer
    return over(request, comparison, "prolong") or page(request, form, _("Give it more time"), _("Save"), event=comparison)


@never_cache
@login_required
@require_http_methods(METHODS)
def decide(request: HttpRequest, ref: str) -> HttpResponse:
    """One variant is preferred, with the reason; after the clock closed it."""
    comparison = _found(request, ref)
    form = DecideForm(typed(request), comparison=comparison, initial={"version": comparison.subject.version})

    def do() -> None:
        data = form.cleaned_data
        actions.decide(
            comparison.pk, data["preferred"], text=data["text"], language=get_language() or "bg", by=request.user,  # type: ignore[arg-type]
            version=data["version"],
        )  # fmt: skip

    if answer := acted_then(
        request, comparison, form, do, _("The choice is public. Followers of each alternative hear it."), "comparison"
    ):
        return answer
    say = _("Everyone reads which one and why. Who follows any of them is told.")
    return over(request, comparison, "decide") or page(
        request, form, _("Which alternative is preferred?"), _("Publish the choice"), event=comparison, say=say,
        **warning(comparison.subject, request.user),
    )  # fmt: skip


@never_cache
@login_required
@require_http_methods(METHODS)
def stop(request: HttpRequest, ref: str) -> HttpResponse:
    comparison = _found(request, ref)
    form = WordsForm(typed(request), initial={"version": comparison.subject.version})

    def do() -> None:
        data = form.cleaned_data
        actions.stop(comparison.pk, text=data["text"], by=request.user, version=data["version"])  # type: ignore[arg-type]

    if answer := acted_then(request, comparison, form, do, _("It is stopped."), "comparison"):
        return answer
    say = _("It ends without a choice. Everyone reads why; nothing can be written of it any more.")
    return over(request, comparison, "stop") or page(request, form, _("Stop it"), _("Stop it"), event=comparison, say=say)
