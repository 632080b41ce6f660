"""`/ideas/council/`: newest first, by outcome, year and body, totals in words, a table; what everyone may not read is not in it."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.actions import act, hide
from reports.actions.move import Given
from reports.models import Filing, Reason
from tests import factories
from tests.reports.council.world import carried_out, day, decided, document, filed, idea, step

PATH, CSV, API = "/ideas/council/", "/ideas/council/list.csv", "/api/v1/ideas/council/"


@pytest.fixture
def town(db):
    return factories.town()


def get(path: str = PATH) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.text


def old(title: str, *, year: int, body: str = "Общински съвет", name: str = "accept"):
    at = datetime.date(year, 3, 12)
    made = timezone.make_aware(datetime.datetime(year, 1, 2, 12))
    report = filed(idea(title=title, at=made), filed_on=at, body=body)
    return decided(name, report, decided_on=at + datetime.timedelta(days=40))


def test_an_empty_page_says_what_will_stand_there_and_where_to_go(town):
    page = get()
    assert "Още няма внесена идея" in page
    assert "status=gathering_support" in page
    assert "list.csv" not in page


def test_each_row_says_number_decision_source_result_and_money(town):
    report = carried_out(decided(report=filed(document=document()), decision_number="212"))
    page = get()
    for words in (
        "94-118",
        f"{day(30):%d.%m.%Y}",
        "Общински съвет",
        "Приета",
        "212",
        "Протокол № 7",
        "900\u00a0€",
        report.subject.title,
    ):
        assert words in page, words
    assert Filing.objects.get().document.path in page
    assert "Внесена е 1 идея. Приета е 1. Изпълнена е 1. Изпълненото струваше 900\u00a0€." in page


def test_newest_first_and_filtered_by_outcome_year_and_body(town):
    old("Чешмата", year=2020)
    old("Пейките", year=2021, body="Областен съвет", name="refuse")
    filed(idea(title="Люлките"))
    page = get()
    assert page.index("Люлките") < page.index("Пейките") < page.index("Чешмата")
    for query, there in (
        ("outcome=accepted", "Чешмата"), ("outcome=refused", "Пейките"), ("outcome=waiting", "Люлките"),
        ("year=2020", "Чешмата"), ("body=Областен съвет", "Пейките"),
    ):  # fmt: skip
        page = get(f"{PATH}?{query}")
        assert [title for title in ("Чешмата", "Пейките", "Люлките") if f">{title}</a>" in page] == [there], query
    assert "Нищо не отговаря на филтрите" in get(f"{PATH}?outcome=done")


@pytest.mark.parametrize(
    ("query", "name"), [("outcome=x", "outcome"), ("year=20", "year"), ("cursor=1", "cursor"), ("limit=0", "limit")]
)
def test_what_cannot_be_read_is_named_and_all_are_shown(town, query, name):
    filed()
    page = Client().get(f"{PATH}?{query}")
    value = query.partition("=")[2]
    assert (page.status_code, f"„{value}“ е пропуснато, останалото важи." in page.text, "94-118" in page.text) == (
        200,
        True,
        True,
    )
    assert "94-118" not in Client().get(f"{PATH}?{query}&body=Никой").text
    assert Client().get(f"{CSV}?{query}").status_code == 400
    failed = Client().get(f"{API}?{query}")
    assert (failed.status_code, failed.json()["parameter"]) == (400, name)
    assert Client().get(f"{API}?colour=red").status_code == 400


def test_the_table_has_every_row_and_no_formula(town):
    filed(idea(title="=1+1"), number="=cmd()")
    carried_out()
    rows = list(csv.reader(io.StringIO(Client().get(CSV).content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert {len(row) for row in rows} == {15}
    assert "'=1+1" in {row[1] for row in rows}
    assert "'=cmd()" in {row[3] for row in rows}
    assert "900.00" in {row[13] for row in rows}


def test_programs_read_the_same_page_by_page(town):
    for number in range(3):
        decided(report=filed(number=str(number), filed_on=day(40 - number)))
    first = Client().get(f"{API}?limit=2").json()
    assert [row["properties"]["number"] for row in first["features"]] == ["2", "1"]
    second = Client().get(f"/{first['next'].split('/', 3)[3]}").json()
    assert [row["properties"]["number"] for row in second["features"]] == ["0"]
    assert second["next"] is None
    facts = first["features"][0]["properties"]
    assert (facts["outcome"], facts["decided_on"], facts["source"]) == ("accepted", day(20).isoformat(), "Протокол № 7")


def test_a_hidden_idea_is_in_none_of_them_and_a_withdrawn_one_keeps_its_row(town):
    report = filed(idea(title="Скритата"))
    hide(report.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    gone = step(decided("refuse", filed(idea(title="Оттеглената"))), "reconsider", text="Пак.")
    act(gone.pk, "withdraw", by=gone.author, given=Given(text="Няма нужда."), tells=False)
    for path in (PATH, CSV, API):
        text = Client().get(path).content.decode()
        assert "Скритата" not in text
        assert "Оттеглената" in text


@pytest.mark.parametrize(("path", "queries"), [(PATH, 4), (API, 1)])
def test_three_rows_take_as_many_queries_as_one(town, path, queries):
    for count in (1, 2):
        for _n in range(count):
            carried_out(decided(report=filed(document=document())))
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path).status_code == 200
        asked = [query["sql"] for query in seen if "session" not in query["sql"] and "installation" not in query["sql"]]
        assert len([sql for sql in asked if "reports_filing" in sql]) == queries
        assert not [sql for sql in asked if "reports_document" in sql and "reports_filing" not in sql]
