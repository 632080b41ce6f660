"""My data: a copy of everything, the way out."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import browser
from accounts.forms import EraseForm
from reports.actions import person


@never_cache
@login_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What the site keeps about me, how to take a copy, how to be erased."""
    return render(request, "accounts/data.html", {"form": EraseForm()})


@never_cache
@login_required
@reauthentication_required
@require_safe
def copy(request: HttpRequest) -> HttpResponseBase:
    """The copy as a file; only shortly after the password was given."""
    user: Any = request.user
    answer = JsonResponse(person.copy_of(user), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate().isoformat()}.json"'
    return answer


@never_cache
@login_required
@reauthentication_required(allow_get=True)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """One page with what stays and what goes, one box, one button; only shortly after the password was given."""
    user: Any = request.user
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person.erase(user)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            logout(request)
            messages.success(request, _("Your account and your personal data are erased."))
            answer = redirect("map")
            browser.forget(answer)
            return answer
    return render(request, "accounts/erase.html", {"form": form})
