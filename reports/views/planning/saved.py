"""Saved analyses: a question under a name, opened by whoever may plan, changed by its owner."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from reports.actions import planning as verbs
from reports.forms.planning import ChangedAnalysisForm, NewAnalysisForm
from reports.planning.asking import listed
from reports.planning.kept import SavedAnalysis
from reports.views.planning.entrance import person, planner

MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def analyses(request: HttpRequest) -> HttpResponse:
    """Mine and the colleagues', newest first; `?query=` is a question that waits for its name."""
    sent = request.method == "POST"
    form = NewAnalysisForm(
        request.POST if sent else None, user=person(request), initial={"query": request.GET.get("query", ""), "shared": True}
    )
    if sent and form.is_valid() and _saved(form, person(request)):
        messages.success(request, _("The analysis is saved."))
        return redirect("planning_saved")
    every = SavedAnalysis.objects.select_related("owner").order_by("-created_at")
    context = {
        "mine": listed(every.of(person(request))[:MOST]),
        "others": listed(every.shared_with(person(request))[:MOST]),
        "form": form if sent or request.GET.get("query") else None,
    }
    return render(request, "planning/saved.html", context, status=400 if form.errors else 200)


def _saved(form: NewAnalysisForm, owner: User) -> bool:
    """False when the verb refuses; the form then says why."""
    given = form.cleaned_data
    try:
        verbs.save_analysis(owner, given["name"], given["query"], shared=given["shared"])
    except ValidationError as refused:
        form.add_error("name", refused.messages)
        return False
    return True


@require_safe
@planner
def opened(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The link that colleagues open: it leads to the question's address."""
    found = get_object_or_404(SavedAnalysis, pk=pk)
    return redirect(f"{reverse('planning')}?{found.query}")


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def changed(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Of one's own: another name, shown to colleagues or not, or away (this page is the question)."""
    found = get_object_or_404(SavedAnalysis.objects.of(person(request)), pk=pk)
    initial = {"name": found.name, "shared": found.shared, "version": found.version}
    form = ChangedAnalysisForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.POST.get("do") == "delete":
        verbs.delete_analysis(found)
        messages.success(request, _("The analysis is deleted."))
        return redirect("planning_saved")
    if request.method == "POST" and form.is_valid() and _changed(form, found):
        return redirect("planning_saved")
    return render(request, "planning/change.html", {"found": found, "form": form}, status=form.status)


def _changed(form: ChangedAnalysisForm, found: SavedAnalysis) -> bool:
    """False when the verb refuses; the form then says why, and `found` is as it now is."""
    try:
        verbs.change_analysis(found.pk, found.owner, **form.cleaned_data)
    except SavedAnalysis.DoesNotExist as gone:
        raise Http404 from gone
    except ValidationError as refused:
        found.refresh_from_db()
        form.refuse(refused, found.version)
        return False
    return True
