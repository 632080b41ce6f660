"""What the owner of a policy enters: programmes, their measures, their words, and how much each part counts."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.models import Subject
from geoportal.kernel.references import parse
from participation import rules
from participation.actions import policy as actions
from participation.actions import weights as weighing
from participation.forms.adopted import PolicyForm, ProjectForm, WeightsForm
from participation.forms.consultation import SureForm
from participation.models import Policy
from participation.views.found import organised
from participation.views.organise import done, over, page
from reports.views.acknowledged import acknowledge
from reports.views.said import typed

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@login_required
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    if not rules.adopts(request.user):
        raise Http404
    form = PolicyForm(typed(request), user=request.user, initial={"client_uuid": uuid.uuid4()})  # type: ignore[misc]
    if made := done(request, form, lambda: _adopted(request, form)):
        acknowledge(request, _("The programme is public. Add its measures, then make promises with a day."))
        return redirect("policy", made.subject.reference)
    say = _("A programme, strategy or plan that was adopted. It is public at once, and residents follow what comes of it.")
    return page(request, form, _("Enter a programme"), _("Publish"), kind="policy", say=say)


def _adopted(request: HttpRequest, form: PolicyForm) -> Policy:
    return actions.adopt(form.said(), by=request.user, client_uuid=form.cleaned_data["client_uuid"])  # type: ignore[arg-type]


@never_cache
@login_required
@require_http_methods(METHODS)
def measure_new(request: HttpRequest, ref: str) -> HttpResponse:
    programme = organised(request, ref, Policy)
    if programme.parent_id is not None:
        raise Http404
    subject = programme.subject
    first = {
        "client_uuid": uuid.uuid4(), "sector": subject.sector, "organisation": programme.organisation, "until": programme.until,
        "settlement": subject.area if subject.area.parent_id else None,
    }  # fmt: skip
    form = PolicyForm(typed(request), user=request.user, parent=programme, initial=first)  # type: ignore[misc]
    if made := done(request, form, lambda: _adopted(request, form)):
        acknowledge(request, _("The measure is public."))
        return redirect("policy", made.subject.reference)
    return over(request, programme, "weigh") or page(request, form, _("Add a measure"), _("Publish"), event=programme)


@never_cache
@login_required
@require_http_methods(METHODS)
def change(request: HttpRequest, ref: str) -> HttpResponse:
    policy = organised(request, ref, Policy)
    form = PolicyForm(typed(request), user=request.user, policy=policy, initial=PolicyForm.first(policy))  # type: ignore[misc]

    def do() -> Policy:
        data = form.cleaned_data
        actions.change(policy.pk, form.said(), by=request.user, why=data["why"], version=data["version"])  # type: ignore[arg-type]
        return policy

    if done(request, form, do):
        acknowledge(request, _("It is changed. The reason, and what it said before, stand in its history."))
        return redirect("policy", policy.subject.reference)
    return over(request, policy, "change") or page(request, form, _("Change the policy"), _("Save"), event=policy)


@never_cache
@login_required
@require_http_methods(METHODS)
def weights(request: HttpRequest, ref: str) -> HttpResponse:
    policy = organised(request, ref, Policy)
    parts = weighing.parts_of(policy)
    form = WeightsForm(typed(request), parts=parts, initial={"version": policy.subject.version})

    def do() -> Policy:
        weighing.weigh(policy.pk, form.weights(), by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
        return policy

    if done(request, form, do):
        acknowledge(request, _("The weights are saved; how far it is was counted anew."))
        return redirect("policy", policy.subject.reference)
    say = _("2 counts twice as much as 1; the sum does not matter. What counts how much is public, and so is each change.")
    if not parts:
        say = _("Nothing counts here yet: add a measure, a promise or a planned project first.")
    return over(request, policy, "weigh") or page(request, form, _("What counts how much"), _("Save"), event=policy, say=say)


@never_cache
@login_required
@require_http_methods(METHODS)
def project_new(request: HttpRequest, ref: str) -> HttpResponse:
    policy = organised(request, ref, Policy)
    form = ProjectForm(typed(request), policy=policy, initial={"version": policy.subject.version})

    def do() -> Policy:
        data = form.cleaned_data
        given: dict[str, Any] = {"weight": data["weight"], "version": data["version"]}
        if not weighing.carry_out(policy.pk, data["project"], by=request.user, **given):  # type: ignore[arg-type]
            raise ValidationError({"project": _("This project is linked here already.")}, code="known")
        return policy

    if done(request, form, do):
        acknowledge(request, _("The project counts here by its milestones."))
        return redirect("policy", policy.subject.reference)
    return over(request, policy, "carried_out_by") or page(
        request, form, _("Carried out by a planned project"), _("Link"), event=policy
    )


@never_cache
@login_required
@require_http_methods(METHODS)
def project_drop(request: HttpRequest, ref: str, project: str) -> HttpResponse:
    """The project of that number does not count here any more."""
    policy = organised(request, ref, Policy)
    number = parse(project)
    links = weighing.links_of(policy.pk).filter(target__is_public=True, target__reference=number)
    subject = Subject.objects.filter(pk__in=links.values("target")).first() if number else None
    if subject is None:
        raise Http404
    form = SureForm(typed(request), initial={"version": policy.subject.version})

    def do() -> Policy:
        weighing.not_carry_out(policy.pk, subject, by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
        return policy

    if done(request, form, do):
        return redirect("policy", policy.subject.reference)
    return over(request, policy, "not_carried_out_by") or page(
        request, form, _("It does not count here any more"), _("Take it away"), event=policy, say=subject.title
    )
