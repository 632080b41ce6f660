"""The steps of a new report in a browser: what is wrong is said where it is mended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
NEXT = "button.primary[name=go]"


def test_untouched_or_outside_place_is_told_at_the_map(open_page: Open) -> None:
    page = open_page("/reports/new/")
    page.wait_for_selector(".mapbox[data-ready=true]")
    page.locator(NEXT).click()
    said = page.locator("#place-say")
    expect(said).to_contain_text("Мястото още не е избрано")
    expect(page.locator(".place-handle")).to_be_focused()
    for _ in range(5):
        page.locator("[data-act=out]").click()
    page.locator(".mapbox").click(position={"x": 30, "y": 200})
    expect(said).to_contain_text("Извън общината")
    expect(said).to_contain_text("км")
    page.locator(NEXT).click()
    expect(page.locator(".place-handle")).to_be_focused()
    assert page.locator("[name=step]").input_value() == "place"


def test_photo_that_cannot_be_read_leaves_one_sentence_with_its_name(open_page: Open) -> None:
    page = open_page("/reports/new/")
    page.wait_for_selector(".mapbox[data-ready=true]")
    page.locator("[data-without-map] summary").click()
    page.select_option("[name=settlement]", index=1)
    page.fill("[name=place]", "пред входа")
    page.locator(NEXT).click()
    page.select_option("[name=category]", "street-lights")
    page.fill("[name=title]", "Лампата мига")
    page.locator(NEXT).click()
    page.set_input_files("input[type=file]", {"name": "бележка.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"})
    expect(page.locator("[data-say] .error")).to_have_text(
        ["бележка.jpg: Това не е снимка, която може да се прочете. Изпратете я като JPEG, PNG, WebP или HEIC."]
    )
    assert page.locator(".shot").count() == 0


def test_a_position_known_to_five_kilometres_is_where_to_look_and_not_the_place(open_page: Open) -> None:
    where = {"latitude": 42.905, "longitude": 23.79, "accuracy": 5000}
    page = open_page("/reports/new/", width=390, height=844, geolocation=where, permissions=["geolocation"])
    page.wait_for_selector(".mapbox[data-ready=true]")
    page.locator("[data-act=locate]").click()
    said = page.locator("#place-say")
    expect(said).to_contain_text("още не е избрано")
    expect(said).to_contain_text("5 км")
    assert page.locator("[name=lon]").input_value() == ""
    page.locator(NEXT).click()
    assert page.locator("[name=step]").input_value() == "place"
