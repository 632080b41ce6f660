"""My data: a copy of everything, the way out; for accounts and guests."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import browser
from accounts.forms import EraseForm
from accounts.models import Correspondent
from reports import my_copy
from reports.actions import person


@never_cache
@browser.known_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What the site keeps about me, how to take a copy, how to be erased."""
    return render(request, "accounts/data.html", {"form": EraseForm()})


@never_cache
@browser.proven_required
@require_safe
def copy(request: HttpRequest) -> HttpResponseBase:
    """The copy as a file; only shortly after it was proven who asks."""
    known: Correspondent = request.correspondent  # type: ignore[attr-defined]
    name = f"my-data-{timezone.localdate().isoformat()}.zip"
    return FileResponse(my_copy.written(known), as_attachment=True, filename=name, content_type="application/zip")


@never_cache
@browser.proven_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """One page with what stays and what goes, one box, one button; only shortly after it was proven who asks."""
    known: Correspondent = request.correspondent  # type: ignore[attr-defined]
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person.erase(known)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            logout(request)
            messages.success(request, _("Your personal data are erased."))
            answer = redirect("map")
            browser.forget(answer)
            return answer
    return render(request, "accounts/erase.html", {"form": form}, status=422 if form.errors else 200)
