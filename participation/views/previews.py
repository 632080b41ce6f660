"""A prepared consultation as whoever was given its link reads it, its papers too; the link is made anew."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from geoportal.kernel.conditional import keep_private
from participation.actions import consultation as actions
from participation.forms.consultation import SureForm
from participation.models import Consultation
from participation.previewing import previewed
from participation.views.afterwards import acted_then
from participation.views.consultations import context_of, file_of
from participation.views.found import organised
from participation.views.organise import over, page
from reports.views.said import typed


@never_cache
@require_safe
def preview(request: HttpRequest, ref: str, token: str) -> HttpResponseBase:
    """What is prepared; once it is open, its page."""
    consultation = _opened(ref, token)
    if consultation.subject.is_public:
        return redirect("consultation", consultation.subject.reference)
    context = {**context_of(request, consultation), "acts": [], "previewed": token}
    return keep_private(render(request, "participation/consultation.html", context))


@never_cache
@require_safe
def paper(request: HttpRequest, ref: str, token: str, pk: uuid.UUID) -> HttpResponseBase:
    """A paper of it; once it is open, its own address."""
    consultation = _opened(ref, token)
    if consultation.subject.is_public:
        return redirect("consultation_paper", consultation.subject.reference, pk)
    return keep_private(file_of(consultation, pk))


def _opened(ref: str, token: str) -> Consultation:
    consultation = previewed(ref, token)
    if consultation is None:
        raise Http404
    return consultation


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, ref: str) -> HttpResponse:
    """Whoever has the former link reads nothing more."""
    found = organised(request, ref, Consultation)
    form = SureForm(typed(request), initial={"version": found.subject.version})
    do = lambda: actions.renew_link(found.pk, by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, found, form, do, _("The former link opens nothing any more."), "consultation"):
        return answer
    say = _("The former link opens nothing any more. Give the new one to whom you wish.")
    title = _("Make a new preview link?")
    return over(request, found, "renew_link") or page(request, form, title, _("Make a new link"), event=found, say=say)
