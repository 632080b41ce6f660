"""Long forms are read as Django reads them, in a small part of the memory."""

from __future__ import annotations

import tracemalloc
from urllib.parse import quote_plus, urlencode

import pytest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import RequestFactory

from geoportal.kernel import middleware, posted

FORM = "application/x-www-form-urlencoded"
BODIES = [
    b"",
    b"&&a&b=&=c&a=1&a=2",
    b"a=%41%4&b=%&c=%%41&d=%zz%e2%82&e=1=2",
    b"a=x+y%2Bz+&%D0%B8+me=%D0%B4%D0%B0",
    "a=да%D0&b=%D0да".encode(),
    b"a=\xe4%C3%A4&b=\xff",
    urlencode({"text": "Дупка на улицата. " * 40, "z": "100% = 1/1 & +"}).encode(),
]


@pytest.mark.parametrize("piece", [5, 6, 7, 8, 1000])
@pytest.mark.parametrize("body", BODIES)
def test_the_fields_are_those_that_django_reads(body, piece, monkeypatch):
    monkeypatch.setattr(posted, "PIECE", piece)
    found = posted.fields(body)
    assert list(found.lists()) == list(QueryDict(body, encoding="utf-8").lists())
    with pytest.raises(AttributeError):
        found["a"] = "changed"


def _seen(body: str, content_type: str = FORM) -> tuple[QueryDict, int]:
    """What a view behind the guard sees, and the peak of memory in bytes meanwhile."""
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((request.POST, request.FILES))
        return HttpResponse()

    request = RequestFactory().post("/", body, content_type=content_type)
    guard = middleware.Guard(view)
    tracemalloc.start()
    try:
        guard(request)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not seen[0][1]
    return seen[0][0], peak


def test_two_megabytes_of_escapes_take_a_few_times_their_size():
    post, peak = _seen("name=x&within=" + "%41" * 690_000)
    assert post["within"] == "A" * 690_000
    assert peak < 12_000_000  # the library's own reader: 160 MB


def test_too_many_fields_are_still_refused():
    from django.core.exceptions import TooManyFieldsSent

    with pytest.raises(TooManyFieldsSent):
        _seen("&".join(f"{quote_plus('име')}{n}=1" for n in range(4000)))


def test_a_body_in_parts_is_left_as_it_is():
    boundary = "x" * 20
    body = f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n{"%41" * 20_000}\r\n--{boundary}--\r\n'
    post, _peak = _seen(body, f"multipart/form-data; boundary={boundary}")
    assert post["a"] == "%41" * 20_000
