"""axe-core finds nothing: every kind of page × three themes × two languages × phone and desktop."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import ready, stub_tiles
from tests.browser.pages import DESKTOP, PAGES, PHONE, THEMES, address_of, sign_in
from tests.walks.site import Site

AXE = (Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("looks")]


def violations(page: Page) -> list[str]:
    """„rule: the element“ for everything that axe holds to be wrong."""
    page.evaluate(AXE)
    found = page.evaluate("(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("name", PAGES)
def test_no_violations(name: str, site: Site, chromium: Browser) -> None:
    faults: dict[str, list[str]] = {}
    for width, height in (PHONE, DESKTOP):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="bg-BG", reduced_motion="reduce")
        stub_tiles(context, alive=False)
        page = context.new_page()
        if who := PAGES[name][1]:
            sign_in(page, site.address, who)
        address = address_of(page, name, site.address)
        for prefix in ("", "/en"):
            for theme in THEMES:
                context.add_cookies([{"name": "theme", "value": theme, "url": site.address}])
                page.goto(f"{site.address}{prefix}{address}")
                ready(page)
                if found := violations(page):
                    faults[f"{prefix}{address} {theme} {width}"] = found
        context.close()
    assert faults == {}
