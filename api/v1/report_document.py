"""One report as its reader may know it: public, author, administration; a stub after removal or withdrawal."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import orjson
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import Http404
from rest_framework.request import Request

from api.v1.answers import absolute
from api.v1.report_rows import facts, point, rows
from discussion.messages import READS, describe_all
from discussion.models import Audience, TimelineRow
from geoportal.kernel.postgis import as_geojson
from geoportal.kernel.references import parse
from municipality.site import support_needed
from reports import rules, workflow
from reports.access import proven_author
from reports.models import Answer, CoAuthor, Endorsement, Photo, Report
from reports.querysets import today
from reports.wording import state_name

MOST_ROWS = 300


def find(request: Request, ref: str) -> Report:
    """The report of that reference, if this reader may open its page; otherwise Http404, as if it had never been."""
    reference = parse(ref)
    found = Report.objects.filter(subject__reference=reference).select_related("subject", "category__regime", "department")
    report = found.visible_to(request.user).first()
    if report is None and reference and (own := found.first()) and proven_author(request, own):
        report = own
    if report is None:
        raise Http404
    return report


def audience_of(request: Request, report: Report) -> str:
    """Whose timeline this reader reads."""
    if rules.may_note(request.user, report):
        return Audience.STAFF
    return Audience.AUTHOR if proven_author(request, report) else Audience.PUBLIC


def document(request: Request, report: Report) -> dict[str, Any]:
    """The fields of shapes.ReportDocument, or of shapes.ReportStub where no more is told to this reader."""
    audience = audience_of(request, report)
    works = getattr(request.user, "works_here", False) and Report.objects.for_desk(request.user).filter(pk=report.pk).exists()
    told = report.is_public and report.status not in workflow.WORDLESS
    if not (told or audience != Audience.PUBLIC or works):
        return stub(report)
    row = _row(report)
    return {
        **facts(row, today()),
        "geometry": point(row),
        "shape": orjson.Fragment(row.shape) if row.shape else None,
        "further_sectors": list(report.subject.further_sectors.order_by("order").values_list("slug", flat=True)),
        "status_text": state_name(report.kind, report.status),
        "text": row.text or "",
        "support_needed": support_needed(report.area_id) if report.kind == workflow.Kind.IDEA else None,
        "author": row.public_name or None,
        "co_authors": list(
            CoAuthor.objects.agreed().filter(report=report).exclude(public_name="").values_list("public_name", flat=True)
        ),
        "endorsed_by": list(Endorsement.objects.filter(report=report).values_list("organisation__slug", flat=True)),
        "visibility": report.subject.visibility,
        "version": report.subject.version,
        "photos": photos(Photo.objects.filter(report=report, row=None, hidden=False)),
        "answers": answers(report, audience),
        "timeline": timeline(report, audience),
    }


def answers(report: Report, audience: str) -> list[dict[str, Any]]:
    """To the category's questions: those that everyone reads; to author and staff all."""
    found = Answer.objects.public() if audience == Audience.PUBLIC else Answer.objects.select_related("question")
    return [
        {"question": one.question.slug if one.question else None, "asked": one.asked, "said": one.said, "value": one.value}
        for one in found.filter(report=report).order_by("pk")
    ]


def stub(report: Report) -> dict[str, Any]:
    """What is told of a removed or withdrawn one; a withdrawn idea keeps its title."""
    return {
        **({"title": report.subject.title} if report.is_public else {}),
        "reference": report.subject.reference,
        "kind": report.kind,
        "status": report.status,
        "visibility": report.subject.visibility,
        "status_at": report.status_at,
    }


def _row(report: Report) -> Any:
    """The list's columns, and those that only one report tells."""
    more = Report.objects.filter(pk=report.pk).annotate(
        shape=Coalesce(as_geojson("line"), as_geojson("polygon")), text=F("words__text")
    )
    return rows(more, "shape", "text", "public_name").get()


def photos(found: Any) -> list[dict[str, Any]]:
    return [
        {
            "large": absolute(photo.url("large")),
            "small": absolute(photo.url("small")),
            "width": photo.width,
            "height": photo.height,
        }
        for photo in found
    ]


def timeline(report: Report, audience: str) -> list[dict[str, Any]]:
    """The acts in full sentences, as this reader may know them."""
    acts = list(TimelineRow.objects.filter(subject=report.pk, audience__in=READS[audience]).order_by("pk")[:MOST_ROWS])
    added: dict[int | None, list[Photo]] = defaultdict(list)
    for photo in Photo.objects.filter(report=report.pk, row__in=acts, hidden=False):
        added[photo.row_id].append(photo)
    return [
        {
            "at": message.at,
            "code": message.code,
            "headline": message.headline,
            "text": message.text,
            "text_language": message.text_language,
            "by": message.by,
            "link": message.link,
            "internal": message.internal,
            "photos": photos(added[message.row_id]),
        }
        for message in describe_all(acts, audience=audience)
    ]
