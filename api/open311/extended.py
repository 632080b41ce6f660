"""What `extensions=true` tells besides: our own facts, public answers, the history in sentences, photos. Four statements for a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from api.open311.answers import absolute, when
from discussion.messages import describe_all
from discussion.models import Audience, TimelineRow
from geoportal.kernel.multilingual import text_in
from layers.credit import TEXT, credit
from reports import workflow
from reports.models import Answer, Photo

MOST_NOTES = 100
"""Of one request."""


def extensions(rows: Iterable[Any]) -> dict[int, dict[str, Any]]:
    """{report: further fields} of rows of `requests.rows`. Of withdrawn ones neither history nor photos are told."""
    found = list(rows)
    open_ones = [row.pk for row in found if row.status not in workflow.WORDLESS]
    photos, notes, answers = _photos(open_ones), _notes(open_ones), _answers(open_ones)
    return {
        row.pk: {
            "extended_attributes": _facts(row),
            "attributes": answers.get(row.pk, []),
            "notes": notes.get(row.pk, []),
            "photos": photos.get(row.pk, []),
        }
        for row in found
    }


def _facts(row: Any) -> dict[str, Any]:
    return {
        "title": row.title,
        "language": row.language,
        "kind": row.kind,
        "state": row.status,
        "closed_datetime": when(row.status_at) if row.status in workflow.ENDS else None,
        "sector": row.sector_slug,
        "area": row.area_slug,
        "approximate": row.approximate,
        "near": (near := text_in(row.near) or None),
        "near_credit": TEXT if near and credit() else None,
        "support_count": row.support,
        "comment_count": row.comments,
        "url": absolute(f"/reports/{row.reference}/"),
    }


def _answers(keys: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Those that everyone reads, to questions that are still there: an attribute has a code."""
    made: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for answer in Answer.objects.public().filter(report__in=keys, question__isnull=False).order_by("report", "pk"):
        made[answer.report_id].append({"code": answer.question.slug, "name": answer.asked, "value": answer.said})
    return made


def _photos(keys: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Those that came with the report, in their order."""
    made: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for photo in Photo.objects.filter(report__in=keys, row=None, hidden=False).order_by("report", "position", "created_at"):
        large, small = (absolute(photo.url(size)) for size in ("large", "small"))
        made[photo.report_id or 0].append(
            {"media_url": large, "thumbnail": small, "width": photo.width, "height": photo.height}
        )
    return made


def _notes(keys: list[int]) -> dict[int, list[dict[str, Any]]]:
    """The acts that everyone reads, of many the last ones, the first one first."""
    place = Window(RowNumber(), partition_by=F("subject"), order_by=F("pk").desc())
    told = TimelineRow.objects.filter(subject__in=keys, audience=Audience.PUBLIC).annotate(place=place)
    acts = list(told.filter(place__lte=MOST_NOTES).order_by("pk"))
    made: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for act, message in zip(acts, describe_all(acts, audience=Audience.PUBLIC), strict=True):
        made[act.subject_id].append(
            {"datetime": when(act.at), "type": act.code, "summary": message.headline, "description": message.text or None}
        )
    return made
