"""Errors of APIs as RFC 9457 `application/problem+json`, in the reader's language.

{"type": "about:blank", "title": …, "status": 400, "detail": …, "code": …, "errors": {field: [sentence, …]}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.utils.encoding import force_str
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

CONTENT_TYPE = "application/problem+json"
WHOLE = "non_field_errors"

TITLES = {
    400: _("Something in the request is wrong"),
    401: _("Sign in first"),
    403: _("You may not do this"),
    404: _("Not found"),
    405: _("This cannot be done here"),
    406: _("This format is not offered"),
    409: _("This contradicts an earlier request"),
    410: _("No longer here"),
    412: _("Somebody changed this meanwhile"),
    413: _("Too large"),
    414: _("The address is too long"),
    415: _("This format is not accepted"),
    422: _("Something in the request is wrong"),
    428: _("The version you saw is missing"),
    429: _("Too many requests"),
    500: _("Something broke on our side"),
    503: _("Not available right now"),
    507: _("There is no room left"),
}


class Problem(Exception):
    """An answer of its own: raise it anywhere below a view. Pages show `<status>.html`, APIs a problem document."""

    status = 400
    code = "problem"

    def __init__(
        self, detail: str = "", *, status: int | None = None, code: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status or self.status
        self.code = code or self.code
        self.headers = dict(headers or {})
        self.members: dict[str, Any] = {}


def document(status: int, detail: object = "", errors: Mapping[str, list[str]] | None = None, **members: Any) -> dict[str, Any]:
    """The members of a problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": force_str(TITLES.get(status, TITLES[400 if status < 500 else 500])),
        "status": status,
    }
    if detail:
        body["detail"] = force_str(detail)
    if errors:
        body["errors"] = errors
    return body | members


def problem(
    status: int,
    detail: object = "",
    errors: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> HttpResponse:
    """A problem document as a response; never stored by caches."""
    body = json.dumps(document(status, detail, errors, **members), ensure_ascii=False)
    response = HttpResponse(body, status=status, content_type=CONTENT_TYPE, headers=dict(headers or {}))
    response["Cache-Control"] = "no-store"
    return response


def field_errors(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """{dotted field: [sentence, …]} of what serializers and forms say; errors of the whole stand under `non_field_errors`."""
    if isinstance(detail, Mapping):
        found: dict[str, list[str]] = {}
        for name, part in detail.items():
            own = WHOLE if name == NON_FIELD_ERRORS else force_str(name)
            path = prefix if own == WHOLE and prefix else f"{prefix}.{own}" if prefix else own
            for key, sentences in field_errors(part, path).items():
                found.setdefault(key, []).extend(sentences)
        return found
    if isinstance(detail, list | tuple):
        if any(isinstance(part, Mapping | list) for part in detail):
            return field_errors({str(place): part for place, part in enumerate(detail) if part}, prefix)
        return {prefix or WHOLE: [force_str(part) for part in detail]}
    return {prefix or WHOLE: [force_str(detail)]}


def errors_of(refused: ValidationError) -> dict[str, list[str]]:
    """The same of a Django ValidationError, as verbs and models raise it."""
    if hasattr(refused, "error_dict"):
        return field_errors(refused.message_dict)
    return {WHOLE: list(refused.messages)}


def _of_rest(failed: exceptions.APIException, answer: Response) -> dict[str, Any]:
    if isinstance(failed, exceptions.ValidationError):
        return document(answer.status_code, errors=field_errors(failed.detail), code="invalid")
    if str(failed.detail).startswith("CSRF Failed"):  # the library's own words are English and speak of its parts
        sentence = gettext("The form token is missing or old. Ask for one at /api/v1/session/ and send it as X-CSRFToken.")
        return document(answer.status_code, sentence, code="csrf")
    detail = _unparsed(failed) if isinstance(failed, exceptions.ParseError) else failed.detail
    sentence = "" if answer.status_code == 404 else detail if isinstance(detail, str) else ""
    codes = failed.get_codes()
    return document(answer.status_code, sentence, code=codes if isinstance(codes, str) else "problem")


def _unparsed(failed: exceptions.ParseError) -> str:
    """Where a body breaks off being JSON; of other formats only that they cannot be read."""
    if isinstance(broken := failed.__context__, json.JSONDecodeError):
        place = {"line": broken.lineno, "column": broken.colno}
        return gettext("The body is not JSON: line %(line)d, character %(column)d cannot be read.") % place
    return gettext("The body cannot be read in the format that its Content-Type names.")


def exception_handler(failed: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: every refusal becomes a problem document; what is not a refusal stays an exception (500)."""
    # rest_framework.views loads the classes that settings name, and those may load this module.
    from rest_framework.views import exception_handler as rest_answer
    from rest_framework.views import set_rollback

    answer: Response | None = None
    if isinstance(failed, Problem):
        body = document(failed.status, failed.detail, code=failed.code, **failed.members)
        answer = Response(body, status=failed.status, headers=failed.headers)
    elif isinstance(failed, ValidationError):
        status = getattr(failed, "status", 400)  # a photo without room is 507
        code = getattr(failed, "code", None) or "invalid"
        answer = Response(document(status, errors=errors_of(failed), code=code), status=status)
    elif isinstance(failed, RecursionError) and _while_parsing(failed):
        answer = Response(document(400, gettext("The JSON is nested too deeply."), code="depth"), status=400)
    else:
        answer = rest_answer(failed, context)
        if answer is None:
            return None
        if isinstance(failed, exceptions.APIException):
            answer.data = _of_rest(failed, answer)
        else:  # Http404 and PermissionDenied of Django
            answer.data = document(answer.status_code, code={403: "permission_denied", 404: "not_found"}[answer.status_code])
    set_rollback()
    answer.content_type = CONTENT_TYPE
    answer["Cache-Control"] = "no-store"
    return answer


def _while_parsing(failed: RecursionError) -> bool:
    """True when the recursion happened in a parser of request bodies, not in our own code."""
    trace = failed.__traceback__
    while trace:
        if trace.tb_frame.f_globals.get("__name__") == "rest_framework.parsers":
            return True
        trace = trace.tb_next
    return False
