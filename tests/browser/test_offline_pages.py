"""Pages without signal: what the phone has kept, and what it keeps from others."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.line import Line
from tests.browser.pages import sign_in
from tests.browser.phone import FORM, Phone, arrived, comes, installed, line, phone, picture, reports, send, titled, write
from tests.reports.emergency_sentences import ASKED, SILENT
from tests.walks.site import Site

pytestmark = pytest.mark.browser
__all__ = ["line", "phone"]


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
    page.hover(".mapbox")
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
    kept = "async () => (await (await caches.open('pages')).keys()).some((each) => new URL(each.url).pathname === '/')"
    comes(page, kept)
    page.wait_for_timeout(1200)  # for a second the browser's own cache answers, and nothing is old
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
    comes(page, "async () => window.outbox && (await outbox.fact('mine'))?.reports.length")
    line.down()
    page.goto("/offline/")
    expect(page.locator("#mine li").first).to_be_visible()
    line.up()
    page.goto("/accounts/logout/")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    comes(page, "async () => window.outbox && !(await outbox.fact('mine'))")
    assert page.evaluate("localStorage.getItem('person')") is None


def test_what_one_person_wrote_is_not_shown_or_sent_as_another(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    sign_in(page, line.address, "resident@demo.test")
    page.goto("/accounts/")
    comes(page, "async () => window.outbox && (await outbox.fact('session'))?.email === 'resident@demo.test'")
    title = titled("Мокър мазе")
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
    comes(page, "async () => window.outbox && (await outbox.fact('session')) === undefined")
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


BUSY = """(() => {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...words) {
    const asked = {};
    window.answer = () => {
      const real = open.apply(this, words);
      real.onsuccess = () => { asked.result = real.result; asked.onsuccess(); };
    };
    return asked;
  };
})()"""
"""The store answers once `answer()` is called."""


@pytest.mark.parametrize("at_once", [True, False], ids=["left at once", "left later"])
def test_a_draft_is_waited_for_where_the_phone_is_too_busy_to_say_what_it_has(at_once: bool, line: Line, phone: Phone) -> None:
    page = installed(phone())
    title = titled("Паднал клон")
    draft = write(page, title)
    if not at_once:
        comes(page, "async ([uuid, title]) => (await outbox.get(uuid))?.fields.title === title", [draft, title])
    page.add_init_script(BUSY)
    page.clock.install()
    page.reload()
    for _second in range(15):
        page.clock.run_for(1000)
    expect(page.locator("#offline-form")).not_to_have_attribute("data-ready", "true")
    expect(page.get_by_text("Телефонът е зает")).to_be_visible()
    assert page.locator("[name=title]").evaluate("each => each.closest('section').inert")
    page.evaluate("answer()")
    for _second in range(15):
        page.clock.run_for(1000)
    page.wait_for_selector("#offline-form[data-ready=true]")
    expect(page.locator("[name=title]")).to_have_value(title)
    assert not page.locator("[name=title]").evaluate("each => each.closest('section').inert")


def test_a_store_that_never_answers_leaves_what_it_has_alone(line: Line, phone: Phone) -> None:
    page = installed(phone())
    draft = write(page, titled("Паднал клон"))
    page.add_init_script(BUSY)
    page.clock.install()
    page.reload()
    for _second in range(50):
        page.clock.run_for(1000)
    page.wait_for_selector("#offline-form[data-ready=true]")
    assert draft not in page.url
    expect(page.locator("[name=title]")).to_be_enabled()


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
    title = titled("Кучета на улицата")
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


def test_what_was_typed_last_is_kept_when_the_form_is_refused(line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    page.goto(FORM)
    page.wait_for_selector("#offline-form[data-ready=true]")
    page.fill("[name=title]", "Паднало дърво")
    page.locator("#offline-form button.primary").click()
    expect(page.locator("#errors")).to_be_visible()
    assert page.evaluate("async () => (await outbox.get(location.hash.slice(1))).fields.title") == "Паднало дърво"


def test_what_was_typed_last_is_kept_when_the_page_is_left_at_once(line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    page.goto(FORM)
    page.wait_for_selector("#offline-form[data-ready=true]")
    page.evaluate(
        """() => {
          const { title } = document.getElementById("offline-form").elements;
          title.value = "Паднало дърво";
          title.dispatchEvent(new Event("input", { bubbles: true }));
          window.location.assign("/offline/");
        }"""
    )
    expect(page.locator("[data-outbox] li")).to_contain_text("Паднало дърво")
    page.get_by_role("link", name="Довърши").click()
    page.wait_for_selector("#offline-form[data-ready=true]")
    assert page.input_value("[name=title]") == "Паднало дърво"


def test_an_emergency_is_not_queued_before_one_says_that_nobody_is_in_danger(line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    write(page, titled("Пожар до входа"))
    page.locator("#offline-form button.primary").click()
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("#urgent a")).to_have_text("112")
    page.get_by_label("Няма човек в опасност").check()
    send(page)


def test_the_phone_hears_an_emergency_in_the_same_words_as_the_site(line: Line, phone: Phone) -> None:
    page = phone().new_page()
    page.goto(FORM)
    page.wait_for_selector("#offline-form[data-ready=true]")
    heard = """(sentences) => sentences.filter((sentence) => {
      const field = document.querySelector("[name=text]");
      field.value = sentence;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      return document.getElementById("urgent") !== null;
    })"""
    assert page.evaluate(heard, [*ASKED, *SILENT]) == list(ASKED)


def test_a_report_that_the_phone_cannot_keep_stays_on_its_page_and_goes_with_the_connection(
    site: Site, line: Line, phone: Phone
) -> None:
    page = installed(phone())
    line.down()
    title = titled("Няма място")
    uuid = write(page, title)
    page.evaluate("() => { outbox.keep = () => Promise.reject(new DOMException('full', 'QuotaExceededError')) }")
    page.locator("#offline-form button.primary").click()
    expect(page.locator("#errors")).to_contain_text("Няма връзка. Не затваряйте страницата")
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    assert FORM in page.url and page.input_value("[name=title]") == title
    line.up()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#offline-form > h2")).to_contain_text("Прието")
    assert reports(site, title) == [(uuid, 0)]


def test_what_was_changed_since_the_press_is_not_sent_by_itself(site: Site, line: Line, phone: Phone) -> None:
    page = installed(phone())
    line.down()
    title = titled("Няма място")
    write(page, title)
    page.evaluate("() => { outbox.keep = () => Promise.reject(new DOMException('full', 'QuotaExceededError')) }")
    page.locator("#offline-form button.primary").click()
    expect(page.locator("#errors")).to_contain_text("Няма връзка")
    page.fill("[name=text]", "още не съм")
    line.up()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_timeout(1000)
    assert reports(site, title) == []


@pytest.mark.parametrize(
    "store", ["", "IDBFactory.prototype.open = () => new EventTarget();"], ids=["no room", "never answers"]
)
def test_a_phone_that_keeps_nothing_sends_from_the_open_page_once(site: Site, line: Line, phone: Phone, store: str) -> None:
    context = phone()
    installed(context)
    context.add_init_script(store)
    page, title = context.new_page(), titled("Без склад")
    uuid = write(page, title)
    if not store:
        page.evaluate("() => { outbox.keep = () => Promise.reject(new DOMException('full', 'QuotaExceededError')) }")
    page.set_input_files("#offline-form input[type=file]", picture())
    if store:
        expect(page.locator("#offline-form [data-say]")).to_contain_text("няма място")
    else:
        expect(page.locator(".shot .state")).to_have_count(1)
    page.fill("[name=email]", "without@example.org")
    page.locator("#offline-form button.primary").dblclick()
    expect(page.locator("#offline-form > h2")).to_contain_text("Прието")
    expect(page.locator("#offline-form .note.warn")).to_have_count(1 if store else 0)
    assert reports(site, title) == [(uuid, 0 if store else 1)]


def test_nothing_goes_before_the_script_of_the_page_is_there(line: Line, phone: Phone) -> None:
    page = phone().new_page()
    page.route("**/js/app/form.*.js", lambda route: route.abort())
    page.goto(FORM)
    expect(page.locator("#offline-form button.primary")).to_be_disabled()
    page.fill("[name=title]", "Тайна")
    page.press("[name=title]", "Enter")
    page.wait_for_timeout(500)
    assert "title" not in page.url and page.input_value("[name=title]") == "Тайна"
