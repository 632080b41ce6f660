"""Who may keep an answer, and for how long: public for visitors of whom nothing is known, nobody for everyone else.

A public page is as new as its data version. While the version is remembered (a second), an answer of 304 costs no
query at all.
"""

from __future__ import annotations

import functools
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language

from geoportal.kernel import compression

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
REMEMBERED_SECONDS = 1.0
MAX_AGE = 1
"""Seconds for which a browser does not ask again. With REMEMBERED_SECONDS, so old is the oldest answer that anybody sees."""


class Remembered:
    """A data version read at most every `seconds` per process: `Remembered(read)()` is what `read()` said lately."""

    def __init__(self, read: Callable[[], object], seconds: float = REMEMBERED_SECONDS) -> None:
        self._read = read
        self._seconds = seconds
        self._value: object = None
        self._until = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> object:
        if time.monotonic() < self._until:
            return self._value
        with self._lock:
            if time.monotonic() >= self._until:
                self._value = self._read()
                self._until = time.monotonic() + self._seconds
            return self._value

    def forget(self) -> None:
        """The next call reads again."""
        self._until = 0.0


def is_public(request: HttpRequest) -> bool:
    """True for a visitor about whom nothing is known: no session, no token, no cookie but those of language and theme."""
    return (
        set(request.COOKIES) <= {settings.LANGUAGE_COOKIE_NAME, settings.THEME_COOKIE_NAME}
        and "HTTP_AUTHORIZATION" not in request.META
    )


def theme_of(request: HttpRequest) -> str:
    """The theme that the visitor chose; '' where none is, or one that nobody knows."""
    chosen = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return chosen if chosen in settings.THEMES else ""


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """No cache may keep it."""
    response["Cache-Control"] = "private, no-store"
    return response


def etag(request: HttpRequest, version: object, theme: str = "", coding: str = "") -> str:
    """A strong validator of this address in this language, theme and content coding at this data version and release."""
    release = getattr(settings, "RELEASE", "")
    whole = "\n".join(
        (str(version), release, get_language() or "", theme, coding, request.method or "", request.get_full_path())
    )
    return quote_etag(hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32])


def unchanged(request: HttpRequest, tag: str) -> bool:
    """True when the reader has this very answer already (If-None-Match, weak comparison as RFC 9110 § 13.1.2 asks)."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    bare = tag.removeprefix("W/")
    return bare in {one.removeprefix("W/") for one in known}


def has_any(request: HttpRequest) -> bool:
    """True when the reader is content with whatever it has, as long as there is an answer (If-None-Match: *)."""
    return request.headers.get("If-None-Match", "").strip() == "*"


class Kept:
    """Whole answers in the memory of the process under their validators, the least used ones leaving: at most `most` bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._size = 0
        self._kept: OrderedDict[str, tuple[bytes, dict[str, str]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tag: str) -> HttpResponse | None:
        """A new response like the one that was kept."""
        with self._lock:
            found = self._kept.get(tag)
            if found is None:
                return None
            self._kept.move_to_end(tag)
        return HttpResponse(found[0], headers=found[1])

    def keep(self, tag: str, response: HttpResponse) -> None:
        """Keeps it, unless it alone is more than a tenth of what may be kept."""
        size = len(response.content) + 1000
        if size > self.most // 10:
            return
        with self._lock:
            if before := self._kept.pop(tag, None):  # another thread made it too
                self._size -= len(before[0]) + 1000
            self._kept[tag] = response.content, dict(response.headers)
            self._size += size
            while self._size > self.most:
                _tag, (body, _headers) = self._kept.popitem(last=False)
                self._size -= len(body) + 1000

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0


kept = Kept(settings.KEPT_ANSWERS_MB * 1024 * 1024)


def public(version: Callable[[], object], *, max_age: int = MAX_AGE, everyone: bool = False) -> Callable[[View[P]], View[P]]:
    """Decorates a GET view whose public answer depends on its address, language, theme and `version()` alone.

    Without cookies but those of language and theme: `public, max-age, ETag`, or 304 before the view runs; an answer given before
    under the same validator is given again without asking the database. With a session or token: `private, no-store`, unless the
    answer is the same for `everyone`.
    """

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def dressed(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD") or not (everyone or is_public(request)):
                return keep_private(view(request, *args, **kwargs))
            coding = compression.of(request)
            tag = etag(request, version(), "" if everyone else theme_of(request), coding)
            if unchanged(request, tag):
                return _dress(HttpResponseNotModified(), tag, max_age, everyone)
            # Whether there is an answer at all is known once it was made.
            if again := kept.get(tag):
                return _dress(HttpResponseNotModified(), tag, max_age, everyone) if has_any(request) else again
            response = view(request, *args, **kwargs)
            if response.status_code != 200 or response.cookies or response.streaming:
                return response
            if isinstance(response, HttpResponse):
                compression.compress(response, coding)
            answer = _dress(response, tag, max_age, everyone)
            if hasattr(response, "content"):
                kept.keep(tag, answer)
            return _dress(HttpResponseNotModified(), tag, max_age, everyone) if has_any(request) else answer

        return dressed

    return decorate


def _dress(response: Any, tag: str, max_age: int, everyone: bool) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={max_age}"
    names = ("Accept-Encoding", "Accept-Language")
    patch_vary_headers(response, names if everyone else ("Cookie", *names))
    return response  # type: ignore[no-any-return]
