"""Promise 4: a draft ordinance is prepared, opened, spoken about at its paragraphs, and answered with a table that everyone takes home."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.reports.council.world import PDF
from tests.walks.forms import comment_published, day, fill, once, press, refused, sent
from tests.walks.site import Site

pytestmark = pytest.mark.browser

TITLE = once("Проект на наредба за детските площадки")
PROPOSAL = once("Да се добави: „и чешма с питейна вода“")
WHY = "Чешма се поставя, където има водопровод до площадката."


def prepared(official: Page) -> str:
    """With two sections; the path of its page. Too short a time is refused with the first day that fits."""
    official.goto("/consultations/new/")
    press(
        official, kind="draft-ordinance", title=TITLE, text="Какво да има на всяка площадка?", sector="urban", organisation="infrastructure",
        level="consult", who_may="anyone", closes_on=day(9), contact_name="Дирекция „Инфраструктура“", contact_phone="0723 00 000",
    )  # fmt: skip
    refused(official, "най-малко 30 дни")
    assert official.input_value("[name=title]") == TITLE
    press(official, closes_on=day(31))
    page = str(official.evaluate("location.pathname"))
    sent(
        official,
        f"{page}sections/new/",
        title="Чл. 1. Уреди",
        text="Уредите се проверяват всяка пролет.\n\nПясъкът се сменя всяка година.",
    )
    sent(official, f"{page}sections/new/", title="Чл. 2. Сянка", text="На всяка площадка има дърво или навес.")
    return page


def opened(official: Page, page: str) -> None:
    """Not before its papers are there."""
    official.goto(f"{page}open/")
    press(official)
    refused(official, "мотивите или докладът")
    for kind, title in (("draft", "Проектът"), ("motives", "Мотиви"), ("impact", "Оценка на въздействието")):
        file = {"name": f"{title}.pdf", "mimeType": "application/pdf", "buffer": PDF}
        sent(official, f"{page}papers/new/", kind=kind, title=title, file=file)
    sent(official, f"{page}open/")
    expect(official.locator(".statusline")).to_contain_text("Отворено")


def over(site: Site, page: str) -> None:
    """Its last day was yesterday."""
    site.rows(
        "UPDATE participation_consultation SET opens_on = opens_on - 60, closes_on = opens_on - 1"
        " FROM discussion_subject s WHERE s.id = subject_id AND s.reference = %s RETURNING subject_id", re.sub(r"\D", "", page),
    )  # fmt: skip


def test_an_ordinance_from_its_first_words_to_the_table(site, person, visitor, tmp_path):
    official, resident, anyone = person("official"), person("resident", phone=True), visitor(phone=True)
    page = prepared(official)
    anyone.goto("/consultations/")
    assert TITLE not in anyone.content()
    opened(official, page)
    commented_at(resident, page)
    comment_published(person("admin"), PROPOSAL)
    anyone.goto(page)
    anyone.locator("#s1p2").get_by_role("link").click()
    expect(anyone.locator(".talks article")).to_contain_text([PROPOSAL])
    with anyone.expect_download() as paper:
        anyone.get_by_role("link", name="Оценка на въздействието").click()
    assert paper.value.suggested_filename == "Оценка на въздействието.pdf"

    over(site, page)
    resident.goto(f"{page}?again=1")
    expect(resident.get_by_role("link", name="Напишете коментар")).to_have_count(0)
    expect(resident.locator("main")).to_contain_text("Обсъждането приключи на")
    answered(official, page)
    taken_home(anyone, page, tmp_path)


def commented_at(resident: Page, page: str) -> None:
    """By the sign beside the second paragraph."""
    resident.goto(page)
    resident.locator("#s1p2").get_by_role("link").click()
    resident.wait_for_url("**/comment/**")
    expect(resident.locator("main")).to_contain_text("Чл. 1. Уреди, абзац 2")
    fill(resident, text=PROPOSAL, kind="wording", stance="for")
    resident.get_by_role("button", name="Изпрати коментара").click()
    expect(resident.locator("h1")).to_have_text("Благодарим за коментара")


def answered(official: Page, page: str) -> None:
    """Nothing is published before each row has its decision and reason."""
    sent(official, f"{page}answers/")
    official.goto(f"{page}answers/publish/")
    press(official)
    refused(official, "няма решение с мотив")
    official.goto(f"{page}answers/")
    official.locator("table.verdicts").get_by_role("link", name="Решете").click()
    press(official, verdict="partly", reason="")
    refused(official, "Защо?")
    press(official, reason=WHY)
    sent(official, f"{page}answers/publish/")


def taken_home(anyone: Page, page: str, folder: Path) -> None:
    """The table is read, as a PDF and as a CSV."""
    anyone.goto(f"{page}?again=1")
    expect(anyone.locator("[aria-labelledby=c-table]")).to_contain_text("прието отчасти: 1")
    anyone.get_by_role("link", name="Цялата справка").click()
    for words in (PROPOSAL, "Чл. 1. Уреди, абзац 2", WHY):
        expect(anyone.locator("table.verdicts")).to_contain_text(words)
    anyone.goto(page)
    for name, begins in (("PDF", b"%PDF-"), ("CSV", b"\xef\xbb\xbf")):
        with anyone.expect_download() as file:
            anyone.get_by_role("link", name=name, exact=True).click()
        file.value.save_as(folder / name)
        assert (folder / name).read_bytes().startswith(begins)
    rows = list(csv.reader(io.StringIO((folder / "CSV").read_text("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Предложение", PROPOSAL]
