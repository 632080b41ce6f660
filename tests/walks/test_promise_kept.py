"""Promise 3: what a measure promises slips and is kept with evidence, people say what works; a service and a goal lead to ideas."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.walks.forms import comment_published, commented, day, fill, once, press, refused, sent
from tests.walks.site import Site, link_in
from tests.walks.test_walks import idea_sent

pytestmark = pytest.mark.browser

MEASURE = "Достъпни тротоари до училищата"
PROMISE = once("Равна настилка пред читалището")
SEEN = once("Пред третото училище бордюрът още е висок:")


def measure(page: Page) -> str:
    page.goto("/policies/")
    return (page.get_by_role("link", name=MEASURE).first.get_attribute("href") or "").split("?")[0]


def promised(official: Page, policy: str) -> str:
    """Where it is said that it was kept."""
    official.goto(f"{policy}promise/")
    press(official, promise=PROMISE, due_on=day(-1), weight="1")
    refused(official, "Обещайте за ден, който предстои")
    assert official.input_value("[name=promise]") == PROMISE
    press(official, due_on=day(20))
    line = official.locator(".milestones li").filter(has_text=PROMISE)
    return line.get_by_role("link", name="Изпълнено е").get_attribute("href") or ""


def slipped(site: Site) -> None:
    """Its day has passed."""
    site.rows(
        "UPDATE participation_promise SET due_on = due_on - 30, first_due_on = first_due_on - 30"
        " WHERE text->>'bg' = %s RETURNING id", PROMISE,
    )  # fmt: skip


def test_a_promise_slips_and_is_kept_with_evidence(site, person, visitor):
    official, resident, anyone = person("official"), person("resident", phone=True), visitor(phone=True)
    policy = measure(anyone)
    keep = promised(official, policy)
    sent(resident, f"/subjects/{re.sub(r'[^0-9]', '', policy)}/follow/")
    slipped(site)
    anyone.goto(policy)
    line = anyone.locator(".milestones li").filter(has_text=PROMISE)
    expect(line).to_contain_text("просрочено: срокът беше")
    before = anyone.locator("[aria-labelledby=p-far]").inner_text()

    official.goto(keep)
    press(official, done_on=day(0))
    refused(official, "Какво е направено или къде може да се види?")
    press(official, note="Настилката е подменена.", evidence_url="https://example.org/nastilka")
    told = site.letter("resident@demo.test", saying="Настилката е подменена.")
    anyone.goto(link_in(told, "/policies/"))
    expect(line).to_contain_text("Доказателство: Настилката е подменена.")
    expect(line.get_by_role("link", name="https://example.org/nastilka")).to_have_count(1)
    assert anyone.locator("[aria-labelledby=p-far]").inner_text() != before


def test_a_resident_says_what_does_not_work_and_the_owner_answers(person, visitor):
    official, resident, anyone = person("official"), person("resident", phone=True), visitor(phone=True)
    policy = measure(anyone)
    commented(resident, policy, SEEN, kind="fails", place="до третото училище")
    anyone.goto(policy)
    assert SEEN not in anyone.content()
    comment_published(person("admin"), SEEN)
    official.goto(policy)
    seen = official.locator("article.talk").filter(has_text=SEEN)
    expect(seen).to_contain_text("не работи")
    expect(seen).to_contain_text("до третото училище")
    seen.get_by_role("link", name="отговорете").click()
    official.select_option("[name=organisation]", index=1)
    fill(official, text="Ще го снишим до края на месеца.")
    official.get_by_role("button", name="Изпрати коментара").click()
    anyone.goto(f"{policy}?again=1")
    expect(anyone.locator("article.talk.official")).to_contain_text(["Ще го снишим до края на месеца."])
    expect(anyone.locator("#p-seen ~ p").first).to_contain_text("не работи: ")


def test_a_service_tells_what_has_changed_and_a_goal_takes_ideas(person, visitor):
    official, resident, anyone = person("admin"), person("resident", phone=True), visitor(phone=True)
    anyone.goto("/services/")
    anyone.get_by_role("link", name="Адресна регистрация").first.click()
    service, changed = str(anyone.evaluate("location.pathname")), once("Чака се до десет минути:")
    sent(official, f"{service}change/", text=changed)
    anyone.goto(f"{service}?again=1")
    expect(anyone.locator("[aria-labelledby=v-changed]")).to_contain_text(changed)
    anyone.goto("/goals/")
    goal = (anyone.locator("main a[href^='/goals/']").first.get_attribute("href") or "").split("?")[0]
    for page, way in ((service, "Дайте препоръка"), (goal, "Предложете нещо")):
        resident.goto(page)
        resident.get_by_role("link", name=way).first.click()
        idea = idea_sent(resident)
        anyone.goto(f"{page}?again={idea}")
        expect(anyone.locator(f"main a[href='/reports/{idea}/']").first).to_be_visible()
