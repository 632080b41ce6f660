"""No word is torn in two where the page has room for it: buttons, tabs and cells wrap at spaces."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

# Width of the window, size of the text.
SIZES = ((320, "100%"), (390, "100%"), (390, "200%"), (640, "200%"))
# What stands between two spaces (or hyphens) on two lines, though as a whole it is no wider than a card on this page has room for.
# An address on the web may end a line anywhere.
TORN = """() => {
  const room = document.documentElement.clientWidth - 5 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const range = document.createRange();
  const lines = (node, from, to) => {
    range.setStart(node, from); range.setEnd(node, to);
    return [...range.getClientRects()].filter((box) => box.width > 0);
  };
  const clipped = (one) => one && (getComputedStyle(one).clipPath !== 'none' || clipped(one.parentElement));
  const several = (boxes) => boxes.some((box) => Math.abs(box.top - boxes[0].top) > box.height / 2);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set();
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!node.data.trim() || node.data.includes('://')) continue;
    if (parent.closest('script, style, noscript, textarea, select, option, svg, pre, .vh, .leaflet-container')) continue;
    if (parent.closest('[hidden]') || clipped(parent) || !parent.checkVisibility() || !several(lines(node, 0, node.length))) continue;
    for (const word of node.data.matchAll(/[^ \\n\\t\\-–—/]+/gu)) {
      const boxes = lines(node, word.index, word.index + word[0].length);
      const wide = boxes.reduce((sum, box) => sum + box.width, 0);
      if (boxes.length > 1 && several(boxes) && wide <= room) found.add(`${word[0]}: ${parent.outerHTML.slice(0, 120)}`);
    }
  }
  return [...found].slice(0, 8);
}"""


def torn(page: Page) -> list[str]:
    """„word: the element“ of every word that stands on two lines without need."""
    found: list[str] = page.evaluate(TORN)
    return found


def test_a_torn_word_is_found(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.set_content(
        "<p style='overflow-wrap: anywhere; width: 4em'>Декларация за всички</p>"
        "<p style='width: 4em'>за всички за <b>нас</b></p>"
        f"<p style='overflow-wrap: anywhere'>{'Непротивоконституционствувател' * 3}</p>"
    )
    found = torn(page)
    page.close()
    assert [each.split(":")[0] for each in found] == ["Декларация"]


def torn_words(page: Page) -> dict[str, object]:
    """The torn words at each of SIZES."""
    faults: dict[str, object] = {}
    for width, size in SIZES:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
        faults[f"torn at {width} {size}"] = torn(page)
    page.evaluate("() => document.documentElement.style.removeProperty('font-size')")
    return faults
