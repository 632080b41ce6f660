"""Faults without a pattern: requests cut, answers lost, pages closed at any moment; every report arrives once, with every photo."""

from __future__ import annotations

import random
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser.line import Line, line_to
from tests.browser.phone import PHONE, installed, picture, reports, titled
from tests.walks.site import Site

FEW, MANY = 6, 200
MOST_TRIES = 60

KEEP = """async ({uuid, fields, photos, picture}) => {
  await outbox.keep(uuid, fields, {language: "bg"});
  const bytes = () => new Uint8Array([...picture, Math.random() * 255]);
  for (const photo of photos) await outbox.keepPhoto(uuid, photo, new Blob([bytes()], {type: "image/jpeg"}));
  await outbox.queue(uuid);
}"""
STATE = "async (uuid) => (await outbox.get(uuid)).state"


class Weather:
    """Every request that matters gets through, is cut, or loses its answer, by chance."""

    def __init__(self, line: Line, chance: random.Random) -> None:
        self.chance = chance
        line.cut = lambda _method, path: path.startswith("/api/") and self.chance.random() < 0.25
        line.swallow = lambda method, path: path.startswith("/api/") and method == "POST" and self.chance.random() < 0.35


def a_round(site: Site, line: Line, context: BrowserContext, page: Page, chance: random.Random) -> Page:
    """Answers the page that is open at the end."""
    draft, title, count = str(uuid.uuid4()), titled("Рунд"), chance.randint(0, 3)
    fields = {
        "kind": "problem", "category": "street-lights", "title": title, "settlement": "grad-botevgrad", "place": "пред входа", "terms": "on",
    }  # fmt: skip
    photos = [str(uuid.uuid4()) for _ in range(count)]
    line.up()
    page.evaluate(KEEP, {"uuid": draft, "fields": fields, "photos": photos, "picture": list(picture()["buffer"])})  # type: ignore[call-overload]
    Weather(line, chance)
    for _try in range(MOST_TRIES):
        if chance.random() < 0.25:
            page.evaluate("void outbox.flush({now: true})")
            page.wait_for_timeout(chance.random() * 120)
            page.close()  # in the middle of whatever it does
            page = context.new_page()
            page.goto("/offline/")
            page.wait_for_selector("[data-outbox][data-ready]")
        else:
            page.evaluate("outbox.flush({now: true})")
        if page.evaluate(STATE, draft) == "sent":
            break
    line.up()
    assert page.evaluate(STATE, draft) == "sent"
    assert reports(site, title) == [(draft, count)]
    page.evaluate("uuid => outbox.remove(uuid)", draft)
    return page


def rounds(site: Site, chromium: Browser, number: int, seed: int) -> None:
    chance = random.Random(seed)
    with line_to(site.address) as line:
        context = chromium.new_context(base_url=line.address, **PHONE)  # type: ignore[arg-type]
        page = installed(context)
        page.goto("/offline/")
        page.wait_for_selector("[data-outbox][data-ready]")
        for at in range(number):
            try:
                page = a_round(site, line, context, page, chance)
            except (AssertionError, Error) as failed:
                raise AssertionError(f"round {at} of seed {seed}: {failed}") from failed
        context.close()


@pytest.mark.browser
def test_faults_of_a_few_rounds(site: Site, chromium: Browser) -> None:
    rounds(site, chromium, FEW, 1)


@pytest.mark.deep
def test_faults_of_two_hundred_rounds(site: Site, chromium: Browser, tmp_path: Path) -> None:
    rounds(site, chromium, MANY, random.SystemRandom().randrange(1_000_000))
