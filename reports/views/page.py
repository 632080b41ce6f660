"""`/reports/<ref>/`: one report and everything that happened to it."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.browser import correspondent_of
from discussion import messages
from discussion.conversation import conversation
from discussion.models import Audience, Follow, Support, TimelineRow, Visibility
from discussion.words import due_sentence, in_words, mark_of, status_sentence
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import parse
from municipality.site import installation, support_needed
from reports import workflow
from reports.access import co_author_of, proven_author
from reports.actions import may_edit, may_endorse
from reports.actions.author import may_judge, own_name, solution_of
from reports.actions.fixed import open_to_claims
from reports.clocks import gathers_until
from reports.council.steps import steps
from reports.council.wording import support_note
from reports.freshness import data_version
from reports.models import Answer, CoAuthor, Endorsement, Filing, Photo, Report
from reports.nearby import around
from reports.querysets import today
from reports.views.acknowledged import said_fixed
from reports.views.receipt import no_proceedings
from reports.workflow import Who

AUTHOR_ACTS = ("answer", "withdraw", "request_reopen", "take_up_again")
MOST_ROWS = 300


def found(request: HttpRequest, ref: str) -> Report:
    """The report that this request may open; 404, the same for hidden and missing, else."""
    reference = parse(ref)
    reports = Report.objects.with_page_facts().filter(subject__reference=reference) if reference else Report.objects.none()
    report = reports.visible_to(request.user).first()
    if report is None:
        report = reports.first()
        if report is None or not proven_author(request, report):
            raise Http404
    return report


def reads_all(request: HttpRequest, report: Report) -> bool:
    """Author and those of whose work it is read a report whole, whatever its state; everyone else what is public."""
    return proven_author(request, report) or Report.objects.for_desk(request.user).filter(pk=report.pk).exists()


@require_safe
@public(data_version)
def report_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The page; a reference in another spelling is sent to the right one, a withdrawn or removed report says only that."""
    report = found(request, ref)
    if ref != report.subject.reference:
        return redirect("report", report.subject.reference)
    whole = reads_all(request, report)
    if not whole and (not report.is_public or report.status in workflow.WORDLESS):
        return tombstone(request, report)
    return render(request, "reports/page.html", page_context(request, report, whole=whole))


def tombstone(request: HttpRequest, report: Report) -> HttpResponse:
    """Date and reason; no words, photos or author. Everything else that is not public is missing."""
    removed = report.subject.visibility == Visibility.REMOVED
    code = "removed" if removed else "withdraw"
    row = TimelineRow.objects.filter(subject_id=report.pk, code=code).order_by("-pk").first()
    if row is None or not (removed or report.status in workflow.WORDLESS):
        raise Http404
    message = messages.describe(row)
    context = {
        "reference": report.subject.reference,
        "headline": message.headline,
        "at": row.at,
        "text": message.text if removed or row.audience == Audience.PUBLIC else "",
        "subject": report.subject if report.is_public else None,
        **(_way(report) if report.kind == workflow.Kind.IDEA and report.is_public else {}),
    }
    return render(request, "reports/gone.html", context)


def _way(report: Report) -> dict[str, Any]:
    """What stays of a withdrawn idea: its five steps and what happened, with the words of the administration alone."""
    told = timeline(report, Audience.PUBLIC)
    for message in told:
        message.photos = []
        if not message.official:
            message.text = ""
    return {"council_steps": steps(report), "filings": Filing.objects.filter(report=report).order_by("pk"), "rows": told}


def page_context(request: HttpRequest, report: Report, *, whole: bool) -> dict[str, Any]:
    subject, day = report.subject, today()
    author = proven_author(request, report)
    # Staff read here what everyone reads, and the history only where nobody else does; the desk tells them all of it.
    audience = Audience.AUTHOR if author else Audience.STAFF if whole and not report.is_public else Audience.PUBLIC
    shape = report.line or report.polygon
    return {
        "report": report, "subject": subject, "words": report.words, "author": author, "whole": whole,
        "status": status_sentence(report), "due": due_sentence(report, day),
        "mark": mark_of(report, day),
        "photos": photo_items(Photo.objects.filter(report=report, row=None, hidden=False)),
        "answers": Answer.objects.filter(report=report) if author else Answer.objects.public().filter(report=report),
        "rows": [*timeline(report, audience), *awaited(report, day)],
        "talk": conversation(subject, request),
        "around": around(report.geom, but=report.pk) if report.geom else None,
        "sectors": [report.sector, *subject.further_sectors.all()],
        "shape": json.dumps({"type": shape.geom_type, "coordinates": shape.coords}) if shape else "",
        "map_query": f"?at={report.geom.x:.6f},{report.geom.y:.6f},16" if report.geom else "",
        "lon": report.geom.x if report.geom else None, "lat": report.geom.y if report.geom else None,
        "acts": author_acts(report) if author else (), "may_edit": author and may_edit(request.user, report, proven_author=True),
        "may_judge": author and may_judge(report, solution_of(report)), "may_name": author and bool(own_name(report) or report.public_name),
        "may_add": author and not report.state.ends and report.status not in workflow.DRAFTS,
        "reopen_until": report.status_at + datetime.timedelta(days=installation().reopen_days),
        "threshold": support_needed(report.area_id), "open_to_support": report.is_public and not report.state.ends,
        "open_to_claims": open_to_claims(report), "no_proceedings": no_proceedings(report), "waits": report.status in workflow.DRAFTS,
        **standing(request, report), **(_idea(request, report) if report.kind == workflow.Kind.IDEA else {}),
    }  # fmt: skip


def _idea(request: HttpRequest, report: Report) -> dict[str, Any]:
    """What only the page of an idea says: how far it is, what was filed, who stands behind it, what a support is not."""
    open_idea, gathers = report.is_public and not report.state.ends, report.state.phase is workflow.Phase.NEW
    until = _("gathers support until %(date)s") % {"date": in_words(gathers_until(report.status_at))}
    return {
        **({"due": until} if gathers and report.due_on is None else {}),
        "co_authors": CoAuthor.objects.agreed().filter(report=report).exclude(public_name="").values_list("public_name", flat=True),
        "endorsements": Endorsement.objects.filter(report=report).select_related("organisation"),
        "endorses": open_idea and bool(may_endorse(request.user)), "open_idea": open_idea, "gathers": gathers,
        "co_author": co_author_of(request, report),
        "council_steps": steps(report), "filings": Filing.objects.filter(report=report).order_by("pk"),
        "support_note": text_in(installation().support_note) or support_note(),
    }  # fmt: skip


def standing(request: HttpRequest, report: Report) -> dict[str, bool]:
    """Whether this visitor supports and follows the report, and said that it looks fixed; no query for a stranger."""
    known = correspondent_of(request)
    own = {"subject_id": report.pk, "correspondent": known}
    return {
        "supports": known is not None and Support.objects.filter(**own).exists(),
        "follows": known is not None and Follow.objects.filter(**own).exists(),
        "said_fixed": open_to_claims(report) and said_fixed(report.pk, known),
    }


def author_acts(report: Report) -> list[str]:
    """Names of the edges that the author may take now."""
    found = [edge.name for edge in workflow.allowed(report.kind, report.status) if Who.AUTHOR in edge.who]
    over = report.reopen_used or timezone.now() > report.status_at + datetime.timedelta(days=installation().reopen_days)
    return [name for name in found if name in AUTHOR_ACTS and not (name == "request_reopen" and over)]


def timeline(report: Report, audience: str) -> list[messages.Message]:
    """The acts that this reader may read, in words, with their photos; a constant number of queries."""
    readable = TimelineRow.objects.filter(subject_id=report.pk, audience__in=messages.READS[audience])
    rows = list(readable.order_by("-at", "-pk")[:MOST_ROWS])[::-1]  # of a very long history the latest acts
    told = _gathered(messages.describe_all(rows, audience=audience))
    by_row: dict[int, list[Photo]] = {}
    for photo in Photo.objects.filter(report_id=report.pk, row__in=rows, hidden=False):
        by_row.setdefault(photo.row_id, []).append(photo)
    for message in told:
        message.photos = photo_items(by_row.get(message.row_id or 0, []))
    return told


def _gathered(told: list[messages.Message]) -> list[messages.Message]:
    """Supports that follow one another as one line with their number: twenty of them would bury what was said."""
    result: list[messages.Message] = []
    numbers: list[int] = []
    for message in told:
        if message.code == "supported" and result and result[-1].code == "supported":
            numbers[-1] += 1
            result[-1].at = message.at
        else:
            result.append(message)
            numbers.append(1)
    for message, number in zip(result, numbers, strict=True):
        if number > 1:
            message.headline = ngettext("%(n)d more person supports it.", "%(n)d more people support it.", number) % {
                "n": number
            }
    return result


def awaited(report: Report, day: datetime.date) -> list[dict[str, Any]]:
    """What the timeline ends with while an answer is owed: the day by which it comes, or by how much it is late."""
    if report.due_on is None or not (due := due_sentence(report, day, short=True)):
        return []
    mark = "late" if mark_of(report, day) == "late" else "new"
    return [{"mark": mark, "headline": capfirst(due), "at": None, "todo": True}]


def photo_items(photos: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": photo.pk,
            "url": photo.url("small"),
            "large": photo.url("large"),
            "alt": "",
            "width": photo.width,
            "height": photo.height,
        }
        for photo in photos
    ]
