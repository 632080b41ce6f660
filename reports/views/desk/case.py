"""`/desk/<ref>/`: one case, whole, with the next steps always at the same place."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discussion import links
from discussion.models import Audience, Flag, Link, Subject
from discussion.words import due_sentence, mark_of, status_sentence
from reports import rules, workflow
from reports.actions.fixed import open_to_claims
from reports.models import FixedClaim, Photo, Report
from reports.nearby import around
from reports.querysets import today
from reports.views.desk.cases import towards_outside
from reports.views.desk.entrance import staff, working_on
from reports.views.page import photo_items, timeline
from reports.wording import CHANNEL_NAMES
from reports.wording_acts import act_name
from reports.workflow import Who


def steps(user: Any, report: Report) -> list[dict[str, Any]]:
    """The edges that this person may take now, in the law's order, with their words; the moderator's have their own page."""
    edges = [edge for edge in workflow.allowed(report.kind, report.status) if rules.may(user, report, edge)]
    desk = [edge for edge in edges if edge.who & {Who.OFFICIAL, Who.DISPATCHER, Who.MODERATOR}]
    return [{"name": edge.name, "words": act_name(edge.name), "key": number} for number, edge in enumerate(desk, 1)]


@never_cache
@require_safe
@staff
def case(request: HttpRequest, ref: str) -> HttpResponse:
    return render(request, "desk/case.html", case_context(request, working_on(request, ref)))


def case_context(request: HttpRequest, report: Report) -> dict[str, Any]:
    """What the case page and every page of an act on it show of the report."""
    user, day = request.user, today()
    reads = rules.may_read_contact(user, report)
    # Planners and administrators read what everyone reads: questions and notes belong to those who work on the case.
    works = rules.may_note(user, report)
    return {
        "report": report, "subject": report.subject, "words": report.words,
        "status": status_sentence(report), "due": due_sentence(report, day),
        "mark": mark_of(report, day), "contact": report.contact if reads else None,
        "channel": CHANNEL_NAMES[report.channel], "number": getattr(report, "register_number", None),
        "photos": photo_items(Photo.objects.filter(report=report, row=None, hidden=False)),
        "rows": timeline(report, Audience.STAFF if works else Audience.PUBLIC),
        "revisions": report.revisions.order_by("-pk") if works else (), "steps": steps(user, report),
        "notes": works, "open": not report.state.ends and report.status not in workflow.DRAFTS,
        "moderates": Who.MODERATOR in rules.capacities(user, report),
        "turns": Who.OFFICIAL in rules.capacities(user, report),
        "flags": Flag.objects.open().filter(subject_id=report.pk) if works else (),
        "later_photos": photo_items(Photo.objects.filter(report=report, hidden=False).exclude(row=None)) if works else (),
        "claims": waiting_claims(report) if works else (),
        "links": _links(report), "outside": towards_outside(report) if works else None,
        "around": around(report.geom, but=report.pk) if report.geom else None,
        "lon": report.geom.x if report.geom else None, "lat": report.geom.y if report.geom else None,
    }  # fmt: skip


def _links(report: Report) -> list[tuple[Promise, Subject]]:
    """(What it says of the other, the other), in the words of its public page; one query, two where events are among them."""
    hidden = {"kind__in": (Link.Kind.CARRIED_OUT_BY, Link.Kind.GIVEN_TO), "target__is_public": False}
    found = list(Link.objects.filter(source_id=report.pk).exclude(**hidden).select_related("target"))
    early = links.not_yet(found)
    return [(links.words_of(each, True, early), each.target) for each in found]


def waiting_claims(report: Report) -> list[dict[str, Any]]:
    """What others say of a problem that is still open: that it looks fixed, with words and photo."""
    if not open_to_claims(report):
        return []
    found = FixedClaim.objects.filter(report=report, state=FixedClaim.State.WAITING).select_related("photo")
    return [{"claim": claim, "photos": photo_items([claim.photo] if claim.photo else [])} for claim in found]
