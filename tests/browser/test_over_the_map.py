"""What lies over the map: the site's messages on a phone, and a map inside another site, which is a map there too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ready, stub_tiles
from tests.browser.pages import sign_in
from tests.walks.site import Site

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
# Whether the middle of the first such element is what a finger would touch there.
ON_TOP = """(node) => {
  const box = node.getBoundingClientRect();
  return node.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""
INSIDE = """(node) => {
  const [inner, outer] = [node, document.querySelector(".bar-top")].map((each) => each.getBoundingClientRect());
  return inner.top >= outer.top && inner.bottom <= outer.bottom + 1;
}"""


def signed_out(open_page: Open, width: int, height: int) -> Page:
    page = open_page("/accounts/login/", width=width, height=height)
    sign_in(page, "", "resident@demo.test")
    page.goto("/accounts/logout/")
    page.locator("main form").get_by_role("button").first.click()
    page.wait_for_selector("#map[data-ready=true]")
    return page


def test_a_message_is_seen_on_the_map_of_a_phone_and_can_be_put_away(open_page: Open) -> None:
    page = signed_out(open_page, 390, 844)
    said = page.get_by_role("status").get_by_text("Излязохте.")
    assert said.evaluate(ON_TOP)
    assert page.locator(".map-search form").evaluate(INSIDE)
    page.locator("#q").fill("гур")  # the field is where it is seen
    assert page.locator("#q").evaluate(ON_TOP)
    page.locator("#q").press("Escape")
    page.get_by_role("link", name="Скрийте съобщението").click()
    expect(said).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "map"
    page.reload()
    ready(page)
    assert page.locator(".messages").count() == 0


def test_a_message_on_the_map_of_a_desk_moves_no_skip_link_into_sight(open_page: Open) -> None:
    page = signed_out(open_page, 1440, 900)
    assert page.get_by_role("status").get_by_text("Излязохте.").evaluate(ON_TOP)
    skip = page.locator("main > .skip")
    assert not skip.evaluate(ON_TOP)
    skip.focus()
    assert skip.evaluate(ON_TOP)


@pytest.mark.parametrize(("width", "height"), [(380, 500), (800, 520)])
def test_inside_another_site_the_map_is_seen_and_the_list_comes_at_a_press(width: int, height: int, open_page: Open) -> None:
    page = open_page("/embed/map/", width=width, height=height)
    sheet = page.locator("#side").bounding_box()
    outline = page.locator("path.g-edge").first.bounding_box()
    layers = page.locator("#layers-toggle").bounding_box()
    assert sheet and outline and layers
    assert sheet["height"] < height / 4
    assert outline["y"] >= 0 and outline["y"] + outline["height"] <= sheet["y"]
    assert layers["y"] + layers["height"] <= sheet["y"]
    assert page.locator(".map-search").evaluate("(node) => getComputedStyle(node).backgroundColor") != "rgba(0, 0, 0, 0)"
    expect(page.get_by_role("link", name="Всичко на сайта на")).to_be_in_viewport(ratio=1)
    page.locator("#layers-toggle").click()
    assert page.locator("#layers-panel input").first.evaluate(ON_TOP)
    page.locator("#layers-toggle").click()
    page.get_by_role("button", name="Покажете или скрийте списъка").click()
    expect(page.locator("#map-list a.row").first).to_be_in_viewport()
    page.get_by_role("button", name="Покажете или скрийте списъка").click()
    expect(page.locator("#map-list a.row").first).not_to_be_in_viewport()


FREE = """() => {
  const boxes = (css) => [...document.querySelectorAll(css)].map((node) => node.getBoundingClientRect()).filter((box) => box.width);
  const [town] = boxes("#map .g-label.size-4 span");
  const touches = (other) => town.left < other.right && other.left < town.right && town.top < other.bottom && other.top < town.bottom;
  return town.left >= 0 && town.right <= innerWidth && !boxes(".float, .side, .bar-top").some(touches);
}"""
DOUBLE = "document.addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '34px' })"


def test_the_town_is_named_beside_the_buttons_with_text_of_double_size(site: Site, chromium: Browser) -> None:
    size = {"width": 360, "height": 844}
    with chromium.new_context(
        base_url=site.address, viewport=size, locale="bg-BG", reduced_motion="reduce", bypass_csp=True
    ) as context:  # type: ignore[arg-type]
        stub_tiles(context, alive=False)
        page = context.new_page()
        page.add_init_script(DOUBLE)
        page.goto("/")
        ready(page)
        assert page.evaluate(FREE)


def test_the_switch_of_the_keys_stands_within_the_page(open_page: Open) -> None:
    page = open_page("/desk/", who="official@demo.test")
    switch, keys = page.locator("[data-keys-switch] input"), page.locator(".keys kbd").first
    expect(switch).to_be_visible()
    lefts = [each.evaluate("(node) => Math.round(node.getBoundingClientRect().left)") for each in (switch, keys)]
    assert lefts[0] == lefts[1]
