"""Answers and what they hang on: JSON by orjson, GeoJSON pages, versions, names of parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.models import User
from geoportal.kernel import idempotency
from geoportal.kernel.addresses import address_block
from geoportal.kernel.problems import Problem
from reports.filters import Filters
from reports.parameters import BadParameter

GEOJSON = "application/geo+json"
_VERSION = re.compile(r'(?:W/)?"(\d{1,9})"', re.ASCII)


def answer(
    body: Any, *, status: int = 200, kind: str = "application/json", headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """`body` as JSON; dates, UUIDs and `orjson.Fragment` may stand in it."""
    return HttpResponse(orjson.dumps(body), status=status, content_type=kind, headers=dict(headers or {}))


def absolute(path: str) -> str:
    """The address of a page or resource on this site."""
    return f"{settings.SITE_URL}{path}"


def page(request: Request, features: list[Any], following: str | None) -> HttpResponse:
    """A FeatureCollection whose `next` (and Link header) leads on; None at the end."""
    link = absolute(f"{request.path}?{following}") if following else None
    headers = {"Link": f'<{link}>; rel="next"'} if link else None
    return answer({"type": "FeatureCollection", "features": features, "next": link}, kind=GEOJSON, headers=headers)


def bad_parameter(name: str, sentence: str) -> Problem:
    """400 that names the parameter."""
    failed = Problem(f"{name}: {sentence}", status=400, code="parameter")
    failed.members = {"parameter": name, "errors": {name: [sentence]}}
    return failed


def only(request: Request, known: Iterable[str] = ()) -> None:
    """Refuses parameters of the address that are not among the known, stand there twice, or have no value."""
    names = list(known)
    _said_once(request)
    if unknown := sorted(set(request.query_params) - set(names)):
        listed = ", ".join(names) or _("none")
        raise bad_parameter(shown(unknown[0]), _("Unknown parameter. Known: %(names)s.") % {"names": listed})


def _said_once(request: Request) -> None:
    """A page's form sends its empty fields along; a program that does has lost what it wanted to say."""
    for name, values in sorted(request.query_params.lists()):
        if len(values) > 1:
            raise bad_parameter(shown(name), str(BadParameter.ONCE))
        if not values[0].strip():
            raise bad_parameter(shown(name), _("It has no value. Write one, or leave the parameter away."))


def shown(name: str) -> str:
    """A name that somebody sent, short and printable."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:60])


def filters(request: Request, *, refused: tuple[str, ...] = (), limit: int = 100, own_keys: bool = False) -> Filters:
    """The filter language, strictly. `own_keys`: the list is not in the order of time, its `cursor` is `api.v1.paging`'s."""
    _said_once(request)
    query = request.query_params
    if own_keys:
        query = query.copy()
        query.pop("cursor", None)
    try:
        return Filters.from_query(query, request.user, strict=True, refused=refused, limit=limit)
    except BadParameter as bad:
        raise bad_parameter(shown(bad.name), bad.messages[0]) from bad


def version_tag(version: int) -> str:
    """The ETag of a thing that is changed under a version."""
    return f'"{version}"'


def seen_version(request: Request) -> int:
    """The version in If-Match. Raises Problem: 428 without one, 400 for one that is none."""
    text = request.headers.get("If-Match", "").strip()
    if not text:
        raise Problem(
            _("Send the version you saw as If-Match; it is the ETag of the report."), status=428, code="version_missing"
        )
    found = _VERSION.fullmatch(text)
    if not found:
        raise Problem(_("If-Match must be the ETag of the report."), status=400, code="version_malformed")
    return int(found[1])


def is_repeat(request: Request) -> bool:
    """The sender has an answer under this Idempotency-Key. Asked of the database once a request."""
    found: bool | None = getattr(request, "_is_repeat", None)
    if found is None:
        found = idempotency.is_repeat(idempotency.parse_key(request.headers.get("Idempotency-Key")), creator(request))
        request._is_repeat = found
    return found


def creator(request: Request) -> str:
    """Who sends, for idempotency keys: the account, else the block of network addresses."""
    if isinstance(request.user, User):
        return f"account:{request.user.pk}"
    return f"address:{address_block(request._request)}"
