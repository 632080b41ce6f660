"""Words are found by their dictionary form; few hits by their keys, many by whoever asks for the newest."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from discussion import search
from discussion.models import Subject
from reports import filters
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def hits() -> list[int]:
    """Three reports with a word that no other has, in the order in which they came; statistics are of these rows, not of earlier ones."""
    factories.town()
    factories.reports(2)
    ids = [factories.report(title=f"Лешояди над улица {number}").pk for number in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Subject._meta.db_table}")
    return ids


def test_few_hits_are_known_by_their_keys(hits: list[int]) -> None:
    words = search.query("лешояд")
    assert words is not None
    assert sorted(search.few(words, 100) or []) == hits


def test_more_than_asked_for_are_not_listed(hits: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    words = search.query("лешояд")
    assert words is not None
    # Those that are expected in a large share are not even looked for by their index.
    monkeypatch.setattr(search, "_are_common", lambda *_asked: True)
    assert search.few(words, 100) is None
    monkeypatch.setattr(search, "_are_common", lambda *_asked: False)
    assert (search.few(words, 2), sorted(search.few(words, 3) or [])) == (None, hits)


@pytest.mark.parametrize("most", [1, 8_000])
def test_list_and_programs_find_the_same_few_or_many(hits: list[int], most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "MOST_HITS", most)
    answer = Client().get("/api/v1/reports/", {"q": "лешояди улица"}).json()
    titles = [feature["properties"]["title"] for feature in answer["features"]]
    assert titles == [f"Лешояди над улица {number}" for number in (2, 1, 0)]
    page = Client().get("/reports/", {"q": "лешояди улица"}).content.decode()
    assert [page.count(title) > 0 for title in titles] == [True, True, True]
