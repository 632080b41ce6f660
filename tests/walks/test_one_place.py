"""Promise 7: what one can do now, what an area holds, the search over all kinds, what one follows, people, and links from both ends."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import choose
from tests.walks.forms import day, once, open_idea, press, published, refused, sent
from tests.walks.site import link_in

pytestmark = pytest.mark.browser

NAME = once("Радка с буса")


def test_an_area_is_followed_and_tells_of_an_event(site, person, visitor):
    official, resident, anyone = person("official"), person("resident", phone=True), visitor(phone=True)
    anyone.goto("/now/")
    for words in ("Засаждаме дървета в градския парк", "Двайсет липи за бул. България"):
        expect(anyone.locator("main")).to_contain_text(words)
    anyone.get_by_role("link", name="Населени места").first.click()
    anyone.get_by_role("link", name="с. Врачеш").first.click()
    expect(anyone.locator("h1")).to_have_text("с. Врачеш")
    resident.goto(str(anyone.evaluate("location.pathname")))
    resident.get_by_role("link", name="Следи").first.click()
    alert, title = once("Всичко във Врачеш"), once("Среща на площада")
    resident.locator("summary", has_text="Повече настройки").click()
    choose(resident.locator("[data-alert] [name=frequency][value=instant]"))
    press(resident, name=alert)
    resident.wait_for_url("**/accounts/alerts/")
    expect(resident.locator("main")).to_contain_text(alert)

    event = sent(
        official, "/events/new/", title=title, text="Говорим за площада.", sector="urban", day=day(3), begins="18:00", ends="19:00",
        settlement="vrachesh", place="площада",
    )  # fmt: skip
    assert event in link_in(site.letter("resident@demo.test", saying=alert), "/events/")
    anyone.goto(f"/search/?q={title.split()[-1]}")
    anyone.locator("main").get_by_role("link", name=title).first.click()
    expect(anyone.locator("h1")).to_have_text(title)


def test_people_find_each_other_by_a_card_that_its_owner_takes_away(person, visitor):
    resident, anyone = person("resident", phone=True), visitor(phone=True)
    resident.goto("/people/mine/")
    press(resident, name=NAME, about="", helps="Карам бус с шест места.", area="vrachesh")
    refused(resident, "Какво Ви интересува?")
    press(resident, about="Пътувам до селата.")
    anyone.goto("/people/?q=бус")
    assert NAME not in anyone.content()
    published(person("admin"), NAME)
    anyone.goto("/people/?q=бус&area=vrachesh")
    anyone.get_by_role("link", name=NAME).click()
    expect(anyone.locator("[aria-labelledby=helps-head]")).to_contain_text("Карам бус с шест места.")
    assert "resident@demo.test" not in anyone.content()
    resident.goto("/people/mine/")
    resident.get_by_role("button", name="Махни картичката ми").click()
    anyone.goto("/people/?q=бус")
    assert NAME not in anyone.content()


def test_a_link_is_read_from_both_ends(person, visitor):
    official, anyone = person("official"), visitor(phone=True)
    idea = open_idea(anyone)
    anyone.goto("/policies/")
    policy = (anyone.locator("main a[href^='/policies/']").nth(1).get_attribute("href") or "").split("?")[0]
    official.goto(f"/subjects/{re.sub('[^0-9]', '', policy)}/link/")
    press(official, other="1234567890")
    refused(official, "Няма нищо публично с този номер.")
    press(official, other=re.sub("[^0-9]", "", idea))
    for here, other in ((policy, idea), (idea, policy)):
        anyone.goto(here)
        expect(anyone.locator(f"main a[href='{other}']").first).to_be_visible()
