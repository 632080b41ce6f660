"""A face is covered on the phone itself: drawn with a finger or typed, undone, and painted into the pixels that are sent."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.walks.site import Site

pytestmark = pytest.mark.browser

DARK_AT = """([x, y]) => {
  const image = document.querySelector(".shot img"), canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  return pen.getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data[1] < 60;
}"""


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """The form that the phone keeps, with one white photo taken."""
    size = {"width": 390, "height": 844}
    context = chromium.new_context(base_url=site.address, viewport=size, locale="bg-BG", service_workers="block")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/reports/new/offline/")
    page.wait_for_selector("#offline-form[data-ready=true]")
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(out, "JPEG")
    page.set_input_files(
        "#offline-form input[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    )
    expect(page.locator(".shot .state")).to_have_count(1)
    yield page
    context.close()


def opened(page: Page) -> None:
    page.locator(".shot button", has_text="Закрийте").click()
    expect(page.locator("dialog[open]")).to_be_visible()


def covered(page: Page, before: str | None) -> None:
    expect(page.locator("dialog")).to_have_count(0)
    page.wait_for_function("(old) => document.querySelector('.shot').dataset.uuid !== old", arg=before)
    page.wait_for_function("() => document.querySelector('.shot img').complete")


def test_the_keyboard_alone_covers_what_the_numbers_say(page: Page) -> None:
    opened(page)
    before = page.get_attribute(".shot", "data-uuid")
    page.locator("dialog [data-box] input").first.focus()
    for number in ("20", "25", "20", "20"):
        page.keyboard.type(number)
        page.keyboard.press("Tab")
    expect(page.locator("dialog rect")).to_have_count(1)
    page.locator("dialog button[value=cover]").press("Enter")
    covered(page, before)
    assert [page.evaluate(DARK_AT, at) for at in ([0.3, 0.35], [0.8, 0.8], [0.15, 0.2])] == [True, False, False]
    assert page.evaluate("document.activeElement.textContent").startswith("Закрийте")


def test_a_drawn_box_can_be_undone_and_leaving_covers_nothing(page: Page) -> None:
    opened(page)
    before = page.get_attribute(".shot", "data-uuid")
    frame = page.locator("dialog [data-cover-frame]").bounding_box()
    assert frame
    for part in (0.1, 0.5):
        page.mouse.move(frame["x"] + frame["width"] * part, frame["y"] + frame["height"] * part)
        page.mouse.down()
        page.mouse.move(frame["x"] + frame["width"] * (part + 0.2), frame["y"] + frame["height"] * (part + 0.2), steps=3)
        page.mouse.up()
    expect(page.locator("dialog rect")).to_have_count(2)
    page.locator("dialog [data-cover-undo]").click()
    expect(page.locator("dialog rect")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert page.get_attribute(".shot", "data-uuid") == before
    opened(page)
    expect(page.locator("dialog rect")).to_have_count(0)
