"""What a poor line is spared: photos nobody sees yet, and room that jumps when the map comes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
ASKED = "() => performance.getEntriesByType('resource').filter((each) => each.name.includes('/media/')).length"
SHIFTED = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; }).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 300);
})"""
SHOWN = "(all) => all.filter((each) => getComputedStyle(each).display !== 'none').length"


def test_photos_below_the_sheet_come_when_the_list_is_looked_at(open_page: Open) -> None:
    page = open_page("/", width=390, height=844)
    page.wait_for_load_state("networkidle")
    photos = page.locator("#map-list .thumb img")
    assert photos.count() > 2
    assert page.evaluate(ASKED) <= 2
    with page.expect_response(lambda answer: "/media/" in answer.url):
        page.locator(".sheet-grip").click()
    assert photos.evaluate_all(SHOWN) == photos.count()


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {"width": 1440, "height": 900}])
def test_without_a_sheet_all_photos_are_shown(open_page: Open, options: dict[str, object]) -> None:
    page = open_page("/", **{"width": 390, "height": 844, **options})
    photos = page.locator("#map-list .thumb img")
    assert photos.evaluate_all(SHOWN) == photos.count() > 2


def test_the_form_does_not_jump_when_its_map_comes(open_page: Open) -> None:
    page = open_page("/reports/new/", width=390, height=844)
    page.wait_for_selector(".mapbox[data-ready=true]")
    shifted = page.evaluate(SHIFTED)
    assert shifted < 0.1


def test_without_scripts_no_room_is_kept_for_a_map(open_page: Open) -> None:
    page = open_page("/reports/new/", java_script_enabled=False)
    assert page.locator("[data-place-picker]").evaluate("(node) => getComputedStyle(node).display") == "none"
    assert page.locator("[data-without-map] select").first.is_visible()


def test_roads_come_with_their_library_when_the_map_is_near(open_page: Open) -> None:
    page = open_page("/", width=390, height=844)
    page.wait_for_load_state("networkidle")
    painter = "() => performance.getEntriesByType('resource').filter((each) => each.name.includes('protomaps')).length"
    assert page.evaluate(painter) == 0
    page.goto("/?at=23.7925,42.9075,15")
    page.wait_for_selector("#map[data-ready=true]")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(painter) == 1
