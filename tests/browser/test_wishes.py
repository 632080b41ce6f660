"""What a person asks of the system holds on every page: less motion, more contrast, colours of the system, wider letters, large targets.

WCAG 2.2: 1.4.6 (7 : 1, beyond what is asked of us), 1.4.11, 1.4.12, 2.1.4, 2.3.3, 2.4.7, 2.4.11, 2.5.8.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import ready, stub_tiles
from tests.browser.pages import PAGES, PHONE, open_as
from tests.browser.test_axe import AXE
from tests.browser.test_reflow import CUT, TOO_WIDE, sideways
from tests.walks.site import Site

pytestmark = pytest.mark.browser

SMALL = """() => [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea, [role=button]')]
  .filter((node) => node.checkVisibility() && !node.closest('.vh, .skip, [inert]'))
  .map((node) => [node, (node.matches('[type=checkbox], [type=radio]') && node.labels[0] || node).getBoundingClientRect()])
  .filter(([node, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
  .filter(([node]) => getComputedStyle(node).display !== 'inline' && !node.closest('.leaflet-control-attribution'))
  .map(([node, box]) => `${node.outerHTML.slice(0, 110)} ${box.width}×${box.height}`)"""
MOVING = """() => [...document.querySelectorAll('*')].filter((node) => {
    const style = getComputedStyle(node);
    return style.animationName !== 'none' || style.scrollBehavior === 'smooth'
      || style.transitionDuration.split(', ').some((each) => parseFloat(each) > 0);
  }).map((node) => node.outerHTML.slice(0, 110)).slice(0, 5)"""
SLOW = """() => [...document.querySelectorAll('*')]
  .filter((node) => getComputedStyle(node).transitionDuration.split(', ').some((each) => parseFloat(each) > 0.15))
  .map((node) => node.outerHTML.slice(0, 110)).slice(0, 5)"""
# In the colours of the system a button without an edge is a word like any other; what is chosen must differ by more than its ground.
UNSEEN = """() => {
  const edged = (style) => ['Top', 'Bottom'].some((side) =>
    style[`border${side}Style`] !== 'none' && parseFloat(style[`border${side}Width`]) > 0);
  const drawn = (style) => [style.borderTopWidth, style.borderTopStyle, style.borderBottomWidth, style.outlineStyle,
    style.outlineWidth, style.fontWeight, style.textDecorationLine, style.borderTopColor, style.color].join();
  const seen = (node) => node.checkVisibility() && !node.closest('.vh, .skip, .leaflet-control');
  const framed = (node) => edged(getComputedStyle(node)) || (node.closest('.search') && edged(getComputedStyle(node.closest('.search'))));
  const faults = [];
  for (const node of document.querySelectorAll('button, .btn, input:not([type=hidden]), select, textarea')) {
    if (!seen(node) || node.matches('[type=checkbox], [type=radio], [type=range], [type=file]')) continue;
    const style = getComputedStyle(node);
    if (!framed(node) && style.textDecorationLine === 'none' && !node.querySelector('svg')) faults.push(`no edge: ${node.outerHTML.slice(0, 110)}`);
  }
  for (const node of document.querySelectorAll('[aria-pressed=true], [aria-current]:not([aria-current=false]), [aria-selected=true]')) {
    const other = [...(node.parentElement.closest('ul, ol, nav, div, fieldset') || node.parentElement)
      .querySelectorAll(node.tagName)].find((each) => each !== node && each.className.split(' ')[0] === node.className.split(' ')[0]
        && each.getAttribute('aria-pressed') !== 'true' && !each.hasAttribute('aria-current') && each.getAttribute('aria-selected') !== 'true');
    if (seen(node) && other && drawn(getComputedStyle(node)) === drawn(getComputedStyle(other))
      && getComputedStyle(node, '::after').content === getComputedStyle(other, '::after').content) {
      faults.push(`chosen looks like the others: ${node.outerHTML.slice(0, 110)}`);
    }
  }
  return faults;
}"""
FOCUS = """() => {
  const node = document.activeElement;
  const ringed = (each) => each && getComputedStyle(each).outlineStyle !== 'none' && parseFloat(getComputedStyle(each).outlineWidth) >= 2;
  const at = node.getBoundingClientRect();
  const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].map(([x, y]) => [at.x + at.width * x, at.y + at.height * y]);
  const covered = node !== document.body && at.width > 2 && points.every(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && !node.contains(top) && !top.contains(node) && !(node.labels && [...node.labels].some((label) => label.contains(top)));
  });
  if (covered) return `under another: ${node.outerHTML.slice(0, 110)}`;
  return node === document.body || ringed(node) || ringed(node.closest('.search')) ? '' : node.outerHTML.slice(0, 110);
}"""
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }' +
    'p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets = [sheet];
}"""
ENHANCED = """async () => (await axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast-enhanced']}, resultTypes: ['violations']}))
  .violations.flatMap((rule) => rule.nodes.map((node) => node.html.slice(0, 130)))"""


OF_WORKER = {"offline", "offline-form", "told"}
"""Kinds of pages on which the service worker has a part. To all others it brings nothing that is seen, and each new phone fetches all its files."""
_phones: dict[tuple[str, str], BrowserContext] = {}


def _phone(chromium: Browser, **options: str) -> BrowserContext:
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, locale="bg-BG", reduced_motion="reduce", **options
    )
    stub_tiles(context, alive=False)
    return context


@contextmanager
def opened(chromium: Browser, site: Site, name: str, *, alone: bool = False) -> Iterator[Page]:
    """The page of that kind on a phone without motion: its account's, which has the scripts and styles already, unless it should stand `alone`."""
    address, who = PAGES[name]
    alone = alone or name in OF_WORKER or "{draft}" in address
    if alone:
        context = _phone(chromium, service_workers="allow")
    else:
        context = _phones.get((site.address, who)) or _phone(chromium, service_workers="block")
        _phones[site.address, who] = context
    page = context.new_page()
    try:
        page.goto(site.address + open_as(page, name, site.address))
        ready(page)
        yield page
    finally:
        page.close()
        if alone:
            context.close()


def targets_motion_and_spacing(page: Page) -> dict[str, object]:
    """Targets of 24 px, nothing that moves where that is not wished (and never longer than 150 ms), text with wider spaces."""
    faults: dict[str, object] = {"small": page.evaluate(SMALL), "moving": page.evaluate(MOVING)}
    page.emulate_media(reduced_motion="no-preference")
    faults["slow"] = page.evaluate(SLOW)
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(SPACED)
    faults["cut with wide spaces"] = page.evaluate(CUT)
    faults["sideways with wide spaces"] = page.evaluate(TOO_WIDE) if sideways(page) > 0 else []
    page.evaluate("() => { document.adoptedStyleSheets = [] }")
    return faults


def colours_of_the_system_and_more_contrast(page: Page) -> dict[str, object]:
    """Forced colours: edges, chosen things and focus are seen. More contrast, without a choice on the site: 7 : 1."""
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    faults: dict[str, object] = {"forced": page.evaluate(UNSEEN), "focus": ""}
    for _press in range(12):
        page.keyboard.press("Tab")
        faults["focus"] = faults["focus"] or page.evaluate(FOCUS)
    page.emulate_media(forced_colors="none", contrast="more")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    page.evaluate(AXE)
    faults["contrast"] = page.evaluate(ENHANCED)
    page.emulate_media(contrast="no-preference")
    return faults


def test_the_keys_of_the_desk_can_be_turned_off(site: Site, chromium: Browser) -> None:
    with opened(chromium, site, "desk", alone=True) as page:
        page.set_viewport_size({"width": 1440, "height": 900})
        search = page.locator("[data-search]")
        switch = page.get_by_label("Отделните клавиши действат")
        page.keyboard.press("/")
        assert search.evaluate("(node) => node === document.activeElement")
        switch.uncheck()
        page.reload()
        assert not switch.is_checked()
        page.keyboard.press("/")
        assert not search.evaluate("(node) => node === document.activeElement")
