"""The desk's map: the same reports as the desk's list in every tab and under any filters, and for nobody else."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from discussion.models import Subject
from reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db
WHOLE = "23.4,42.7,24.1,43.2"
TABS = ("mine", "department", "unassigned", "late", "waiting", "all", "ended")


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


@pytest.fixture
def official() -> User:
    return factories.official()


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(client: Client, query: dict[str, str]) -> set[str]:
    return set(re.findall(r'href="/desk/(\d{10})/"', client.get("/desk/", query).content.decode()))


def shown(client: Client, query: dict[str, str]) -> tuple[dict[str, Any], set[str], int]:
    """(answer, references in its list, how many its signs stand for)."""
    found = json.loads(client.get("/desk/map.json", query).content)
    references = set(re.findall(r'data-ref="(\d{10})"', found["parts"]["map-list"]))
    return found, references, len(found["pins"]) + sum(group["count"] for group in found["clusters"])


def scattered(official: User) -> None:
    dice = random.Random(7)
    author = factories.resident()
    west, south, east, north = factories.BOX
    for number in range(28):
        place = (round(dice.uniform(west, east), 6), round(dice.uniform(south, north), 6))
        report = factories.report(author=author, category=dice.choice(["pothole", "lamp", "road-idea"]), at_point=place,
                                  restricted=number % 6 == 0)  # fmt: skip
        change: dict[str, Any] = {}
        if number % 4 == 0:
            change["assignee"] = official
        if number % 5 == 0:
            change["answer_due"] = "2020-01-01"
        if number % 7 == 0 and report.kind == "problem":
            change["status"] = "in_progress"
        if change:
            Report.objects.filter(pk=report.pk).update(**change)


def test_list_and_map_of_a_tab_hold_the_same_reports_under_any_filters(official: User) -> None:
    scattered(official)
    dice = random.Random(3)
    client = of(official)
    seen = 0
    choices = {
        "kind": ["", "problem", "idea"], "category": ["", "", "lamp"], "sector": ["", "urban"], "overdue": ["", "", "1"],
        "q": ["", "", "дупка"], "area": ["", "", "levka"], "assigned": ["", "", "none", "me"],
        "status": ["", "", "", "", "closed", "in_progress,awaiting_moderation"],
    }  # fmt: skip
    for tab in TABS:
        for _round in range(6):
            query = {name: value for name, values in choices.items() if (value := dice.choice(values))} | {"tab": tab}
            expected = listed(client, query)
            _found, references, signs = shown(client, {**query, "bbox": WHOLE, "zoom": str(dice.choice([9, 12, 16]))})
            assert references == expected, query
            assert signs == len(expected), query
            seen += len(expected)
    assert seen > 50


def test_a_sign_leads_to_the_case_and_every_link_keeps_the_tab(official: User) -> None:
    report = factories.report()
    found, references, _signs = shown(of(official), {"tab": "all", "bbox": WHOLE, "zoom": "16"})
    assert references == {report.subject.reference}
    assert [pin["url"] for pin in found["pins"]] == [f"/desk/{report.subject.reference}/"]
    assert f'href="/desk/{report.subject.reference}/"' in found["parts"]["map-list"]
    links = re.findall(r'<a[^>]*data-filter[^>]*href="([^"]+)"', "".join(found["parts"].values()))
    assert len(links) > 8
    assert all("tab=" in link for link in links)
    assert "/desk/?tab=all&amp;" in found["parts"]["map-list"]


def test_restricted_reports_are_on_the_desks_map_and_in_no_public_answer(official: User) -> None:
    secret = factories.report(restricted=True)
    reference = secret.subject.reference
    assert Subject.objects.get(pk=secret.pk).is_public is False
    client = of(official)
    _found, references, signs = shown(client, {"tab": "all", "bbox": WHOLE, "zoom": "16"})
    assert (references, signs) == ({reference}, 1)
    for reader in (Client(), client):
        assert reference not in reader.get("/map.json", {"bbox": WHOLE, "zoom": "16"}).content.decode()
        assert reader.get("/tiles/reports/8/144/94.mvt").content == b""
    elsewhere = of(factories.official("parks"))
    assert shown(elsewhere, {"tab": "all", "bbox": WHOLE, "zoom": "16"})[1:] == (set(), 0)


@pytest.mark.parametrize("address", ["/desk/map/", "/desk/map.json"])
def test_the_desks_map_is_private(official: User, address: str) -> None:
    answer = of(official).get(address, {"tab": "all"})
    assert answer.status_code == 200
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert Client().get(address).status_code == 302
    assert of(factories.resident()).get(address).status_code == 404


def test_a_pile_of_a_tab_opens_its_list_and_bad_filters_are_named(official: User) -> None:
    factories.reports(3)
    factories.report(restricted=True)
    client = of(official)
    found, _references, _signs = shown(client, {"tab": "all", "bbox": WHOLE, "zoom": "18"})
    [group] = found["clusters"]
    assert (group["count"], group["coincide"]) == (4, True)
    answer = client.get("/desk/map/here/", {"tab": "all", "bbox": group["here"]}).content.decode()
    assert answer.count('href="/desk/') >= 4
    for address in ("/desk/map/", "/desk/map.json", "/desk/map/here/"):
        assert client.get(address, {"status": "stone"}).status_code == 400


def test_the_desk_leads_to_its_map_with_tab_and_filters(official: User) -> None:
    page = of(official).get("/desk/", {"tab": "late", "kind": "problem"}).content.decode()
    assert 'href="/desk/map/?tab=late&amp;kind=problem"' in page


def test_the_map_of_a_tab_says_how_many_of_its_table_are_not_on_it() -> None:
    client = of(factories.moderator())
    author = factories.resident()
    placeless = [factories.report(author=author, category="road-idea") for _n in range(3)]
    rejected, shown_ones = factories.report(restricted=True), factories.reports(2)
    Report.objects.filter(pk__in=[row.pk for row in placeless]).update(geom=None)
    Report.objects.filter(pk=rejected.pk).update(status="rejected")

    def only_in_table(**query: str) -> str:
        found = json.loads(client.get("/desk/map.json", {"bbox": WHOLE, "zoom": "12", **query}).content)
        said = re.search(r'data-key="off-map" href="([^"]+)">([^<]+)<', found["parts"]["map-list"])
        return f"{said[2]} {said[1]}" if said else ""

    assert only_in_table(tab="all").startswith("Само в таблицата: 3 /desk/?tab=all")
    assert only_in_table(tab="ended").startswith("Само в таблицата: 1 /desk/?tab=ended")
    assert only_in_table(tab="all", kind="problem") == ""
    for tab, missing in (("all", 3), ("ended", 1)):
        _found, references, _signs = shown(client, {"tab": tab, "bbox": WHOLE, "zoom": "12"})
        assert len(listed(client, {"tab": tab}) - references) == missing
        assert references <= listed(client, {"tab": tab})
    assert len(shown_ones) == 2
    assert "off-map" not in Client().get("/map.json").content.decode()


def test_the_card_of_an_area_counts_the_tabs_reports(official: User) -> None:
    late = factories.report(at_point=(23.6, 42.9))
    factories.report(at_point=(23.6, 42.9), restricted=True)
    Report.objects.filter(pk=late.pk).update(answer_due="2020-01-01")
    client = of(official)

    def card(tab: str) -> str:
        return " ".join(client.get("/desk/map/area/", {"tab": tab, "area": "levka"}).content.decode().split())

    assert "2 сигнала · 0 идеи" in card("all")
    assert 'href="/desk/map/?tab=all&amp;area=levka"' in card("all")
    assert 'href="/desk/?tab=all&amp;area=levka"' in card("all")
    assert "1 сигнал · 0 идеи" in card("late")
    assert client.get("/desk/map/area/", {"tab": "all", "area": "nowhere"}).status_code == 400
    assert 'name="zones" value="settlements."' in client.get("/desk/map/").content.decode()


@pytest.mark.parametrize(("assigned", "name"), [("none", "Без служител"), ("me", "Мои")])
def test_the_desks_filters_keep_whose_work_was_asked_for(official: User, assigned: str, name: str) -> None:
    page = of(official).get("/desk/", {"tab": "all", "assigned": assigned}).content.decode()
    assert f'<option value="{assigned}" selected>{name}</option>' in page


def test_rows_of_a_tab_stay_in_it_and_say_no_word_of_ours(official: User) -> None:
    factories.report()
    page = of(official).get("/desk/map/", {"tab": "all"}).content.decode()
    row = re.search(r'<a class="row".*?</a>', page, re.DOTALL)
    assert row
    assert "target=" not in row[0]
    assert "vh" not in row[0] and ">all<" not in row[0]
