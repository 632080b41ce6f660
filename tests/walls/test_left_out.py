"""A filter that does not exist: a page for people names it with its value and shows the rest; programs and files refuse it by name."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
PAGES = {
    "/ideas/council/": "outcome", "/events/": "sector", "/events/?month=2026-12": "area", "/initiatives/": "status", "/pledges/": "state",
    "/consultations/": "kind", "/surveys/": "sector", "/alternatives/": "area", "/policies/": "area", "/goals/": "sector",
    "/services/": "sector", "/indicators/": "area", "/practices/": "sector", "/people/": "area", "/search/": "kind",
}  # fmt: skip
BY_CONTRACT = {"/reports/": "sector"}
"""Addresses of the map's own filters: what is said is the same, the status is 400 (`docs/architecture.md`)."""
PROGRAMS = {
    "/ideas/council/list.csv": "outcome", "/events.ics": "sector", "/feeds/everything.atom": "area", "/tiles/reports.json": "sector",
    "/api/v1/ideas/council/": "outcome", "/api/v1/events/": "sector", "/api/v1/services/": "sector", "/api/v1/pledges/": "state",
}  # fmt: skip


def asked(address: str, name: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{name}=nope&fbclid=secret"


def test_pages_name_what_is_left_out_and_show_the_rest() -> None:
    factories.town()
    for address, name in {**PAGES, **BY_CONTRACT}.items():
        page = Client().get(asked(address, name))
        said = page.content.decode()
        assert page.status_code == (400 if address in BY_CONTRACT else 200), address
        assert said.count("„nope“ е пропуснато, останалото важи.") == 1, address
        assert "Покажи всички" in said, address
        assert "secret" not in said, address


def test_the_map_and_what_stands_on_other_sites_name_it_and_lead_to_the_rest() -> None:
    factories.town()
    for address in ("/", "/embed/map/", "/embed/list/"):
        page = Client().get(f"{address}?kind=nope&overdue=1")
        assert (page.status_code, "„nope“ не може да се прочете тук." in page.content.decode()) == (400, True), address


def test_programs_and_files_refuse_it_by_name() -> None:
    factories.town()
    for address, name in PROGRAMS.items():
        answer = Client().get(f"{address}?{name}=nope")
        assert (answer.status_code, name in answer.content.decode()) == (400, True), address
