"""What surrounds every request: walls before it, an identity for its log lines, headers after it."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import parse_qsl, quote_plus

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import select_template
from django.utils import translation
from django.utils.translation import gettext

from geoportal.kernel import metrics, posted
from geoportal.kernel.logs import request_id
from geoportal.kernel.problems import TITLES, Problem, problem

log = logging.getLogger("geoportal.request")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# A drawn area of 200 corners under every filter fits.
LONGEST_ADDRESS = 8_192
# Five photos of 12 MB and the words around them; every other body is text.
LARGEST_UPLOAD = 62 * 1024 * 1024
UPLOADS = ("multipart/form-data", "image/", "application/octet-stream")
HEADERS = {
    "Permissions-Policy": "accelerometer=(), camera=(self), display-capture=(), geolocation=(self), gyroscope=(),"
    " magnetometer=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


OwnForm = Callable[[HttpRequest, Problem], HttpResponse]
_own_forms: dict[str, OwnForm] = {}


def refusals_below(prefix: str, form: OwnForm) -> None:
    """Addresses below the prefix answer every refusal in the form of the standard that they follow, `form` makes it."""
    _own_forms[prefix] = form


def own_form(path: str) -> OwnForm | None:
    """How this address answers a refusal, where its standard has a form of its own."""
    return next((form for prefix, form in _own_forms.items() if path.startswith(prefix)), None)


def is_machine(path: str) -> bool:
    """True for addresses whose errors are documents for programs rather than pages."""
    return path.startswith(("/api/", "/tiles/", "/ogc/", "/livez", "/readyz", "/metrics", *_own_forms))


def reads_address(view: View) -> View:
    """Marks a view that itself refuses what nobody can read in the address, naming the field as its page does."""
    view.reads_address = True  # type: ignore[attr-defined]
    return view


def answers_data(view: View) -> View:
    """Marks a view that answers JSON among pages: so are its refusals, whatever the asker says to accept."""
    view.answers_data = True  # type: ignore[attr-defined]
    return view


class Guard:
    """Middleware; stands outside sessions, so that what it refuses costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        identity = uuid.uuid4().hex
        # Not taken back afterwards: Django logs refusals after this has returned, and the next request has its own.
        request_id.set(identity)
        response = self._refuse(request) or self._passed(request)
        self._dress(request, response, identity)
        self._note(request, response, time.perf_counter() - started)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Addresses for programs have no language in them: they answer in the one the request asks for.

        NUL in the address is refused here, where the language is known.
        """
        if request.path.startswith(("/api/", "/tiles/", "/ogc/", *_own_forms)):
            translation.activate(translation.get_language_from_request(request))
        if "\x00" in request.path:
            return answer(request, Problem(status=400, code="control"))
        if "%00" not in request.META.get("QUERY_STRING", "") or hasattr(view, "reads_address"):
            return None
        return answer(request, _unreadable(request))

    def process_exception(self, request: HttpRequest, failed: Exception) -> HttpResponse | None:
        """A `Problem` becomes its own answer; a database that is away is 503 with Retry-After, not 500."""
        if isinstance(failed, Problem):
            return answer(request, failed)
        if isinstance(failed, OperationalError | InterfaceError):
            log.error("database unavailable: %s", type(failed.__cause__ or failed).__name__)
            return answer(request, Problem(status=503, code="unavailable", headers={"Retry-After": "10"}))
        return None

    def _passed(self, request: HttpRequest) -> HttpResponseBase:
        posted.read_in_pieces(request)
        return self.get_response(request)

    def _refuse(self, request: HttpRequest) -> HttpResponse | None:
        """In the reader's language, which nobody has found out so far outside."""
        from_path = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(translation.get_language_from_request(request) if is_machine(request.path) else from_path):
            if failed := self._refusal(request):
                request.LANGUAGE_CODE = translation.get_language() or from_path
                return answer(request, failed)
        return None

    def _refusal(self, request: HttpRequest) -> Problem | None:
        if len(request.get_full_path()) > LONGEST_ADDRESS:
            return _too_long(request)
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return Problem(status=400, code="length")
        upload = request.META.get("CONTENT_TYPE", "").lower().startswith(UPLOADS)
        most = LARGEST_UPLOAD if upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE or LARGEST_UPLOAD
        return (
            Problem(gettext("Send fewer or smaller photos, or less text."), status=413, code="too_large")
            if length > most
            else None
        )

    def _dress(self, request: HttpRequest, response: HttpResponseBase, identity: str) -> None:
        response["X-Request-ID"] = identity
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        caching = response.headers.get("Cache-Control", "")
        if not caching:
            response["Cache-Control"] = "private, no-store"
        elif "public" in caching and response.cookies:
            # A shared cache must never keep somebody's cookie.
            response["Cache-Control"] = "private, no-store"

    def _note(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        match = request.resolver_match
        route = (match.view_name or match.route) if match else ""
        method = request.method if request.method in METHODS else "other"
        metrics.REQUESTS.labels(route, method, str(response.status_code)).inc()
        metrics.SECONDS.labels(route).observe(seconds)
        facts = {"route": route, "method": request.method, "status": response.status_code, "ms": round(seconds * 1000, 1)}
        log.info("answered", extra={"facts": facts})


def _too_long(request: HttpRequest) -> Problem:
    """The parameter whose value alone is too long is a bad one and is named; else the address as a whole is."""
    pairs = parse_qsl(request.META.get("QUERY_STRING", ""))
    name, value = max(pairs, key=lambda pair: len(pair[1]), default=("", ""))
    if len(quote_plus(value)) > LONGEST_ADDRESS // 2:
        return _named(name, gettext("This is too long. Shorten it."), "parameter")
    return Problem(gettext("Leave away what stands after the question mark."), status=414, code="address")


_labels: Callable[[], Mapping[str, object]] = dict


def labels_from(source: Callable[[], Mapping[str, object]]) -> None:
    """The app that owns the parameters says here what people call them: {name: label}."""
    global _labels
    _labels = source


def _named(name: str, sentence: str, code: str) -> Problem:
    """A 400 that names the parameter: „label (name): sentence“, the name alone where it has no label."""
    shown = name.replace("\x00", "?")[:60]
    called = f"{label} ({shown})" if (label := _labels().get(shown)) else shown
    failed = Problem(f"{called}: {sentence}" if called else sentence, status=400, code=code)
    failed.members = {"parameter": shown, "errors": {shown: [sentence]}}
    return failed


def _unreadable(request: HttpRequest) -> Problem:
    """Names the first parameter that holds NUL."""
    name = next((name for name, values in request.GET.lists() if "\x00" in name + "".join(values)), "")
    return _named(name, gettext("The text holds characters that cannot be shown. Remove them and send again."), "control")


def answer(request: HttpRequest, failed: Problem) -> HttpResponse:
    """The response of a `Problem`: a document for machines and scripts (in their standard's own form), `<status>.html` for people (`reason`: why)."""
    if form := own_form(request.path):
        return form(request, failed)
    asked = request.resolver_match and hasattr(request.resolver_match.func, "answers_data")
    if asked or is_machine(request.path) or request.path.endswith(".json"):
        return problem(failed.status, failed.detail, headers=failed.headers, code=failed.code, **failed.members)
    template = select_template([f"{failed.status}.html", "400.html" if failed.status < 500 else "500.html"])
    facts = {"status": failed.status, "title": TITLES.get(failed.status, TITLES[400]), "reason": failed.detail}
    response = HttpResponse(template.render(facts, request), status=failed.status, headers=failed.headers)
    response["Cache-Control"] = "no-store"
    return response
