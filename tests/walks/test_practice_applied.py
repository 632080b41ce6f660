"""Promise 9: a resident tells what another town does, a moderator reads it, and it becomes an idea for here."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.forms import once, press, published, refused
from tests.walks.test_walks import idea_sent

pytestmark = pytest.mark.browser

TITLE = once("Училищен автобус на педали")


def test_a_practice_is_read_published_and_applied_here(person, visitor):
    resident, anyone = person("resident", phone=True), visitor(phone=True)
    resident.goto("/practices/new/")
    press(
        resident, title=TITLE, city="Руан", country="Франция", sector="sport", year="2014", what="Децата карат заедно до училище.",
        source_name="", source_url="https://example.org/ruan",
    )  # fmt: skip
    refused(resident, "Кой го е публикувал?")
    press(resident, source_name="Общината на града")
    practice = resident.evaluate("location.pathname")
    assert anyone.goto(practice).status == 404
    published(person("admin"), TITLE)

    anyone.goto("/practices/?sector=sport")
    anyone.get_by_role("link", name=TITLE).first.click()
    expect(anyone.get_by_role("link", name="Общината на града")).to_have_attribute("href", "https://example.org/ruan")
    resident.goto(practice)
    resident.get_by_role("link", name="Приложете я тук").click()
    idea = idea_sent(resident, TITLE)
    anyone.goto(f"/reports/{idea}/")
    anyone.get_by_role("link", name=TITLE).first.click()
    anyone.wait_for_url(f"**{practice}")
    anyone.goto(f"{practice}?again=1")
    expect(anyone.locator(f"main a[href='/reports/{idea}/']").first).to_be_visible()
