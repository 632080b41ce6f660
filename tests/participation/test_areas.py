"""The pages of places and of the whole: what one can do, what is late, what is new; never without a way on; bounded in queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from municipality.models import Area
from participation.models import Event
from reports.freshness import data_version
from tests import factories
from tests.participation.conftest import event
from tests.participation.test_initiatives import initiative

pytestmark = pytest.mark.usefixtures("town")


def slugs(page: Any) -> dict[str, list[str]]:
    return {when: [one["slug"] for one in found] for when, found in page.context["groups"]}


def test_what_there_is_stands_under_what_it_is_for() -> None:
    event()
    initiative()
    factories.report()
    for address in ("/now/", "/areas/levka/"):
        found = slugs(Client().get(address))
        assert (found["week"], found["new"]) == (["events", "initiatives"], ["new"])


def test_another_place_shows_nothing_of_it_and_a_way_on() -> None:
    event()
    other = Area.objects.exclude(parent=None).exclude(slug="levka").exclude(path__startswith="levka").first()
    assert other is not None
    page = Client().get(f"/areas/{other.slug}/")
    assert slugs(page)["week"] == []
    assert 'href="/reports/new/"' in page.content.decode()


def test_a_place_can_be_followed_for_every_kind() -> None:
    url = Client().get("/areas/levka/").context["alert_url"]
    assert url.startswith("/accounts/alerts/new/?")
    assert "area=levka" in url
    assert "event" in url


def test_the_whole_is_no_area_page_and_an_unknown_one_is_missing() -> None:
    root = Area.objects.get(parent=None)
    assert [Client().get(f"/areas/{slug}/").status_code for slug in (root.slug, "none")] == [404, 404]


def test_settlements_are_listed_with_what_is_open_in_them() -> None:
    factories.reports(3)
    shown = {area.slug: n for area, n in Client().get("/areas/").context["areas"]}
    assert shown["levka"] == 3


def test_the_pages_are_bounded_in_queries(django_assert_max_num_queries: Any) -> None:
    for _each in range(6):
        event()
        initiative()
        factories.report()
    assert Event.objects.count() == 6
    for address in ("/now/", "/areas/levka/", "/areas/"):
        data_version.forget()
        with django_assert_max_num_queries(30):
            Client().get(address)
