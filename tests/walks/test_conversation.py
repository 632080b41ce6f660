"""Promise 2: people, an organisation and the administration talk about an idea, without scripts, from a question to the summary."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.walks.site import link_in
from tests.walks.test_walks import sign_in

pytestmark = pytest.mark.browser

QUESTION = "Кой ще полива дърветата през август?"
ANSWER = "Поливаме ние, всяка сутрин."


def idea_page(page: Page) -> str:
    """The first idea that gathers support."""
    page.goto("/reports/?kind=idea&q=сянка")
    href = page.locator("main a[href^='/reports/']").filter(has_text="сянка").first.get_attribute("href") or ""
    return href.split("?")[0]


def ask(resident: Page, address: str) -> None:
    resident.goto(f"{address}comment/")
    resident.fill("[name=text]", f"{QUESTION} **Важно е.**")
    resident.check("[name=stance][value=for]")
    resident.select_option("[name=kind]", "question")
    resident.get_by_role("button", name="Изпрати коментара").click()
    expect(resident.locator("h1")).to_have_text("Благодарим за коментара")


def test_a_conversation_from_a_question_to_its_summary(site, visitor):
    resident, official, moderator = (visitor(phone=True, scripts=False) for _person in range(3))
    for page, who in ((resident, "resident"), (official, "official"), (moderator, "admin")):
        sign_in(page, who)
    address = idea_page(resident)

    ask(resident, address)
    official.goto(address)
    assert QUESTION not in official.content()

    moderator.goto("/desk/moderation/")
    waiting = moderator.locator("#comments ~ article").filter(has_text=QUESTION)
    waiting.get_by_role("button", name="Публикувай", exact=True).click()

    official.goto(address)
    said = official.locator("article.talk").filter(has_text=QUESTION)
    expect(said.locator("strong")).to_have_text("Важно е.")
    expect(said.locator(".st-for")).to_have_text("за")
    said.get_by_role("link", name="отговорете").click()
    official.select_option("[name=organisation]", index=1)
    official.fill("[name=text]", ANSWER)
    official.get_by_role("button", name="Изпрати коментара").click()
    expect(official.locator("article.talk.official").filter(has_text=ANSWER)).to_contain_text("официален отговор")

    told = site.letter("resident@demo.test", saying="Отговориха на Вашия коментар")
    assert "#comment-" in link_in(told, "/reports/")

    resident.goto(address)
    resident.locator("article.talk.official").filter(has_text=ANSWER).get_by_role("link", name="полезен").click()
    resident.get_by_role("button", name="Полезен е").click()
    expect(resident.locator("article.talk.official").filter(has_text=ANSWER)).to_contain_text("смятате го за полезен · 1")

    moderator.goto(address)
    moderator.get_by_role("link", name="Приключете разговора с обобщение").click()
    moderator.fill("[name=text]", "Поливането е уредено.")
    moderator.get_by_role("button", name="Приключете с това обобщение").click()
    expect(moderator.locator(".talks .note.good")).to_contain_text("Поливането е уредено.")
    resident.goto(address)
    expect(resident.get_by_role("link", name="Напишете коментар")).to_have_count(0)
