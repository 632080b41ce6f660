"""Who may enter the planners' pages: strangers sign in, people without a role find nothing, other officials are told no."""

from __future__ import annotations

import functools
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from geoportal.kernel.middleware import reads_address
from reports.rules import may_plan
from reports.views.desk.entrance import View, staff


def planner(view: View) -> View:
    """For those who may plan; no cache keeps the answer, which counts restricted reports too."""

    @functools.wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_plan(request.user):
            raise PermissionDenied
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return reads_address(staff(entered))


def administrator(view: View) -> View:
    """For administrators alone."""

    @functools.wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not person(request).has_role("administrator"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return planner(entered)


def person(request: HttpRequest) -> User:
    """Who asks; `planner` has let nobody else in."""
    return cast(User, request.user)
