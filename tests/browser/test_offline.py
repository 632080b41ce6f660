"""A phone without signal: what is written is kept, goes by itself, and arrives once."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.line import Line
from tests.browser.phone import FORM, Phone, arrived, installed, line, phone, picture, reports, send, titled, write
from tests.walks.site import Site

pytestmark = pytest.mark.browser
__all__ = ["line", "phone"]


def test_a_report_written_without_signal_goes_by_itself_once(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    title = titled("Паднало дърво")
    draft = write(page, title, photos=2)
    send(page)
    expect(page.locator(f"[data-uuid='{draft}'][data-state=queued]")).to_contain_text("Тръгва сам, щом телефонът я намери")
    line.up()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    arrived(page, draft)
    expect(page.get_by_role("status").filter(has_text=title)).to_contain_text("Прието: първо ще го прочете модератор")
    assert reports(site, title) == [(draft, 2)]


def test_an_answer_lost_after_the_commit_makes_no_second_report(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    title = titled("Счупена пейка")
    draft = write(page, title, photos=1)
    line.swallow = lambda method, path: method == "POST"
    send(page)
    expect(page.locator(f"[data-uuid='{draft}'][data-state=queued]")).to_be_visible()
    line.swallow = lambda method, path: method == "POST" and path.endswith("/reports/")
    page.locator(f"[data-key='{draft}-now']").click()
    expect(page.locator(f"[data-uuid='{draft}']")).to_contain_text("чака отговора на сървъра")
    line.reached(page, "POST", "/reports/")  # that it is asked stands there before the server has committed
    assert len(reports(site, title)) == 1
    line.up()
    # It may be on its way by itself already: then the button is gone.
    page.locator(f"[data-key='{draft}-now']").evaluate_all("(found) => found.forEach((button) => button.click())")
    arrived(page, draft)
    assert reports(site, title) == [(draft, 1)]


def test_a_restarted_phone_still_has_it_and_sends_it(site: Site, line: Line, phone: Phone) -> None:
    title = titled("Запушена шахта")
    first = phone(profile="one")
    page = installed(first)
    line.down()
    draft = write(page, title, photos=1)
    send(page)
    first.close()
    line.up()
    page = phone(profile="one").new_page()
    page.goto("/about/")
    page.goto("/offline/")
    arrived(page, draft)
    assert reports(site, title) == [(draft, 1)]


NEXT = "button.primary[name=go]"


def paged(page: Page, line: Line, title: str, cut_at: str, swallow: bool = False) -> str:
    """Goes through the four steps; at `cut_at` the line is cut (or swallows the answer), and the step is sent. Answers the UUID."""
    page.goto("/reports/new/")
    page.wait_for_selector(".mapbox[data-ready=true]")
    draft = str(page.locator("form[data-draft]").get_attribute("data-draft"))

    def go_on(step: str) -> bool:
        if step == cut_at:
            line.swallow = (lambda method, path: method == "POST") if swallow else line.swallow
            line.cut = line.cut if swallow else (lambda method, path: True)
        page.locator(NEXT).click()
        return step == cut_at

    page.locator("[data-without-map]").evaluate("each => each.open = true")
    page.select_option("[name=settlement]", index=1)
    page.fill("[name=place]", "пред входа")
    if go_on("place"):
        return draft
    page.select_option("[name=category]", "street-lights")
    page.fill("[name=title]", title)
    if go_on("what"):
        return draft
    page.set_input_files("input[type=file]", picture())
    expect(page.locator(".shot .state")).to_have_text("Добавена")
    if go_on("photos"):
        return draft
    page.check("[name=terms]")
    go_on("send")
    return draft


@pytest.mark.parametrize("step", ["place", "what", "photos", "send"])
def test_a_form_cut_at_a_step_goes_on_from_the_phone(site: Site, line: Line, phone: Phone, step: str) -> None:
    page = installed(phone())
    title = titled("Счупена лампа")
    draft = paged(page, line, title, step)
    if step != "send":
        page.wait_for_url(f"**{FORM}#{draft}")
        page.wait_for_selector("#offline-form[data-ready=true]")
        assert page.locator("[name=place]").input_value() == "пред входа"
        page.select_option("[name=category]", "street-lights")
        page.fill("[name=title]", title)
        page.check("[name=terms]")
        send(page)
    expect(page.locator(f"[data-uuid='{draft}'][data-state=queued]")).to_be_visible()
    line.up()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    arrived(page, draft)
    assert reports(site, title) == [(draft, 0 if step in ("place", "what") else 1)]


def test_a_form_whose_last_answer_is_lost_makes_one_report(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    title = titled("Спукана тръба")
    draft = paged(page, line, title, "send", swallow=True)
    expect(page.locator(f"[data-uuid='{draft}'][data-state=queued]")).to_be_visible()
    assert reports(site, title) == [(draft, 1)]
    line.up()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    arrived(page, draft)
    assert reports(site, title) == [(draft, 1)]


def test_a_photo_that_found_no_connection_waits_and_follows(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    title = titled("Дупка")
    page.goto("/reports/new/")
    page.wait_for_selector(".mapbox[data-ready=true]")
    page.locator("[data-without-map]").evaluate("each => each.open = true")
    page.select_option("[name=settlement]", index=1)
    page.fill("[name=place]", "пред входа")
    page.locator(NEXT).click()
    page.select_option("[name=category]", "street-lights")
    page.fill("[name=title]", title)
    page.locator(NEXT).click()
    line.cut = lambda method, path: "/drafts/" in path
    page.set_input_files("input[type=file]", picture())
    expect(page.locator(".shot .state")).to_contain_text("тръгва, щом има връзка")
    page.locator(NEXT).click()
    page.wait_for_url("**step=send**")
    page.check("[name=terms]")
    page.locator(NEXT).click()
    row = page.locator("[data-state=queued]")
    expect(row).to_contain_text("с 1 снимка")
    draft = str(row.get_attribute("data-uuid"))
    line.up()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    arrived(page, draft)
    assert reports(site, title) == [(draft, 1)]


def test_what_the_server_refuses_is_kept_and_asks_for_its_mend(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    title = titled("Паднал знак")
    draft = write(page, title)
    page.evaluate(
        """uuid => outbox.keep(uuid, {kind: "problem", category: "street-lights", title: document.querySelector("[name=title]").value,
        terms: "on", settlement: "no-such-place", place: "пред входа"}, {language: "bg"}).then(() => outbox.queue(uuid))""",
        draft,
    )
    page.goto("/offline/")
    row = page.locator(f"[data-uuid='{draft}'][data-state=mend]")
    expect(row).to_contain_text("Населено място: Тук няма такава стойност.")
    row.get_by_role("button", name="Промени").click()
    page.wait_for_selector("#offline-form[data-ready=true]")
    expect(page.locator("#errors")).to_contain_text("Тук няма такава стойност.")
    assert page.locator("[name=title]").input_value() == title
    page.locator("[data-without-map]").evaluate("each => each.open = true")
    page.select_option("[name=settlement]", index=1)
    send(page)
    arrived(page, draft)
    assert reports(site, title) == [(draft, 0)]


def test_background_sync_sends_it_with_no_page_open(site: Site, line: Line, phone: Phone) -> None:
    context = phone()
    page = installed(context)
    line.down()
    title = titled("Отворена шахта")
    draft = write(page, title, photos=1)
    send(page)
    expect(page.locator(f"[data-uuid='{draft}'][data-state=queued]")).to_be_visible()
    page.goto("about:blank")
    line.up()
    worker = context.service_workers[0]
    worker.evaluate(SYNC)
    assert reports(site, title) == [(draft, 1)]


@pytest.mark.parametrize("release", sorted((Path(__file__).parent / "drafts").glob("*.json")), ids=lambda path: path.stem)
def test_a_draft_stored_by_an_earlier_release_is_sent(site: Site, line: Line, phone: Phone, release: Path) -> None:
    """Each file is what a release has stored, word for word; it is put into the phone's base as that release made it."""
    page = installed(phone())
    page.goto("/offline/")
    stored = json.loads(release.read_text())
    title, draft, photo = titled("Стара чернова"), str(uuid.uuid4()), str(uuid.uuid4())
    stored["draft"] |= {"uuid": draft, "fields": stored["draft"]["fields"] | {"title": title}}
    stored["photo"] |= {"uuid": photo, "draft": draft, "bytes": list(picture()["buffer"])}  # type: ignore[call-overload]
    page.evaluate(PUT, stored)
    page.reload()
    arrived(page, draft)
    assert reports(site, title) == [(draft, 1)]


SYNC = """new Promise((done) => {
  const event = new ExtendableEvent("sync");
  event.tag = "outbox";
  event.waitUntil = (work) => work.then(done, done);
  self.dispatchEvent(event);
})"""

PUT = """({draft, photo}) => new Promise((done, failed) => {
  const asked = indexedDB.open("outbox");
  asked.onsuccess = () => {
    const all = asked.result.transaction(["drafts", "photos"], "readwrite");
    all.objectStore("drafts").put(draft);
    all.objectStore("photos").put({...photo, bytes: new Uint8Array(photo.bytes).buffer});
    all.oncomplete = () => { localStorage.setItem("outbox", "1"); done(true); };
    all.onerror = () => failed(all.error);
  };
})"""
