"""Error answers: pages in the reader's language, problem+json at the addresses for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from geoportal.kernel.middleware import answer, is_machine, own_form
from geoportal.kernel.problems import Problem, problem


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if own_form(request.path):
        return answer(request, Problem(status=status))
    if is_machine(request.path):
        return problem(status)
    response = render(request, f"{status}.html", status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`reason` is Django's, English and about its parts; people need the remedy."""
    said = gettext("The form is too old, or cookies are switched off. Go back, load the page again and send once more.")
    return answer(request, Problem(said, status=403, code="csrf"))
