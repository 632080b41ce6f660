"""What people do with the whole product, in a real Chromium, over real SMTP, with the real worker."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import choose
from tests.walks.site import link_in

pytestmark = pytest.mark.browser

HOLE = "Дупка до детската площадка"


def by_name(page: Page, name: str) -> Page:
    return page.locator(f"[name={name}]").first


def sign_in(page: Page, who: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", f"{who}@demo.test")
    page.fill("[name=password]", "demo")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/accounts/")


def go_on(page: Page, value: str = "next") -> None:
    page.locator(f"button.primary[name=go][value={value}]").click()
    page.wait_for_load_state()


def fill_what(page: Page, title: str) -> None:
    choose(page.locator("[name=kind][value=problem]"))
    page.select_option("[name=category]", "street-lights")
    page.fill("[name=title]", title)
    page.fill("[name=text]", "Забелязах я тази сутрин, точно до входа.")


def fill_place_in_words(page: Page) -> None:
    details = page.locator("[data-without-map]")
    if details.count() and not details.evaluate("node => node.open"):
        details.locator("summary").click()
    page.select_option("[name=settlement]", index=1)
    page.fill("[name=place]", "до детската площадка")


def reference_on(page: Page) -> str:
    return re.sub(r"\D", "", page.locator(".ref").first.inner_text())


def idea_sent(page: Page, title: str = "") -> str:
    """Sends the idea that was begun on another page, filled in with that title, or empty; its number."""
    page.wait_for_url("**/reports/new/**")
    fill_place_in_words(page)
    go_on(page)
    if title:
        assert title in page.input_value("[name=title]")
    else:
        page.fill("[name=title]", "Така ще е по-лесно за всички")
    page.select_option("[name=category]", "idea-other")
    page.fill("[name=text]", "Така ще е по-лесно за хората от селата.")
    go_on(page)
    go_on(page)
    choose(page.locator("[name=terms]"))
    go_on(page, "send")
    return reference_on(page)


def test_guest_with_a_photo_confirms_by_mail(site, visitor, photo):
    page = visitor(phone=True)
    page.goto("/reports/new/")
    page.wait_for_selector(".mapbox[data-ready=true]")
    page.locator("[data-act=locate]").click()
    expect(page.locator("#id_lon")).not_to_have_value("")
    go_on(page)
    fill_what(page, HOLE)
    go_on(page)
    page.go_back()
    expect(page.locator("[name=title]")).to_have_value(HOLE)
    page.fill("[name=text]", "Написано и още непратено.")
    page.go_back()
    expect(page.locator("#id_lon")).not_to_have_value("")
    go_on(page)
    expect(page.locator("[name=text]")).to_have_value("Написано и още непратено.")
    go_on(page)
    page.set_input_files("input[type=file]", str(photo))
    expect(page.locator(".shot input[name=photos]")).to_have_count(1)
    go_on(page)
    page.fill("[name=email]", "walk.guest@example.test")
    choose(page.locator("[name=terms]"))
    go_on(page, "send")
    page.wait_for_url("**/receipt/**")
    assert page.locator("h1").inner_text() == "Още една стъпка: потвърдете по имейла"
    letter = site.letter("walk.guest@example.test")
    page.goto(link_in(letter, "/reports/confirm/"))
    page.locator("main form button").click()
    page.wait_for_url("**/receipt/**")
    reference = reference_on(page)
    page.goto(f"/reports/{reference}/")
    assert page.locator("h1").inner_text() == HOLE
    assert page.locator(".photos img").count() == 1
    receipt = site.letter("walk.guest@example.test", after=1)
    assert reference in re.sub(r"\D", "", receipt.get_body(("plain",)).get_content())


def test_report_without_scripts_from_form_to_page(site, visitor, photo):
    page = visitor(scripts=False)
    page.goto("/reports/new/")
    fill_place_in_words(page)
    go_on(page)
    fill_what(page, "Счупена плочка")
    go_on(page)
    page.set_input_files("input[type=file]", str(photo))
    go_on(page)
    choose(page.locator("[name=terms]"))
    go_on(page, "send")
    assert page.locator("h1").inner_text() == "Благодарим. Първо го чете модератор"


def test_whole_life_from_resident_through_official_to_reopening(site, visitor):
    resident, official = visitor(), visitor()
    sign_in(resident, "resident")
    resident.goto("/reports/new/")
    fill_place_in_words(resident)
    go_on(resident)
    fill_what(resident, "Лампата пред входа мига")
    go_on(resident)
    go_on(resident)
    choose(resident.locator("[name=terms]"))
    go_on(resident, "send")
    reference = reference_on(resident)

    sign_in(official, "official")
    for name, fields in (("start", {}), ("resolve", {"text": "Сменихме лампата."})):
        official.goto(f"/desk/{reference}/act/{name}/")
        for field, words in fields.items():
            official.fill(f"[name={field}]", words)
        official.locator(".next-panel form button.primary").click()
        assert "Това ще получи подателят" in official.locator(".preview").inner_text()
        official.locator(".next-panel form button.primary").click()
        official.wait_for_url(f"**/desk/{reference}/")
    assert site.letter("resident@demo.test", saying="Сменихме лампата.")

    resident.goto(f"/reports/{reference}/")
    assert "Сменихме лампата." in resident.locator(".timeline").inner_text()
    resident.goto(f"/reports/{reference}/act/request_reopen/")
    resident.fill("[name=text]", "Пак мига.")
    resident.locator("main form button.primary").click()
    resident.wait_for_url(f"**/reports/{reference}/")
    official.goto(f"/desk/{reference}/act/reopen/")
    official.fill("[name=text]", "Ще погледнем отново.")
    official.locator(".next-panel form button.primary").click()
    official.locator(".next-panel form button.primary").click()
    official.wait_for_url(f"**/desk/{reference}/")
    resident.goto(f"/reports/{reference}/")
    assert "Пак мига." in resident.locator(".timeline").inner_text()


def press_to(page: Page, selector: str, most: int = 120) -> None:
    """Tab until the focus is on the element; fails when the keyboard does not get there."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_report_by_keyboard_alone(site, visitor):
    page = visitor()
    page.goto("/reports/new/")
    page.wait_for_selector(".mapbox[data-ready=true]")
    press_to(page, ".place-handle")
    for _step in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#id_lon")).not_to_have_value("")
    press_to(page, "button.primary[name=go]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=title]")
    press_to(page, "[name=kind]")
    page.keyboard.press("Space")
    press_to(page, "[name=category]")
    page.keyboard.press("ArrowDown")
    press_to(page, "[name=title]")
    page.keyboard.type("Подадено само с клавиатура")
    page.keyboard.press("Enter")
    page.wait_for_selector("input[type=file]")
    press_to(page, "button.primary[name=go]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=terms]")
    press_to(page, "[name=terms]")
    page.keyboard.press("Space")
    press_to(page, "button.primary[name=go]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/**")


def test_desk_by_keyboard(site, visitor):
    page = visitor()
    sign_in(page, "official")
    page.goto("/desk/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('[data-row]') === document.querySelectorAll('[data-row]')[0]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/\d+/$"))
    page.keyboard.press("1")
    page.wait_for_url("**/act/**")
    expect(page.locator("#step")).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".next-panel form button.primary").click()
    page.wait_for_load_state()
    expect(page.locator("#errors")).to_be_in_viewport()
    page.goto("/desk/?tab=ended")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)


def test_back_restores_filters_map_and_focus(site, visitor):
    page = visitor()
    page.goto("/")
    page.wait_for_selector("[data-ready=true]")
    page.locator("a.chip, .chip").filter(has_text="Идеи").first.click()
    page.wait_for_url("**kind=idea**")
    page.wait_for_load_state("networkidle")
    row = page.locator("[data-ref]").first
    expect(row).to_be_visible()
    address, title = page.url, row.inner_text()
    row.click()
    page.wait_for_url("**/reports/**")
    page.go_back()
    page.wait_for_selector("[data-ref]")
    assert "kind=idea" in page.url and page.url.split("?")[0] == address.split("?")[0]
    expect(page.locator("[data-ref]").first).to_have_text(re.compile(re.escape(title.split("\n")[0])))
