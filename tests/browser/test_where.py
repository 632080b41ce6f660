"""The steps of a new report that scripts make easier: the preview that follows one's choices, streets of a settlement, the spoken pin."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import choose
from tests.browser.test_by_names import reach

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
PIXELS = 256 * 2**18 / 360
"""Of a degree of longitude, as near as the map goes to a place that was found."""


def test_preview_follows_the_choices_of_the_step(open_page: Open) -> None:
    page = open_page("/reports/new/?lon=23.7924&lat=42.908", width=390, height=844)
    page.get_by_role("button", name="Продължи", exact=True).click()
    page.get_by_role("textbox", name="С няколко думи").fill("Пейката е счупена")
    page.get_by_role("combobox", name="Категория").select_option("street-lights")
    for _ in range(2):
        page.get_by_role("button", name="Продължи", exact=True).click()
    seen = page.get_by_role("article", name="Как ще изглежда страницата")
    expect(seen).to_contain_text("Център на Ботевград")
    expect(seen).not_to_contain_text("точката на картата")
    author = seen.get_by_role("status")
    expect(author).to_have_text("жител")
    page.get_by_role("textbox", name="Имената Ви").fill("Рада  Колева")
    for label, shown in (("Пълното ми име", "Рада Колева"), ("Малкото ми име", "Рада"), ("Жител", "жител")):
        choose(page.get_by_role("radio", name=label))
        expect(author).to_have_text(shown)
    expect(seen.get_by_text("подаден официално")).to_be_hidden()
    choose(page.get_by_role("radio", name="официално"))
    expect(seen.get_by_text("подаден официално")).to_be_visible()


def test_enter_takes_no_hit_of_what_stood_there_before(open_page: Open) -> None:
    page = open_page("/reports/new/")
    search = page.get_by_role("searchbox", name="Потърсете улица")
    search.fill("гурко 9999")
    expect(page.get_by_role("button", name="ул. Гурко 9999, гр. Ботевград")).to_be_visible()
    search.press("End")
    search.press("9")
    search.press("Enter")
    expect(page.get_by_role("button", name="ул. Гурко, гр. Ботевград", exact=False).first).to_be_visible()
    expect(page.get_by_role("button", name="9999")).to_have_count(0)
    expect(search).to_have_value("гурко 99999")


def test_streets_follow_the_settlement_of_the_list(open_page: Open) -> None:
    page = open_page("/reports/new/", width=390, height=844)
    page.wait_for_selector(".mapbox[data-ready=true]")
    page.locator("[data-without-map] summary").click()
    street = page.get_by_role("combobox", name="Улица")
    expect(street).to_be_hidden()
    settlement = page.get_by_role("combobox", name="Населено място")
    settlement.select_option("skravena")
    settlement.select_option("grad-botevgrad")
    expect(street).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Можете да изберете и улица")).to_have_count(1)
    street.select_option(label="ул. Гурко")
    settlement.select_option("skravena")
    expect(street).to_be_hidden()
    settlement.select_option("grad-botevgrad")
    expect(street).to_be_visible()
    expect(street).to_have_value("")
    street.select_option(label="ул. Гурко")
    page.get_by_role("textbox", name="Мястото с думи").fill("5")
    page.get_by_role("button", name="Продължи", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Какво е?")).to_be_visible()
    expect(page.locator("input[name=place]")).to_have_value("ул. Гурко 5")


def test_pin_moved_by_keys_says_how_far_and_where_to(open_page: Open) -> None:
    page = open_page("/reports/new/")
    for keys, said in (
        (("ArrowUp",), "30 м на север · в гр. Ботевград"), (("ArrowDown",), "30 м на юг ·"), (("ArrowLeft", "ArrowDown"), "40 м на югозапад ·"),
        (("ArrowRight", "ArrowUp"), "40 м на североизток ·"), (("ArrowLeft",), "30 м на запад ·"),
    ):  # fmt: skip
        page.goto("/reports/new/?lon=23.805&lat=42.91")
        moved(page, keys, said)


def moved(page: Page, keys: tuple[str, ...], said: str) -> None:
    """By keys, twice; a click puts it elsewhere."""
    page.wait_for_selector(".mapbox[data-ready=true]")
    spoken = page.locator("#place-say span")
    expect(spoken).to_have_text("в гр. Ботевград")
    pin = page.locator(".place-handle")
    reach(page, pin)
    for _again in range(2):  # from where it was last said, not from where it stood at first
        for key in keys:
            page.keyboard.press(f"Shift+{key}")
        expect(spoken).to_contain_text(said)
        page.wait_for_timeout(500)
    expect(spoken).to_contain_text(said)
    box = page.locator(".mapbox").bounding_box()
    assert box
    page.mouse.click(box["x"] + 30, box["y"] + box["height"] - 30)
    expect(spoken).to_have_text("в гр. Ботевград")


def test_tap_picks_a_thing_and_opens_nothing_while_its_layer_is_on(open_page: Open) -> None:
    page = open_page("/reports/new/", width=390, height=844, has_touch=True)
    page.wait_for_selector(".mapbox[data-ready=true]")
    search, found = page.get_by_role("searchbox", name="Потърсете улица"), page.locator("[data-find-say]")
    search.fill("42.9084, 23.7908")
    search.press("Enter")
    page.locator(".results button").first.click()
    expect(found).to_contain_text("Избрано:")
    page.get_by_role("button", name="Слоеве").click()
    page.get_by_role("checkbox", name="Улични лампи").check()
    page.wait_for_selector(".leaflet-features-pane canvas", state="attached")
    page.wait_for_load_state("networkidle")
    page.locator(".mapbox").scroll_into_view_if_needed()
    box, picked = page.locator(".mapbox").bounding_box(), page.locator("input[name=object]:is(:checked, [type=hidden])")
    assert box
    east, south = (23.7906 - 23.7908) * PIXELS, (42.9084 - 42.9083) * PIXELS / 0.7325
    page.touchscreen.tap(box["x"] + box["width"] / 2 + east, box["y"] + box["height"] / 2 + south)
    expect(picked).to_have_value("lamp-posts.post-118")
    expect(found).to_be_empty()
    page.wait_for_timeout(600)
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(picked).to_have_value("lamp-posts.post-118")
    assert (page.input_value("[name=lon]"), page.input_value("[name=lat]")) == ("23.790600", "42.908300")


def test_place_at_a_landmark_is_by_it(open_page: Open) -> None:
    page = open_page("/reports/new/?lon=23.79255&lat=42.90815")
    expect(page.locator("#place-say")).to_contain_text("до Часовникова кула, ")
    page = open_page("/reports/new/?lon=23.7925&lat=42.9083")
    expect(page.locator("#place-say")).to_contain_text("на 20 м от Часовникова кула, ")


def test_a_phone_that_is_turned_chooses_no_place(open_page: Open) -> None:
    page = open_page("/reports/new/", width=390, height=844)
    page.wait_for_selector(".mapbox[data-ready=true]")
    page.get_by_role("button", name="По-близо").click()
    page.wait_for_timeout(600)
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_timeout(1000)
    assert page.input_value("[name=lon]") == ""
    page.locator(".mapbox").scroll_into_view_if_needed()
    box = page.locator(".mapbox").bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 40, middle[1] + 10, steps=4)
    page.mouse.up()
    page.wait_for_function("() => document.querySelector('[name=lon]').value !== ''")


def test_private_words_that_were_taken_out_stay_out(open_page: Open) -> None:
    page = open_page("/reports/new/?lon=23.7924&lat=42.908")
    page.get_by_role("button", name="Продължи", exact=True).click()
    page.get_by_role("textbox", name="С няколко думи").fill("Питайте на 0888 123 456")
    page.get_by_role("combobox", name="Категория").select_option("street-lights")
    page.get_by_role("button", name="Продължи", exact=True).click()
    page.get_by_role("button", name="Махам го от текста").click()
    title = page.get_by_role("textbox", name="С няколко думи")
    expect(title).to_have_value("Питайте на …")
    page.get_by_role("button", name="Продължи", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Снимка")).to_be_visible()
    page.go_back()
    expect(title).to_have_value("Питайте на …")


def _looked_up(page: Page, words: str, name: str) -> None:
    """Types the words and takes what is found first by Enter."""
    page.wait_for_selector(".mapbox[data-ready=true]")
    search = page.get_by_role("searchbox", name="Потърсете улица")
    search.fill(words)
    expect(page.get_by_role("button", name=name)).to_be_visible()
    search.press("Enter")


def test_officials_look_a_place_up_for_who_calls_and_for_what_they_move(open_page: Open) -> None:
    page = open_page("/desk/new/", who="official@demo.test")
    _looked_up(page, "гурко", "ул. Гурко, гр. Ботевград")
    expect(page.get_by_role("textbox", name="Мястото с думи")).to_have_value("ул. Гурко")
    expect(page.get_by_role("combobox", name="Населено място")).to_have_value("grad-botevgrad")
    _looked_up(page, "стълб 118", "стълб 118")
    lon = page.locator("[name=lon]")
    expect(lon).not_to_have_value("")
    page.get_by_role("combobox", name="Категория").select_option("street-lights")
    page.get_by_role("textbox", name="С няколко думи").fill("Лампата мига")
    page.locator("main form button.primary").click()
    page.wait_for_url(re.compile(r"/desk/\d{10}/$"))
    page.goto(f"{page.url}move/")
    expect(lon).not_to_have_value("")
    before = lon.input_value()
    _looked_up(page, "гурко", "ул. Гурко, гр. Ботевград")
    expect(page.get_by_role("textbox", name="Мястото с думи")).to_have_value("ул. Гурко")
    expect(lon).not_to_have_value(before)
    assert float(lon.input_value())
    expect(page.locator("#place-say")).to_contain_text("Преместете знака")
