"""Promise 5: a survey is prepared, answered on a phone with a place under the sign and on paper, and its results are published."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import choose
from tests.walks.forms import day, once, press, refused, sent

pytestmark = pytest.mark.browser

TITLE = once("Къде да има чешма?")
CHOICE, PLACE = "Коя чешма Ви трябва първо?", "Къде точно?"
ON_PAPER = 4
"""With the one from the phone they are five: of fewer people nothing is told."""


def prepared(official: Page) -> str:
    """With three questions, one of them mended; the path of its page."""
    questions = sent(
        official, "/surveys/new/", form="survey", title=TITLE, introduction="Питаме преди да направим проекта.", sector="urban",
        day=day(20), once=True, results="at_end", paper=True,
    )  # fmt: skip
    official.goto(f"{questions}new/")
    press(official, kind="single", text=CHOICE, options="В парка", required=True)
    refused(official, "Отговори, от които се избира")
    press(official, options="В парка\nНа гарата")
    sent(official, f"{questions}new/", kind="point", text=PLACE)
    sent(official, f"{questions}new/", kind="text", text="Друго?")
    official.goto(questions)
    expect(official.locator("main h2")).to_have_text([f"1. {CHOICE}", f"2. {PLACE}", "3. Друго?"])
    official.get_by_role("link", name="Към страницата ѝ").click()
    return str(official.evaluate("location.pathname"))


def answered_on_a_phone(resident: Page, survey: str) -> None:
    """The map is moved under the sign; the choice that is needed is asked for again, and the place stays."""
    resident.goto(survey)
    resident.locator(".phone-foot").get_by_role("link", name="Отговорете").click()
    resident.wait_for_selector(".mapbox[data-ready=true]")
    lon = resident.locator("input[name$=_lon]")
    expect(lon).to_have_value("")
    resident.locator(".mapbox").scroll_into_view_if_needed()
    box = resident.locator(".mapbox").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    resident.mouse.move(x, y)
    resident.mouse.down()
    resident.mouse.move(x - 60, y - 40, steps=6)
    resident.mouse.up()
    expect(lon).not_to_have_value("")
    chosen = lon.input_value()
    choose(resident.locator("[name=guardian]"))
    press(resident)
    refused(resident, CHOICE)
    assert lon.input_value() == chosen
    resident.locator("main label").filter(has_text="В парка").click()
    press(resident)
    resident.wait_for_url(f"**{survey}")


def test_a_survey_from_its_questions_to_the_results(person, visitor):
    official, resident, anyone = person("official"), person("resident", phone=True), visitor(phone=True)
    survey = prepared(official)
    assert anyone.goto(survey).status == 404
    sent(official, f"{survey}act/open/")
    answered_on_a_phone(resident, survey)
    resident.goto(f"{survey}answer/")
    expect(resident.locator("main")).to_contain_text("Отговорили сте вече на тази анкета.")
    for _sheet in range(ON_PAPER):
        official.goto(f"{survey}paper/")
        official.locator("main label").filter(has_text="В парка").click()
        press(official)
    anyone.goto(survey)
    expect(anyone.locator("aside")).to_contain_text("Резултатите ще бъдат публикувани тук след края.")
    expect(anyone.get_by_role("link", name="Резултати")).to_have_count(0)
    sent(official, f"{survey}act/close/")
    sent(official, f"{survey}act/report/", text="Първата чешма е в парка.")

    anyone.goto(f"{survey}?again=1")
    anyone.get_by_role("link", name="Резултати").first.click()
    expect(anyone.locator("main")).to_contain_text("Отговориха 5 души.")
    expect(anyone.locator("main table").first).to_contain_text("В парка")
    expect(anyone.locator("svg.chart").first).to_be_visible()
    anyone.goto(survey)
    expect(anyone.locator(".timeline")).to_contain_text("Първата чешма е в парка.")
