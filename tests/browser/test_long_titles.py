"""A title of one word without a place to break holds every page of its report within the width of a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ready, stub_tiles
from tests.browser.pages import address_of
from tests.browser.test_reflow import TOO_WIDE, sideways
from tests.walks.site import Site

pytestmark = pytest.mark.browser

WORD = "Непротивоконституционствувателствувайте".ljust(90, "ш")
PAGES = ("{report}?shown=anew", "{report}support/", "{report}follow/", "{report}comment/", "{report}flag/", "{report}fixed/",
         "/reports/?kind=problem", "/reports/?q={word}", "/embed/list/?q={word}", "/notice/?report={reference}")  # fmt: skip
RENAMED = """UPDATE discussion_subject SET title = %s FROM discussion_subject old
    WHERE discussion_subject.id = old.id AND old.reference = %s RETURNING old.title"""


@pytest.fixture
def named(site: Site, chromium: Browser) -> Iterator[str]:
    """The address of the first report, which is called by one word of 90 letters for the time of the test."""
    page = chromium.new_page()
    address = address_of(page, "report", site.address)
    page.close()
    reference = address.strip("/").split("/")[-1]
    [(before,)] = site.rows(RENAMED, WORD, reference)
    yield address
    site.rows(RENAMED, before, reference)


def test_a_long_word_stays_within_a_phone(named: str, site: Site, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, locale="bg-BG", reduced_motion="reduce")
    stub_tiles(context, alive=False)
    page = context.new_page()
    wide, without = {}, []
    for name in PAGES:
        address = name.format(report=named, word=WORD[:30], reference=named.strip("/").split("/")[-1])
        page.goto(site.address + address)
        ready(page)
        if WORD[:30] not in page.locator("main").inner_text():
            without.append(name)
        if sideways(page) > 0:
            wide[name] = page.evaluate(TOO_WIDE)
    context.close()
    assert without == [], "the title stands on every page"
    assert wide == {}
