"""A phone without signal: what is written is kept, goes by itself, and arrives once."""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.line import Line, line_to
from tests.browser.pages import sign_in
from tests.walks.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("looks")]

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
        found.set_default_timeout(15_000)
        opened.append(found)
        return found

    yield start
    for context in opened:
        context.close()


def installed(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/about/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


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
    expect(page.locator(f"[data-uuid='{uuid}'][data-state=sent]")).to_be_visible(timeout=30_000)


def test_a_report_written_without_signal_goes_by_itself_once(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    title = f"Паднало дърво {uuid.uuid4()}"
    draft = write(page, title, photos=2)
    send(page)
    expect(page.locator(f"[data-uuid='{draft}'][data-state=queued]")).to_contain_text("Тръгва сам, щом телефонът я намери")
    line.up()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    arrived(page, draft)
    expect(page.get_by_role("status").filter(has_text=title)).to_contain_text("Приет: първо ще го прочете модератор")
    assert reports(site, title) == [(draft, 2)]


def test_the_ground_of_the_map_is_on_the_phone(line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    page.goto(FORM)
    page.wait_for_selector(".mapbox[data-ready=true]")
    begins = """async () => {
      const { tiles } = await (await fetch("/ground.json")).json();
      const answer = await fetch(tiles, { headers: { Range: "bytes=0-6" } });
      return [answer.status, await answer.text()];
    }"""
    assert page.evaluate(begins) == [206, "PMTiles"]
    painted = """() => [...document.querySelectorAll(".leaflet-groundPaper-pane canvas")].some((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, index) => index % 4 === 3 && value > 0);
    })"""
    page.wait_for_function(painted)


def test_any_page_without_signal_leads_to_what_waits(line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    page.goto("/projects/")
    expect(page.locator("h1")).to_have_text("На този телефон")
    page.goto("/reports/new/")
    page.wait_for_selector("#offline-form[data-ready=true]")


def test_a_page_seen_before_is_shown_as_it_was_and_says_so(line: Line, phone: Phone) -> None:
    page = installed(phone())
    page.goto("/")
    page.wait_for_selector("#map[data-ready=true]")
    signs = page.locator("#map .leaflet-marker-icon").count()
    assert signs > 3
    line.down()
    page.goto("/")
    expect(page.locator("#offbar")).to_contain_text("Виждате я, както беше на")
    expect(page.locator("#map .leaflet-marker-icon")).to_have_count(signs)


def test_pages_of_a_person_are_never_kept(line: Line, phone: Phone) -> None:
    page = installed(phone())
    sign_in(page, line.address, "resident@demo.test")
    page.goto("/accounts/")
    page.goto("/reports/")
    kept = page.evaluate(
        "(async () => (await (await caches.open('pages')).keys()).map((each) => new URL(each.url).pathname))()"
    )
    assert [path for path in kept if path.startswith("/accounts/") or path == "/reports/"] == []
    line.down()
    page.goto("/offline/")
    expect(page.locator("#mine li").first).to_be_visible()
    line.up()
    page.goto("/accounts/logout/")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    page.wait_for_function("async () => window.outbox && !(await outbox.fact('mine'))")
    assert page.evaluate("localStorage.getItem('person')") is None


def test_an_answer_lost_after_the_commit_makes_no_second_report(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    title = f"Счупена пейка {uuid.uuid4()}"
    draft = write(page, title, photos=1)
    line.swallow = lambda method, path: method == "POST"
    send(page)
    expect(page.locator(f"[data-uuid='{draft}'][data-state=queued]")).to_be_visible()
    page.wait_for_function("document.querySelector('[data-state=queued]')")
    line.swallow = lambda method, path: method == "POST" and path.endswith("/reports/")
    page.locator(f"[data-key='{draft}-now']").click()
    expect(page.locator(f"[data-uuid='{draft}']")).to_contain_text("чака отговора на сървъра")
    assert len(reports(site, title)) == 1
    line.up()
    page.locator(f"[data-key='{draft}-now']").click()
    arrived(page, draft)
    assert reports(site, title) == [(draft, 1)]


def test_a_restarted_phone_still_has_it_and_sends_it(site: Site, line: Line, phone: Phone) -> None:
    title = f"Запушена шахта {uuid.uuid4()}"
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
    title = f"Счупена лампа {uuid.uuid4()}"
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
    title = f"Спукана тръба {uuid.uuid4()}"
    draft = paged(page, line, title, "send", swallow=True)
    expect(page.locator(f"[data-uuid='{draft}'][data-state=queued]")).to_be_visible()
    assert reports(site, title) == [(draft, 1)]
    line.up()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    arrived(page, draft)
    assert reports(site, title) == [(draft, 1)]


def test_a_photo_that_found_no_connection_waits_and_follows(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    title = f"Дупка {uuid.uuid4()}"
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
    title = f"Паднал знак {uuid.uuid4()}"
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
    title = f"Отворена шахта {uuid.uuid4()}"
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
    title, draft, photo = f"Стара чернова {uuid.uuid4()}", str(uuid.uuid4()), str(uuid.uuid4())
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


def test_what_one_person_wrote_is_not_shown_or_sent_as_another(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    sign_in(page, line.address, "resident@demo.test")
    page.goto("/accounts/")
    page.wait_for_function("async () => window.outbox && (await outbox.fact('session'))?.email === 'resident@demo.test'")
    title = f"Мокър мазе {uuid.uuid4()}"
    line.down()
    page.goto(FORM)
    expect(page.locator("#account-note")).to_contain_text("resident@demo.test")
    draft = write(page, title)
    send(page)
    expect(page.locator(f"[data-uuid='{draft}']")).to_contain_text(title)
    line.up()
    line.cut = lambda _method, path: path.startswith("/api/")
    page.goto("/accounts/logout/")
    page.locator("main form button").first.click()
    page.wait_for_function("async () => window.outbox && (await outbox.fact('session')) === undefined")
    line.up()
    page.goto("/offline/")
    row = page.locator(f"[data-uuid='{draft}']")
    expect(row).to_contain_text("Писано от някой")
    expect(row).not_to_contain_text(title)
    page.evaluate("outbox.flush({now: true})")
    assert reports(site, title) == []
    sign_in(page, line.address, "resident@demo.test")
    page.goto("/offline/")
    arrived(page, draft)
    assert reports(site, title) == [(draft, 0)]


def test_other_pages_say_what_waits(line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    write(page, "Паднала ограда")
    send(page)
    line.cut = lambda _method, path: path.startswith("/api/")
    page.goto("/about/")
    expect(page.locator("#waitbar a")).to_have_text("Чакат да заминат: 1")


def test_the_page_on_the_phone_knows_what_the_site_would_say(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    title = f"Кучета на улицата {uuid.uuid4()}"
    draft = write(page, title)
    page.fill(
        "[name=text]",
        "Обадете ми се на 0888 123 456 или на rada@example.org. ЕГН 7523169263, кола СО 1234 АВ, фактура 1234567890.",
    )
    page.locator("#offline-form button.primary").click()
    said = page.locator("#offline-notices")
    for words in ("0888 123 456", "rada@example.org", "7523169263", "СО 1234 АВ"):
        expect(said).to_contain_text(f"„{words}“")
    expect(said).not_to_contain_text("1234567890")
    page.fill("[name=text]", "Има пожар")
    expect(page.locator("#urgent a")).to_have_attribute("href", "tel:112")
    page.fill("[name=text]", "")
    expect(page.locator("#urgent")).to_have_count(0)
    page.select_option("[name=category]", "power-cut")
    expect(page.locator("#offline-questions")).to_contain_text("Това не е работа на общината")
    page.locator("#offline-form button.primary").click()
    expect(page.locator("#errors")).to_contain_text("Това не е работа на общината")
    page.select_option("[name=category]", "street-lights")
    choices = page.locator("#offline-questions select")
    value = str(choices.first.locator("option").nth(1).get_attribute("value"))
    choices.first.select_option(value)
    send(page)
    line.up()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    arrived(page, draft)
    answered = "SELECT q.slug, a.said FROM reports_answer a JOIN reports_question q ON q.id = a.question_id"
    slug, said_words = value.split(":")[0], "Не свети"
    found = site.rows(f"{answered} JOIN discussion_subject s ON s.id = a.report_id WHERE s.title = %s", title)
    assert found == [(slug, said_words)]
