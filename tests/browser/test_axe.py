"""axe-core finds nothing: every kind of page on the phone, its colours in three themes, its English on the desktop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import ready, stub_tiles
from tests.browser.pages import sign_in
from tests.walks.site import Site

AXE = (Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

pytestmark = pytest.mark.browser


def violations(page: Page, only: object = TAGS) -> list[str]:
    """„rule: the element“ for everything that axe holds to be wrong."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # Without `preload`: it copies sheets into another document, which the page's own policy calls an inline style.
    found = page.evaluate("(only) => axe.run(document, {runOnly: only, resultTypes: ['violations'], preload: false})", only)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


# A page without a chosen theme carries the sheets of both others, each for the system that asks for it.
WEAR = """(theme) => {
  document.documentElement.dataset.theme = theme;
  for (const name of ['dark', 'contrast']) {
    const sheet = document.querySelector(`link[href*="tokens.${name}."]`);
    sheet.media = name === theme ? 'all' : 'not all';
  }
}"""


def violations_in(page: Page, themes: tuple[str, ...]) -> dict[str, object]:
    """What axe finds in each theme. A theme is colours and nothing else: after the first they alone are looked at."""
    faults: dict[str, object] = {}
    for theme in themes:
        page.evaluate(WEAR, theme)
        faults[f"axe {theme}"] = violations(page, TAGS if theme == themes[0] else COLOURS)
    return faults


@pytest.mark.parametrize("looks", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}], ids=str)
def test_no_violations_in_the_reader_of_the_api(looks: dict[str, str], open_page: Callable[..., Page]) -> None:
    page = open_page("/api/v1/docs/", width=390, height=844, theme="", **looks)
    page.wait_for_selector(".opblock-summary")
    page.wait_for_selector(".json-schema-2020-12-expand-deep-button")
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1440])
def test_no_violations_on_the_map_of_the_desk_and_under_a_message(width: int, site: Site, chromium: Browser) -> None:
    with chromium.new_context(base_url=site.address, locale="bg-BG", viewport={"width": width, "height": 844}) as context:
        stub_tiles(context, alive=False)
        page = context.new_page()
        sign_in(page, site.address, "official@demo.test")
        page.goto("/desk/map/?tab=all")
        ready(page)
        assert violations(page) == []
        page.goto("/accounts/logout/")
        page.locator("main form").get_by_role("button").first.click()
        page.wait_for_selector(".messages")
        ready(page)
        assert violations(page) == []


@pytest.mark.parametrize(("theme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(18, 24, 27)")])
def test_a_chosen_theme_comes_with_the_page(theme: str, ground: str, open_page: Callable[..., Page]) -> None:
    page = open_page("/about/", theme=theme, color_scheme="dark" if theme == "light" else "light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    assert page.locator("html").get_attribute("data-theme") == theme
