"""Measure the main pages and write `docs/quality.md`: `python -m tests.quality [page …]`; `make quality` prepares all it needs.

Starts the product on a database of its own with the demo's data, as the walks do, without base ground from another host.
With names of pages, or with SITE (the address of a running demonstration), the table is printed and nothing is written.
Ends with 1 when a goal is missed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
REPO = Path(__file__).resolve().parents[2]
sys.path.append(str(REPO / "deploy"))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.browser.pages import address_of  # noqa: E402
from tests.conftest import CHROMIUM_FLAGS  # noqa: E402
from tests.quality import document, lighthouse  # noqa: E402
from tests.quality.figures import PAGES, Figures, missed  # noqa: E402
from tests.quality.interaction import interactions  # noqa: E402
from tests.quality.weights import on_a_slow_line, weigh  # noqa: E402
from tests.walks.site import running  # noqa: E402

RUNS = 3
NO_BASE_GROUND = "from layers.models import BaseMap; BaseMap.objects.update(active=False)"


def main(names: list[str]) -> int:
    """0 when all goals are met."""
    if unknown := set(names) - set(PAGES):
        sys.stderr.write(f"no page {', '.join(sorted(unknown))}: say {', '.join(PAGES)}\n")
        return 2
    lighthouse.install()
    with _site() as base:
        found = {name: _measure(base, name) for name in names or PAGES}
    sys.stdout.write(document.tables(found))
    faults = missed(found)
    if not names and not os.environ.get("SITE"):
        document.write(found, faults)
        sys.stdout.write("written: docs/quality.md\n")
    for fault in faults:
        sys.stdout.write(f"missed: {fault}\n")
    return 1 if faults else 0


@contextmanager
def _site() -> Iterator[str]:
    if address := os.environ.get("SITE"):
        yield address
        return
    with tempfile.TemporaryDirectory() as var, running(Path(var)) as site:
        site.manage("shell", "--verbosity", "0", "-c", NO_BASE_GROUND)
        yield site.address


def _measure(base: str, name: str) -> Figures:
    sys.stdout.write(f"{name}: ")
    sys.stdout.flush()
    with _chromium() as browser:
        address = base + _address(browser, base, name)
        urllib.request.urlopen(address).read()
        weight = weigh(browser, address)
        slow = on_a_slow_line(browser, address)
        touched = interactions(browser, address)
    scored = lighthouse.score(address, RUNS)
    sys.stdout.write(f"{', '.join(f'{key} {value}' for key, value in scored.points.items())}\n")
    return Figures(scored, weight, slow, touched)


def _address(browser: Browser, base: str, name: str) -> str:
    page = browser.new_page()
    address = address_of(page, name, base)
    page.close()
    return address


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium") or "chromium", args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
