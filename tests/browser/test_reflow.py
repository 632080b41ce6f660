"""Nothing is cut off: 320 px wide without sideways scrolling (WCAG 1.4.10), and text at twice its size (1.4.4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  const scrolls = (node) => node && node !== document.body
    && (/auto|scroll|hidden/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  return [...document.querySelectorAll('body *')]
    .filter((node) => node.getClientRects().length && node.getBoundingClientRect().right > wide + 1)
    .filter((node) => !scrolls(node.parentElement) && !node.closest('.vh, .skip, svg'))
    .slice(0, 5).map((node) => node.outerHTML.slice(0, 140));
}"""
CUT = """() => [...document.querySelectorAll('.btn, .chip, h1, h2, label, .nav a')]
  .filter((node) => node.getClientRects().length && node.scrollWidth > node.clientWidth + 2)
  .filter((node) => getComputedStyle(node).overflowX !== 'visible' && !node.closest('.vh'))
  .slice(0, 5).map((node) => node.outerHTML.slice(0, 140))"""
SMALL = """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
  .map((node) => [node, node.getBoundingClientRect()])
  .filter(([node, box]) => box.width && (box.width < 24 || box.height < 24))
  .filter(([node]) => getComputedStyle(node).display !== 'inline' && !node.closest('label, .leaflet-control'))
  .map(([node, box]) => `${node.outerHTML.slice(0, 90)} ${box.width}×${box.height}`)"""


def sideways(page: Page) -> int:
    return int(page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth"))


def reflow(page: Page) -> dict[str, object]:
    """What is cut or too wide at 320 px, and at twice the size of text on phone and desktop."""
    faults: dict[str, object] = {}
    for width, height, size in ((320, 640, "100%"), (640, 800, "200%"), (1280, 900, "200%")):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
        faults[f"{width} {size} sideways"] = page.evaluate(TOO_WIDE) if sideways(page) > 0 else []
        faults[f"{width} {size} cut"] = page.evaluate(CUT)
    page.evaluate("() => document.documentElement.style.removeProperty('font-size')")
    return faults


def test_targets_can_be_hit(open_page: Callable[..., Page]) -> None:
    """Nothing to press is smaller than 24 px (WCAG 2.5.8), buttons of the map not than 44."""
    page = open_page("/", width=390, height=844)
    small = page.evaluate(SMALL)
    assert small == []
    heights = page.locator(".map-tools .iconbtn:visible").evaluate_all(
        "(all) => all.map((b) => b.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44
