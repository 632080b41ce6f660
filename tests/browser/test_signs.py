"""Signs of the map by keyboard and by ear: names, groups that open, the list of a pile, and a focus that is never lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_map import TOWN, answered, query
from tests.walks.site import REPO, Site

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
PILE = "/?at=23.7601,42.9301,19"
MAKE = """
import uuid
from reports.models import Category, Report
from tests import factories
if not Report.objects.filter(subject__title="Дванайсет на едно място").exists():
    category = Category.objects.filter(kind="problem", open_to="all", photo="optional", public=True).order_by("pk").first()
    author = factories.resident(email=f"pile{uuid.uuid4()}@levka.test")
    for number in range(12):
        factories.report(author=author, title="Дванайсет на едно място", category=category, at_point=(23.76, 42.93))
"""
MIDDLE = """(all) => all.find((each) => {
  const at = each.getBoundingClientRect();
  return Math.abs(at.x - 950) < 250 && Math.abs(at.y - 500) < 200;
})?.dataset.ref"""
FOCUS = "() => document.activeElement === document.body"


@pytest.fixture(scope="module", autouse=True)
def pile(site: Site) -> None:
    """Twelve reports at one place, where nothing else stands."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", MAKE],
        cwd=REPO, env={**os.environ, **site.environment}, check=True,
    )  # fmt: skip


def piled(page: Page) -> Locator:
    return page.locator(".cluster").filter(has_text=re.compile("^12$"))


def test_clusters_have_names_of_their_own(open_page: Open) -> None:
    page = open_page("/")
    names = page.locator(".cluster").evaluate_all("(all) => all.map((each) => each.getAttribute('aria-label'))")
    assert names
    for name in names:
        assert re.fullmatch(
            r"(\d+: )?\d+ (сигнал или идея|сигнала и идеи)(, \d+ планиран\w* проект\w*)?(, \d+ събити[ея])?(, \d+ инициатив[аи])?"
            r"(, \d+ обсъждан(е|ия))?(, \d+ сравнени[ея] на варианти)?(, \d+ анкет[аи])?(, \d+ просрочени?)?"
            r"|\d+ планирани проекта", name
        ), name  # fmt: skip


def test_enter_on_a_cluster_comes_nearer_and_keeps_a_focus(open_page: Open) -> None:
    page = open_page("/")
    before = float(query(page)["at"][0].split(",")[2])
    page.locator(".cluster").first.focus()
    answered(page, lambda: page.keyboard.press("Enter"))
    assert float(query(page)["at"][0].split(",")[2]) > before
    assert not page.evaluate(FOCUS)
    assert page.evaluate("() => document.activeElement.matches('.sign, .cluster, #map')")


def test_a_pile_opens_its_list_and_back_returns_to_it(open_page: Open) -> None:
    page = open_page(PILE)
    sign = piled(page)
    assert (sign.get_attribute("aria-label") or "").startswith("12 сигнала и идеи")
    sign.focus()
    page.keyboard.press("Enter")
    head = page.locator(".here-head")
    expect(head).to_be_focused()
    expect(head).to_contain_text("12 сигнала и идеи")
    assert page.locator(".here a.row").count() == 12
    expect(page.locator("#map-list")).to_be_hidden()
    page.go_back()
    expect(page.locator(".here")).to_be_hidden()
    expect(sign).to_be_focused()


def test_the_list_of_a_pile_is_left_by_its_button_and_escape_and_found_again(open_page: Open) -> None:
    page = open_page(PILE)
    piled(page).click()
    row = page.locator(".here a.row").nth(7)
    row.focus()
    reference = row.get_attribute("data-ref")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reports/{reference}/")
    page.go_back()
    page.wait_for_selector("#map[data-ready=true]")
    expect(page.locator(f".here [data-ref='{reference}']")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".here")).to_be_hidden()
    expect(piled(page)).to_be_focused()
    piled(page).click()
    page.locator("[data-here-close]").click()
    expect(page.locator("#map-list")).to_be_visible()


def test_on_a_phone_the_sheet_becomes_the_list_of_the_pile(open_page: Open) -> None:
    page = open_page("/?at=23.7601,42.9297,19", width=390, height=844, has_touch=True)
    piled(page).tap()
    expect(page.locator(".here-head")).to_be_focused()
    assert page.locator(".here a.row").count() == 12
    page.locator(".here a.row").last.scroll_into_view_if_needed()
    expect(page.locator(".here a.row").last).to_be_in_viewport()
    page.go_back()
    expect(page.locator(".here")).to_be_hidden()
    expect(page.locator(".count")).to_be_visible()


def test_the_whole_list_of_a_pile_holds_the_same(open_page: Open) -> None:
    page = open_page(PILE)
    piled(page).click()
    page.locator(".here .list-more a").click()
    page.wait_for_url("**/reports/?*")
    assert page.locator("main a.row, main a[data-ref]").count() == 12


def test_panning_and_zooming_by_keyboard_keep_the_focus_on_the_sign(open_page: Open) -> None:
    page = open_page(TOWN)
    sign = page.locator("a.sign").evaluate_all(MIDDLE)
    page.locator(f"a.sign[data-ref='{sign}']").focus()
    for key in ("ArrowRight", "ArrowDown", "+"):
        answered(page, lambda key=key: page.keyboard.press(key))  # type: ignore[misc]
        assert page.evaluate("() => document.activeElement.dataset.ref") == sign
    for _ in range(4):
        answered(page, lambda: page.keyboard.press("-"))
        assert page.evaluate("() => document.activeElement.matches('.sign, .cluster, #map')")
    page.locator(".cluster, .sign").first.focus()
    for _ in range(14):
        answered(page, lambda: page.keyboard.press("ArrowRight"))
        assert page.evaluate("() => document.activeElement.matches('.sign, .cluster, #map')")


def test_areas_are_switched_on_reached_by_keyboard_and_filter_the_map(open_page: Open) -> None:
    page = open_page("/")
    page.locator("#layers-toggle").click()
    page.get_by_label("Населени места").check()
    shapes = page.locator("path.zone[role=button]")
    shapes.first.wait_for()
    assert shapes.count() == 13
    shape = page.locator("path.zone[aria-label='с. Врачеш']")
    shape.focus()
    page.keyboard.press("Enter")
    head = page.locator("#area-card h2")
    expect(head).to_be_focused()
    expect(head).to_contain_text("Врачеш")
    page.keyboard.press("Escape")
    expect(shape).to_be_focused()
    page.keyboard.press("Space")
    expect(head).to_be_focused()
    problems = int(re.match(r"\d+", page.locator("#area-card p").first.inner_text())[0])  # type: ignore[index]
    answered(page, lambda: page.get_by_role("link", name="Покажи само тук").click())
    assert query(page)["area"] == ["vrachesh"]
    assert int(re.search(r"\d+", page.locator("[data-key=kind-problem]").inner_text())[0]) == problems > 0  # type: ignore[index]
    assert not page.evaluate(FOCUS)
    expect(shape).to_have_class(re.compile("is-on"))


def test_an_area_is_opened_by_a_click(open_page: Open) -> None:
    page = open_page("/", width=390, height=844, has_touch=True)
    page.locator("#layers-toggle").tap()
    page.get_by_label("Населени места").check()
    page.locator("path.zone").first.wait_for()
    page.locator("#layers-toggle").tap()
    page.locator("path.zone").first.dispatch_event("click")
    expect(page.locator("#area-card h2")).to_be_visible()
    page.locator("[data-area-close]").tap()
    expect(page.locator("#area-card")).to_be_hidden()


def test_layers_that_are_switched_on_stand_in_the_address_and_come_back(open_page: Open) -> None:
    page = open_page("/")
    page.locator("#layers-toggle").click()
    page.get_by_label("Населени места").check()
    shape = page.locator("path.zone[aria-label='с. Врачеш']")
    shape.wait_for()
    assert query(page)["layers"] == ["settlements."]
    answered(page, lambda: page.locator("[data-key=kind-problem]").click())
    assert query(page)["layers"] == ["settlements."]
    page.reload()
    shape.wait_for()
    expect(page.get_by_label("Населени места")).to_be_checked()
    page.locator("#layers-toggle").click()
    page.get_by_label("Населени места").uncheck()
    expect(page.locator("path.zone")).to_have_count(0)
    assert "layers" not in query(page)
    answered(page, page.go_back)
    shape.wait_for()
    expect(page.get_by_label("Населени места")).to_be_checked()


def test_the_shape_of_the_open_card_is_lit_and_its_figures_follow_the_filters(open_page: Open) -> None:
    page = open_page("/?layers=settlements.")
    shape = page.locator("path.zone[aria-label='гр. Ботевград']")
    shape.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#area-card h2")).to_be_focused()
    expect(page.locator("path.zone.is-open")).to_have_count(1)
    expect(shape).to_have_class(re.compile("is-open"))
    assert not page.locator("#area-card").inner_text().count("0 сигнала")
    answered(page, lambda: page.locator("[data-key=kind-idea]").click())
    expect(page.locator("#area-card")).to_contain_text("0 сигнала")
    page.locator("[data-area-close]").click()
    expect(page.locator("path.zone.is-open")).to_have_count(0)


def test_the_map_asks_whether_what_it_holds_is_still_true(open_page: Open) -> None:
    """A browser may keep the answers for half a minute; what was hidden meanwhile must not stay on the map."""
    page = open_page("/", service_workers="block")  # which asks as well, but hides the sizes
    page.context.clear_cookies()
    page.reload()
    page.locator("#map[data-ready=true]").wait_for()
    for key in ("kind-problem", "kind-", "kind-problem"):
        answered(page, lambda key=key: page.locator(f"[data-key={key}]").click())
    sizes = page.evaluate(
        "() => performance.getEntriesByType('resource').filter((each) => each.name.includes('/map.json?kind=problem'))"
        ".map((each) => each.transferSize)"
    )
    assert len(sizes) == 2
    assert all(size > 0 for size in sizes), sizes


def test_back_from_a_report_returns_to_the_sign_that_led_there(open_page: Open) -> None:
    page = open_page("/")
    sign = page.locator("a.sign").first
    reference = sign.get_attribute("data-ref")
    sign.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{reference}/")
    page.go_back()
    page.locator("#map[data-ready=true]").wait_for()
    expect(page.locator(f"a.sign[data-ref='{reference}']")).to_be_focused()


def test_an_area_opened_by_keyboard_stands_free_of_the_layers(open_page: Open) -> None:
    page = open_page("/", width=390, height=844)
    page.locator("#layers-toggle").click()
    page.get_by_label("Населени места").check()
    shape = page.locator("path.zone[aria-label='с. Врачеш']")
    shape.focus()
    page.keyboard.press("Enter")
    head = page.locator("#area-card h2")
    expect(head).to_be_focused()
    expect(page.locator("#layers-panel")).to_be_hidden()
    expect(page.locator("#layers-toggle")).to_have_attribute("aria-expanded", "false")
    seen = "(node) => { const at = node.getBoundingClientRect(); return node.contains(document.elementFromPoint(at.x + at.width / 2, at.y + 8)) }"
    assert page.locator("#area-card").evaluate(seen)


@pytest.mark.parametrize(("address", "skip", "target"), [("/", "Към картата", "#map"), ("/en/", "Skip to the list", ".count")])
def test_map_and_list_are_few_presses_from_the_top(open_page: Open, address: str, skip: str, target: str) -> None:
    page = open_page(address)
    link = page.get_by_role("link", name=skip)
    for _press in range(3):
        page.keyboard.press("Tab")
        if link.evaluate("(node) => node === document.activeElement"):
            break
    expect(link).to_be_focused()
    assert link.bounding_box()["y"] >= 0  # type: ignore[index]
    entries = page.evaluate("() => history.length")
    page.keyboard.press("Enter")
    expect(page.locator(target)).to_be_focused()
    assert page.evaluate("() => history.length") == entries


def test_without_scripts_search_and_list_are_of_one_width(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    field, side = (page.locator(name).bounding_box() for name in (".map-search", "#side"))
    assert field and side
    assert (field["x"], field["width"]) == (side["x"], side["width"])
    assert field["width"] < 800
    assert page.get_by_role("link", name="Към картата").count() == 0


def test_the_filters_place_is_named_on_the_map_and_can_be_taken_away(open_page: Open) -> None:
    page = open_page("/?area=vrachesh")
    chip = page.locator("[data-key=less-area]")
    expect(chip).to_have_text(re.compile(r"Район: с\. Врачеш"))
    answered(page, chip.click)
    assert "area" not in query(page)
    expect(chip).to_have_count(0)
