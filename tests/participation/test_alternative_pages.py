"""Pages of alternatives: forms without scripts, side by side, a resident's own, the choice; what a list and a page cost."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from discussion.models import Follow
from notifications.recipients import recipients_of
from participation.actions import alternative as variants
from participation.actions import comparison as actions
from participation.models import Alternative, Comparison
from participation.models.comparison import LONGEST
from participation.on_map import cards
from participation.views import alternatives as pages
from reports.filters import Filters
from reports.freshness import data_version
from tests import factories
from tests.participation.asked import opened as surveyed
from tests.participation.compared import LAT, LON, SQUARE, again, opened, over, own, prepared, sent, variant
from tests.participation.test_event_pages import signed_in

pytestmark = pytest.mark.usefixtures("town")


def page_of(made: Comparison) -> str:
    return f"/alternatives/{made.subject.reference}/"


def written(**fields: Any) -> dict[str, Any]:
    """What a browser without scripts sends of a variant."""
    return {
        "title": "Алея", "description": "Алея до реката.", "places": f"{LAT}, {LON}\n{LAT}, {LON + 0.01}", "joined": "line",
        "client_uuid": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def test_a_department_compares_and_chooses_by_forms_alone() -> None:
    by = factories.official()
    client = signed_in(by)
    form = {"title": "Как до реката", "introduction": "Има два начина.", "sector": "urban", "organisation": "roads",
            "day": "31.12.2040", "takes_own": "on", "client_uuid": str(uuid.uuid4())}  # fmt: skip
    far = client.post("/alternatives/new/", form)
    assert (far.status_code, list(far.context["form"].errors)) == (422, ["day"])
    last = timezone.localdate() + datetime.timedelta(days=LONGEST)
    assert f"Изберете ден до {last:%d.%m.%Y}." in far.content.decode()
    address = client.post("/alternatives/new/", {**form, "day": f"{last:%d.%m.%Y}"})["Location"]
    made = Comparison.objects.get()
    assert (made.title, made.last_day, timezone.localtime(made.closes_at).hour) == ({"bg": "Как до реката"}, last, 0)
    few = client.post(f"{address}open/", {})
    assert (few.status_code, "Сравняват се от два до четири варианта" in few.content.decode()) == (422, True)
    shapes = json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": json.loads(SQUARE.geojson)},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [LON, LAT]}},
    ]})  # fmt: skip
    assert client.post(f"{address}add/", written(cost_from="1 000", cost_to="2\u00a0500"))["Location"] == address
    assert client.post(f"{address}add/", written(title="Площад", places="", geojson=shapes))["Location"] == address
    first, second = own(made)
    assert (first.lines.num_points, first.cost_to) == (2, 2500)
    assert [shape.geom_type for shape in second.shapes] == ["MultiPolygon", "MultiPoint"]
    assert client.get(f"/variants/{second.subject.reference}/change/").context["form"]["geojson"].value().count('"Po') == 2
    assert client.post(f"{address}open/", {"version": again(made).subject.version})["Location"] == address
    over(made)
    empty = client.post(f"{address}decide/", {})
    assert (empty.status_code, sorted(empty.context["form"].errors)) == (422, ["preferred", "text"])
    assert client.post(f"{address}decide/", {"preferred": second.pk, "text": "Най-добър е."})["Location"] == address
    text = Client().get(address).content.decode()
    assert "Избран е:" in text and "Най-добър е." in text and "Вариант Б, Площад" in text


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays() -> None:
    by = factories.official()
    client, made = signed_in(by), prepared(by, variant())
    for wrong, field in (
        ({"places": ""}, "places"), ({"places": f"{LAT}, {LON}"}, "places"), ({"places": "Никъденград"}, "places"),
        ({"places": "41.1000, 25.0000\n41.1001, 25.0001"}, "places"), ({"geojson": "{"}, "geojson"), ({"geojson": "[1]"}, "geojson"),
        ({"cost_from": "9", "cost_to": "1"}, "cost_to"), ({"cost_from": "много"}, "cost_from"), ({"months_to": "9999"}, "months_to"),
    ):  # fmt: skip
        answer = client.post(f"{page_of(made)}add/", written(**wrong))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field]), wrong
        assert "Алея до реката." in answer.content.decode()
    assert len(own(made)) == 1


def test_variants_stand_side_by_side_with_pictures_numbers_and_data_for_a_script() -> None:
    made = opened()
    sent_one = sent(made, public_name="Рада")
    variants.publish(sent_one.pk, by=factories.moderator())
    answer = Client().get(page_of(made))
    text = answer.content.decode()
    assert text.count('<svg class="picture"') == 3
    assert len(set(re.findall(r'class="picture" viewBox="([^"]+)"', text))) == 1
    # Of 340 px a letter of 11 units then takes 15; the other village lies outside the frame.
    assert (re.findall(r'class="picture" viewBox="0 0 (\d+) ', text)[0], text.count('class="p-cell"')) == ("240", 3)
    assert re.search(r'propose/\?at=23\.\d{5},42\.\d{5},1\d"', text)
    assert re.search(
        r'href="/\?at=23\.\d{5},42\.\d{5},1\d"', Client().get(f"/variants/{sent_one.subject.reference}/").content.decode()
    )
    assert "Хора до 500 м" in text and "Предложени от жители" in text and "Предложен от: Рада" in text
    data = json.loads(re.search(r'<script id="alternatives-data" type="application/json">(.*?)</script>', text)[1])  # type: ignore[index]
    told = [(each["properties"], each["geometry"]["type"]) for each in data["features"]]
    refs = [each.subject.reference for each in (*own(made), sent_one)]
    assert told == [
        ({"ref": refs[0], "letter": "А"}, "MultiLineString"), ({"ref": refs[1], "letter": "Б"}, "MultiPolygon"),
        ({"ref": refs[2], "letter": "1"}, "MultiPoint"),
    ]  # fmt: skip
    for code in ("b", "B", "б", "Б"):
        assert Client().get(f"{page_of(made)}{code}/")["Location"] == f"/variants/{refs[1]}/"
    assert [Client().get(f"{page_of(made)}{code}/").status_code for code in ("в", "c", "0", "2", "ab", "Ⅱ")] == [404] * 6
    assert Client().get(f"{page_of(made)}1/")["Location"] == f"/variants/{sent_one.subject.reference}/"
    file = Client().get(f"{page_of(made)}effects.csv")
    assert (file["Content-Type"], file.content.decode().count("\r\n")) == ("text/csv; charset=utf-8", 7)


def test_a_resident_proposes_one_which_a_moderator_reads_first() -> None:
    made, resident = opened(), factories.resident()
    client = signed_in(resident)
    address = client.post(f"{page_of(made)}propose/", written(title="Мостче", joined="points", public_name="Рада К."))[
        "Location"
    ]
    mine = Alternative.objects.get(own=False)
    assert (mine.points.num_geom, mine.public_name, address) == (2, "Рада К.", f"/variants/{mine.subject.reference}/")
    assert "чака модератор" in client.get(page_of(made)).content.decode()
    assert [Client().get(address).status_code, "Мостче" in Client().get(page_of(made)).content.decode()] == [404, False]
    moderator = factories.moderator()
    desk = signed_in(moderator)
    publish = f"{address}act/publish/?version={mine.subject.version}"
    assert publish in desk.get("/desk/moderation/").content.decode()
    assert "Рада К." in desk.get(publish).content.decode()
    assert desk.post(publish, {"version": mine.subject.version})["Location"] == address
    assert "Вариант 1: " in Client().get(page_of(made)).content.decode()
    row = mine.subject.timeline.get(code="publish")
    assert [each.correspondent for each in recipients_of(row)] == [resident.correspondent]


def test_who_sent_a_variant_withdraws_it_and_it_stays_readable_without_counting() -> None:
    by, resident = factories.official(), factories.resident()
    made = opened(by)
    mine, other = sent(made, resident), sent(made, title={"bg": "Лодка"})
    for each in (mine, other):
        variants.publish(each.pk, by=factories.moderator())
    client, address = signed_in(resident), f"/variants/{mine.subject.reference}/"
    text = client.get(address).content.decode()
    assert ("Вие сте организатор" in text, "Този вариант сте предложили Вие" in text) == (False, True)
    desk = signed_in(factories.moderator())
    assert "act/withdraw/" not in desk.get(address).content.decode()
    assert desk.post(f"{address}act/withdraw/", {"text": "Не."}).status_code == 422
    assert signed_in(by).get(f"/variants/{own(made)[0].subject.reference}/act/withdraw/").status_code == 409
    assert client.post(f"{address}act/withdraw/", {"text": ""}).status_code == 422
    assert client.post(f"{address}act/withdraw/", {"text": "Намерих по-добър начин."})["Location"] == address
    text = Client().get(address).content.decode()
    assert "Оттеглен, не се брои" in text and "Намерих по-добър начин." in text and "Алея до реката." in text
    assert "вече не може да се пише" in text and "Нито за, нито против" not in text
    page = Client().get(page_of(made))
    assert [(each["letter"], each["withdrawn"]) for each in page.context["residents"]] == [("1", True), ("2", False)]
    assert [each["letter"] for each in page.context["cards"]] == ["А", "Б", "2"]
    assert "Оттеглен от този, който го предложи" in page.content.decode()
    assert Client().get(f"{page_of(made)}1/")["Location"] == address
    over(made)
    choice = signed_in(by).get(f"{page_of(made)}decide/").content.decode()
    assert ("Вариант 2: Лодка" in choice, "Вариант 1" in choice) == (True, False)
    with pytest.raises(ValidationError):
        actions.decide(made.pk, mine, by=by, text="Така.", language="bg")
    assert client.post(f"/variants/{other.subject.reference}/act/withdraw/", {"text": "А."}).status_code == 404


def test_more_variants_of_residents_than_fit_a_page_are_shown_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_RESIDENTS", 3)
    monkeypatch.setattr(pages, "FEW", 2)
    made, moderator = opened(), factories.moderator()
    for _each in range(5):
        variants.publish(sent(made).pk, by=moderator)
    first = Client().get(page_of(made))
    second = Client().get(first.context["next_url"].partition("#")[0].join((page_of(made), "")))
    letters = [[each["letter"] for each in answer.context["residents"]] for answer in (first, second)]
    assert letters == [["1", "2", "3"], ["4", "5"]]
    assert [[each["letter"] for each in answer.context["cards"]] for answer in (first, second)] == [["А", "Б"], ["А", "Б"]]
    assert (second.context["next_url"], second.context["previous_url"]) == ("", f"{page_of(made)}#a-residents")
    assert "повече варианти, отколкото се побират" in first.content.decode()
    assert Client().get(f"{page_of(made)}effects.csv").content.decode().count("\r\n") == 11
    assert [each["letter"] for each in Client().get(f"{page_of(made)}?after=b").context["residents"]] == ["1", "2", "3"]


def test_what_was_stopped_stands_apart_from_what_was_decided() -> None:
    by = factories.official()
    made = opened(by)
    actions.stop(made.pk, by=by, text="Няма пари.")
    context = Client().get("/alternatives/").context
    assert ([card["ref"] for card in context["stopped"]], context["past"]) == ([made.subject.reference], [])


def test_followers_of_each_variant_hear_what_was_chosen() -> None:
    by = factories.official()
    made = opened(by)
    first, second = own(made)
    people = [factories.guest() for _each in range(2)]
    for variant_of, who in zip((first, second), people, strict=True):
        Follow.objects.create(subject=variant_of.subject, correspondent=who)
    over(made)
    signed_in(by).post(f"{page_of(made)}decide/", {"preferred": second.pk, "text": "Така."})
    for each, who, code in ((first, people[0], "pass_over"), (second, people[1], "prefer")):
        assert [found.correspondent for found in recipients_of(each.subject.timeline.get(code=code))] == [who]


def found(query: str) -> list[str]:
    """References in the list under these filters, open ones first."""
    context = Client().get(f"/alternatives/?{query}").context
    return [card["ref"] for name in ("open", "past") for card in context[name]]


def test_lists_filter_and_the_map_shows_open_ones() -> None:
    made = opened()
    gone = over(opened())
    refs = [made.subject.reference, gone.subject.reference]
    assert found("") == refs
    assert found("q=реката") == refs
    assert [found(query) for query in ("sector=health", "area=dabrava", "q=самолет")] == [[], [], []]
    assert Client().get("/alternatives/?since=x").context["bad"]
    assert [card["ref"] for card in cards(Filters()) if card["kind"] == "comparison"] == refs[:1]
    assert "Изберете между варианти" in Client().get("/now/").content.decode()
    assert refs[0] in Client().get("/search/?q=реката").content.decode()


def test_a_text_in_another_language_says_so() -> None:
    both = {"bg": "Алея", "en": "Path"}
    made = opened(None, variant(title=both, description={"bg": "Алея до реката."}), variant(SQUARE))
    text = Client().get(f"/en{page_of(made)}").content.decode()
    assert '<p lang="bg">Алея до реката.</p>' in text and '<span lang="bg">Path</span>' not in text
    assert '<p class="lead prose"><span lang="bg">Има три начина.</span></p>' in text
    assert len(re.findall(r'<option value="\d+" data-letter="Alternative B" lang="bg">', text)) == 2
    sent(made, title=both, description={"bg": "Мостче до реката."})
    queue = signed_in(factories.moderator()).get("/en/desk/moderation/").content.decode()
    assert '<p class="lead" lang="bg">Мостче до реката.</p>' in queue


def test_after_its_end_and_before_the_clock_it_is_decided_in_one_go() -> None:
    by = factories.official()
    made = opened(by)
    now = timezone.now()
    Comparison.objects.filter(pk=made.pk).update(
        opened_at=now - datetime.timedelta(days=3), closes_at=now - datetime.timedelta(seconds=1)
    )
    client = signed_in(by)
    assert client.get(f"{page_of(made)}decide/").status_code == 200
    assert client.get(f"{page_of(made)}prolong/").status_code == 409
    assert again(made).status == "open"  # looking changes nothing
    client.post(f"{page_of(made)}decide/", {"preferred": own(made)[0].pk, "text": "Така."})
    rows = made.subject.timeline.order_by("pk").values_list("code", flat=True)
    assert (again(made).status, list(rows)[-2:]) == ("decided", ["close", "decide"])


def test_the_list_and_a_page_cost_so_many_queries_however_many_there_are(django_assert_num_queries: Any) -> None:
    made = opened()
    for address in (page_of(made), own(made)[0].subject.path, surveyed(factories.official()).subject.path):
        assert "Действайте заедно" in Client().get(address).text  # one organises together and promises on each of them
    for most in (1, 4):
        while Alternative.objects.public().filter(comparison=made, own=False).count() < most:
            variants.publish(sent(made).pk, by=factories.moderator())
            opened()
        for address, queries in (("/alternatives/", 4), (page_of(made), 16)):
            Client().get(address)
            data_version.forget()
            with django_assert_num_queries(queries):
                Client().get(address)
