"""Every parameter of every address with a wrong, an empty, a doubled and an escaped value, in the standard's own form of errors."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from api.open311 import asked, sending, updates
from tests import factories
from tests.api.open311.asking import of, post, program, read, whole

pytestmark = pytest.mark.django_db
RIGHT: dict[str, str] = {
    "service_request_id": "1", "service_code": "pothole", "start_date": "2026-01-31", "end_date": "2026-01-31T08:00:00+02:00",
    "status": "open,closed", "page": "1", "page_size": "10", "per_page": "10", "updated_after": "2026-01-31T08:00:00Z",
    "updated_before": "2199-01-31", "bbox": "23.5,42.8,24,43", "lat": "42.9", "long": "23.6", "radius": "10.5", "q": "дупка & още",
    "extensions": "true", "locale": "en", "jurisdiction_id": "levka.test", "api_key": "x",
}  # fmt: skip
WRONG: dict[str, tuple[str, ...]] = {
    "service_request_id": (",", "1," * 501), "service_code": ("nothing", ",,"), "start_date": ("yesterday", "2026-02-30", "0001-01-01",
    "9999-12-31", "2026-01-31T08:00:00", "2026-01-31T25:00:00Z"), "end_date": ("1", "2026-13-01"), "status": ("OPEN", "received", ","),
    "page": ("0", "-1", "1.5", "x", "1000001"), "page_size": ("0", "1001", "x"), "per_page": ("0", "1001"), "updated_after": ("x",),
    "updated_before": ("x", "2026-1-1"), "bbox": ("1,2,3", "x", "24,43,23,42", "nan,1,2,3", "0,0,1,1e300"), "lat": ("x", "91", "nan"),
    "long": ("x", "181", "1e400"), "radius": ("0", "-5", "50001", "x"), "extensions": ("yes", "1"), "locale": ("de", "bg-BG"),
}  # fmt: skip
NEED = {"lat": "long=23.6", "long": "lat=42.9", "radius": "lat=42.9&long=23.6"}
"""What stands beside it, so that it can be right at all."""
READ = {
    "discovery": (), "v2/services": (), "v2/services/pothole": (), "v2/requests": asked.LISTED, "v2/requests/{}": ("extensions",),
    "v2/servicerequestupdates": updates.LISTED,
}  # fmt: skip


def _get(path: str, query: str) -> tuple[int, Any]:
    answer = Client().get(f"/open311/{path}?{query}")
    return answer.status_code, of(answer)


def _cases(path: str, own: tuple[str, ...]) -> Iterator[tuple[str, str, int]]:
    """(name, query, status) for every parameter of the address; all the wrong values at the list, which reads them all."""
    whole = path == "v2/requests"
    for name in (*own, *(asked.COMMON if whole else ("locale",))):
        beside = NEED.get(name, "")
        right = quote(RIGHT[name])
        if whole:
            yield name, f"{name}={right}&{beside}", 200
        yield name, f"{name}={''.join(f'%{byte:02x}' for byte in RIGHT[name].encode())}&{beside}", 200
        yield name, f"{name}=&{beside if name == 'radius' else ''}", 200
        yield name, f"{name}={right}&{name}={right}&{beside}", 400
        if whole:
            yield name, f"{name}=a%07b", 400
        for value in WRONG.get(name, ())[: None if whole else 1]:
            yield name, f"{name}={quote(value)}&{beside}", 404 if value == "nothing" else 400
    yield "utm_source", "utm_source=x", 400
    yield "locale", "locale=a%00b", 400


def test_every_parameter_of_reading() -> None:
    factories.town()
    number, wrong = factories.report().subject.reference, []
    kinds = itertools.cycle(("json", "xml", "json"))  # an odd number: every address meets both
    for pattern, own in READ.items():
        path = pattern.format(number)
        for name, query, status in _cases(path, own):
            got, tree = _get(f"{path}.{next(kinds)}", query)
            said = " ".join(one["description"] for one in tree) if got >= 400 and got == status else name
            if got != status or name not in said:
                wrong.append((path, query[:60], got, said))
    assert wrong == []
    for query in ("lat=42.9", "long=23.6", "radius=5", "page_size=5&per_page=6", "start_date=2026-01-02&end_date=2026-01-01",
                  "start_date=2026-01-01&end_date=2026-04-02", "updated_after=2026-01-02&updated_before=2026-01-01",
                  "extensions=true&page_size=101", "page=101&page_size=1000", "page=101", "q=" + "я" * 5000):  # fmt: skip
        status, tree = _get("v2/requests.json", query)
        assert (status, len(tree), tree[0]["code"]) == (400, 1, 400), query
    assert read("v2/tokens/x").status == read("v2/tokens/6f0c2d5e-3f0e-4c55-9a57-5d1c6a1f4d0a").status == 404


WRONG_FIELDS: dict[str, tuple[str, ...]] = {
    "service_code": ("", "nothing"), "lat": ("", "x", "91", "1e300"), "long": ("", "x", "nan"), "description": ("я" * 4001, "а\x00б"),
    "email": ("nobody", "а" * 250 + "@x.bg"), "phone": ("abc", "1" * 50), "media_url": ("ftp://x.bg/a.jpg", "picture", "https://x.bg/" + "a" * 1000),
    "first_name": ("и" * 61,), "last_name": ("и" * 61,), "address_string": ("у" * 201,), "locale": ("de",),
    "address_id": ("1" * 201,), "device_id": ("1" * 201,), "account_id": ("1" * 201,), "utm_source": ("x",), "attribute[nothing]": ("x",),
}  # fmt: skip


def test_every_field_of_sending() -> None:
    factories.town()
    key, wrong = program(), []
    assert set(sending.KNOWN) - set(WRONG_FIELDS) == {"jurisdiction_id", "api_key"}
    for name, values in WRONG_FIELDS.items():
        for value in values:
            got = post(whole(key, **{name: value}))
            status = 404 if value == "nothing" else 400
            said = " ".join(got.sentences) if got.status >= 400 else ""
            if got.status != status or (name.split("[")[0] not in said and "lat, long" not in said):
                wrong.append((name, value[:20], got.status, got.tree))
    for name, value in whole(key).items():
        got = post(whole(key, **{name: [value, value]}))
        if got.status != 400 or name not in got.sentences[0]:
            wrong.append((name, "doubled", got.status, got.tree))
    assert wrong == []
    both = [post(whole(key, description=...), path="v2/requests", QUERY_STRING="description=x&api_key=other").status,
            post(whole(key, service_code=..., description=...)).status]  # fmt: skip
    assert both == [400, 400]
