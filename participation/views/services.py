"""`/services/`: what the municipality does for people; one service with what was recommended to it and what has changed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from discussion.conversation import conversation
from discussion.links import without
from discussion.models import Link
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import parse
from municipality.site import sectors
from participation import filtering, recommended, rules, wording
from participation.actions.service import add_service, describe_anew, tell_change
from participation.forms.policy import ChangeForm
from participation.forms.service import ServiceForm
from participation.models import Service
from participation.views.begun import begin
from participation.views.organise import done, page
from participation.views.policies import UNUSED, observed
from reports.cards import card, card_rows
from reports.filters import Filters
from reports.freshness import data_version
from reports.querysets import today
from reports.views.acknowledged import acknowledge
from reports.views.said import typed


@require_safe
@public(data_version)
def service_list(request: HttpRequest) -> HttpResponseBase:
    """All services by sector; `sector` and `q` as everywhere."""
    filters, bad = Filters.readable(request.GET, request.user, refused=(*UNUSED, "area"))
    rows = filtering.of_spine(Service, filters).with_page_facts().order_by("subject__sector__order", "order", "pk")
    groups = [
        (sector, [wording.service_card(one) for one in group])
        for sector, group in groupby(rows, key=lambda one: one.subject.sector)
    ]
    context = {"groups": groups, "bad": bad, "given": filters.given, "filtered": bool(filters.given), "sectors": sectors()}
    context["keeps"] = rules.keeps_services(request.user)
    return render(request, "participation/services/list.html", context)


def _found(request: HttpRequest, slug: str) -> Service:
    """By its slug, or by its number."""
    rows = Service.objects.visible_to(request.user).with_page_facts().select_related("department")
    service = rows.filter(slug=slug).first() or (rows.filter(subject__reference=parse(slug)).first() if parse(slug) else None)
    if service is None:
        raise Http404
    return service  # type: ignore[no-any-return]


@require_safe
@public(data_version)
def service_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    service = _found(request, slug)
    if slug != service.slug:
        return redirect("service", service.slug)
    return render(request, "participation/services/page.html", _context(request, service))


def _context(request: HttpRequest, service: Service) -> dict[str, Any]:
    subject = service.subject
    ideas = list(card_rows(recommended.ideas(subject.pk))[: recommended.MOST])
    talk = conversation(subject, request)
    above = {one.pk for one in ideas}
    talk.related = without(talk.related, Link.Kind.RECOMMENDS, above)  # they stand above, with their states
    return {
        "service": service, "subject": subject, "title": text_in(service.name), "rows": recommended.changes(subject.pk),
        "ideas": [card(row, today()) for row in ideas], "observed": observed(subject.pk), "talk": talk,
        "answers": rules.answers_for(request.user, service.department_id), "keeps": rules.keeps_services(request.user),
    }  # fmt: skip


@never_cache
@require_safe
def recommend(request: HttpRequest, slug: str) -> HttpResponse:
    """A begun idea that is linked to the service once it is sent."""
    service = _found(request, slug)
    return begin(request, service.subject, title=_("For the service “%(name)s”") % {"name": text_in(service.name)[:100]})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever gives the service tells what has changed."""
    service = _found(request, slug)
    if not rules.answers_for(request.user, service.department_id):
        raise Http404
    form = ChangeForm(typed(request), initial={"version": service.subject.version})

    def do() -> Service:
        tell_change(service.pk, form.cleaned_data["text"], by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
        return service

    if done(request, form, do):
        acknowledge(request, _("Everyone reads now what has changed."))
        return redirect("service", service.slug)
    return page(request, form, _("What has changed?"), _("Tell it"), event=service)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if not rules.keeps_services(request.user):
        raise Http404
    form = ServiceForm(typed(request))
    slug = lambda: form.cleaned_data["slug"]  # noqa: E731
    sector = lambda: form.cleaned_data["sector"]  # noqa: E731
    made = done(request, form, lambda: add_service(slug(), form.facts(), sector=sector(), by=request.user))  # type: ignore[arg-type]
    if made is not None:
        acknowledge(request, _("The service is public, with a place for recommendations."))
        return redirect("service", made.slug)
    say = _("Services of the municipality's data files are loaded from there; what is written here stays beside them.")
    return page(request, form, _("Add a service"), _("Publish"), kind="service", say=say)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    """What is said of it, anew."""
    service = _found(request, slug)
    if not rules.keeps_services(request.user):
        raise Http404
    form = ServiceForm(typed(request), service=service, initial=ServiceForm.first(service))

    def do() -> Service:
        data = form.cleaned_data
        given: dict[str, Any] = {"sector": data["sector"], "by": request.user, "version": data["version"]}
        describe_anew(service.pk, form.facts(), **given)
        return service

    if done(request, form, do):
        return redirect("service", service.slug)
    say = _("Where the municipality's data files hold this service, the next load of them says what stands there.")
    return page(request, form, _("Change what is said of it"), _("Save"), event=service, say=say)
