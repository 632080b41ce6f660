"""A planner's page in a browser: drawing by pointer and by keys, shapes and rows lit together, copying, Back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ready

pytestmark = pytest.mark.browser
ASKS = "/planning/?analysis=areas"


@pytest.fixture
def planner(open_page: Callable[..., Page]) -> Page:
    return open_page(ASKS, who="planner@demo.test", permissions=["clipboard-read", "clipboard-write"])


def within(page: Page) -> str:
    page.wait_for_url(re.compile("within="))
    ready(page)
    return page.locator("#ask-within").input_value()


def test_a_polygon_is_drawn_by_pointer(planner):
    planner.locator("[data-act=polygon]").click()
    box = planner.locator("#map").bounding_box()
    for x, y in ((0.4, 0.4), (0.6, 0.4), (0.5, 0.7)):
        planner.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    expect(planner.locator("[data-say]")).to_contain_text("3")
    planner.locator("[data-act=finish]").click()
    assert re.fullmatch(r"polygon:(\d+\.\d+ \d+\.\d+,){2}\d+\.\d+ \d+\.\d+", within(planner))
    assert planner.locator(".a-within").count() == 1


def test_a_circle_is_drawn_by_keys_alone(planner):
    planner.locator("[data-act=circle]").press("Enter")
    expect(planner.locator("#map")).to_be_focused()
    planner.keyboard.press("ArrowRight")
    planner.keyboard.press("Space")
    planner.locator("[data-radius]").fill("700")
    planner.locator("[data-radius]").press("Enter")
    assert re.fullmatch(r"circle:23\.\d+,42\.\d+,700", within(planner))


def test_a_polygon_is_drawn_by_keys_and_taken_back(planner):
    planner.locator("[data-act=polygon]").press("Enter")
    for way in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft"):
        planner.keyboard.press(way)
        planner.wait_for_timeout(350)
        planner.keyboard.press("Space")
    expect(planner.locator("[data-say]")).to_contain_text("4")
    planner.keyboard.press("Backspace")
    expect(planner.locator("[data-say]")).to_contain_text("3")
    planner.keyboard.press("Enter")
    assert within(planner).count(",") == 2


def test_escape_ends_drawing_without_an_area(planner):
    planner.locator("[data-act=polygon]").press("Enter")
    planner.keyboard.press("Space")
    planner.keyboard.press("Escape")
    assert planner.locator(".is-drawing").count() == 0
    assert planner.locator("#ask-within").input_value() == ""


def test_shapes_are_walked_by_arrows_and_light_their_rows(planner):
    assert planner.locator(".a-shape[tabindex='0']").count() == 1
    planner.locator(".a-shape[tabindex='0']").focus()
    first = planner.locator("tr.is-on").get_attribute("data-row")
    planner.keyboard.press("ArrowRight")
    second = planner.locator("tr.is-on").get_attribute("data-row")
    assert first != second
    name = planner.locator(f"#row-{second} th").inner_text().strip()
    assert planner.evaluate("document.activeElement.getAttribute('aria-label')").startswith(name)
    planner.keyboard.press("Enter")
    assert planner.evaluate("document.activeElement.closest('tr').dataset.row") == second


def test_a_row_lights_its_shape_and_leads_to_it(planner):
    planner.locator("#row-1 th").hover()
    assert planner.locator(".a-shape.is-on").count() == 1
    planner.locator("[data-show='1']").click()
    name = planner.locator("#row-1 th").inner_text().strip()
    assert planner.evaluate("document.activeElement.getAttribute('aria-label')").startswith(name)


def test_copying_puts_table_and_method_into_the_clipboard_and_says_so(planner):
    planner.locator("[data-copy]").click()
    expect(planner.locator("[data-copied]")).not_to_be_empty()
    text = planner.evaluate("navigator.clipboard.readText()")
    rows = text.split("\n")
    assert rows[2].split("\t") == [cell.strip() for cell in planner.locator("[data-table] thead th").all_inner_texts()]
    assert rows[-1].endswith("/planning/?analysis=areas")
    assert planner.locator(".plan-facts dd").first.inner_text() in text


def test_back_brings_the_question_before(planner):
    planner.locator(".plan-question > summary").click()
    planner.locator(".plan-filters summary").click()
    planner.locator("#ask-kind").select_option("idea")
    planner.locator("#ask button.primary").last.click()
    planner.wait_for_url(re.compile("kind=idea"))
    planner.go_back()
    planner.wait_for_url(re.compile(r"analysis=areas(#.*)?$"))
    assert planner.locator("#ask-kind").input_value() == ""


def test_the_reports_beneath_are_shown_when_asked_for(planner):
    assert planner.locator(".cluster").count() == 0
    planner.locator("#layers-toggle").click()
    planner.locator("#show-reports").check()
    expect(planner.locator(".cluster").first).to_be_visible()


def test_a_thing_of_a_layer_that_is_on_is_asked_before_the_answer_that_covers_it(planner):
    planner.goto(f"{ASKS}&layers=lamp-posts#map=23.7906,42.9083,18")
    ready(planner)
    planner.wait_for_selector(".leaflet-features-pane canvas", state="attached")
    planner.wait_for_load_state("networkidle")
    box = planner.locator("#map").bounding_box()
    planner.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(planner.get_by_role("dialog", name="стълб 118")).to_be_visible()
    planner.keyboard.press("Escape")
    planner.mouse.click(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2 + 60)
    expect(planner.locator("tr.is-on")).to_have_count(1)
    expect(planner.get_by_role("dialog")).to_have_count(0)


def test_without_scripts_the_question_is_asked_and_answered(open_page: Callable[..., Page]):
    page = open_page(ASKS, who="planner@demo.test", java_script_enabled=False)
    assert not page.locator("#map").is_visible()
    page.locator(".plan-typed summary").click()
    page.locator("#ask-within").fill("circle:23.79,42.91,3000")
    page.locator("#ask button.primary").last.click()
    assert "within=circle" in page.url
    assert page.locator("tbody tr").count() > 0


def test_the_chosen_analysis_is_in_sight_on_a_phone(planner):
    planner.set_viewport_size({"width": 390, "height": 844})
    planner.goto("/planning/?analysis=contributors")
    ready(planner)
    box = planner.locator(".plan-tabs [aria-current]").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert planner.evaluate("window.scrollY") == 0


@pytest.mark.parametrize("query", ["analysis=areas", "analysis=areas&q=zzqq", "analysis=hotspots", "analysis=clusters&eps=abc"])
def test_the_map_takes_two_thirds_and_what_is_asked_and_answered_stands_beside_it(planner, query):
    planner.goto(f"/planning/?{query}")
    ready(planner)
    box, head = planner.locator("#plan-map").bounding_box(), planner.locator(".plan-head").bounding_box()
    assert box["x"] == 0 and box["width"] == pytest.approx(960, abs=8)
    assert box["y"] + box["height"] == pytest.approx(900, abs=2) and box["height"] > 900 * 2 / 3
    for css in (".plan-head", ".plan-ask", ".plan-answer"):
        beside = planner.locator(css).bounding_box()
        assert beside["x"] >= box["width"] and beside["x"] + beside["width"] <= 1440
    assert head["y"] == box["y"]
    planner.locator(".plan-answer").evaluate("(answer) => answer.scrollIntoView({ block: 'end' })")
    assert planner.locator("#plan-map").bounding_box() == box


def test_the_question_is_folded_once_it_is_answered_unless_one_left_it_open(planner):
    question = planner.locator(".plan-question")
    assert question.get_attribute("open") is None
    question.locator("> summary").click()
    planner.goto("/planning/?analysis=time")
    ready(planner)
    expect(planner.locator("#ask button.primary").last).to_be_visible()


def test_where_nothing_can_be_answered_the_question_stays_open_below_the_reason(planner):
    planner.goto("/planning/?analysis=before_after")
    ready(planner)
    why, ask = planner.locator(".plan-head .empty").bounding_box(), planner.locator("#ask-project").bounding_box()
    assert why["y"] + why["height"] <= ask["y"] and ask["y"] + ask["height"] <= 900


def test_what_is_said_of_a_lit_row_covers_no_button(planner):
    planner.goto("/planning/?analysis=clusters")
    ready(planner)
    planner.locator("[data-show]").first.click()
    said, button = planner.locator("#plan-lit").bounding_box(), planner.locator("[data-act=circle]").bounding_box()
    assert said["y"] >= button["y"] + button["height"]
    name, find = planner.locator("#row-0 th").bounding_box(), planner.locator("[data-show]").first.bounding_box()
    assert name["x"] >= 960 and find["x"] + find["width"] <= 1440


def test_without_scripts_no_hole_stands_where_the_map_would(planner):
    bare = planner.context.browser.new_context(
        java_script_enabled=False, storage_state=planner.context.storage_state(), viewport={"width": 1440, "height": 900}
    )
    page = bare.new_page()
    page.goto(planner.url.split("/planning/")[0] + ASKS)
    head, answer = (page.locator(css).bounding_box() for css in (".plan-head", ".plan-answer"))
    assert answer["y"] - (head["y"] + head["height"]) < 40
    bare.close()
