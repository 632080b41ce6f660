"""Answers and refusals of Open311, and what all its addresses have in common."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import trans_real
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from api.open311.tree import KINDS, spelled
from geoportal.kernel.problems import TITLES, Problem, errors_of

EXPOSED = "Link, X-Total-Count, ETag, Retry-After"


def absolute(path: str) -> str:
    """The address of a page, photo or resource on this site."""
    return f"{settings.SITE_URL}{path}"


def when(moment: datetime.datetime | None) -> str | None:
    """ISO 8601 to the second, with the offset of the municipality's time zone."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def answer(root: str, tree: Any, kind: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The tree as "xml" or "json"."""
    return HttpResponse(spelled(root, tree, kind), status=status, content_type=KINDS[kind], headers=dict(headers or {}))


def refused(*sentences: object, status: int = 400, headers: Mapping[str, str] | None = None) -> Problem:
    """A refusal with one error for each sentence."""
    failed = Problem(force_str(sentences[0]) if sentences else "", status=status, headers=headers)
    failed.members = {"sentences": [force_str(one) for one in sentences]}
    return failed


def refusal(request: HttpRequest, failed: Problem) -> HttpResponse:
    """The form of errors that the standard has; for addresses without a format it is XML, which everyone must be able to read."""
    sentences: Sequence[str] = failed.members.get("sentences") or [
        failed.detail or force_str(TITLES.get(failed.status, TITLES[400]))
    ]
    kind = "json" if request.path.endswith(".json") else "xml"
    tree = [{"code": failed.status, "description": sentence} for sentence in sentences]
    response = answer("errors", tree, kind, status=failed.status, headers=failed.headers)
    response["Cache-Control"] = "no-store"
    return dressed(request, response)


def dressed(request: HttpRequest, response: HttpResponseBase) -> Any:
    """Pages of other sites may read what everyone may read; keys do not belong into pages, so POST stays closed to them."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@method_decorator(csrf_exempt, name="dispatch")
class Resource(View):
    """Knows nobody by a session: who may do something says a key. Sentences come in `locale`, else as Accept-Language asks."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = _language(request)
        with translation.override(language):
            response = dressed(request, self._answered(request, *args, **kwargs))
        response.headers.setdefault("Content-Language", language)
        return response

    def _answered(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if self.wrong_locale(request):
                raise bad("locale", _("Known: %(names)s.") % {"names": ", ".join(code for code, _name in settings.LANGUAGES)})
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return refusal(request, Problem(status=404))
        except ValidationError as failed:
            sentences = [sentence for found in errors_of(failed).values() for sentence in found]
            return refusal(request, refused(*sentences, status=getattr(failed, "status", 400)))
        except Problem as failed:
            return refusal(request, failed)

    def wrong_locale(self, request: HttpRequest) -> bool:
        asked = request.GET.get("locale", "")
        return bool(asked) and asked not in dict(settings.LANGUAGES)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        names = [name.upper() for name in self.http_method_names if hasattr(self, name)]
        return refusal(request, Problem(status=405, headers={"Allow": ", ".join(names)}))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """For browsers that ask before they read."""
        return HttpResponse(status=204, headers={"Access-Control-Allow-Methods": "GET, HEAD, OPTIONS"})


def _language(request: HttpRequest) -> str:
    """The language asked for by name, else the one of Accept-Language; cookies of the pages say nothing here."""
    known = dict(settings.LANGUAGES)
    if (asked := request.GET.get("locale", "")) in known:
        return asked
    for code, _quality in trans_real.parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if (short := code.split("-")[0]) in known:
            return short
    return settings.LANGUAGE_CODE


def shown(name: str) -> str:
    """A name that somebody sent, short and printable."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:60])


def bad(name: str, sentence: object, status: int = 400) -> Problem:
    """400 that names the parameter."""
    return refused(f"{shown(name)}: {sentence}", status=status)
