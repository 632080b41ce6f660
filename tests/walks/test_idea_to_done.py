"""Promise 1: an idea from the last support it needs to what was done, told to who supports it and to everyone, without scripts."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.reports.council.world import PDF
from tests.walks.site import link_in
from tests.walks.test_walks import sign_in

pytestmark = pytest.mark.browser

TITLE = "Екопътека с табели до Боженишки Урвич"
"""A village of 133 people: it needs five supports and has four."""


def day(ago: int) -> str:
    return (timezone.localdate() - datetime.timedelta(days=ago)).isoformat()


def done_at_desk(page: Page, reference: str, name: str, fields: dict[str, str], paper: bool = False) -> None:
    """The form of an act, its preview, and the act."""
    page.goto(f"/desk/{reference}/act/{name}/")
    for field, value in fields.items():
        page.fill(f"[name={field}]", value)
    if paper:
        page.set_input_files("[name=document]", {"name": "Внасяне.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator(".next-panel form button.primary").click()
    expect(page.locator(".preview")).to_be_visible()
    page.locator(".next-panel form button.primary").click()
    page.wait_for_url(f"**/desk/{reference}/")


def everyone_reads_it(anyone: Page, reference: str) -> None:
    """The line of steps, the council's paper and the list of what was filed."""
    anyone.goto(f"/reports/{reference}/")
    line = anyone.locator(".milestones")
    for words in ("№ 94-512", "№ 77", "Приета", "1 250,50 €", "Изпълнена"):
        expect(line).to_contain_text(words)
    assert anyone.locator(".milestones li.next").count() == 0
    with anyone.expect_download() as paper:
        line.get_by_role("link", name="Документът").first.click()
    assert paper.value.suggested_filename == "Внасяне.pdf"

    anyone.goto("/ideas/council/?outcome=done")
    row = anyone.locator("main li.card").filter(has_text=TITLE)
    expect(row).to_contain_text("Протокол № 9")
    expect(row).to_contain_text("1 250,50 €")


def test_an_idea_from_support_through_the_council_to_done(site, visitor):
    resident, officer, anyone = visitor(phone=True, scripts=False), visitor(scripts=False), visitor(scripts=False)
    sign_in(resident, "resident")
    sign_in(officer, "admin")

    anyone.goto(f"/reports/?kind=idea&q={TITLE.split()[0]}")
    path = anyone.get_by_role("link", name=TITLE).first.get_attribute("href") or ""
    reference = re.sub(r"\D", "", path)
    anyone.goto(f"/reports/{reference}/")
    expect(anyone.locator(".milestones [aria-current=step]")).to_contain_text("4 от 5")
    expect(anyone.locator(".support")).to_contain_text("не е подпис под подписка")

    resident.goto(f"/reports/{reference}/support/")
    resident.locator("main form button.primary").click()
    expect(resident.locator(".milestones [aria-current=step]")).to_contain_text("Внесена в Съвета")
    assert site.letter("resident@demo.test", saying="събра нужната подкрепа")

    officer.goto("/desk/?tab=council")
    expect(officer.get_by_role("link", name=TITLE)).to_be_visible()
    filing = {"number": "94-512", "filed_on": day(2), "body": "Общински съвет"}
    done_at_desk(officer, reference, "file_with_council", filing, paper=True)
    assert site.letter("resident@demo.test", saying="94-512")
    decision = {"text": "Прието единодушно.", "decided_on": day(1), "decision_number": "77", "source": "Протокол № 9"}
    done_at_desk(officer, reference, "accept", decision)
    done_at_desk(officer, reference, "plan", {"expected_on": (timezone.localdate() + datetime.timedelta(days=60)).isoformat()})
    result = {"text": "Табелите са поставени.", "link": "https://example.org/ekopateka", "done_on": day(0), "amount": "1250,50"}
    done_at_desk(officer, reference, "carry_out", result)
    told = site.letter("resident@demo.test", saying="Табелите са поставени.")
    assert link_in(told, "/unsubscribe/")
    everyone_reads_it(anyone, reference)
