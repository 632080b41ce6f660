"""A phone with the site installed on it: what the tests of the time without signal share."""

from __future__ import annotations

import contextlib
import io
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.browser.conftest import worked
from tests.browser.line import Line, line_to
from tests.walks.site import Site

FORM = "/reports/new/offline/"
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "locale": "bg-BG",
    "timezone_id": "Europe/Sofia",
    "reduced_motion": "reduce",
}


@pytest.fixture
def line(site: Site) -> Iterator[Line]:
    with line_to(site.address) as found:
        yield found


Phone = Callable[..., BrowserContext]


@pytest.fixture
def phone(chromium: Browser, line: Line, tmp_path: Path) -> Iterator[Phone]:
    """`phone()`: a phone whose site is installed. `phone(profile=…)` is one that can be restarted with all it stores."""
    opened: list[BrowserContext] = []

    def start(profile: str = "") -> BrowserContext:
        if profile:
            kind = chromium.browser_type
            args = ["--no-sandbox"]
            found = kind.launch_persistent_context(
                str(tmp_path / profile), executable_path="/usr/bin/chromium", args=args, base_url=line.address, **PHONE
            )
        else:
            found = chromium.new_context(base_url=line.address, **PHONE)
        found.set_default_timeout(45_000)
        opened.append(found)
        return found

    yield start
    for context in opened:
        context.close()


def titled(words: str) -> str:
    """The words with a number that no other report has."""
    return f"{words} {uuid.uuid4().int % 10**12}"


def installed(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/about/")
    worked(page)
    return page


def comes(page: Page, asked: str, about: object = None) -> None:
    """Waits until the page answers yes to `asked`, a function that may be async: `wait_for_function` takes its promise for a yes."""
    for _each in range(450):
        with contextlib.suppress(Error):  # a page that is just being left
            if page.evaluate(asked, about):
                return
        page.wait_for_timeout(100)
    raise AssertionError(f"never: {asked}")


def picture(colour: str = "#336699") -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": "дупка.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def write(page: Page, title: str, photos: int = 0) -> str:
    """Writes a whole report on the page that the phone keeps; answers its UUID."""
    page.goto(FORM)
    page.wait_for_selector("#offline-form[data-ready=true]")
    for number in range(photos):
        page.set_input_files("#offline-form input[type=file]", picture(f"#33{number}699"))
        expect(page.locator(".shot .state")).to_have_count(number + 1)
    page.locator("[data-without-map]").evaluate("each => each.open = true")
    page.select_option("[name=settlement]", index=1)
    page.fill("[name=place]", "пред входа")
    page.select_option("[name=category]", "street-lights")
    page.fill("[name=title]", title)
    page.check("[name=terms]")
    return page.url.partition("#")[2]


def send(page: Page) -> None:
    page.locator("#offline-form button.primary").click()
    page.wait_for_url(re.compile(r"^http://[^/]+/offline/#"))


def reports(site: Site, title: str) -> list[tuple[str, int]]:
    """(client UUID, photos) of every report with that title at the server."""
    return site.rows(
        "SELECT s.client_uuid::text, (SELECT count(*) FROM reports_photo p WHERE p.report_id = s.id)::int"
        " FROM discussion_subject s WHERE s.title = %s ORDER BY s.id",
        title,
    )


def arrived(page: Page, uuid: str) -> None:
    expect(page.locator(f"[data-uuid='{uuid}'][data-state=sent]")).to_be_visible(timeout=60_000)
