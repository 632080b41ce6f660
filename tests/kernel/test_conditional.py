from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import translation

from geoportal.kernel.conditional import Kept, Remembered, etag, kept, public, unchanged


class Page:
    """A page at a data version; counts how often it was made."""

    def __init__(self, response: type[HttpResponse] = HttpResponse) -> None:
        self.version = 1
        self.made = 0
        self.asked = 0
        self.response = response
        self.status = 200
        self.sets_cookie = False

    def read(self) -> int:
        self.asked += 1
        return self.version

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.made += 1
        response = self.response(f"page {self.version}", status=self.status)
        if self.sets_cookie:
            response.set_cookie("seen", "1")
        return response


@pytest.fixture
def page() -> Page:
    return Page()


def answer(page: Page, request: HttpRequest) -> Any:
    return public(page.read, max_age=60)(page)(request)


def test_a_visitor_gets_a_public_page_and_then_304_without_making_it(page: Page, rf: RequestFactory) -> None:
    first = answer(page, rf.get("/"))
    assert first["Cache-Control"] == "public, max-age=60"
    assert first["Vary"] == "Cookie, Accept-Encoding, Accept-Language"
    for sent in (first["ETag"], f'"other", {first["ETag"]}', f"W/{first['ETag']}"):
        again = answer(page, rf.get("/", HTTP_IF_NONE_MATCH=sent))
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert page.made == 1


@pytest.mark.parametrize("most", [0, 100_000])
def test_any_answer_is_304_only_where_there_is_one(
    most: int, page: Page, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "most", most)
    for _kept in range(2):
        again = answer(page, rf.get("/any/", HTTP_IF_NONE_MATCH="*"))
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag(rf.get("/any/"), 1))
    assert answer(page, rf.get("/any/")).content == b"page 1"
    page.status = 404
    assert answer(page, rf.get("/none/", HTTP_IF_NONE_MATCH="*")).status_code == 404
    kept.forget()


def test_another_version_address_language_or_release_is_another_page(page: Page, rf: RequestFactory, settings: Any) -> None:
    tags = {answer(page, rf.get("/"))["ETag"], answer(page, rf.get("/?q=1"))["ETag"]}
    with translation.override("en"):
        tags.add(answer(page, rf.get("/"))["ETag"])
    page.version = 2
    tags.add(answer(page, rf.get("/"))["ETag"])
    settings.RELEASE = "2"
    tags.add(answer(page, rf.get("/"))["ETag"])
    assert len(tags) == 5


@pytest.mark.parametrize("cookie", ["session", "csrf", "messages", "browser", "_fbp"])
def test_whoever_brings_a_cookie_gets_a_private_page(cookie: str, page: Page, rf: RequestFactory) -> None:
    tag = answer(page, rf.get("/"))["ETag"]
    request = rf.get("/", HTTP_IF_NONE_MATCH=tag)
    request.COOKIES[cookie] = "x"
    response = answer(page, request)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert not response.has_header("ETag")


def test_the_language_cookie_alone_is_no_person(page: Page, rf: RequestFactory, settings: Any) -> None:
    request = rf.get("/")
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert answer(page, request)["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_a_chosen_theme_is_no_person_and_a_page_of_its_own(theme: str, page: Page, rf: RequestFactory) -> None:
    plain = answer(page, rf.get("/themed/"))
    request = rf.get("/themed/", HTTP_IF_NONE_MATCH=plain["ETag"])
    request.COOKIES["theme"] = theme
    chosen = answer(page, request)
    assert (chosen.status_code, chosen["Cache-Control"], chosen["Vary"]) == (
        200,
        "public, max-age=60",
        "Cookie, Accept-Encoding, Accept-Language",
    )
    assert page.made == 2
    again = rf.get("/themed/", HTTP_IF_NONE_MATCH=chosen["ETag"])
    again.COOKIES["theme"] = theme
    assert answer(page, again).status_code == 304


def test_an_unknown_theme_is_none(page: Page, rf: RequestFactory) -> None:
    request = rf.get("/odd/")
    request.COOKIES["theme"] = "<script>"
    assert answer(page, request)["ETag"] == answer(page, rf.get("/odd/"))["ETag"]


def test_what_is_the_same_for_everyone_has_one_validator_in_every_theme(page: Page, rf: RequestFactory) -> None:
    request = rf.get("/tile/")
    request.COOKIES["theme"] = "dark"
    shown = public(page.read, everyone=True)(page)
    assert shown(request)["ETag"] == shown(rf.get("/tile/"))["ETag"]


def test_a_token_is_a_person(page: Page, rf: RequestFactory) -> None:
    assert answer(page, rf.get("/", HTTP_AUTHORIZATION="Token x"))["Cache-Control"] == "private, no-store"


def test_writing_is_private(page: Page, rf: RequestFactory) -> None:
    assert answer(page, rf.post("/"))["Cache-Control"] == "private, no-store"


def test_errors_cookies_and_streams_are_not_made_public(rf: RequestFactory) -> None:
    missing, greeting, stream = Page(), Page(), Page(StreamingHttpResponse)  # type: ignore[arg-type]
    missing.status = 404
    greeting.sets_cookie = True
    for page in (missing, greeting, stream):
        assert not answer(page, rf.get("/")).has_header("Cache-Control")


def test_if_none_match_that_makes_no_sense(rf: RequestFactory) -> None:
    tag = etag(rf.get("/"), 1)
    assert unchanged(rf.get("/", HTTP_IF_NONE_MATCH=tag), tag)
    for sent in ("", "x", '"', "\x00", '"' + "x" * 4000 + '"'):
        assert not unchanged(rf.get("/", HTTP_IF_NONE_MATCH=sent), tag)


def test_a_version_is_read_once_in_a_while(page: Page) -> None:
    remembered = Remembered(page.read, seconds=3600)
    assert [remembered() for _number in range(5)] == [1] * 5
    page.version = 2
    assert remembered() == 1
    remembered.forget()
    assert remembered() == 2
    assert page.asked == 2


def test_the_least_used_answers_leave_when_there_are_too_many() -> None:
    kept = Kept(50_000)
    for name in "abcdefghij":
        kept.keep(name, HttpResponse(b"x" * 4_000))
    assert kept.get("a") is not None
    kept.keep("k", HttpResponse(b"x" * 4_000))
    assert (kept.get("b"), kept.get("a") is None, kept.get("k") is None) == (None, False, False)
    kept.keep("large", HttpResponse(b"x" * 5_000))
    assert kept.get("large") is None


def test_an_answer_that_takes_anothers_place_counts_with_its_own_length() -> None:
    """Two threads made the same one, and what it tells grew between them."""
    kept, names = Kept(50_000), "abcdefghijk"
    for length in (1, 4_000):
        for name in names[:10]:
            kept.keep(name, HttpResponse(b"x" * length))
    assert all(kept.get(name) for name in names[:10])
    kept.keep("k", HttpResponse(b"x" * 4_000))
    assert [name for name in names if kept.get(name) is None] == ["a"]
