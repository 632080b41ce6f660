"""Forms as people fill them in, and what the page answers."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.pages import choose


def once(words: str) -> str:
    """The words with an end that nothing else on the site has."""
    return f"{words} {uuid.uuid4().hex[:8]}"


def day(ahead: int) -> str:
    """The day so many days from today, as a field of a date takes it."""
    return (timezone.localdate() + datetime.timedelta(days=ahead)).isoformat()


def fill(page: Page, **fields: Any) -> None:
    """Names and values; True and False of what is ticked, one of the values of what is chosen, a file as set_input_files takes it."""
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]")
        kind = field.first.evaluate("node => node.type || node.localName")
        if kind == "radio":
            choose(page.locator(f"main [name={name}][value='{value}']"))
        elif kind == "checkbox":
            choose(field.first, value)
        elif kind.startswith("select"):
            field.select_option(value)
        elif kind == "file":
            field.set_input_files(value)
        else:
            field.fill(value)


def press(page: Page, **fields: Any) -> None:
    """Fills in and presses the button of the page's form."""
    fill(page, **fields)
    page.locator("main form button.primary").last.click()
    page.wait_for_load_state()


def sent(page: Page, address: str, **fields: Any) -> str:
    """Opens a form, fills it in and sends it; the path of the page that it leads to. A refused one fails."""
    page.goto(address)
    press(page, **fields)
    assert page.locator("#errors").count() == 0, page.locator("#errors").inner_text()
    return page.evaluate("location.pathname")


def refused(page: Page, *words: str) -> None:
    """The form stands there again and says so at its top."""
    for each in words:
        expect(page.locator("#errors")).to_contain_text(each)


def published(moderator: Page, title: str) -> None:
    """A moderator reads in the queue what has that title, and publishes it."""
    moderator.goto("/desk/moderation/")
    waiting = moderator.locator("main article, main li").filter(has_text=title).last
    waiting.get_by_role("link", name="Публикувай").click()
    expect(moderator.locator("main dl")).to_contain_text(title)
    press(moderator)


def open_idea(page: Page) -> str:
    """The path of the page of an idea that gathers support."""
    page.goto("/reports/?kind=idea&status=gathering_support")
    for link in page.locator("main a[href^='/reports/']").all():
        path = (link.get_attribute("href") or "").split("?")[0]
        if path.strip("/").split("/")[-1].isdigit():
            return path
    raise AssertionError("no idea in the list")


def commented(page: Page, subject: str, text: str, **fields: Any) -> None:
    """Writes to the conversation of the subject on that path; a moderator reads a resident's first."""
    page.goto(subject)
    page.locator(".talks").get_by_role("link", name="Напишете коментар").click()
    fill(page, text=text, **fields)
    page.get_by_role("button", name="Изпрати коментара").click()
    expect(page.locator("h1")).to_have_text("Благодарим за коментара")


def comment_published(moderator: Page, text: str) -> None:
    moderator.goto("/desk/moderation/")
    waiting = moderator.locator("article[id^=comment-]").filter(has_text=text)
    waiting.get_by_role("button", name="Публикувай", exact=True).click()
    expect(moderator.locator("article[id^=comment-]").filter(has_text=text)).to_have_count(0)
