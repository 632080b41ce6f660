"""Default deny: every address × method × role is listed in a matrix_*.py beside this file; an unlisted one fails.

A row is (address name, name of its arguments in the world, {role or "*": {method: status}}). `"*"` stands for all roles
not named; a method that is not named must answer 405 to everyone for whom the address exists, or what GET answers
(404, 403, 302 to the sign-in page) to those for whom it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.template.backends.django import Template
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests.walls.world import METHODS, ROLES, World, build

FOREIGN = ("admin", "account_", "socialaccount")
"""Addresses of the libraries: their own tests are theirs, who may enter is tested in tests/accounts."""


def matrix() -> list[tuple[str, str, dict[str, dict[str, int]]]]:
    files = sorted(Path(__file__).parent.glob("matrix_*.py"))
    return [row for file in files for row in import_module(f"tests.walls.{file.stem}").MATRIX]


def names(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found += names(pattern, space)
        elif isinstance(pattern, URLPattern):
            found.append(f"{prefix}{pattern.name}" if pattern.name else f"{prefix}unnamed {pattern.pattern}")
    return found


def test_every_address_is_listed():
    listed = {name for name, _kwargs, _roles in matrix()}
    known = {name for name in names(get_resolver()) if not name.startswith(FOREIGN)}
    assert known - listed == set(), "addresses that no matrix lists"
    assert listed - known == set(), "matrix rows without an address"


def expected(rows: dict[str, dict[str, int]], role: str, method: str) -> set[int]:
    row = rows.get(role, rows.get("*", {}))
    if method in row:
        return {row[method]}
    return {405, *({row["GET"]} if row.get("GET") in (302, 403, 404) else ())}


def asked(rows: dict[str, dict[str, int]]) -> Iterator[tuple[str, str]]:
    """(role, method): every role by the methods that pages have or that anyone is listed for; by the rest who may least and most."""
    known = {"GET", "POST", *(method for row in rows.values() for method in row)}
    for role in ROLES:
        yield from ((role, method) for method in METHODS if method in known or role in ("anonymous", "administrator"))


@pytest.mark.django_db
def test_every_address_answers_every_role_as_listed(settings, monkeypatch):
    settings.LIMITS = {
        "*": ""
    }  # so many requests of one address in a row are nobody's; how many are too many is asked elsewhere
    # What the page of a refusal says is asked elsewhere; drawing it 5,000 times takes a minute.
    monkeypatch.setattr("geoportal.errors.render", lambda _request, _template, status, **_rest: HttpResponse(status=status))
    # What a page shows to each role is read by test_sentinels.py; who may ask for it is asked here.
    drawn = Template.render
    monkeypatch.setattr(
        Template, "render", lambda self, context=None, request=None: "" if request and request.method == "GET" else drawn(self, context, request)
    )  # fmt: skip
    # So does a process of its own for each PDF and GeoPackage, whose time a busy machine takes.
    monkeypatch.setattr("geoportal.kernel.child.answer", lambda *_asked, begins=b"", **_bounds: begins)
    monkeypatch.setattr("geoportal.kernel.geopackage.write", lambda path, _layers, **_bounds: path.touch() or [])
    world, wrong = build(), []
    for name, kwargs, rows in matrix():
        for role, method in asked(rows):
            got = answer(world, role, method, name, kwargs)
            if got not in expected(rows, role, method):
                wrong.append((name, kwargs, role, method, got, sorted(expected(rows, role, method))))
    assert wrong == []


def answer(world: World, role: str, method: str, name: str, kwargs: str) -> Any:
    cache.clear()
    address = reverse(name, kwargs=world.kwargs[kwargs])
    response = world.client(role).generic(method, address)
    if response.streaming:
        response.getvalue()  # as a server does: a file that is read to its end is closed
    return response.status_code
