"""Every kind of page is looked at once on the phone in Bulgarian and on the desktop in English: with all that this folder knows to look for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ready
from tests.browser.pages import DESKTOP, PAGES, PHONE, THEMES
from tests.browser.test_axe import violations_in
from tests.browser.test_reflow import reflow
from tests.browser.test_torn_words import torn_words
from tests.browser.test_wishes import colours_of_the_system_and_more_contrast, opened, targets_motion_and_spacing
from tests.browser.test_words import foreign, twice
from tests.walks.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", PAGES)
def test_a_kind_of_page(name: str, site: Site, chromium: Browser) -> None:
    """On the phone what a check changes is undone by it; the last one leaves a page of no use."""
    faults: dict[str, object] = {}
    with opened(chromium, site, name) as page:
        address = page.evaluate("() => performance.getEntriesByType('navigation')[0].name").removeprefix(site.address)
        faults["english"] = foreign(page)
        faults |= targets_motion_and_spacing(page)
        faults |= colours_of_the_system_and_more_contrast(page)
        faults |= violations_in(page, THEMES)
        faults |= torn_words(page)
        faults |= reflow(page)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        faults |= twice(page)
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        page.goto(f"{site.address}/en{address}")
        ready(page)
        faults |= {f"{what} of the desktop": found for what, found in violations_in(page, THEMES[:1]).items()}
    assert {what: found for what, found in faults.items() if found} == {}
