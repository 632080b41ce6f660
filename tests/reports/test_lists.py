"""`/reports/`: search, chips, pages, bad values; what is shared with tracking names works and is not repeated."""

from __future__ import annotations

import datetime
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from geoportal.kernel.references import display
from reports import actions
from reports.filters import Filters
from reports.freshness import data_version
from reports.models import Reason, Report
from reports.parameters import LABELS, BadParameter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()
    cache.clear()
    data_version.forget()


def get(address: str, user: Any = None) -> Any:
    client = Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(address)


def titles(response: Any) -> list[str]:
    assert response.status_code == 200
    return [item["title"] for item in response.context["cards"]]


def test_the_list_shows_the_public_set_newest_first():
    now = timezone.now()
    factories.report(title="Втори", at=now)
    factories.report(title="Първи", at=now - datetime.timedelta(days=1))
    factories.report(title="Скрит", restricted=True)
    assert titles(get("/reports/")) == ["Втори", "Първи"]
    assert titles(get("/en/reports/")) == ["Втори", "Първи"]


def test_pages_follow_each_other_without_counting():
    now = timezone.now()
    for number in range(5):
        factories.report(title=f"Сигнал {number}", at=now - datetime.timedelta(hours=number))
    with CaptureQueriesContext(connection) as seen:
        first = get("/reports/?limit=2")
    assert [query["sql"] for query in seen if "COUNT(" in query["sql"].upper()] == []
    assert first.context["previous_url"] == ""
    second = get("/reports/" + first.context["next_url"])
    third = get("/reports/" + second.context["next_url"])
    assert [*titles(first), *titles(second), *titles(third)] == [f"Сигнал {number}" for number in range(5)]
    assert (third.context["next_url"], third.context["previous_url"]) == ("", "?")
    assert 'content="noindex,follow"' in second.content.decode()


@pytest.mark.parametrize("count", [1, 3, 300])
def test_the_page_costs_the_same_however_many(count: int):
    factories.reports(count)
    get("/reports/")
    data_version.forget()
    with CaptureQueriesContext(connection) as seen:
        response = get("/reports/")
    assert len(titles(response)) == min(count, 30)
    assert len(seen) == 5, [query["sql"][:80] for query in seen]


@pytest.mark.parametrize("spelling", ["{0}", "{1}", " {2} ", "№ {1}"])
def test_a_number_leads_to_its_report(spelling: str):
    reference = factories.report().subject.reference
    typed = spelling.format(reference, display(reference), "-".join(reference))
    response = Client().get("/reports/", {"q": typed})
    assert (response.status_code, response["Location"]) == (302, f"/reports/{reference}/")


def test_the_number_of_a_hidden_report_leads_nowhere():
    report = factories.report()
    actions.hide(report.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    response = Client().get("/reports/", {"q": report.subject.reference})
    assert titles(response) == []


@pytest.mark.parametrize("typed", ["Дъбрава", "с. Дъбрава", "дъбрава", " Dabrava "])
def test_the_name_of_a_settlement_becomes_the_filter(typed: str):
    response = Client().get("/reports/", {"q": typed})
    assert (response.status_code, response["Location"]) == (302, "/reports/?area=dabrava")


def test_words_are_found_in_their_dictionary_form():
    factories.report(title="Счупени лампи на улицата", text="")
    factories.report(title="Дупка", text="")
    assert titles(Client().get("/reports/", {"q": "лампа"})) == ["Счупени лампи на улицата"]


def test_each_chip_takes_its_filter_away():
    response = get("/reports/?kind=problem&area=levka&overdue=1&q=дупка&since=2026-01-01")
    assert len(response.context["chips"]) == 5
    assert "Район: гр. Левка" in [chip["name"] for chip in response.context["chips"]]
    for chip in response.context["chips"]:
        left = get("/reports/" + chip["url"])
        assert len(left.context["chips"]) == 4
        assert chip["name"] not in [other["name"] for other in left.context["chips"]]


def test_the_last_chip_leads_to_the_whole_list():
    assert get("/reports/?kind=idea").context["chips"][0]["url"] == "/reports/"


BAD_LIMITS = ["0000000010000000", "000000001" + "0" * 20, "00000000" + "1" + "0" * 4400, "1001", "-1", "1e2", "٣"]


@pytest.mark.parametrize(
    ("query", "name"),
    [("bbox=1,2,3", "bbox"), ("sector=nowhere", "sector"), ("kind=x", "kind"), ("limit=0", "limit"), ("cursor=x", "cursor"),
     ("assigned=me", "assigned"), ("since=never", "since"), ("order=random", "order"), *((f"limit={number}", "limit") for number in BAD_LIMITS),
     ("cursor=0001-01-01T00:00:00%2B23:59~1", "cursor")],
    ids=lambda value: value[:40],
)  # fmt: skip
def test_a_bad_value_is_said_on_the_page(query: str, name: str):
    response = get(f"/reports/?{query}&kind=idea" if name != "kind" else f"/reports/?{query}")
    assert response.status_code == 400
    assert re.search(rf"<b>{LABELS[name]}</b>: \S", response.content.decode())


def test_a_value_that_nobody_can_read_is_named_and_the_rest_of_the_filter_stays():
    response = get("/reports/?q=%D0%B0%00&kind=idea&since=never&overdue=1")
    html = response.content.decode()
    assert response.status_code == 400
    assert "<b>Думи, номер или населено място</b>: В текста има знаци" in html
    assert "<b>Подадени от</b>: " in html
    assert 'href="?kind=idea&amp;overdue=1"' in html
    assert '<option value="idea" selected>' in html
    assert "„never“ е пропуснато, останалото важи." in html


def test_the_rest_of_the_filter_is_in_force_beside_what_was_left_out():
    factories.report(title="Дупка")
    factories.report(category="park-idea", title="Пейки")
    html = get("/reports/?kind=idea&sector=%3Cb%3E" + "x" * 80).content.decode()
    assert "„&lt;b&gt;" + "x" * 57 + "…“ е пропуснато" in html
    assert ("Пейки" in html, "Дупка" in html) == (True, False)


def test_states_that_nobody_sees_are_not_offered_to_the_public():
    def said(user) -> str:
        with pytest.raises(BadParameter) as refused:
            Filters.from_query(QueryDict("status=x"), user, strict=True)
        return refused.value.messages[0]

    assert "received" in said(AnonymousUser()) and "rejected" not in said(AnonymousUser())
    assert "awaiting_moderation" in said(factories.official())


def test_unknown_parameters_are_ignored_and_never_repeated():
    factories.report(title="Дупка")
    response = get("/reports/?fbclid=IwAR0secret&utm_source=%3Cscript%3E&kind=problem")
    html = response.content.decode()
    assert titles(response) == ["Дупка"]
    assert "IwAR0secret" not in html
    assert "utm_source" not in html
    assert '<link rel="canonical" href="http://localhost' in html
    assert 'hreflang="en"' in html


def test_nothing_fits_says_what_to_do():
    assert titles(get("/reports/?kind=idea")) == []
    html = get("/reports/?kind=idea").content.decode()
    assert 'class="empty"' in html
    assert get("/reports/").content.decode().count("/reports/new/") >= 2


@pytest.mark.parametrize("address", ["/reports/", "/"])
def test_search_without_a_hit_says_so_and_how_to_clear_it(address):
    factories.report()
    html = Client().get(address, {"q": "няматакова", "kind": "problem"}).content.decode()
    assert "Нищо не е намерено за „няматакова“" in html
    assert 'href="?kind=problem">Изчистете търсенето' in html
    assert "Подай първия" not in html


def test_settlement_named_in_the_words_is_said_once():
    report = factories.report(place="гр. Левка, ул. Първа 1")
    for address in ("/reports/", f"/reports/{report.subject.reference}/"):
        assert "гр. Левка, ул. Първа 1, гр. Левка" not in get(address).content.decode()
    assert report.where == "гр. Левка, ул. Първа 1"


def test_words_that_look_like_html_stay_words():
    html = Client().get("/reports/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_strangers_share_an_answer_and_sessions_do_not():
    factories.report()
    first = get("/reports/")
    assert first["Cache-Control"] == "public, max-age=1"
    assert Client().get("/reports/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert get("/reports/", factories.resident())["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/reports/", "/api/v1/reports/"])
@pytest.mark.parametrize("offset", ["", "+02:00", "+00:00:30.500000", "-23:59:59.999999"])
def test_a_cursor_is_read_with_any_offset(address: str, offset: str) -> None:
    report = factories.report(at=datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC))
    answer = Client().get(address, {"cursor": f"2026-06-01T00:00:00{offset}~1"})
    assert answer.status_code == 200, answer.content[:200]
    assert report.subject.reference in answer.content.decode()


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_in_a_box_lose_none_of_one_moment(order: str) -> None:
    """Twelve of one microsecond, three to a page: the spatial index alone would give them in any order."""
    made = factories.reports(12)
    seen: list[int] = []
    query = {"bbox": "23.55,42.85,23.7,42.95", "limit": "3", "order": order}
    while query:
        filters = Filters.from_query(QueryDict(urlencode(query)), AnonymousUser(), strict=True)
        rows, cursor = filters.page(filters.apply(Report.objects.public()))
        seen += [row.pk for row in rows]
        query = {**query, "cursor": cursor} if cursor else {}
    assert sorted(seen) == sorted(report.pk for report in made)


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("address", ["/reports/", "/api/v1/reports/"])
def test_of_one_moment_a_page_is_read_and_no_more(address: str, order: str) -> None:
    """A day's import may hold a hundred thousand of one moment."""
    made = [report.subject.reference for report in factories.reports(8)]
    box = {"bbox": "23.55,42.85,23.7,42.95", "limit": "3", "order": order}
    with CaptureQueriesContext(connection) as seen:
        answer = Client().get(address, box).content.decode()
    [ties] = [query["sql"] for query in seen if re.search(r'created_at"? = ', query["sql"])]
    assert "LIMIT 4" in ties
    wanted = made[-3:] if order == "newest" else made[:3]
    assert {reference for reference in made if reference in answer} == set(wanted)


def test_how_many_is_exact_where_a_sum_holds_it_and_capped_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.spatial.clusters.MOST_COUNTED", 2)
    factories.reports(3)
    count = re.compile(r"<p[^>]*data-count>(.*?)</p>", re.S)

    def said(address: str) -> str:
        [found] = count.findall(get(address).content.decode())
        return " ".join(found.split())

    assert said("/reports/") == "намерени 3"
    assert said("/reports/?status=open&kind=problem") == "намерени 3"
    assert said("/reports/?area=levka") == "намерени 2+"
    assert said("/reports/?bbox=23.55,42.85,23.7,42.95") == "намерени 2+"


@pytest.mark.parametrize(("address", "said"), [("/reports/", "намерени 90\u00a0495+"), ("/en/reports/", "90,495+ found")])
def test_thousands_are_parted_as_the_reader_writes_them(address: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.reports(1)
    monkeypatch.setattr("reports.views.lists.how_many", lambda *_given: (90_495, True))
    assert said in get(address).content.decode()
