"""Answers for staff to take along: a row for each filled-in survey in random order, marks of the map; no person, no time."""

from __future__ import annotations

import csv
import io
from typing import Any

import orjson
from django.utils.translation import gettext as _

from geoportal.kernel.geometry import as_geojson
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import cell
from participation.models import Question, Reply, Survey
from reports.planning.table import words


def as_csv(survey: Survey) -> bytes:
    """One column a question, one row a response, anew in random order each time."""
    questions = list(survey.questions.all())
    rows: dict[Any, dict[int, Reply]] = {}
    for pk in survey.responses.order_by("?").values_list("pk", "paper"):
        rows[pk] = {}
    by_response = {pk: found for (pk, _paper), found in rows.items()}
    for reply in Reply.objects.filter(response__survey=survey):
        if (row := by_response.get(reply.response_id)) is not None:  # one that came since is in the next file
            row[reply.question_id] = reply
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("On paper"), *(cell(text_in(each.text)) for each in questions)])
    for (_pk, paper), found in rows.items():
        writer.writerow([words(paper), *(cell(in_words(each, found.get(each.pk))) for each in questions)])
    return ("\ufeff" + out.getvalue()).encode()


def in_words(question: Question, reply: Reply | None) -> str:
    """The answer as a cell: options by their names, a ranking in its order with „>“, marks as WKT numbers."""
    if reply is None:
        return ""
    if reply.choices is not None:
        if question.kind == Question.Kind.SCALE:
            return str(reply.choices[0])
        names = question.names
        return (" > " if question.kind == Question.Kind.RANKING else "; ").join(names[one] for one in reply.choices)
    if reply.shape is not None:
        return orjson.dumps(as_geojson(reply.shape)).decode()
    return reply.text


def as_shapes(survey: Survey) -> bytes:
    """The marks alone as GeoJSON, each with its question; which belong to one person is not said."""
    marked = Reply.objects.filter(response__survey=survey, question__kind__in=Question.MAPS).select_related("question")
    features = [
        {"type": "Feature", "geometry": as_geojson(each.shape), "properties": {"question": text_in(each.question.text)}}
        for each in marked.order_by("?")
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})
