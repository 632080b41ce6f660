"""What the owner of a policy does: promises, says what was kept, moves a promise, ends the policy."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.addresses import page_of
from geoportal.kernel.multilingual import text_in
from participation.actions import policy as actions
from participation.actions.move import act
from participation.forms.adopted import UnkeepForm
from participation.forms.policy import EndForm, KeepForm, PostponeForm, PromiseForm
from participation.models import Policy, Promise
from participation.views.found import organised
from participation.views.organise import done, over, page
from reports.views.acknowledged import acknowledge
from reports.views.said import typed


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, ref: str) -> HttpResponse:
    policy = organised(request, ref, Policy)
    if why := actions.over_above(policy):
        context = {"event": policy, "page_url": page_of(policy.subject), "why": why}
        return render(request, "participation/over.html", context, status=409)
    form = PromiseForm(typed(request), initial={"version": policy.subject.version, "weight": 1})

    def do() -> Policy:
        actions.promise(policy.pk, form.said(), by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
        return policy

    if done(request, form, do):
        acknowledge(request, _("The promise is public. Whoever follows hears of it."))
        return redirect("policy", policy.subject.reference)
    return over(request, policy, "promise") or page(request, form, _("Make a promise"), _("Promise"), event=policy)


def _found(policy: Policy, pk: int) -> Promise:
    found = policy.promises.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _settled(request: HttpRequest, policy: Policy, promise: Promise, *, kept: bool = False) -> HttpResponse | None:
    """Whoever comes back, or sends again, is told how the promise stands; None where it is as the act needs it."""
    if (promise.done_on is not None) == kept:
        return None
    why = _("The promise is open, not kept: nothing is left to take back.")
    if not kept:
        why = _(
            "It is noted already that this promise was kept. If that was a mistake, take it back on the page of the policy."
        )
    context = {"event": policy, "page_url": page_of(policy.subject), "why": why}
    return render(request, "participation/over.html", context, status=409)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    policy = organised(request, ref, Policy)
    promise = _found(policy, pk)
    if settled := _settled(request, policy, promise):
        return settled
    form = KeepForm(typed(request), initial={"version": policy.subject.version, "done_on": timezone.localdate()})

    def do() -> Policy:
        actions.keep(policy.pk, promise.pk, by=request.user, **form.kept())  # type: ignore[arg-type]
        return policy

    if done(request, form, do):
        acknowledge(request, _("It is noted that the promise was kept."))
        return redirect("policy", policy.subject.reference)
    return _about(request, policy, "keep", form, promise, _("The promise was kept"), _("Say so"))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unkeep(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    policy = organised(request, ref, Policy)
    promise = _found(policy, pk)
    if settled := _settled(request, policy, promise, kept=True):
        return settled
    lately = actions.said_lately(policy.pk, promise.pk, timezone.now())
    form = UnkeepForm(typed(request), lately=lately, initial={"version": policy.subject.version})

    def do() -> Policy:
        data = form.cleaned_data
        actions.unkeep(policy.pk, promise.pk, by=request.user, text=data["text"], version=data["version"])  # type: ignore[arg-type]
        return policy

    if done(request, form, do):
        acknowledge(request, _("It is taken back. The promise is open again, with its day."))
        return redirect("policy", policy.subject.reference)
    return _about(
        request, policy, "unkeep", form, promise, _("The promise was not kept after all"), pgettext("withdraw", "Take it back")
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def postpone(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    policy = organised(request, ref, Policy)
    promise = _found(policy, pk)
    if settled := _settled(request, policy, promise):
        return settled
    form = PostponeForm(typed(request), initial=PostponeForm.first(promise, policy.subject.version))

    def do() -> Policy:
        data = form.cleaned_data
        given = {name: data[name] for name in ("due_on", "text", "version")}
        actions.postpone(policy.pk, promise.pk, by=request.user, **given)  # type: ignore[arg-type]
        return policy

    if done(request, form, do):
        acknowledge(request, _("The new day is public, with the reason."))
        return redirect("policy", policy.subject.reference)
    return _about(request, policy, "postpone", form, promise, _("Move the promise"), _("Move"))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, ref: str) -> HttpResponse:
    policy = organised(request, ref, Policy)
    form = EndForm(typed(request), initial={"version": policy.subject.version})

    def do() -> Policy:
        data = form.cleaned_data
        act(Policy, policy.pk, "end", by=request.user, version=data["version"], text=data["text"])  # type: ignore[arg-type]
        return policy

    if done(request, form, do):
        return redirect("policy", policy.subject.reference)
    return over(request, policy, "end") or page(request, form, _("The policy is over"), _("Say so"), event=policy)


def _about(
    request: HttpRequest, policy: Policy, name: str, form: Any, promise: Promise, title: str, button: str
) -> HttpResponse:
    """The form with the promise that it is about above it."""
    return over(request, policy, name) or page(request, form, title, button, event=policy, say=text_in(promise.text))
