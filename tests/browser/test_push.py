"""Messages on a device: what goes wrong is told as what it is, one waits with a word, a new address of the device is told to the site."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import worked

pytestmark = pytest.mark.browser
TABLE, DEVICE = "/accounts/notifications/", "/accounts/notifications/device/"
# What the browser's own service would answer; the tests play it, because it is not part of the site.
HELD = """
window.subscription = null;
const fake = { endpoint: "https://push.example/new", unsubscribe: async () => { window.subscription = null; return true; },
               toJSON: () => ({ endpoint: "https://push.example/new", keys: { p256dh: "k", auth: "a" } }) };
PushManager.prototype.getSubscription = async () => window.subscription;
PushManager.prototype.subscribe = () => new Promise((done, refuse) => {
  window.answer = (name) => name ? refuse(new DOMException("", name)) : done(window.subscription = fake);
});
"""


def opened(open_page: Any, permission: str = "granted", **size: int) -> Page:
    page: Page = open_page("/accounts/data/", who="resident@demo.test", **size)
    page.add_init_script(HELD + f"Notification.requestPermission = async () => '{permission}';")
    page.goto(TABLE)
    expect(page.locator("[data-act=on]")).to_be_visible()
    return page


def pressed(page: Page) -> Any:
    page.locator("[data-act=on]").click()
    return page.locator("[data-push]")


def answered(page: Page, name: str = "") -> None:
    page.wait_for_function("() => typeof window.answer === 'function'")
    page.evaluate("(name) => window.answer(name)", name)


def test_a_refusal_is_the_browsers(open_page):
    part = pressed(opened(open_page, "denied"))
    expect(part.get_by_role("status")).to_contain_text("Браузърът отказа")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("AbortError", "Услугата за известия не отговори, опитайте пак."),
        ("NetworkError", "Услугата за известия не отговори, опитайте пак."),
        ("NotAllowedError", "Браузърът отказа"),
    ],
)
def test_a_service_that_fails_is_not_called_a_refusal(open_page, name, words):
    page = opened(open_page)
    part = pressed(page)
    answered(page, name)
    expect(part.get_by_role("status")).to_contain_text(words)
    expect(page.locator("[data-act=on]")).to_be_enabled()


def test_while_one_waits_a_word_says_so_and_the_button_waits_too(open_page):
    page = opened(open_page, width=390, height=844)
    page.route(f"**{DEVICE}", lambda route: route.fulfill(json={"on": True}))
    part, button = pressed(page), page.locator("[data-act=on]")
    expect(part.get_by_role("status")).to_contain_text("Един момент")
    expect(button).to_be_disabled()
    expect(part).to_have_attribute("aria-busy", "true")
    answered(page)
    expect(part.get_by_role("status")).to_contain_text("Този браузър вече")
    expect(part).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-act=off]")).to_be_focused()


def test_where_the_site_does_not_answer_the_browser_is_not_left_subscribed(open_page):
    page = opened(open_page)
    page.route(f"**{DEVICE}", lambda route: route.abort())
    part = pressed(page)
    answered(page)
    expect(part.get_by_role("status")).to_contain_text("Сайтът не отговори")
    expect(page.locator("[data-act=on]")).to_be_visible()
    assert page.evaluate("window.subscription") is None


# The browser changes the address: once it leaves the new one to be asked for, once it gives it.
CHANGED = """async () => {
  const asked = [];
  self.registration.pushManager.subscribe = async (wanted) => {
    asked.push([wanted.userVisibleOnly, wanted.applicationServerKey.byteLength]);
    return { toJSON: () => ({ endpoint: "https://push.example/new", keys: { p256dh: "k", auth: "a" } }) };
  };
  const happens = (old, given) => new Promise((done, failed) => {
    const event = new Event("pushsubscriptionchange");
    const waitUntil = (work) => { event.heard = true; work.then(done, failed); };
    Object.assign(event, { oldSubscription: old, newSubscription: given, waitUntil });
    self.dispatchEvent(event);
    if (!event.heard) failed(new Error("nobody listens"));
  });
  const named = (name) => ({ options: {}, toJSON: () => ({ endpoint: `https://push.example/${name}`, keys: { auth: name } }) });
  await happens(named("old"), null);
  await happens(null, named("given"));
  return asked;
}"""


def test_a_new_address_of_the_device_is_told_to_the_site(open_page):
    page: Page = open_page("/about/", permissions=["notifications"])
    worked(page)
    (worker,) = page.context.service_workers
    told: list[Any] = []

    def listen(route: Route) -> None:
        if route.request.method == "GET":
            route.continue_()
            return
        told.append((route.request.headers["x-csrftoken"], json.loads(route.request.post_data or "")))
        route.fulfill(json={"on": True})

    page.context.route(f"**{DEVICE}", listen)
    asked = worker.evaluate(CHANGED)
    assert asked == [[True, 65]]
    new = {"endpoint": "https://push.example/new", "keys": {"p256dh": "k", "auth": "a"}}
    assert [said for _token, said in told] == [
        {**new, "old": {"endpoint": "https://push.example/old", "keys": {"auth": "old"}}},
        {"endpoint": "https://push.example/given", "keys": {"auth": "given"}},
    ]
    assert all(len(token) > 20 for token, _said in told)
