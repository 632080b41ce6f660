"""Promise 1b: neighbours organise what an idea asks for, one task has one place, and what was promised is kept late."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.walks.forms import day, once, open_idea, press, published, refused, sent
from tests.walks.site import Site, link_in

pytestmark = pytest.mark.browser

TITLE = once("Боядисваме пейките край реката")
GUEST = f"{uuid.uuid4().hex}@example.test"


def begun(resident: Page, moderator: Page, idea: str) -> str:
    """From the page of an idea; a moderator reads it first. The path of its page."""
    resident.goto(idea)
    resident.get_by_role("link", name="Направете го заедно").click()
    resident.wait_for_url("**/initiatives/new/**")
    press(
        resident, title=TITLE, text="Боята е от общината, четките са наши.", sector="urban", settlement="grad-botevgrad",
        place="алеята край реката", people_needed="5", tasks="Пренасяне на боята; 1; 31.12.2099\nБоядисване",
    )  # fmt: skip
    expect(resident.locator("main")).to_contain_text("Тази страница виждат само организаторът и модераторите.")
    published(moderator, TITLE)
    return str(resident.evaluate("location.pathname"))


def joined_by_letter(site: Site, guest: Page, initiative: str) -> None:
    guest.wait_for_timeout(1500)  # a public page may be a second old
    guest.goto(initiative)
    guest.locator(".tasks li").filter(has_text="Пренасяне на боята").get_by_role("link", name="Поемам я").click()
    press(guest, email=GUEST)
    expect(guest.locator("h1")).to_have_text("Погледнете пощата си")
    guest.goto(link_in(site.letter(GUEST), "/reports/confirm/"))
    guest.locator("main form button").click()
    guest.wait_for_url(f"**{initiative}")
    expect(guest.locator(".support")).to_contain_text("Вие участвате")


def test_neighbours_act_together_from_an_idea_to_the_result(site, person, visitor):
    resident, official, guest = person("resident", phone=True), person("official"), visitor(phone=True)
    idea = open_idea(resident)
    initiative = begun(resident, person("admin"), idea)
    guest.goto(initiative)
    expect(guest.locator(".support")).to_contain_text("Още не може да се включите")
    sent(resident, f"{initiative}act/gather/")
    joined_by_letter(site, guest, initiative)
    expect(guest.locator(".tasks li").first).to_contain_text("заети места: 1 от 1")

    official.goto(f"{initiative}join/")
    official.locator("main label").filter(has_text="Пренасяне на боята (всички места са заети)").click()
    press(official)
    refused(official, "Всички места за задачата „Пренасяне на боята“ са заети.")

    sent(resident, f"{initiative}message/", text="Събираме се в десет при моста.", followers=True)
    assert site.letter(GUEST, saying="Събираме се в десет при моста.")
    expect(resident.locator("[aria-labelledby=news]")).to_contain_text("Събираме се в десет при моста.")
    assert GUEST not in resident.content()

    sent(resident, f"{initiative}act/begin/")
    resident.goto(f"{initiative}result/")
    press(resident, text="")
    refused(resident, "Какво излезе?")
    press(resident, text="Осем пейки са боядисани.")
    expect(resident.locator("[aria-labelledby=result]")).to_contain_text("Осем пейки са боядисани.")
    expect(resident.locator(".statusline").first).to_contain_text("Приключила")
    resident.goto(idea)
    expect(resident.locator("main")).to_contain_text(TITLE)


def test_a_promise_slips_by_the_calendar_and_is_kept_late(site, person, visitor):
    official, anyone = person("official"), visitor(phone=True)
    official.goto("/initiatives/?q=липи")
    initiative = (
        official.locator("main a[href^='/initiatives/']").filter(has_text="липи").first.get_attribute("href") or ""
    ).split("?")[0]
    reference = re.sub(r"\D", "", initiative)
    what = once("Двадесет чувала пръст до обяд:")
    sent(official, f"/pledges/new/?for={reference}", what=what, until=day(3), organisation="infrastructure")
    anyone.goto(initiative)
    pledge = anyone.locator(".pledges li").filter(has_text=what)
    expect(pledge).to_contain_text("Срок: ")
    site.rows("UPDATE participation_pledge SET until = until - 10 WHERE what = %s RETURNING id", what)
    anyone.goto(f"{initiative}?again=1")
    expect(pledge).to_contain_text("Просрочено: срокът беше")
    official.goto(initiative)
    official.locator(".pledges li").filter(has_text=what).get_by_role("link", name="Изпълнено е").click()
    press(official, text="Закарани са вчера.")
    anyone.goto("/pledges/?state=kept")
    expect(anyone.locator("main li").filter(has_text=what)).to_contain_text("Изпълнено късно, на")
