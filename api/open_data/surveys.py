"""Results of surveys as a dataset: what their page tells when nothing of it can change any more, small groups left out as there.

Only then: two states of a result, a day apart, would tell by their difference what one person answered in between.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from api.ogc.collections import Collection
from api.ogc.fields import Field, Labelled, text
from api.v1.answers import absolute
from geoportal.kernel.multilingual import text_in
from participation import results
from participation.models import Question, Survey
from reports.planning.suppression import LEAST

CODES = [code for code, _name in settings.LANGUAGES]


@dataclass(frozen=True)
class Reckoned(Collection):
    """`made`: the rows themselves (key, id, GeoJSON or None, values of the fields), where no query alone answers them."""

    made: Callable[[], Iterator[tuple[Any, ...]]] = lambda: iter(())


def _rows() -> Iterator[tuple[Any, ...]]:
    for survey in Survey.objects.public().select_related("subject").order_by("pk"):
        if survey.shows_results and survey.state.ends and results.number_of(survey) >= LEAST:
            yield from _of(survey)


def _of(survey: Survey) -> Iterator[tuple[Any, ...]]:
    """One row for each answer that could be given; for words that were written one that counts them."""
    told: dict[str, list[results.Told]] = {}
    for code in CODES:
        with override(code):
            told[code] = results.results(survey)
    for place, alike in enumerate(zip(*told.values(), strict=True), 1):
        one = alike[0]
        names = [[str(row["name"]) for row in each.result.rows] for each in alike]
        asked = (survey.subject.reference, *_texts(survey.title), place, one.question.kind, *_texts(one.question.text))
        for number, row in enumerate(one.result.rows or [{}], 1):
            said = [each[number - 1] if each else None for each in names]
            key = f"{survey.subject.reference}.{place}.{number}"
            shape = json.dumps(row["geometry"]) if "geometry" in row else None
            n = row.get("n") if one.result.rows else None
            numbers = (n, _rounded(row.get("share")), _rounded(row.get("points")), row.get("first"))
            yield (
                key,
                key,
                shape,
                key,
                *asked,
                None if one.few else one.result.n,
                *said,
                *numbers,
                absolute(survey.subject.path),
            )


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)


def _texts(words: Any) -> list[str]:
    return [text_in(words, code) for code in CODES]


def _named(name: str, title: Any) -> list[Field]:
    return [text(f"{name}_{code}", Labelled(title, code), "") for code, _name in settings.LANGUAGES]


RESULTS = Reckoned(
    "surveys", _("Results of surveys"),
    _("How often each answer was chosen, once the results stand; where fewer than five people are behind a number it is empty."),
    lambda _filters: Survey.objects.none(), "", (),
    (
        text("key", _("Short name"), "", role="id"),
        text("survey", _("Number"), ""),
        *_named("title", _("Title")),
        Field("question", _("Question, by its place"), "integer", ""),
        text("kind", _("Kind"), "", values=tuple(Question.Kind.values)),
        *_named("question", _("Question")),
        Field("answered", _("How many answered the question"), "integer", ""),
        *_named("answer", _("Answer")),
        Field("n", _("How many chose this answer, or marked something here"), "integer", ""),
        Field("share", _("Share of those who answered the question, in percent"), "number", ""),
        Field("points", _("Points in a ranking, mean"), "number", ""),
        Field("first", _("How many set it first"), "integer", ""),
        text("url", _("Page"), ""),
    ),
    made=_rows,
)  # fmt: skip
