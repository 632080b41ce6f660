"""Alerts on the map by finger and by keys, and a message to a phone shown by the service worker."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import worked

pytestmark = pytest.mark.browser
NEW = "/accounts/alerts/new/"


def begun(open_page, who: str = "resident@demo.test", **size: int) -> Page:
    page: Page = open_page(NEW, who=who, **size)
    return page


def test_an_area_is_drawn_by_finger_kept_and_changed(open_page):
    page = begun(open_page, width=390, height=844)
    expect(page.locator("[data-area-map]")).to_be_hidden()
    page.locator("input[name=where][value=drawn]").check()
    page.wait_for_selector(".mapbox[data-ready=true]")
    for x, y in ((80, 80), (250, 90), (200, 220)):
        page.locator(".mapbox").click(position={"x": x, "y": y})
    shape = json.loads(page.locator("input[name=shape]").input_value())
    assert (shape["type"], len(shape["coordinates"][0])) == ("Polygon", 4)
    page.fill("input[name=name]", "Начертаното")
    page.locator("form[data-alert] button.primary").click()
    page.wait_for_url("**/accounts/alerts/")
    page.get_by_role("link", name="Начертаното").first.click()
    expect(page.locator("input[name=where][value=drawn]")).to_be_checked()
    assert json.loads(page.locator("input[name=shape]").input_value()) == shape
    page.wait_for_selector(".mapbox[data-ready=true]")
    page.locator("[data-act=undo]").click()
    expect(page.locator("#area-say")).to_have_text("Ъгли: 2. За район са нужни поне три.")


def test_two_corners_stay_when_the_form_comes_back_for_a_third(open_page):
    page = begun(open_page, width=390, height=844)
    page.locator("input[name=where][value=drawn]").check()
    page.wait_for_selector(".mapbox[data-ready=true]")
    for x, y in ((80, 80), (250, 90)):
        page.locator(".mapbox").click(position={"x": x, "y": y})
    begun_shape = page.locator("input[name=shape]").input_value()
    page.locator("form[data-alert] button.primary").click()
    expect(page.get_by_text("За район са нужни поне три ъгъла, а засега са 2.").first).to_be_visible()
    page.wait_for_selector(".mapbox[data-ready=true]")
    assert json.loads(page.locator("input[name=shape]").input_value()) == json.loads(begun_shape)
    expect(page.locator("path.g-corner")).to_have_count(2)
    expect(page.locator("#area-say")).to_have_text("Ъгли: 2. За район са нужни поне три.")
    page.locator("[data-act=clear]").click()
    assert page.locator("input[name=shape]").input_value() == ""


def test_a_circle_is_set_by_keys_alone(open_page):
    page = begun(open_page)
    page.locator("input[name=where][value=areas]").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".mapbox[data-ready=true]")
    page.locator(".mapbox").focus()
    for _time in range(3):
        page.keyboard.press("ArrowRight")
    page.locator("[data-act=add]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Мястото е избрано.")).to_be_visible()
    assert float(page.locator("input[name=lon]").input_value()) > 23
    page.fill("input[name=around]", "гр. Ботевград")
    assert page.locator("input[name=lon]").input_value() == ""  # the words come instead
    page.locator("form[data-alert] button.primary").click()
    page.wait_for_url("**/accounts/alerts/")
    expect(page.get_by_role("link", name="гр. Ботевград").first).to_be_visible()


def test_a_message_is_shown_and_its_address_stays_on_the_site(open_page, site):
    page = open_page("/about/", permissions=["notifications"])
    worked(page)
    devtools, ids = page.context.new_cdp_session(page), []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda said: ids.extend(said["registrations"]))
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    (registration,) = {one["registrationId"] for one in ids if not one["isDeleted"]}

    def shown(data: str) -> list[dict[str, object]]:
        devtools.send(
            "ServiceWorker.deliverPushMessage", {"origin": site.address, "registrationId": registration, "data": data}
        )
        page.wait_for_timeout(400)
        return page.evaluate(
            """navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
               .then((all) => all.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url })))"""
        )

    said = {"title": "Дупка", "body": "Започна работа.", "url": "/reports/1234567890/", "tag": "subject-1"}
    assert shown(json.dumps(said)) == [said]
    newer = {**said, "body": "Решен.", "url": "https://elsewhere.example/x"}
    assert shown(json.dumps(newer)) == [{**newer, "url": "/"}]  # the newer replaces the older; no foreign address
    assert {"title": "no JSON", "body": "", "tag": "", "url": "/"} in shown("no JSON")
