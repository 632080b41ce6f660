"""What goes to other sites, readers and notice boards: feeds, embedded pages, notices, short addresses."""

from __future__ import annotations

import html
import re
import zlib
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
import weasyprint
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from weasyprint.formatting_structure.boxes import TextBox

from municipality.models import Page
from municipality.site import installation
from reports.planning import pdf
from reports.planning.fitting import fitted
from reports.views.notice import Notice
from tests import factories

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom", "g": "http://www.georss.org/georss"}


@pytest.fixture(autouse=True)
def town() -> None:
    factories.town()


def entries(address: str) -> list[ElementTree.Element]:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content).findall("a:entry", ATOM)


def titles(address: str) -> list[str]:
    return [entry.findtext("a:title", "", ATOM) for entry in entries(address)]


def offered(address: str, client: Client | None = None) -> str:
    """The feed that a page names in its head."""
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    found = re.findall(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', answer.content.decode())
    assert len(found) == 1
    return html.unescape(found[0])


class TestFeeds:
    def test_the_newest_stand_first_under_the_filters(self):
        factories.report(title="Първи")
        factories.report(title="Втори")
        factories.report(title="Скрит", restricted=True)
        assert titles("/feeds/reports.atom") == ["Втори", "Първи"]
        assert titles("/feeds/reports.atom?q=първи") == ["Първи"]
        assert titles("/feeds/reports.atom?kind=idea") == []

    def test_an_entry_says_where_when_and_how_it_stands_as_text(self):
        report = factories.report(title="Дупка <b>", text="Голяма & дълбока <script>", public_name="Рада")
        [entry] = entries("/feeds/reports.atom")
        lon, lat = factories.CENTRE
        assert entry.findtext("g:point", "", ATOM) == f"{lat:.6f} {lon:.6f}"
        assert entry.find("a:link", ATOM).attrib["href"] == settings.SITE_URL + reverse(
            "report", args=[report.subject.reference]
        )  # type: ignore[union-attr]
        assert "Голяма &amp; дълбока &lt;script&gt;" in entry.findtext("a:summary", "", ATOM)
        assert entry.findtext("a:author/a:name", "", ATOM) == "Рада"

    def test_a_bad_filter_is_named_and_me_has_no_feed(self):
        for query, name in (("sector=nix", "sector"), ("supported=me", "supported"), ("assigned=me", "assigned")):
            answer = Client().get(f"/feeds/reports.atom?{query}")
            assert answer.status_code == 400
            assert name in answer.content.decode()

    def test_a_timeline_is_of_a_public_report_alone(self):
        report = factories.report()
        assert len(entries(f"/feeds/reports/{report.subject.reference}.atom")) == 1
        hidden = factories.report(restricted=True)
        assert Client().get(f"/feeds/reports/{hidden.subject.reference}.atom").status_code == 404

    def test_an_unchanged_feed_is_304(self):
        first = Client().get("/feeds/reports.atom")
        assert Client().get("/feeds/reports.atom", headers={"If-None-Match": first["ETag"]}).status_code == 304

    @pytest.mark.parametrize("page", ["/reports/", "/", "/embed/list/"])
    def test_a_page_offers_the_feed_of_its_own_filters(self, page: str):
        factories.report(title="Дупка")
        query = "kind=problem&sector=urban&status=received"
        assert offered(f"{page}?{query}&order=oldest") == f"/feeds/reports.atom?{query}"
        assert titles(offered(f"{page}?{query}")) == ["Дупка"]
        assert offered(page) == "/feeds/reports.atom"

    def test_what_is_mine_is_left_out_of_the_feed(self):
        person = Client()
        person.force_login(factories.resident())
        assert offered("/reports/?supported=me&kind=idea", person) == "/feeds/reports.atom?kind=idea"

    def test_planned_projects_offer_their_own_feed(self):
        assert offered("/projects/?sector=urban&stage=done") == "/feeds/projects.atom?sector=urban"
        assert offered("/projects/") == "/feeds/projects.atom"


class TestEmbed:
    @pytest.mark.parametrize("name", ["embed_map", "embed_list"])
    def test_it_alone_may_stand_in_a_frame(self, name: str):
        answer = Client().get(reverse(name))
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer
        assert not answer.cookies
        whole = Client().get(reverse("map"))
        assert "frame-ancestors 'none'" in whole["Content-Security-Policy"]
        assert whole["X-Frame-Options"] == "DENY"

    def test_a_kept_answer_has_the_same_policy(self):
        Client().get("/embed/list/")
        assert "frame-ancestors *" in Client().get("/embed/list/")["Content-Security-Policy"]

    def test_it_is_the_same_for_everyone(self):
        factories.report(title="Дупка", restricted=True, author=(author := factories.resident()))
        person = Client()
        person.force_login(author)
        assert person.get("/embed/list/").content == Client().get("/embed/list/").content
        assert Client().get("/embed/list/?supported=me").status_code == 400

    def test_the_code_carries_the_filters(self):
        text = Client().get("/embed/?kind=idea").content.decode()
        assert "/embed/map/?kind=idea" in text
        assert "/feeds/reports.atom?kind=idea" in text


def inflated(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return b""


class TestNotice:
    @pytest.mark.parametrize(("size", "box"), [("a4", (595, 842)), ("a5", (420, 595)), ("label", (176, 283))])
    def test_it_comes_on_paper_of_its_size(self, size: str, box: tuple[int, int]):
        answer = Client().get(f"/notice.pdf?size={size}")
        assert answer["Content-Type"] == "application/pdf"
        parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", answer.content, re.DOTALL)
        whole = answer.content + b"".join(inflated(part) for part in parts)
        found = re.search(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+) ?\]", whole)
        assert found
        assert tuple(round(float(side)) for side in found.groups()) == box

    def test_its_code_leads_to_the_place_and_the_form_has_it(self):
        lon, lat = factories.CENTRE
        assert f"/p/{lon:.5f},{lat:.5f}/" in Client().get(f"/notice/?lon={lon}&lat={lat}").content.decode()
        led = Client().get(f"/p/{lon:.5f},{lat:.5f}/", follow=True)
        assert f'value="{lon:.6f}"' in led.content.decode()

    def test_a_place_by_words_alone_says_that_its_code_leads_to_none(self):
        page = Client().get("/notice/", {"place": "до чешмата"}).content.decode()
        assert "кодът води до празен формуляр" in page
        assert "напишете мястото, което стои отгоре" in page
        lon, lat = factories.CENTRE
        for query in ({}, {"place": "до чешмата", "lon": lon, "lat": lat}):
            other = Client().get("/notice/", query).content.decode()
            assert "празен формуляр" not in other and "напишете мястото" not in other

    def test_its_code_leads_to_the_report(self):
        report = factories.report()
        ref = report.subject.reference
        assert f"/r/{ref}/" in Client().get(f"/notice/?report={ref}").content.decode()
        assert Client().get(f"/r/{ref}/")["Location"] == reverse("report", args=[ref])

    def test_a_short_address_of_nothing_is_missing_at_once(self):
        hidden = factories.report(restricted=True)
        for ref in ("abc", "0000000000", hidden.subject.reference):
            assert Client().get(f"/r/{ref}/").status_code == 404
        person = Client()
        person.force_login(hidden.author or factories.official())
        assert person.get(f"/r/{hidden.subject.reference}/").status_code == 302

    @pytest.mark.parametrize("query", ["lon=1&lat=1", "lon=x&lat=42", "size=a0"])
    def test_what_cannot_be_is_named(self, query: str):
        answer = Client().get(f"/notice/?{query}")
        assert answer.status_code == 400
        assert ("size" if "size" in query else "lon") in answer.content.decode()

    def test_of_a_report_that_is_not_public_there_is_none(self):
        hidden = factories.report(restricted=True)
        assert Client().get(f"/notice/?report={hidden.subject.reference}").status_code == 404


def test_the_page_of_open_data_names_what_needs_no_program():
    Page.objects.create(slug="open-data", version=1, title={"bg": "Данни"}, body={"bg": "Всичко."}, since="2026-11-01")
    text = Client().get("/open-data/").content.decode()
    for name in ("embed", "notice", "report_feed", "project_feed"):
        assert f'href="{reverse(name)}"' in text


def laid_out(notice: Notice, size: str) -> list[Any]:
    """The pages of a notice as they are printed: (page's box, its lines of text)."""
    html = render_to_string("notice/pdf.html", {"notice": notice, "size": size, "installation": installation()})
    sheet = weasyprint.CSS(string=(pdf.STYLES / "notice.css").read_text())
    boxes = [page._page_box for page in weasyprint.HTML(string=html).render(stylesheets=[sheet]).pages]
    return [(box, [each for each in box.descendants() if isinstance(each, TextBox)]) for box in boxes]


HEADINGS = (
    "Щ" * 150,
    "ш" * 150,
    "Непротивоконституционствувателствувайте " * 4,
    "Дупка на тротоара пред училището " * 4,
    "Дупка",
)


@pytest.mark.parametrize("size", ["a4", "a5", "label"])
@pytest.mark.parametrize("heading", HEADINGS)
def test_a_notice_cuts_nothing_and_keeps_to_one_sheet(heading: str, size: str):
    words = _("Read it, support it and follow what becomes of it: point the camera of your phone at the code.")
    made = Notice(
        heading[:150].strip(), words, (heading + " ")[:120] + "гр. Ботевград", "https://signali.obshtina.test/r/3990907579/", {}
    )
    printed = replace(made, number="399 090 7579").on_paper(size)
    [(sheet, texts)] = laid_out(printed, size)
    assert "№ 399 090 7579" in [text.text.strip() for text in texts]
    left, right = sheet.content_box_x(), sheet.content_box_x() + sheet.width
    outside = [text.text for text in texts if text.position_x < left - 0.5 or text.position_x + text.width > right + 0.5]
    assert outside == []
    assert max(text.position_y + text.height for text in texts) <= sheet.content_box_y() + sheet.height
    for shown, whole in ((printed.heading, made.heading), (printed.place, made.place)):
        assert shown == " ".join(whole.split()) or shown.endswith("…")


def test_what_has_no_room_ends_at_a_word_with_an_ellipsis():
    assert fitted("Дупка пред пощата", 40, ((1.0, 1),)) == ("Дупка пред пощата", 0)
    assert fitted("Дупка пред пощата", 11, ((2.0, 1), (1.0, 1))) == ("Дупка пред…", 1)
    assert fitted("Дупка, голяма", 7, ((1.0, 1),)) == ("Дупка…", 0)
    [cut] = {fitted("ш" * 90, 20, ((1.0, 2),))[0]}
    assert cut.endswith("ш…") and 15 < len(cut) < 40
