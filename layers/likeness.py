"""Which places are like what was typed: by three-letter pieces, through the index over `folded`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import QuerySet

from layers.models import Place

LIKE_ENOUGH = 0.45
"""Of the three-letter pieces of what was typed so many must stand in one name: „gurco“ has half of those of „gurko“."""


def like(wanted: str) -> QuerySet[Place]:
    """Places whose folded name is like `wanted` by the session's threshold, with `likeness` (0 to 1)."""
    return Place.objects.filter(folded__trigram_word_similar=wanted).annotate(likeness=TrigramWordSimilarity(wanted, "folded"))


@contextmanager
def like_enough() -> Iterator[None]:
    """The session's threshold is LIKE_ENOUGH for the queries inside."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKE_ENOUGH)])
        yield
