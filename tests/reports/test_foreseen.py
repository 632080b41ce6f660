"""The preview of the last step says what the page says that comes of it: place, author, department, way."""

from __future__ import annotations

import html
import re
import uuid

import pytest
from django.core.cache import cache
from django.test import Client

from reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db
LON, LAT = factories.CENTRE
WEST = factories.BOX[0]
WHAT = {"kind": "problem", "category": "pothole", "title": "Дупка на пътя", "text": "Голяма."}
SEND = {"name": "Рада Колева", "public_name": "none", "terms": "on"}


@pytest.fixture(autouse=True)
def town():
    cache.clear()
    factories.town()


def lines(page: str) -> list[str]:
    """What is read of a page's sectors, title, place and author, without what is hidden."""
    page = re.sub(r"<span[^>]* hidden>.*?</span>", "", page)
    found = [
        re.search(r'<p class="inline">(<span class="sector.*?)</p>', page, re.DOTALL),
        re.search(r"<h[13][^>]*>([^<]*Дупка[^<]*)</h", page),
        re.search(r'<p class="muted"(?: data-where)?>(.*?)</p>', page, re.DOTALL),
        re.search(r'<p class="muted small">(?!<b>)((?:<span data-shown|[^<]* · ).*?)</p>', page, re.DOTALL),
    ]
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", one[1])).split()) for one in found if one]


def written(client: Client, place: dict[str, object], send: dict[str, object]) -> dict[str, object]:
    """A whole draft up to the last step."""
    draft = {"client_uuid": str(uuid.uuid4())}
    for step, given in (("place", place), ("what", {**WHAT, "similar": "seen"}), ("photos", {})):
        client.post("/reports/new/", {**draft, **given, "step": step, "go": "next"})
    return {**draft, **send, "step": "send"}


def preview(client: Client, given: dict[str, object]) -> str:
    """The last step after „show it with what I chose“, the way of those without scripts."""
    page = client.post("/reports/new/", {**given, "go": "look"}, follow=True).content.decode()
    return page[page.index('class="as-seen') : page.index("</article>")]


PLACES: list[dict[str, object]] = [
    {"lon": LON, "lat": LAT}, {"lon": LON, "lat": LAT, "place": "до аптеката"}, {"settlement": "dabrava", "place": "ул. Рила 4"},
    {"lon": WEST - 0.0005, "lat": LAT},
]  # fmt: skip
CHOICES = [({}, "жител"), ({"public_name": "first"}, "Рада"), ({"public_name": "full", "name": "Рада  Колева "}, "Рада Колева")]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("choice", "author"), CHOICES)
def test_preview_says_what_the_page_says(place, choice, author):
    client = Client()
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    given = written(client, place, {**SEND, **choice})
    foreseen = lines(preview(client, given))
    assert client.post("/reports/new/", {**given, "go": "send"}).status_code == 302
    page = client.get(f"/reports/{Report.objects.get().subject.reference}/").content.decode()
    shown = lines(page[page.index('<header class="reporthead"') :])
    assert (len(shown), foreseen) == (4, shown)
    assert shown[3].startswith(f"{author} · ")


def test_point_alone_is_named_by_its_settlement():
    client = Client()
    seen = preview(client, written(client, {"lon": LON, "lat": LAT}, SEND))
    assert lines(seen)[2] == "гр. Левка"


def test_official_filing_and_not_publishing_are_seen():
    client = Client()
    given = written(client, {"lon": LON, "lat": LAT}, SEND)
    assert "hidden> · подаден официално" in preview(client, given)
    seen = preview(client, {**given, "way": "official", "restricted": "on"})
    assert "<span data-official> · подаден официално" in seen and '<div data-closed="">' in seen


def test_name_that_was_chosen_but_not_written_is_shown_as_the_page_will():
    client = Client()
    seen = preview(client, written(client, {"lon": LON, "lat": LAT}, {"public_name": "full", "terms": "on"}))
    assert lines(seen)[3].startswith("жител · ")


def test_without_words_the_preview_says_what_it_waits_for():
    client, draft = Client(), str(uuid.uuid4())
    client.post("/reports/new/", {"client_uuid": draft, "step": "place", "lon": LON, "lat": LAT, "go": "next"})
    page = client.get(f"/reports/new/?draft={draft}&step=send").content.decode()
    assert "щом мястото и думите са попълнени" in page
