"""A whole report by what a screen reader knows, roles and names, with the keyboard alone; and the same without scripts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from pillow_heif import register_heif_opener
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import choose

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


def reach(page: Page, wanted: Locator) -> None:
    """Tab until the element is in focus: whoever sees nothing has no other way there."""
    for _ in range(120):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by Tab: {wanted}")


def press(page: Page, name: str, key: str = "Enter") -> None:
    button = page.get_by_role("button", name=name, exact=True)
    reach(page, button)
    page.keyboard.press(key)


def test_report_is_sent_by_roles_names_and_keys_alone(open_page: Open) -> None:
    page = open_page("/reports/new/")
    search = page.get_by_role("searchbox", name="Потърсете улица")
    reach(page, search)
    page.keyboard.type("gurco 5")
    expect(page.get_by_role("status").filter(has_text="Намерени места: 1")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="ул. Гурко 5, гр. Ботевград")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Избрано: ул. Гурко 5, гр. Ботевград")).to_be_visible()
    expect(page.get_by_role("combobox", name="Населено място")).to_have_value("grad-botevgrad")
    press(page, "Продължи")

    expect(page.get_by_role("heading", level=1, name="Какво е?")).to_be_visible()
    reach(page, page.get_by_role("textbox", name="С няколко думи"))
    page.keyboard.type("Тъмно е, лампата на стълба не свети")
    suggested = page.get_by_role("button", name="Улично осветление")
    expect(suggested).to_be_visible()
    reach(page, suggested)
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Категория")).to_have_value("street-lights")
    expect(page.get_by_role("combobox", name="Какво прави лампата?")).to_be_visible()
    press(page, "Продължи")
    expect(page.get_by_role("heading", level=1, name="Снимка")).to_be_visible()
    press(page, "Продължи")

    expect(page.get_by_role("article", name="Как ще изглежда страницата")).to_contain_text(
        "Тъмно е, лампата на стълба не свети"
    )
    reach(page, page.get_by_role("checkbox", name="Познавам правилата"))
    page.keyboard.press("Space")
    press(page, "Изпрати")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Изпращане")
    assert "/reports/receipt/" in page.url


def test_pin_is_moved_by_keys_and_says_where_it_is(open_page: Open) -> None:
    page = open_page("/reports/new/")
    page.wait_for_selector(".mapbox[data-ready=true]")
    pin = page.locator(".place-handle")
    reach(page, pin)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    said = page.locator("#place-say")
    expect(said).to_contain_text("Мястото е избрано")
    expect(said).to_contain_text("гр. Ботевград")


def test_the_pin_says_by_which_street_it_stands(open_page: Open) -> None:
    page = open_page("/reports/new/")
    found = '<span data-street="ул. Гурко" hidden></span>'
    page.route(re.compile("/reports/near/"), lambda route: route.fulfill(body=found, content_type="text/html"))
    page.wait_for_selector(".mapbox[data-ready=true]")
    reach(page, page.locator(".place-handle"))
    page.keyboard.press("ArrowRight")
    expect(page.locator("#place-say")).to_contain_text("до ул. Гурко, гр. Ботевград")


def test_text_that_is_too_long_is_told_before_sending_and_kept(open_page: Open) -> None:
    page = open_page("/reports/new/")
    page.get_by_role("searchbox", name="Потърсете улица").fill("гурко")
    page.get_by_role("button", name="ул. Гурко, гр. Ботевград").click()
    page.get_by_role("button", name="Продължи", exact=True).click()
    text = page.get_by_role("textbox", name="Подробно")
    text.fill("ж" * 100_000)
    expect(page.get_by_role("status").filter(has_text="Знаци в повече: 96000")).to_be_visible()
    page.get_by_role("textbox", name="С няколко думи").fill("Дупка")
    page.get_by_role("combobox", name="Категория").select_option("potholes")
    page.get_by_role("button", name="Продължи", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("100000")
    assert len(page.get_by_role("textbox", name="Подробно").input_value()) == 100_000


def test_the_same_without_scripts(open_page: Open) -> None:
    page = open_page("/reports/new/", java_script_enabled=False)
    page.get_by_role("searchbox", name="Потърсете улица").fill("стълб 123")
    page.get_by_role("button", name="Търси", exact=True).last.click()
    choose(page.get_by_role("radio", name="стълб 123, гр. Ботевград"))
    page.get_by_role("button", name="Продължи", exact=True).click()
    page.get_by_role("textbox", name="С няколко думи").fill("Лампата мига")
    page.get_by_role("textbox", name="Подробно").fill("Тел. 0888 123 456")
    page.get_by_role("combobox", name="Категория").select_option("street-lights")
    page.get_by_role("button", name="Продължи", exact=True).click()
    page.get_by_role("button", name="Махам го от текста").click()
    expect(page.get_by_role("textbox", name="Подробно")).to_have_value("Тел. …")
    page.get_by_role("button", name="Продължи", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Снимка")).to_be_visible()


@pytest.mark.parametrize("form", ["JPEG", "HEIF"])
def test_place_in_a_photo_is_offered_and_is_not_in_the_file_that_goes(form: str, open_page: Open) -> None:
    """Chromium draws no HEIC: it goes as it is, with everything beside the picture blanked."""
    page = open_page("/reports/new/?first=photo")
    register_heif_opener()
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of a neighbour"
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 54.0, 29.16), 3: "E", 4: (23.0, 47.0, 33.0)})
    Image.new("RGB", (60, 40), "green").save(picture, form, exif=exif)
    sent: list[bytes] = []
    page.on("request", lambda asked: sent.append(asked.post_data_buffer or b"") if "/photos/" in asked.url else None)
    name, kind = {"JPEG": ("a.jpg", "image/jpeg"), "HEIF": ("a.heic", "image/heic")}[form]
    page.set_input_files("input[type=file]", {"name": name, "mimeType": kind, "buffer": picture.getvalue()})
    expect(page.locator(".shot .state")).to_have_text("Добавена")
    begins = {"JPEG": b"\xff\xd8\xff", "HEIF": b"ftypheic"}[form]
    assert b"Camera of" in picture.getvalue() and any(begins in body for body in sent)
    assert not any(b"Camera of" in body for body in sent)
    page.get_by_role("button", name="Продължи", exact=True).click()
    page.get_by_role("button", name="Да, ползвайте го").click()
    expect(page.locator("[name=lat]")).to_have_value("42.908100")
    expect(page.locator("[name=lon]")).to_have_value("23.792500")


def test_a_photo_from_elsewhere_says_so(open_page: Open) -> None:
    page = open_page("/reports/new/?first=photo")
    picture = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 12.0, 0.0), 3: "E", 4: (27.0, 54.0, 0.0)})
    Image.new("RGB", (60, 40), "green").save(picture, "JPEG", exif=exif)
    page.set_input_files("input[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()})
    expect(page.locator(".shot .state")).to_have_text("Добавена")
    page.get_by_role("button", name="Продължи", exact=True).click()
    expect(page.locator("#place-say")).to_contain_text("Снимката е направена извън общината")
    assert page.get_by_role("button", name="Да, ползвайте го").is_hidden()


def test_similar_reports_follow_the_words_while_one_types(open_page: Open) -> None:
    page = open_page("/reports/new/?lon=23.7924&lat=42.908")
    page.get_by_role("button", name="Продължи", exact=True).click()
    first = page.locator("#around .row .t").first
    expect(first).to_be_visible()
    assert first.text_content() != "Три лампи не светят до моста"
    page.get_by_role("textbox", name="С няколко думи").type("Лампите не светят до моста")
    expect(first).to_have_text("Три лампи не светят до моста")
    expect(page.get_by_role("status").filter(has_text="Три лампи не светят до моста")).to_have_count(1)
