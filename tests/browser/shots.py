"""Pictures of the main pages, in Bulgarian, into docs/shots: `python -m tests.browser.shots [name …]`.

Starts the product on its own database with the demo's data, as the walks do, or looks at the one whose address is in SITE.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.conftest import ready, stub_tiles
from tests.browser.pages import DESKTOP, PHONE, address_of, sign_in
from tests.conftest import CHROMIUM_FLAGS as FLAGS
from tests.walks.site import running

FOLDER = Path(__file__).resolve().parents[2] / "docs/shots"
TOWN = "/?at=23.7925,42.9075,14.5"
CENTRE = "/?at=23.7925,42.9075,15.5"

# name → (kind of page or address, who, phone?, theme, whole page?)
SHOTS: dict[str, tuple[str, str, bool, str, bool]] = {
    "01-map-phone": ("/", "", True, "light", False),
    "02-map-phone-card": (CENTRE, "", True, "light", False),
    "03-map-desktop": (TOWN, "", False, "light", False),
    "03b-map-whole": ("/", "", False, "light", False),
    "04-submit-phone": ("submit", "", True, "light", True),
    "04-submit-desktop": ("submit", "", False, "light", True),
    "05-reports-phone": ("reports", "", True, "light", False),
    "05-reports-desktop": ("reports", "", False, "light", False),
    "06-report-phone": ("report", "", True, "light", True),
    "06-report-desktop": ("report", "", False, "light", True),
    "07-desk": ("desk", "official@demo.test", False, "light", False),
    "07-case": ("case", "official@demo.test", False, "light", True),
    "07-desk-phone": ("desk", "official@demo.test", True, "light", False),
    "08-projects": ("projects", "", False, "light", False),
    "09-project-desktop": ("project", "", False, "light", True),
    "09-project-phone": ("project", "", True, "light", True),
    "10-idea-phone": ("idea", "", True, "light", True),
    "11-missing-phone": ("missing", "", True, "light", False),
    "12-map-dark": (TOWN, "", False, "dark", False),
    "13-map-contrast": ("/", "", False, "contrast", False),
    "14-report-dark": ("report", "", False, "dark", True),
    "15-account": ("account", "resident@demo.test", False, "light", False),
    "16-about": ("about", "", False, "light", True),
    "17-sign-in-phone": ("sign-in", "", True, "light", False),
}


def main(names: list[str]) -> None:
    """Makes the pictures called by `names`, or all."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
    FOLDER.mkdir(parents=True, exist_ok=True)
    if address := os.environ.get("SITE"):
        pictures(address, names)
        return
    with tempfile.TemporaryDirectory() as var, running(Path(var)) as site:
        pictures(site.address, names)


def pictures(base: str, names: list[str]) -> None:
    """Those pictures of the site at `base`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium") or "chromium", args=FLAGS)
        for name in names or SHOTS:
            picture(browser, base, name)
            sys.stdout.write(f"docs/shots/{name}.png\n")
        browser.close()


def picture(browser: Browser, base: str, name: str) -> None:
    """One picture."""
    kind, who, phone, theme, whole = SHOTS[name]
    context = _context(browser, base, phone, theme)
    page = context.new_page()
    if who:
        sign_in(page, base, who)
    page.goto(base + (kind if kind.startswith("/") else address_of(page, kind, base)))
    ready(page)
    if name.endswith("-card"):
        _tap_a_pin(page)
    page.wait_for_load_state("networkidle")
    if whole:
        _show_all(page)
    with Image.open(io.BytesIO(page.screenshot(full_page=whole))) as shot:
        shot.convert("RGB").save(FOLDER / f"{name}.png", optimize=True)
    context.close()


def _context(browser: Browser, base: str, phone: bool, theme: str) -> BrowserContext:
    width, height = PHONE if phone else DESKTOP
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="bg-BG",
        timezone_id="Europe/Sofia",
        has_touch=phone,
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "theme", "value": theme, "url": base}])
    stub_tiles(context, alive=False)
    return context


def _show_all(page: Page) -> None:
    """A whole page: what comes into view later is there, what sticks to the screen stands at its place."""
    page.evaluate("document.querySelectorAll('.phone-foot').forEach((foot) => { foot.style.position = 'static' })")
    for box in page.locator("[data-map=small], [data-place-picker] .mapbox").all():
        box.scroll_into_view_if_needed()
    page.wait_for_selector("[data-map=small]:not([data-ready])", state="detached")
    page.evaluate("window.scrollTo(0, 0)")


def _tap_a_pin(page: Page) -> None:
    boxes = page.locator("a.sign").evaluate_all(
        "(all) => all.map((pin) => pin.getBoundingClientRect()).map((box) => [box.left + 22, box.top + 30])"
    )
    x, y = next((x, y) for x, y in boxes if 20 < x < 320 and 100 < y < 440)
    page.touchscreen.tap(x, y)
    page.locator(".picked h2").wait_for()


if __name__ == "__main__":
    main(sys.argv[1:])
