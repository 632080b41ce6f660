"""Practices of other places: summed up, read by a moderator, applied here."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.test import Client

from discussion.models import Link, Subject
from municipality.models import Sector
from participation.actions.practice import Summary, sum_up
from participation.models import Practice
from reports.freshness import data_version
from reports.models import Report
from tests import factories
from tests.participation.test_event_pages import signed_in

pytestmark = pytest.mark.usefixtures("town")


def summary(**fields: Any) -> Summary:
    defaults: dict[str, Any] = {
        "sector": Sector.objects.get(slug="urban"), "title": {"bg": "Жителите делят част от бюджета", "en": "A shared budget"},
        "city": {"bg": "Поляна"}, "country": {"bg": "Естония"}, "year": 2013, "source_url": "https://example.org/budget",
        "source_name": "Община Поляна", "what": {"bg": "Всяка година жителите избират."}, "lesson": {"bg": "Започва се с малко."},
    }  # fmt: skip
    return Summary(**{**defaults, **fields})


def practice(by: Any = None, **fields: Any) -> Practice:
    return sum_up(summary(**fields), by=by or factories.official(), client_uuid=uuid.uuid4())


def form(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Библиотека за вещи", "city": "Поляна", "country": "Естония", "sector": "urban", "year": "2016",
        "what": "Хората вземат назаем инструменти.", "cost": "low", "source_url": "https://example.org/things",
        "source_name": "Вестник", "client_uuid": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def test_a_resident_tells_of_one_and_a_moderator_publishes_it() -> None:
    client = signed_in(factories.resident())
    page = client.post("/practices/new/", form())["Location"]
    assert Client().get(page).status_code == 404
    moderator = signed_in(factories.moderator())
    assert f"{page}act/publish/" in moderator.get("/desk/moderation/").content.decode()
    sender = signed_in(Practice.objects.get().author)
    changed = sender.post(
        f"/en{page}change/", form(title="Words that nobody read", version=Practice.objects.get().subject.version)
    )
    assert changed.status_code == 302
    read = moderator.get(f"{page}act/publish/").content.decode()
    assert '<dd lang="en">Words that nobody read' in read and "Библиотека за вещи" in read
    moderator.post(f"{page}act/publish/", {"version": Practice.objects.get().subject.version})
    text = Client().get(page).content.decode()
    assert all(words in text for words in ("Библиотека за вещи", "Поляна, Естония", "https://example.org/things", "Вестник"))
    assert "Библиотека за вещи" in Client().get("/practices/?sector=urban").content.decode()
    assert "Библиотека за вещи" not in Client().get("/practices/?sector=health").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"year": "1700"}, "year"), ({"year": "2099"}, "year"), ({"until": "2010"}, "until"), ({"source_url": "няма"}, "source_url"),
     ({"cost": "безценно"}, "cost"), ({"sector": ""}, "sector")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(wrong: dict[str, str], field: str) -> None:
    answer = signed_in(factories.resident()).post("/practices/new/", form(**wrong))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "Хората вземат назаем инструменти." in answer.content.decode()
    assert Practice.objects.count() == 0


def test_a_practice_cannot_end_before_it_began() -> None:
    with pytest.raises(ValidationError) as refused:
        practice(until=2010)
    assert list(refused.value.message_dict) == ["until"]


def test_applied_here_it_opens_a_filled_in_idea_that_is_linked_when_sent() -> None:
    found, client = practice(), Client()
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    opened = client.get(f"/practices/{found.subject.reference}/apply/")
    assert (opened.status_code, Report.objects.count()) == (302, 0)
    draft = opened["Location"].split("draft=")[1].split("&")[0]
    step = client.get(f"/reports/new/?draft={draft}&step=what")
    what, form = step.content.decode(), step.context["form"]
    assert ('class="error"' in what, form["kind"].value(), form["further_sectors"].value()) == (
        False,
        "idea",
        [found.subject.sector.slug],
    )
    assert {one.kind for one in step.context["suggested"]} <= {"idea"}
    assert "Жителите делят част от бюджета" in what and "Както в Поляна, Естония: Всяка година жителите избират." in what
    send = {"client_uuid": draft, "whole": "on", "kind": "idea", "category": "park-idea", "title": "И тук", "text": "Да опитаме.",
            "inspired_by": found.subject.reference, "terms": "on"}  # fmt: skip
    for step in ("place", "what", "photos"):
        client.post("/reports/new/", {**send, "step": step, "go": "next"})
    client.post("/reports/new/", {**send, "step": "send", "go": "send"})
    idea = Report.objects.get()
    assert Link.objects.filter(source=idea.pk, target=found.pk, kind="inspired_by").count() == 1
    assert "И тук" in Client().get(f"/practices/{found.subject.reference}/").content.decode()
    assert "Произлиза от" in Client().get(f"/reports/{idea.subject.reference}/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(count: int, django_assert_num_queries: Any) -> None:
    for _each in range(count):
        practice()
    Client().get("/practices/")
    data_version.forget()
    with django_assert_num_queries(2):
        Client().get("/practices/?q=")


def spots(html: str) -> list[tuple[str, int]]:
    """Each map's name with how many points it has."""
    found = re.findall(r'<svg class="ground-(\w+)"(.*?)</svg>', html, re.DOTALL)
    return [(name, part.count("<circle")) for name, part in found]


def test_practices_stand_on_a_map_of_the_world_and_closer_where_several_are() -> None:
    assert spots(Client().get("/practices/").content.decode()) == []
    for lon, lat in ((10.57, 43.84), (13.91, 45.89), (23.32, 42.7)):
        practice(point=Point(lon, lat, srid=4326))
    far = practice(point=Point(-74.1, 4.7, srid=4326), country={"bg": "Колумбия"})
    practice(country={"bg": "Белгия"})
    hidden = practice(point=Point(2.3, 48.8, srid=4326), title={"bg": "Скрита"})
    Subject.objects.filter(pk=hidden.pk).update(visibility="hidden", is_public=False)
    data_version.forget()
    html = Client().get("/practices/").content.decode()
    assert spots(html) == [("world", 4), ("near", 3)]
    assert "5 практики от 3 държави" in html and "1 практика" in html and "Скрита" not in html
    world = re.search(r'<svg class="ground-world".*?</svg>', html, re.DOTALL)
    assert world is not None
    assert f'<a href="{far.subject.path}" tabindex="-1">' in world[0] and 'cx="-74.10" cy="-4.70"' in world[0]
    assert 'aria-hidden="true"' in world[0] and 'href="/practices/world.svg#land"' in world[0]
    land = Client().get("/practices/world.svg")
    assert (land["Content-Type"], land["Cache-Control"]) == ("image/svg+xml", "public, max-age=86400")
    assert '<path id="land" vector-effect="non-scaling-stroke" d="M' in land.content.decode()


def test_the_form_takes_the_place_of_the_town_and_names_one_that_is_none() -> None:
    client = signed_in(factories.official())
    wrong = client.post("/practices/new/", form(lat="143.84", lon="10.57"))
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["lon"])
    assert 'value="143.84"' in wrong.content.decode()
    client.post("/practices/new/", form(lat="43.84", lon="-10.57"))
    made = Practice.objects.get()
    assert (made.point.x, made.point.y) == (-10.57, 43.84)
