"""Who uses this browser: an account, or a guest whose e-mail was confirmed here within 90 days."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.actions import correspondent_of_account
from accounts.models import Correspondent

COOKIE = "known"
SALT = "geoportal.browser"
DAYS = 90
FRESH_COOKIE = "proven"
FRESH_SALT = "geoportal.proven"
FRESH_SECONDS = 1800
"""For so long after a mailed link was opened a guest may take a copy of the data or erase it."""
OPENED_COOKIE = "opened"
OPENED_SALT = "geoportal.opened"
OPENED_SECONDS = 86_400
OPENED_MOST = 10
"""A link in a letter opens one report, for a day; the browser keeps so many of them, the latest first."""


def remember(response: HttpResponse, correspondent: Correspondent, *, proven: bool = False) -> None:
    """The browser keeps a signed mark of the confirmed address (its row's id, nothing readable).

    `proven`: a single-use link was opened here just now, so the browser may also take a copy or erase.
    """
    marks = [(COOKIE, SALT, DAYS * 86_400)]
    if proven:
        marks.append((FRESH_COOKIE, FRESH_SALT, FRESH_SECONDS))
    for name, salt, seconds in marks:
        response.set_cookie(
            name,
            signing.dumps(correspondent.pk, salt=salt),
            max_age=seconds,
            httponly=True,
            samesite="Lax",
            secure=settings.SECURE,
        )


def remember_for(request: HttpRequest, response: HttpResponse, correspondent: Correspondent, subject_id: int) -> None:
    """The browser may act for the address on this subject alone, for a day: letters are forwarded, and their links with them."""
    mine = (correspondent.pk, subject_id)
    opened = [mine, *(pair for pair in _opened(request) if pair != mine)][:OPENED_MOST]
    response.set_cookie(
        OPENED_COOKIE,
        signing.dumps(opened, salt=OPENED_SALT),
        max_age=OPENED_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def forget(response: HttpResponse) -> None:
    for name in (COOKIE, FRESH_COOKIE, OPENED_COOKIE):
        response.delete_cookie(name, samesite="Lax")


def correspondent_of(request: HttpRequest) -> Correspondent | None:
    """The account's correspondent, or the remembered guest's; None for a stranger. Verified in both cases."""
    if request.user.is_authenticated:
        return Correspondent.objects.filter(user=request.user, verified_at__isnull=False).first()
    pk = _marked(request, COOKIE, SALT, DAYS * 86_400)
    if pk is None:
        return None
    return _guests([pk]).first()


def _guests(ids: list[int]) -> QuerySet[Correspondent]:
    """Those whom a browser's mark may still stand for: proven, not erased, and without an account, which signs in instead."""
    return Correspondent.objects.filter(pk__in=ids, verified_at__isnull=False, user=None).exclude(email="")


def correspondents_for(request: HttpRequest, subject_id: int) -> list[int]:
    """Ids of those in whose name this request may act on the subject: `correspondent_of`, and whose letter opened it here."""
    known = correspondent_of(request)
    opened = [pk for pk, subject in _opened(request) if subject == subject_id]
    return [*([known.pk] if known else []), *(_guests(opened).values_list("pk", flat=True) if opened else [])]


def proven_lately(request: HttpRequest, correspondent: Correspondent) -> bool:
    """The guest's mailed link was opened in this browser within half an hour."""
    return _marked(request, FRESH_COOKIE, FRESH_SALT, FRESH_SECONDS) == correspondent.pk


def _marked(request: HttpRequest, name: str, salt: str, seconds: int) -> int | None:
    try:
        return int(signing.loads(request.COOKIES.get(name, ""), salt=salt, max_age=seconds))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def _opened(request: HttpRequest) -> list[tuple[int, int]]:
    """(correspondent, subject) of the letters whose links were opened here within a day."""
    try:
        pairs = signing.loads(request.COOKIES.get(OPENED_COOKIE, ""), salt=OPENED_SALT, max_age=OPENED_SECONDS)
    except signing.BadSignature:
        return []
    return [(int(correspondent), int(subject)) for correspondent, subject in pairs]


def own_path(request: HttpRequest, path: str) -> str:
    """`path` when it leads to a page of this site, else nothing. At most 500 characters."""
    fits = path.startswith("/") and len(path) <= 500
    return path if fits and url_has_allowed_host_and_scheme(path, {request.get_host()}) else ""


def link_page(request: HttpRequest) -> str:
    """The address of the page that mails a link which leads back here; after a POST, to the page of the form."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return f"{reverse('account_link')}?{urlencode({'next': back})}"


def known_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For an account or a remembered guest the view goes on with `request.correspondent` set (verified).

    Anybody else is led to the page that mails a link; `next` leads back.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        known = correspondent_of(request)
        if known is None and request.user.is_authenticated:
            known = correspondent_of_account(request.user)
        if known is None:
            return redirect(link_page(request))
        request.correspondent = known  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return guarded


def proven_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """As `known_required`, and proven just now: an account by its password or code, a guest by a link opened here."""
    for_account = reauthentication_required(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return for_account(request, *args, **kwargs)
        if proven_lately(request, request.correspondent):  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        return redirect(f"{link_page(request)}&again=1")

    return known_required(guarded)
