"""Data comes in and goes out: a file into a layer by the keyboard, what a category asks, a webhook from its form to its log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import choose
from tests.browser.test_axe import violations_in
from tests.walks.forms import once, press
from tests.walks.receiver import Receiver
from tests.walks.test_walks import by_name, fill_place_in_words, go_on, reference_on

pytestmark = pytest.mark.browser
CLEAN = {"axe light": [], "axe dark": []}
POST = "Стълб 4077, до трафопоста"


def looked_at(page: Page) -> dict[str, object]:
    """What axe finds in both themes, and by how many pixels the page is wider than the screen."""
    page.emulate_media(reduced_motion="reduce")  # else the colours of a theme come by and by
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return violations_in(page, ("light", "dark")) | ({"wider": wide} if wide else {})


def pressed(page: Page, goal: Locator) -> None:
    """Tab leads to the button or link, whose words or borders are seen there, and Enter presses it."""
    goal.wait_for()
    for _step in range(150):
        if goal.evaluate("node => node === document.activeElement"):
            expect(goal).to_be_in_viewport()
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {goal}")


def benches(path: Path) -> Path:
    places = {"Пейка до часовниковата кула": [23.7925, 42.9083], "Пейка пред читалището": [23.7931, 42.9072]}
    features = [
        {"type": "Feature", "properties": {"id": n, "име": name}, "geometry": {"type": "Point", "coordinates": at}}
        for n, (name, at) in enumerate(places.items(), 1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))
    return path


def test_a_file_becomes_a_layer_by_the_keyboard_on_a_phone_and_is_taken_back(person, tmp_path: Path) -> None:
    page, name = person("planner", phone=True), once("Пейки")
    slug = name.replace("Пейки ", "benches-")
    page.goto("/planning/layers/new/")
    page.fill("[name=name]", name)
    page.fill("[name=slug]", slug)
    pressed(page, page.get_by_role("button", name="Запис на слоя"))
    expect(page.locator("h1")).to_have_text(name)
    page.set_input_files("[name=file]", str(benches(tmp_path / "пейки.geojson")))
    pressed(page, page.get_by_role("button", name="Изпращане и проверка"))
    page.wait_for_selector("#map[data-ready=true] .layer-coming")
    assert page.locator(".layer-coming").count() == 2
    expect(page.locator(".plan-facts").first).to_contain_text("Нови")
    assert looked_at(page) == CLEAN
    pressed(page, page.get_by_role("button", name="Запишете го в слоя"))
    expect(page.get_by_role("button", name="Отменете този файл")).to_be_visible()
    done = page.url
    pressed(page, page.get_by_role("link", name="Обратно към слоя"))
    page.wait_for_selector("#map[data-ready=true]")
    expect(page.locator("main")).to_contain_text("2 точки")
    assert looked_at(page) == CLEAN
    page.goto(done)
    pressed(page, page.get_by_role("button", name="Отменете този файл"))
    expect(page.locator("main")).to_contain_text("отменен")
    page.goto(f"/planning/layers/{slug}/")
    expect(page.locator("main")).to_contain_text("още празен")


def test_what_follows_a_choice_is_asked_and_a_private_answer_stays_private(person) -> None:
    page, title = person("resident", phone=True), once("Тъмно пред входа")
    page.goto("/reports/new/")
    page.wait_for_selector(".mapbox[data-ready=true]")
    fill_place_in_words(page)
    go_on(page)
    choose(page.locator("[name=kind][value=problem]"))
    page.select_option("[name=category]", "street-lights")
    since = page.locator("#id_answer_lamp-since")
    expect(page.locator("#id_answer_lamp-how")).to_be_visible()
    expect(since).to_be_hidden()
    page.select_option("#id_answer_lamp-how", "lamp-how:dark")
    expect(since).to_be_visible()
    assert looked_at(page) == CLEAN
    since.fill("вчера")
    by_name(page, "title").fill(title)
    by_name(page, "text").fill("От два дни не свети.")
    page.fill("#id_answer_lamp-post", POST)
    go_on(page)
    expect(page.locator("main .error").first).to_contain_text("Откога е тъмно?")
    page.fill("#id_answer_lamp-since", "20.11.2026")
    go_on(page)
    go_on(page)
    choose(page.locator("[name=terms]"))
    go_on(page, "send")
    reference = reference_on(page)
    page.goto(f"/reports/{reference}/")
    expect(page.locator("main")).to_contain_text(POST)
    stranger = person("planner", phone=True)
    stranger.context.clear_cookies()
    stranger.goto(f"/reports/{reference}/")
    expect(stranger.locator("h1")).to_have_text(title)
    expect(stranger.locator("main")).to_contain_text("20.11.2026")
    assert POST not in stranger.content()
    assert looked_at(stranger) == CLEAN


def test_a_webhook_is_made_tried_and_found_in_its_log(person, receiver: Receiver) -> None:
    page, name = person("admin", phone=True), once("Нашата карта")
    page.goto("/accounts/webhooks/new/")
    assert looked_at(page) == CLEAN
    press(page, name=name, address=f"http://{receiver.host}/in")
    expect(page.locator("h1")).to_have_text(name)
    page.get_by_role("button", name="Изпратете проба").click()
    message = page.locator(".log > li").first
    for _look in range(40):
        if "предадено" in message.inner_text():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(message).to_contain_text("предадено")
    message.locator("summary").click()
    (headers, said), *more = receiver.heard
    assert more == []
    expect(message.locator("pre")).to_contain_text(f'"type":"{said["type"]}"')
    assert headers["webhook-signature"].startswith("v1,")
    assert looked_at(page) == CLEAN
