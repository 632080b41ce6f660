"""Promise 6: two ways are drawn and opened, compared on a phone under the slider, a third one is proposed, one is preferred."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.walks.forms import comment_published, commented, day, once, press, published, refused, sent
from tests.walks.site import REPO, Site

pytestmark = pytest.mark.browser

QUESTION = once("Откъде да мине пътеката?")
FIRST, SECOND, OWN = once("Покрай реката"), once("През парка"), once("През двора на училището")
OPINION = once("Тази е най-пряка.")
AT = "el => el.style.getPropertyValue('--at')"
OVER = """
from django.utils import timezone
from participation.models import Comparison
Comparison.objects.filter(title__bg="{title}").update(closes_at=timezone.now())
"""


def drawn(official: Page, comparison: str, title: str, corners: list[tuple[int, int]]) -> None:
    """One variant whose line is drawn by clicking on the map."""
    official.goto(f"{comparison}add/")
    official.wait_for_selector(".mapbox[data-ready=true]")
    official.locator("[data-draw=line]").click()
    official.locator(".mapbox").scroll_into_view_if_needed()
    for x, y in corners:
        official.locator(".mapbox").click(position={"x": x, "y": y})
    press(official, title=title, description="Пътека от плочи, с осветление.", cost_from="20000", months_from="3")
    expect(official.locator("main")).to_contain_text(title)


def slid(resident: Page) -> None:
    """On a phone two lie under one slider; by keys it moves the border and says so; the other way they lie side by side and move together."""
    maps = resident.locator("[data-alternatives]")
    maps.scroll_into_view_if_needed()
    for name in (FIRST, SECOND):
        resident.wait_for_selector(f".alternatives-picture:has-text('{name}') [data-ready=true]")
    slider = maps.get_by_label("Докъде стига лявата карта")
    slider.focus()
    slider.press("ArrowRight")
    assert resident.locator(".alternatives-pictures").evaluate(AT) == "55%"
    expect(slider).to_have_attribute("aria-valuetext", "до 55 от 100: Вариант А, нататък: Вариант Б")
    maps.get_by_label("Отляво").select_option(index=1)
    expect(slider).to_have_attribute("aria-valuetext", "до 55 от 100: Вариант Б, нататък: Вариант А")
    maps.get_by_role("button", name="Една до друга").click()
    town = maps.locator(".mapbox .leaflet-marker-icon.g-name").filter(has_text="гр. Ботевград")
    maps.get_by_role("button", name="По-далеч").click()
    expect(town).to_have_count(2)
    seen = [each.evaluate("el => el._leaflet_pos.toString()") for each in town.all()]
    assert seen[0] == seen[1]


def over(site: Site) -> None:
    """Its last day has passed."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", OVER.format(title=QUESTION)],
        cwd=REPO, env={**os.environ, **site.environment}, check=True,
    )  # fmt: skip


def test_alternatives_from_the_drawing_to_the_choice(site, person, visitor):
    planner, moderator, resident = person("planner"), person("admin"), person("resident", phone=True)
    comparison = sent(
        planner, "/alternatives/new/", title=QUESTION, introduction="Трябва сигурен път до училището.", sector="urban", day=day(10),
        takes_own=True,
    )  # fmt: skip
    drawn(planner, comparison, FIRST, [(200, 200), (300, 220)])
    planner.goto(f"{comparison}open/")
    press(planner)
    refused(planner, "варианта")
    drawn(planner, comparison, SECOND, [(200, 260), (320, 300)])
    assert visitor(phone=True).goto(comparison).status == 404
    sent(planner, f"{comparison}open/")

    resident.goto(comparison)
    slid(resident)
    resident.get_by_role("link", name=FIRST).first.click()
    variant = resident.evaluate("location.pathname")
    commented(resident, variant, OPINION, stance="for")
    comment_published(moderator, OPINION)
    sent(
        resident,
        f"{comparison}propose/",
        title=OWN,
        description="Направо.",
        places="42.9081, 23.7925\n42.9085, 23.7940",
        joined="line",
    )
    published(moderator, OWN)
    resident.goto(f"{comparison}?again=1")
    expect(resident.locator("[aria-labelledby=a-residents]")).to_contain_text(OWN)
    expect(resident.locator("article.variant").filter(has_text=FIRST).locator(".stances")).to_contain_text("за: 1")
    expect(resident.locator("section[aria-labelledby=a-effects] th")).to_contain_text(["Хора до 500 м"])

    over(site)
    decided(planner, resident, comparison)


def decided(planner: Page, resident: Page, comparison: str) -> None:
    """The second one is preferred; the resident reads which and why."""
    planner.goto(f"{comparison}decide/")
    planner.locator("main label").filter(has_text=SECOND).click()
    press(planner, text="Най-безопасна е за децата.")
    resident.goto(f"{comparison}?again=2")
    expect(resident.locator("[aria-labelledby=chosen]")).to_contain_text(SECOND)
    expect(resident.locator("[aria-labelledby=chosen]")).to_contain_text("Най-безопасна е за децата.")
