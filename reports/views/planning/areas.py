"""Areas that a planner drew: saved under a name, chosen, renamed, deleted."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports.actions import planning as verbs
from reports.forms.planning import AreaForm, NameForm
from reports.planning.kept import SavedArea
from reports.views.planning.entrance import person, planner


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def areas(request: HttpRequest) -> HttpResponse:
    """The person's areas, and the form that saves one: `?within=` is drawn already, `?query=` is the question to go on with."""
    sent = request.method == "POST"
    given = {name: request.GET.get(name, "") for name in ("within", "query")}
    form = AreaForm(request.POST if sent else None, initial=given)
    if sent and form.is_valid():
        try:
            made = verbs.save_area(person(request), form.cleaned_data["name"], form.cleaned_data["within"])
        except ValidationError as refused:
            form.add_error("name", refused.messages)
        else:
            query = form.cleaned_data["query"]
            return redirect(f"{reverse('planning')}?{f'{query}&' if query else ''}within=saved:{made.pk}")
    context = {
        "areas": SavedArea.objects.of(person(request)).defer("polygon"),
        "form": form,
        "drawn": given["within"],
    }
    return render(request, "planning/areas.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def area(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One of the person's own: another name, or away (asked once more, with what would no longer open)."""
    found = get_object_or_404(SavedArea.objects.of(person(request)), pk=pk)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if request.POST.get("do") == "delete":
        verbs.delete_area(found)
        messages.success(request, _("The area is deleted."))
        return redirect("planning_areas")
    if request.method == "POST" and form.is_valid():
        try:
            verbs.rename_area(found, form.cleaned_data["name"])
            return redirect("planning_areas")
        except ValidationError as refused:
            form.add_error("name", refused.messages)
    context = {"area": found, "form": form, "used": verbs.analyses_with(found)}
    return render(request, "planning/area.html", context, status=400 if form.errors else 200)
