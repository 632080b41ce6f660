"""Public answers in the reader's content coding."""

from __future__ import annotations

import gzip

import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from geoportal.kernel import compression
from geoportal.kernel.conditional import public

TEXT = "Дупка пред училището. " * 200


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_the_coding_is_one_that_the_reader_takes(header: str, coding: str) -> None:
    assert compression.of(RequestFactory().get("/", headers={"Accept-Encoding": header})) == coding


def test_a_public_page_is_the_same_in_every_coding_with_a_validator_for_each() -> None:
    page = public(lambda: 1)(lambda _request: HttpResponse(TEXT))
    answers = {
        coding: page(RequestFactory().get("/coded/", headers={"Accept-Encoding": coding})) for coding in ("br", "gzip", "")
    }
    assert brotli.decompress(answers["br"].content).decode() == TEXT
    assert gzip.decompress(answers["gzip"].content).decode() == TEXT
    assert answers[""].content.decode() == TEXT
    assert [answer.get("Content-Encoding", "") for answer in answers.values()] == ["br", "gzip", ""]
    assert len({answer["ETag"] for answer in answers.values()}) == 3
    assert all("Accept-Encoding" in answer["Vary"] for answer in answers.values())
    again = page(RequestFactory().get("/coded/", headers={"Accept-Encoding": "br", "If-None-Match": answers["br"]["ETag"]}))
    assert again.status_code == 304


def test_what_is_short_or_no_text_or_private_goes_as_it_is() -> None:
    short = public(lambda: 1)(lambda _request: HttpResponse("кратко"))
    picture = public(lambda: 1)(lambda _request: HttpResponse(b"x" * 5000, content_type="image/jpeg"))
    private = public(lambda: 1)(lambda _request: HttpResponse(TEXT))
    factory = RequestFactory(headers={"Accept-Encoding": "br"})
    factory.cookies["session"] = "x"
    open_factory = RequestFactory(headers={"Accept-Encoding": "br"})
    assert not short(open_factory.get("/short/")).has_header("Content-Encoding")
    assert not picture(open_factory.get("/picture/")).has_header("Content-Encoding")
    assert not private(factory.get("/private/")).has_header("Content-Encoding")


@pytest.mark.parametrize(
    ("method", "address", "coding"), [("get", "/form/", "br"), ("get", "/form/?text=csrf", None), ("post", "/form/", None)]
)
def test_a_form_is_compressed_only_where_nobody_could_put_a_word_into_it(method: str, address: str, coding: str | None) -> None:
    page = compression.compressed_unasked(lambda _request: HttpResponse(TEXT))
    answer = page(getattr(RequestFactory(), method)(address, headers={"Accept-Encoding": "br"}))
    assert answer.get("Content-Encoding") == coding
    assert (brotli.decompress(answer.content) if coding else answer.content).decode() == TEXT
    assert answer["Vary"] == "Accept-Encoding"
