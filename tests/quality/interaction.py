"""How long a page takes to show that it was touched, on a processor four times slower: the event timing behind INP."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, ElementHandle, Error, Page

from tests.quality.weights import READY, SLOWER_CPU, first_visit

MOST = 14
TOUCHED = "main button[type=button], main summary, a.sign, .cluster, main input[type=checkbox], main input[type=radio]"
TYPED = "main input[type=search], main input[type=text], main textarea"
WATCH = """() => {
  window.interactions = new Map();
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!entry.interactionId) continue;
      window.interactions.set(entry.interactionId, Math.max(entry.duration, window.interactions.get(entry.interactionId) || 0));
    }
  }).observe({type: 'event', durationThreshold: 16, buffered: false});
}"""
TAKEN = """() => new Promise((resolve) => setTimeout(() => {
  const all = [...window.interactions.values()];
  window.interactions.clear();
  resolve(all);
}, 250))"""


@dataclass
class Interactions:
    """`longest_ms` from the touch to the next picture (the browser rounds to 8 ms; 16 is its least), of `count` touches and keys;
    `which`: what was touched longest."""

    count: int = 0
    longest_ms: float = 0
    which: str = ""

    def add(self, found: list[float], what: str) -> None:
        self.count += max(1, len(found))
        if found and max(found) > self.longest_ms:
            self.longest_ms, self.which = max(found), what


def interactions(browser: Browser, address: str) -> Interactions:
    """Touches what the page offers, one after another, and types into its first field."""
    found = Interactions()
    with first_visit(browser) as (page, wire):
        page.goto(address, wait_until="networkidle")
        page.wait_for_function(READY)
        page.evaluate(WATCH)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
        _touch_all(page, wire, address, found)
        field = page.locator(TYPED).locator("visible=true").first
        if page.url.split("?")[0] == address.split("?")[0] and field.count():
            field.focus()
            page.keyboard.type("улица Гурко", delay=120)
            found.add(page.evaluate(TAKEN), "typing")
    return found


def _touch_all(page: Page, wire: CDPSession, address: str, found: Interactions) -> None:
    for node in page.query_selector_all(TOUCHED):
        if found.count >= MOST:
            return
        if middle := _middle(page, node):
            what = _name(node)
            page.touchscreen.tap(*middle)
            found.add(page.evaluate(TAKEN), what)
        if page.url.split("?")[0] != address.split("?")[0]:
            return


def _middle(page: Page, node: ElementHandle) -> tuple[float, float] | None:
    """The middle of what is seen of `node`, if a touch there would hit it."""
    try:
        box = node.bounding_box()
        if not box or not node.is_enabled():
            return None
        node.scroll_into_view_if_needed(timeout=1000)
        box = node.bounding_box()
    except Error:
        return None
    if not box:
        return None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    hit = "(node, [x, y]) => { const top = document.elementFromPoint(x, y); return !!top && (node.contains(top) || top.control === node) }"
    return middle if node.evaluate(hit, list(middle)) else None


def _name(node: ElementHandle) -> str:
    return str(
        node.evaluate("(node) => (node.getAttribute('aria-label') || node.textContent || node.name || '').trim().slice(0, 40)")
    )
