"""The description of this API (OpenAPI 3.1) and its reader, served from our own files under the strict policy."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView

from api.v1.access import NoFormat, Open
from api.v1.answers import only
from api.v1.reader_words import WORDS

SECONDS = 300
PROBLEM = {
    "description": "What went wrong, RFC 9457",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
}


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema calls our tokens."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token made under /api/v1/tokens/"}


def with_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Every operation may answer with a problem document; all but tokens are open without signing in. Values that are counted up stand
    where they are meant: states, kinds and forms of one name differ from thing to thing."""
    _without_marks(result)
    schemas = result["components"].setdefault("schemas", {})
    schemas["ProblemDocument"] = PROBLEM_SCHEMA
    # A whole report has every field of what is told of a withdrawn one: „exactly one of them“ would be true of none.
    schemas["ReportTold"] = {"anyOf": schemas["ReportTold"]["oneOf"]}
    for path, operations in result["paths"].items():
        for operation in operations.values():
            if "/tokens/" not in path:
                operation["security"].append({})
            operation["responses"]["default"] = PROBLEM
    return result


def _without_marks(part: Any) -> None:
    """Takes away what the library marks enumerations with for its own use."""
    if isinstance(part, dict):
        part.pop("x-spec-enum-id", None)
    for below in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _without_marks(below)


PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "parameter": {"type": "string", "description": "the parameter of the address that was refused"},
        "errors": {
            "type": "object",
            "description": "by field",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


class Schema(SpectacularJSONAPIView):
    """OpenAPI 3.1 as JSON."""

    permission_classes = [Open]
    content_negotiation_class = NoFormat
    authentication_classes: list[Any] = []

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        only(request)
        response = super().get(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=SECONDS)
        return response


@require_safe
def docs(request: HttpRequest) -> HttpResponseBase:
    """The reader of the schema; its scripts and styles are files of this site."""
    return render(request, "api/docs.html", {"words": {english: str(word) for english, word in WORDS.items()}})
