"""From an address to an answer: which analyses are offered, and the one function that asks them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import OperationalError, transaction
from django.http import QueryDict
from psycopg.errors import QueryCanceled

from reports.planning.analyses import ANALYSES
from reports.planning.analysis import Analysis
from reports.planning.question import FIRST, Question
from reports.planning.result import Result


def offered() -> list[Analysis]:
    """All analyses, in their order."""
    return list(ANALYSES.values())


def is_long(question: Question) -> bool:
    """Whether so many reports go in that nobody waits for the page; counted only up to the bound."""
    bound = question.analysis.long_from
    return bound is not None and question.reports().order_by()[: bound + 1].count() > bound


def in_time(question: Question) -> Result | None:
    """The answer, or None where the database stopped a statement because a page must not wait for so long."""
    try:
        with transaction.atomic():
            return answered(question)
    except OperationalError as failed:
        if isinstance(failed.__cause__, QueryCanceled):
            return None
        raise


def answered(question: Question) -> Result:
    """The answer, computed now."""
    return question.analysis.answer(question)


def listed(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """{row, asks} of rows that keep a `query`: each with the name of its analysis."""
    return [{"row": row, "asks": label_of(row.query)} for row in rows]


def label_of(query: str) -> str:
    """The name of the analysis that a query asks for."""
    found = ANALYSES.get(QueryDict(query).get("analysis") or FIRST)
    return str(found.label) if found else ""
