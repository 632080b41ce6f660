"""Words to lemmas: Bulgarian has no stemmer in PostgreSQL, so lemmas go into a `simple` vector."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Value
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamDictionaryFactory

from discussion.models import Subject

WORD = re.compile(r"[^\W_]+")
LONGEST_QUERY_WORDS = 12
# Six megabytes of dictionaries in each process instead of forty; a word takes 0.1 ms once.
_lemmatizer = Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=StreamDictionaryFactory()))


@lru_cache(maxsize=50_000)
def lemma(word: str) -> str:
    """The dictionary form in the installation's languages, else the word itself, lower case."""
    return _lemmatizer.lemmatize(word.lower(), lang=tuple(code for code, _name in settings.LANGUAGES)).lower()


def read_dictionaries() -> None:
    """Those of all languages, 0.1 s each: what a word costs that is the first of its process."""
    for code, _name in settings.LANGUAGES:
        _lemmatizer.lemmatize("map", lang=code)


def lemmas(text: str) -> str:
    return " ".join(lemma(word) for word in WORD.findall(text))


def vector(*texts: str) -> SearchVector:
    """The value of Subject.search for these texts."""
    return SearchVector(Value(lemmas(" ".join(texts))), config="simple")


def query(text: str) -> SearchQuery | None:
    """All words must occur, the last one may be unfinished; None when there is no word in `text`."""
    words = WORD.findall(text)[:LONGEST_QUERY_WORDS]
    if not words:
        return None
    *rest, last = words
    lexeme = lemma(last).replace("'", "''")
    found = SearchQuery(f"'{lexeme}' | '{last.lower()}':*", config="simple", search_type="raw")
    for word in rest:
        found = SearchQuery(lemma(word), config="simple") & found
    return found


def matcher(text: str) -> Callable[..., bool] | None:
    """Says of texts whether they hold all these words, as `query` asks the index: for few rows that have none. None without words."""
    words = WORD.findall(text)[:LONGEST_QUERY_WORDS]
    if not words:
        return None
    *rest, last = words
    wanted, end, begun = {lemma(word) for word in rest}, lemma(last), last.lower()

    def holds(*texts: str) -> bool:
        said = [word.lower() for one in texts for word in WORD.findall(one)]
        known = {lemma(word) for word in said}
        return wanted <= known and (end in known or any(word.startswith(begun) for word in (*said, *known)))

    return holds


SHARE = 100
"""Of words that the statistics expect in one of so many subjects the newest are quickly found without their index. Words that the
statistics do not know are expected in one of four hundred, however rare they are."""


def few(words: SearchQuery, most: int) -> list[int] | None:
    """Keys of the subjects that hold the words, by their index alone; None when there are more than `most`. Two queries."""
    sql, parameters = Subject.objects.filter(search=words).order_by().values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        if _are_common(cursor, sql, parameters, most):
            return None
        # Apart from its limit the search is planned for all hits: otherwise the table would be read until there are enough.
        cursor.execute(f"WITH hit AS MATERIALIZED ({sql}) SELECT * FROM hit LIMIT {most + 1}", parameters)  # noqa: S608  Django's SQL
        ids = [row[0] for row in cursor.fetchall()]
    return ids if len(ids) <= most else None


def _are_common(cursor: CursorWrapper, sql: str, parameters: Any, most: int) -> bool:
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
    expected = cursor.fetchone()[0][0]["Plan"]["Plan Rows"]
    if expected <= most:
        return False
    cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Subject._meta.db_table])
    return bool(expected * SHARE > cursor.fetchone()[0])
