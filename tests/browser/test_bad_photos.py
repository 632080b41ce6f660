"""Files that are no photos for us: each says why by its name, and the good one beside it is taken."""

from __future__ import annotations

import struct

import pytest
from playwright.sync_api import Page, expect

from tests.browser.line import Line
from tests.browser.phone import FORM, Phone, installed, line, phone, picture

pytestmark = pytest.mark.browser
__all__ = ["line", "phone"]

HUGE = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 30_000, 30_000, 8, 2, 0, 0, 0) + b"\0" * 64
BAD = [("празна.jpg", b"", "празен"), ("договор.jpg", b"%PDF-1.7 " * 50, "не е снимка"), ("огромна.png", HUGE, "пиксела")]


def files() -> list[dict[str, object]]:
    bad = [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content, _why in BAD]
    return [*bad, picture()]


def refused(page: Page) -> None:
    shown = page.locator("[data-say] .error")
    expect(shown).to_have_count(len(BAD))
    for name, _content, why in BAD:
        expect(shown.filter(has_text=name)).to_contain_text(why)
    expect(page.locator(".shot")).to_have_count(1)


def test_on_the_phone_without_signal(line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    page.goto(FORM)
    page.wait_for_selector("#offline-form[data-ready=true]")
    page.set_input_files("#offline-form input[type=file]", files())
    refused(page)
    expect(page.locator(".shot .state")).to_contain_text("Запазено на телефона")


def test_in_the_form_of_the_site(line: Line, phone: Phone) -> None:
    page = phone().new_page()
    page.goto("/reports/new/?first=photo")
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.method) if "photo" in request.url and request.method == "POST" else None
    )
    page.set_input_files("form input[type=file]", files())
    refused(page)
    expect(page.locator(".shot .state")).to_have_text("Добавена")
    assert len(asked) == 1
