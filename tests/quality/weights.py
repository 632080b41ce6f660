"""What a first visit to a page carries over the line, and how long a slow line takes for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.pages import PHONE

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""400 kbit/s both ways and 400 ms there and back, as WebPageTest and web.dev define it."""
SLOWER_CPU = 4
PAINTS = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => resolve({
    largest: list.getEntries().at(-1).startTime,
    first: performance.getEntriesByName('first-contentful-paint')[0].startTime,
  })).observe({type: 'largest-contentful-paint', buffered: true});
})"""
READY = """() => {
  const map = document.querySelector('#map, [data-place-picker] .mapbox');
  return !map || !map.checkVisibility() || map.dataset.ready === 'true';
}"""


@dataclass
class Weight:
    """Bytes over the line with their headers, by kind of file (Document, Stylesheet, Script, Font, Image, Fetch …)."""

    kinds: dict[str, int] = field(default_factory=dict)
    requests: int = 0

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


@dataclass
class Times:
    """Milliseconds from the beginning: first and largest paint, everything loaded, the page answers (its map is drawn)."""

    first: float
    largest: float
    loaded: float
    usable: float


@contextmanager
def first_visit(browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """A phone that was never here. What the site keeps for later without a line comes after the page and is not counted."""
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, device_scale_factor=2.625, is_mobile=True, has_touch=True,
        locale="bg-BG", timezone_id="Europe/Sofia", service_workers="block",
    )  # fmt: skip
    context.set_default_timeout(120_000)
    page = context.new_page()
    try:
        yield page, context.new_cdp_session(page)
    finally:
        context.close()


def weigh(browser: Browser, address: str) -> Weight:
    """The bytes of a first visit until nothing more comes."""
    weight, kinds = Weight(), dict[str, str]()
    with first_visit(browser) as (page, wire):

        def came(event: dict[str, object]) -> None:
            kind = kinds.get(str(event["requestId"]), "Other")
            weight.kinds[kind] = weight.kinds.get(kind, 0) + int(event["encodedDataLength"])  # type: ignore[call-overload]
            weight.requests += 1

        wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
        wire.on("Network.loadingFinished", came)
        wire.send("Network.enable")
        page.goto(address, wait_until="networkidle")
        page.wait_for_function(READY)
    return weight


def on_a_slow_line(browser: Browser, address: str) -> Times:
    """A first visit over slow 3G with a processor four times slower than this machine's."""
    with first_visit(browser) as (page, wire):
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", SLOW_3G)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
        page.goto(address, wait_until="domcontentloaded")
        page.wait_for_function(READY, polling=50)
        usable = float(page.evaluate("performance.now()"))
        page.wait_for_load_state("networkidle")
        paints = page.evaluate(PAINTS)
        loaded = float(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
    return Times(paints["first"], paints["largest"], loaded, usable)
