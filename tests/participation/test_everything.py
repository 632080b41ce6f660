"""One search over all kinds: words, numbers, filters, pages, the feed; what is not public is nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.test import Client

from discussion.models import Subject
from layers.models import Feature, Layer, Place
from municipality.models import Area
from participation import everything
from participation.models import Indicator
from reports.actions.move import Given, act
from reports.freshness import data_version
from tests import factories
from tests.participation.conftest import event
from tests.participation.test_pledges import pledge
from tests.participation.test_policies import policy, promised
from tests.participation.test_practices import practice
from tests.participation.test_sectors import indicator

pytestmark = pytest.mark.usefixtures("town")


def titles(**query: str) -> list[str]:
    return [card["title"] for card in Client().get("/search/", query).context["cards"]]


def test_words_find_every_kind_the_newest_first() -> None:
    factories.report(title="Градината е тъмна")
    event(title="Среща за градината")
    factories.report(title="Дупка")
    found = Client().get("/search/", {"q": "градина"}).context["cards"]
    assert [(card["kind"], str(card["kind_name"])) for card in found] == [("event", "събитие"), ("problem", "сигнал")]


def test_a_practice_is_found_by_its_words() -> None:
    made = practice()
    [card] = Client().get("/search/", {"kind": "practice"}).context["cards"]
    assert card["url"] == f"/practices/{made.subject.reference}/"


def test_kind_sector_and_area_let_through_what_they_say() -> None:
    factories.report(title="Сигнал")
    event(title="Среща")
    assert titles(kind="event") == ["Среща"]
    assert titles(kind="event,problem") == ["Среща", "Сигнал"]
    assert titles(sector="urban") == ["Среща", "Сигнал"]
    assert titles(sector="health") == []


def test_a_number_leads_to_its_page_and_a_bad_filter_is_named() -> None:
    made = event()
    answer = Client().get("/search/", {"q": made.subject.reference})
    assert (answer.status_code, answer["Location"]) == (302, f"/events/{made.subject.reference}/")
    page = Client().get("/search/", {"kind": "nonsense", "q": "среща"})
    assert [one.name for one in page.context["bad"]] == ["kind"]
    assert page.context["given"] == {"q": "среща"}


def test_hidden_and_unread_things_are_not_found_and_withdrawn_ideas_are() -> None:
    hidden = event(title="Скрита среща")
    Subject.objects.filter(pk=hidden.pk).update(visibility="hidden", is_public=False)
    event(by=factories.resident(), title="Непрочетена среща")
    author = factories.resident(email="author@levka.test")
    idea = factories.report(category="park-idea", title="Оттеглена среща", author=author)
    act(idea.pk, "withdraw", by=author, given=Given(text="Размислих"))
    assert titles(q="среща") == ["Оттеглена среща"]


def test_pages_follow_one_another_and_the_list_is_bounded_in_queries(django_assert_max_num_queries: Any) -> None:
    factories.reports(25)
    for number in range(10):
        event(title=f"Среща {number}")
    data_version.forget()
    with django_assert_max_num_queries(9):
        first = Client().get("/search/")
    second = Client().get(f"/search/{first.context['next_url']}")
    shown = [card["ref"] for page in (first, second) for card in page.context["cards"]]
    assert len(shown) == len(set(shown)) == 35
    assert second.context["next_url"] == ""


def test_the_feed_holds_the_same_under_the_same_filters() -> None:
    factories.report(title="Сигнал")
    event(title="Среща за градината")
    feed = Client().get("/feeds/everything.atom", {"kind": "event"}).content.decode()
    assert "Среща за градината" in feed
    assert "Сигнал" not in feed
    assert Client().get("/feeds/everything.atom", {"overdue": "1"}).status_code == 400


def test_every_kind_that_has_cards_has_a_name() -> None:
    assert everything.CARDS.keys() == everything.NAMES.keys()


def test_organisations_promises_and_figures_are_found_by_the_same_words(django_assert_max_num_queries: Any) -> None:
    author = factories.official()
    made = policy(author)
    promised(made, author, text="Нова чешма на площада")
    pledge(event().pk, by=author, what="Боядисвам чешмата")
    Indicator.objects.filter(pk=indicator("taps").pk).update(name=factories.texts("Чешми с питейна вода", "Drinking taps"))

    def found(**query: str) -> dict[str, list[str]]:
        page = Client().get("/search/", query)
        return {str(group["title"]): [row["title"] for row in group["rows"]] for group in page.context["beside"]}

    assert found(q="чешми") == {
        "Ангажименти": ["Боядисвам чешмата", "Нова чешма на площада"], "Числа": ["Чешми с питейна вода"],
    }  # fmt: skip
    assert found(q="чешми", kind="event") == found(q="няматакова") == found() == {}
    named = found(q="отдел пътища")
    assert named["Организации"] == ["Отдел „Пътища“"] and made.subject.title in named["От името на тези организации"]
    Subject.objects.filter(pk=made.pk).update(is_public=False)
    assert "Нова чешма на площада" not in found(q="чешма")["Ангажименти"]
    Client().get("/search/", {"q": "чешма"})
    data_version.forget()
    with django_assert_max_num_queries(18):
        assert found(q="отдел пътища")


def test_a_thing_of_a_layer_is_found_and_leads_to_its_page() -> None:
    lamps = Layer.objects.create(slug="lamps", name=factories.texts("Лампи", "Lamps"), pickable=True)
    Feature.objects.create(
        layer=lamps, slug="n-4711", name=factories.texts("Стълб 4711", "Post 4711"), point=Point(*factories.CENTRE)
    )
    [group] = Client().get("/search/", {"q": "стълб 4711"}).context["beside"]
    [row] = group["rows"]
    assert (row["url"], row["title"], row["says"]) == ("/objects/lamps/n-4711/", "Стълб 4711, гр. Левка", "Лампи")
    assert Client().get(row["url"]).status_code == 200


def test_a_street_is_found_as_it_is_typed_and_leads_to_the_map() -> None:
    home = Area.objects.get(slug="levka")
    way = MultiLineString(LineString(factories.CENTRE, (factories.CENTRE[0] + 0.001, factories.CENTRE[1])))
    Place.objects.create(
        slug="gurko", kind="street", area=home, name=factories.texts("ул. Гурко", "Gurko Street"), folded="gurko", line=way
    )
    for typed in ("gurko 5", "гурко", "гурка"):
        page = Client().get("/search/", {"q": typed})
        [group] = page.context["beside"]
        [row] = group["rows"]
        assert (str(group["title"]), row["title"].split(",")[0].removesuffix(" 5")) == ("Места на картата", "ул. Гурко"), typed
        assert Client().get(row["url"]).status_code == 200
        assert "Нищо не е намерено" not in page.content.decode()
