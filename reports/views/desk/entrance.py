"""Who may enter the desk: signed in, or sent to sign in; without a role, the same 404 as for anything missing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from geoportal.kernel.references import parse
from reports.models import Report

View = Callable[..., HttpResponseBase]


def staff(view: View) -> View:
    @functools.wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.works_here:
            raise Http404
        return view(request, *args, **kwargs)

    return entered


def working_on(request: HttpRequest, ref: str) -> Report:
    """The report, when it belongs to the person's work; 404 else."""
    reference = parse(ref)
    found = (
        Report.objects.for_desk(request.user)
        .with_page_facts()
        .select_related("assignee", "category__regime", "words")
        .filter(subject__reference=reference)
        .first()
        if reference
        else None
    )
    if found is None:
        raise Http404
    return found
