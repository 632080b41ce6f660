"""A moderator reads the name that a co-author wishes to be shown by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.words import quoted
from reports import actions, rules
from reports.models import CoAuthor
from reports.views.desk.entrance import staff
from reports.views.visitor import refuse


class ReadNameForm(forms.Form):
    """The name that was read."""

    name = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def settle(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """`publish` or `reject`; the page says the name, its form carries it."""
    if not rules.is_moderator(request.user) or verb not in ("publish", "reject"):
        raise Http404
    found = get_object_or_404(CoAuthor.objects.to_read(), pk=pk)
    form = ReadNameForm(request.POST if request.method == "POST" else None, initial={"name": found.asked_name})
    by: Any = request.user
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_name(found.pk, name=form.cleaned_data["name"], publish=verb == "publish", by=by)
        except ValidationError as refused:
            refuse(form, refused)
            form.data = {"name": found.asked_name}  # type: ignore[assignment]
        else:
            return redirect("desk_moderation")
    title = _("Publish the name of a co-author") if verb == "publish" else _("Do not publish the name of a co-author")
    context = {
        "report": found.report, "form": form, "title": title, "button": title, "say": quoted(found.asked_name),
        "onward": reverse("desk_moderation"),
    }  # fmt: skip
    return render(request, "reports/small.html", context, status=422 if form.errors else 200)
