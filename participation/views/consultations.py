"""`/consultations/`: what people are asked, what they were asked; one consultation with its text, its papers and its table."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discussion import messages
from discussion.conversation import Conversation, conversation, counts_by_anchor
from discussion.models import Audience, TimelineRow
from geoportal.kernel import child
from geoportal.kernel.conditional import is_public, keep_private, public
from geoportal.kernel.documents import NAME
from geoportal.kernel.geometry import as_geojson
from layers.facts import PARTICIPATION
from municipality.models import Area
from municipality.site import installation, sectors
from participation import filtering, rules, table
from participation import wording_consultation as wording
from participation.actions.consultation import missing_papers
from participation.actions.papers import folder_of
from participation.actions.table import ideas_of
from participation.admittance import WHO_MAY
from participation.condensed import condensed
from participation.models import Consultation, ConsultationKind, Section
from participation.models.consultation import PAPERS
from participation.previewing import preview_url
from participation.views.found import acts, found
from participation.wording_text import diff
from reports.filters import Filters
from reports.freshness import data_version
from reports.parameters import one_of, readable
from reports.planning import pdf
from reports.views import drafts
from reports.views.submit import KEPT
from reports.views.visitor import sign_in_first

MOST = 100
UNUSED = (*filtering.SAYS_NOTHING, "bbox")


@require_safe
@public(data_version)
def consultation_list(request: HttpRequest) -> HttpResponseBase:
    """Those in which one may write now, the first to close first; those that are over; to officials, what they prepare."""
    kinds = list(ConsultationKind.objects.all())
    kind, bad_kind = readable(request.GET, lambda left: one_of(left, "kind", [one.slug for one in kinds]))
    query = request.GET.copy()
    query.pop("kind", None)
    filters, bad = Filters.readable(query, request.user, refused=UNUSED)
    rows = filtering.consultations(filters, kind).with_page_facts()
    prepared = Consultation.objects.prepared_by(request.user).with_page_facts() if rules.consults(request.user) else ()
    context = {
        "open": [wording.card(one) for one in rows.taking_part()[:MOST]], "past": [wording.card(one) for one in rows.past()[:MOST]],
        "prepared": [wording.card(one) for one in prepared], "may_prepare": rules.consults(request.user),
        "kinds": kinds, "kind": kind, "given": filters.given, "filtered": bool(filters.given or kind), "bad": [*bad_kind, *bad],
        "sectors": sectors(), "areas": Area.objects.settlements().defer("polygon", "point").order_by("path"),
    }  # fmt: skip
    return render(request, "participation/consultations.html", context)


@require_safe
@public(data_version)
def consultation_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    consultation = found(request, ref, Consultation)
    if ref != consultation.subject.reference:
        return redirect("consultation", consultation.subject.reference)
    return render(request, "participation/consultation.html", context_of(request, consultation))


def context_of(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """Context of participation/consultation.html."""
    subject, left = consultation.subject, consultation.days_left
    organises = bool(rules.capacities(request.user, consultation))
    audience = Audience.AUTHOR if organises else Audience.PUBLIC
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[audience]).order_by("at", "pk")
    talk = conversation(subject, request)
    level, explained = PARTICIPATION[consultation.level]
    answered = consultation.state.answered
    preparing = consultation.status == "preparing"
    return {
        "consultation": consultation, "subject": subject, "mark": wording.sign(consultation),
        "status": wording.status(consultation), "span": wording.span(consultation), "left": left,
        "sectors": [subject.sector, *subject.further_sectors.all()], "level": level, "explained": explained,
        "who_may": WHO_MAY[consultation.who_may], "sections": _sections(consultation, talk),
        "papers": [{"paper": one, "kind": wording.PAPER_NAMES[one.kind]} for one in consultation.papers.all()],
        "totals": table.totals(consultation) if answered else (), "answered": answered,
        "ideas": ideas_of(consultation)[:MOST] if consultation.kind.takes_ideas else (),
        "rows": messages.describe_all(condensed(rows), audience=audience), "talk": talk, "acts": acts(request.user, consultation),
        "missing": missing_papers(consultation) if preparing and organises else (),
        "preview_url": preview_url(consultation) if preparing and organises else "",
        "border": json.dumps(as_geojson(consultation.within)) if consultation.kind.takes_ideas and consultation.within else "",
        "over": consultation.status == "open" and not left,
    }  # fmt: skip


def _sections(consultation: Consultation, talk: Conversation) -> list[dict[str, Any]]:
    """{section, url, count, paragraphs: [{anchor, words, url, count}]}: what is said of each part, and where one writes of it."""
    counts = counts_by_anchor(consultation.subject)
    write = reverse("subject_comment", args=[consultation.subject.reference])

    def said(anchor: str) -> dict[str, Any]:
        n = counts.get(anchor, 0)
        address = f"?about={anchor}#talk-{anchor}-head" if n else f"{write}?about={anchor}" if talk.open else ""
        return {"anchor": anchor, "count": n, "url": address}

    return [
        {"section": section, **said(section.anchor),
         "paragraphs": [{"words": words, **said(anchor)} for anchor, words in section.paragraphs]}
        for section in consultation.sections.all()
    ]  # fmt: skip


@require_safe
@public(data_version)
def section_versions(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """What changed in one section, from version to version, the latest first."""
    consultation = found(request, ref, Consultation)
    section = Section.objects.filter(consultation=consultation, number=number).first()
    if section is None:
        raise Http404
    versions = list(section.versions.order_by("number"))
    texts = [*((one.title, one.text) for one in versions), (section.title, section.text)]
    changes = [
        {"version": one, "number": one.number + 1, "title": diff(one.title, texts[place + 1][0]), "text": diff(one.text, texts[place + 1][1])}
        for place, one in enumerate(versions)
    ]  # fmt: skip
    context = {"consultation": consultation, "subject": consultation.subject, "section": section, "changes": changes[::-1]}
    return render(request, "participation/versions.html", context)


@require_safe
def paper(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponseBase:
    """The file of a paper of a consultation that this person may read, as a download in a sandbox."""
    consultation = found(request, ref, Consultation)
    response = file_of(consultation, pk)
    if not (is_public(request) and consultation.subject.is_public):
        keep_private(response)
    return response


def file_of(consultation: Consultation, pk: uuid.UUID) -> HttpResponseBase:
    """The file of one of its papers; 404 for a link and for a paper of another."""
    one = consultation.papers.filter(pk=pk).exclude(digest="").first()
    if one is None:
        raise Http404
    response: HttpResponseBase
    if accel := settings.MEDIA_ACCEL:
        response = HttpResponse(content_type="application/pdf")
        response["X-Accel-Redirect"] = f"{accel.rstrip('/')}/{PAPERS}/{one.pk}/{NAME}"
        response["Content-Disposition"] = f'attachment; filename="{one.pk}.pdf"'
    else:
        try:
            file = (folder_of(one.pk) / NAME).open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(file, as_attachment=True, filename=one.name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@never_cache
@require_safe
def give_idea(request: HttpRequest, ref: str) -> HttpResponse:
    """A begun idea that is given to the consultation once it is sent."""
    consultation = found(request, ref, Consultation)
    if not (consultation.kind.takes_ideas and consultation.takes_part and consultation.subject.is_public):
        raise Http404
    if asked := sign_in_first(request, consultation.subject):
        return asked
    draft, data = uuid.uuid4(), QueryDict(mutable=True)
    data["kind"], data["given_to"] = "idea", consultation.subject.reference
    if not drafts.keep(request, draft, data, KEPT):
        return redirect("report_new")
    return redirect(drafts.way_back(draft, "place"))


def _answered(request: HttpRequest, ref: str) -> Consultation:
    """One whose table everyone reads."""
    consultation = found(request, ref, Consultation)
    if not consultation.state.answered:
        raise Http404
    return consultation


@require_safe
@public(data_version)
def table_page(request: HttpRequest, ref: str) -> HttpResponse:
    consultation = _answered(request, ref)
    return render(request, "participation/table.html", _table(consultation))


def _table(consultation: Consultation) -> dict[str, Any]:
    return {
        "consultation": consultation, "subject": consultation.subject, "lines": table.lines(consultation),
        "totals": table.totals(consultation), "span": wording.span(consultation),
    }  # fmt: skip


@require_safe
@public(data_version)
def table_csv(request: HttpRequest, ref: str) -> HttpResponse:
    return _file(table.as_csv(consultation := _answered(request, ref)), consultation, "csv", "text/csv; charset=utf-8")


@require_safe
@public(data_version)
def table_pdf(request: HttpRequest, ref: str) -> HttpResponse:
    """The table on paper; 503 when the program that lays it out does not answer."""
    consultation = _answered(request, ref)
    address = settings.SITE_URL + reverse("consultation_table", args=[consultation.subject.reference])
    context = {**_table(consultation), "installation": installation(), "address": address}
    try:
        body = pdf.of("participation/table_pdf.html", context)
    except child.Unanswered:
        response = render(request, "participation/unmade.html", {"subject": consultation.subject}, status=503)
        response["Retry-After"] = "60"
        return response
    return _file(body, consultation, "pdf", "application/pdf")


def _file(body: bytes, consultation: Consultation, kind: str, content_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="table-{consultation.subject.reference}.{kind}"'
    return response
