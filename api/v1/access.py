"""Who may use a resource, how often, and what all resources have in common."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiToken, User
from api.v1.answers import is_repeat
from geoportal.kernel.throttle import VerbThrottle

SCOPES = {
    "read": _("read what its owner may read"),
    "report": _("send, support"),
    "cases": _("take officially filed cases and register them"),
    "work": _("act on reports as its owner may"),
}


def is_staff(request: Request) -> bool:
    return isinstance(request.user, User) and request.user.works_here


class Open(BasePermission):
    """Everyone; a token needs `read`, for other than safe methods the view's `scope`."""

    message = _("This token was not given the scope that this needs.")

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        needed = "read" if request.method in SAFE_METHODS else getattr(view, "scope", "work")
        return needed in request.auth.scopes


class Person(Open):
    """Whoever is signed in, or a program with a token of the scope."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated) and super().has_permission(request, view)


class InPerson(BasePermission):
    """Signed in by a session: a token can neither see nor make tokens."""

    message = _("Sign in yourself: a token cannot do this.")

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated) and not isinstance(request.auth, ApiToken)


class Limits(VerbThrottle):
    """The limits of the forms, in the same counters; staff of the installation is exempt."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Counts what the resource can do; a method that it lacks is 405, a repeat answers the first: both cost nothing."""
        if not hasattr(view, (request.method or "").lower()) or (view.keeps_answers and is_repeat(request)):
            return True
        return super().allow_request(request, view)

    def is_exempt(self, request: Request) -> bool:
        return is_staff(request)


class NoFormat(DefaultContentNegotiation):
    """The address has no `format` parameter: it is unknown like any other."""

    def filter_renderers(self, renderers: Any, format: Any) -> Any:
        return renderers

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        """What is asked for when we have it, else our own: a reader of errors must not get 406 for its Accept."""
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except Exception:
            return renderers[0], renderers[0].media_type


class Resource(APIView):
    """Base of all resources; each still names its permission."""

    throttle_classes = [Limits]
    keeps_answers = False
    """Its act is done once for an Idempotency-Key."""
    content_negotiation_class = NoFormat
