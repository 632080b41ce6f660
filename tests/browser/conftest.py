"""One running site with the demo's data and one Chromium for the looks of all pages."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.pages import TILE, TILES, enter
from tests.walks.site import Site, running

expect.set_options(timeout=45_000)  # a busy machine draws slowly


class TileServer(ThreadingHTTPServer):
    """A tile server of another origin: answers `status`, with one picture when that is 200; notes the referrers."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), TileAnswer)
        self.referrers: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class TileAnswer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, TileServer)
        server.referrers.append(self.headers.get("Referer", ""))
        self.send_response(server.status)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(TILE if server.status == 200 else b"")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test counts."""


@pytest.fixture(scope="session")
def tile_server() -> Iterator[TileServer]:
    with TileServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tile_server: TileServer) -> Iterator[Site]:
    """A site of its own; with SITE the demonstration that already runs at that address (while one works on a page)."""
    if address := os.environ.get("SITE"):
        yield Site(address, tmp_path_factory.mktemp("mail"), {})
        return
    # One machine plays all the phones: what is sent from one address or at one place is not counted here.
    limits = "report_address=,report_cell=,report_contact=,photo_address="
    hosts, begun = f"{TILES},{tile_server.address}", request.getfixturevalue("loaded_once")
    with running(tmp_path_factory.mktemp("browser"), tile_hosts=hosts, limits=limits, begun=begun) as found:
        yield found


def stub_tiles(context: BrowserContext, *, alive: bool) -> list[Route]:
    """The tile server stands here: `alive` answers every tile with one picture, else no tile comes. Returns what was asked."""
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        if alive:
            route.fulfill(body=TILE, content_type="image/png")
        else:
            route.abort()

    context.route(f"{TILES}/**", answer)
    return asked


@pytest.fixture
def open_page(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page("/", width=390, height=844)`: a page of a new person, or of the demo's account `who`. A blocked or failing script fails the test."""
    contexts: list[BrowserContext] = []
    broken: list[str] = []

    def new(
        address: str, *, who: str = "", width: int = 1440, height: int = 900, theme: str = "light", tiles: bool = False,
        **options: object,
    ) -> Page:  # fmt: skip
        context = chromium.new_context(
            base_url=site.address, viewport={"width": width, "height": height}, locale="bg-BG", timezone_id="Europe/Sofia",
            reduced_motion="reduce", **options,
        )  # fmt: skip
        context.add_cookies([{"name": "theme", "value": theme, "url": site.address}])
        context.set_default_timeout(45_000)
        contexts.append(context)
        page = context.new_page()
        page.asked_tiles = stub_tiles(context, alive=tiles)  # type: ignore[attr-defined]
        page.on("console", lambda message: broken.append(message.text) if "Content Security" in message.text else None)
        page.on("pageerror", lambda error: broken.append(str(error)))
        if who:
            enter(page, site.address, who)
        page.goto(address)
        ready(page)
        return page

    yield new
    for context in contexts:
        context.close()
    assert broken == []


def worked(page: Page) -> None:
    """Waits until the service worker of the site answers for the page. (An expression that is no function is evaluated again at each
    look, which the site's own policy refuses.)"""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def ready(page: Page) -> None:
    """Waits until the map of a page, if it has one that is seen, is drawn."""
    if page.locator("#map").count() and page.locator("#map").is_visible():
        page.wait_for_selector("#map[data-ready=true]")
