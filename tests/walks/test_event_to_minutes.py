"""Promise 8: an event with one seat, its waiting list, and the minutes, whose day each idea that was discussed shows."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.walks.forms import day, once, open_idea, press, refused, sent
from tests.walks.site import Site, link_in

pytestmark = pytest.mark.browser

TITLE = once("Оглед на спирката до гарата")
GUEST = f"{uuid.uuid4().hex}@example.test"


def announced(official: Page) -> str:
    """Tomorrow, with one seat; the path of its page."""
    return sent(
        official, "/events/new/", title=TITLE, text="Гледаме на място къде да е навесът.", sector="urban", day=day(1), begins="10:00",
        ends="11:00", settlement="grad-botevgrad", place="автогарата", registration=True, capacity="1", agenda="Оглед\nИзбор на място",
    )  # fmt: skip


def comes_by_letter(site: Site, guest: Page, event: str) -> None:
    sent(guest, f"{event}come/", email=GUEST)
    expect(guest.locator("h1")).to_have_text("Погледнете пощата си")
    guest.goto(link_in(site.letter(GUEST), "/reports/confirm/"))
    guest.locator("main form button").click()
    guest.wait_for_url(f"**{event}")


def begun(site: Site, event: str) -> None:
    """The day has come."""
    reference = re.sub(r"\D", "", event)
    site.rows(
        "UPDATE participation_event SET starts_at = now() - interval '3 hours', ends_at = now() - interval '2 hours'"
        " FROM discussion_subject s WHERE s.id = subject_id AND s.reference = %s RETURNING subject_id",
        reference,
    )


def test_one_seat_a_waiting_list_and_minutes(site, person, visitor):
    official, resident, guest = person("official"), person("resident", phone=True), visitor(phone=True)
    event = announced(official)
    expect(official.locator("h1")).to_have_text(TITLE)

    assert sent(resident, f"{event}come/") == event
    expect(resident.locator(".support")).to_contain_text("Идва 1 човек, всички места са заети")
    expect(resident.locator(".support")).to_contain_text("Имате място")
    comes_by_letter(site, guest, event)
    expect(guest.locator(".support")).to_contain_text("В списъка на чакащите сте под номер 1")
    sent(resident, f"{event}leave/")
    assert site.letter(GUEST, saying="Освободи се място")
    guest.reload()
    expect(guest.locator(".support")).to_contain_text("Имате място")

    official.goto(event)
    expect(official.get_by_role("link", name="Напишете протокола")).to_have_count(0)
    begun(site, event)
    minutes(official, resident, event)


def minutes(official: Page, resident: Page, event: str) -> None:
    """Without them it is not over; with them they are read, and so is the event on the page of the idea."""
    idea = open_idea(resident)
    official.goto(f"{event}minutes/")
    press(official, text="Избрано е мястото пред източния вход.", attendance="", discussed=re.sub(r"\D", "", idea))
    refused(official, "Колко души дойдоха?")
    assert "източния вход" in official.input_value("[name=text]")
    press(official, attendance="14", decisions="Навес пред източния вход; Инфраструктура; 31.12.2099")
    expect(official.locator("[aria-labelledby=minutes]")).to_contain_text("Дошли са 14 души.")
    expect(official.locator(".statusline")).to_contain_text("Състоя се")

    resident.goto(idea)
    expect(resident.locator(".timeline")).to_contain_text(f"Обсъдено е на събитие: „{TITLE}“")
    resident.get_by_role("link", name=TITLE).first.click()
    expect(resident.locator("[aria-labelledby=minutes]")).to_contain_text("Навес пред източния вход")
