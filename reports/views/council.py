"""`/ideas/council/`: every idea filed with a body and what became of it; the same as a table; `/documents/<id>/`: its papers."""

from __future__ import annotations

import csv
import io
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from discussion.words import euros, in_words, status_sentence
from geoportal.kernel.conditional import is_public, keep_private, public
from geoportal.kernel.documents import NAME
from geoportal.kernel.middleware import reads_address
from geoportal.kernel.references import display
from geoportal.kernel.text import cell
from reports.council import outcomes
from reports.council.rows import Document, Filing
from reports.freshness import data_version
from reports.parameters import BadParameter, readable
from reports.querysets import today
from reports.views.asked import refused

MOST_CSV = 10_000


@reads_address
@require_safe
@public(data_version)
def council_ideas(request: HttpRequest) -> HttpResponseBase:
    """The page; what cannot be read in the address is named and left out, the rest is in force."""
    asked, bad = readable(request.GET, outcomes.asked)
    rows, cursor = outcomes.page(asked)
    years, bodies = outcomes.choices()
    context = {
        "bad": bad, "rows": [shown(row) for row in rows], "totals": outcomes.totals(outcomes.filings(asked)),
        "filtered": bool(asked.query()), "csv_url": f"{reverse('council_csv')}?{asked.query()}".removesuffix("?"),
        "outcomes": _chips(asked, "outcome", [(code, str(name)) for code, name in outcomes.OUTCOMES.items()]),
        "years": _chips(asked, "year", [(year, str(year)) for year in years]),
        "bodies": _chips(asked, "body", [(body, body) for body in bodies]),
        "next_url": f"?{asked.query(cursor=cursor)}" if cursor else "",
        "previous_url": f"?{asked.query()}" if asked.cursor else "",
    }  # fmt: skip
    return render(request, "reports/council.html", context)


def _chips(asked: outcomes.Asked, name: str, values: list[tuple[Any, str]]) -> list[dict[str, Any]]:
    now = getattr(asked, name)
    chips = [{"name": _("All"), "url": f"?{asked.query(**{name: ''})}", "on": not now, "count": None}]
    return [
        *chips,
        *(
            {"name": words, "url": f"?{asked.query(**{name: value})}", "on": value == now, "count": None}
            for value, words in values
        ),
    ]


def shown(row: Filing) -> dict[str, Any]:
    """What a row of the page says, in words."""
    project = row.project if row.project and row.project.is_public else None
    return {
        "filing": row, "subject": row.report.subject, "place": row.report.area.full_name,
        "outcome": str(outcomes.DECIDED[row.outcome]), "mark": "done" if row.done_on else outcomes.MARKS[row.outcome],
        "state": status_sentence(row.report), "filed": in_words(row.filed_on), "project": project,
        "decided": in_words(row.decided_on) if row.decided_on else "", "done": in_words(row.done_on) if row.done_on else "",
        "amount": euros(row.amount) if row.amount is not None else "", "paper": _paper(row.document, row.link),
        "decision_paper": _paper(row.decision_document, row.decision_link),
    }  # fmt: skip


def _paper(document: Document | None, link: str) -> str:
    return document.path if document else link


@reads_address
@require_safe
@public(data_version)
def council_csv(request: HttpRequest) -> HttpResponse:
    """The filings that the filters let through, at most 10,000 rows; no cell can be read as a formula."""
    try:
        asked = outcomes.asked(request.GET)
    except BadParameter as bad:
        raise refused(bad) from bad
    out = io.StringIO()
    writer = csv.writer(out)
    head = (_("Number of the idea"), _("Title"), _("Place"), _("Filed under number"), _("Filed on"), _("Body"), _("Decision"),
            _("Decided on"), _("Number of the decision"), _("Source of the decision"), _("Planned project"), _("State"),
            _("Done on"), _("What it took, in euros"), _("Address"))  # fmt: skip
    writer.writerow([cell(word) for word in head])
    for row in outcomes.with_facts(outcomes.filings(asked))[:MOST_CSV]:
        writer.writerow([cell(value) for value in _line(row)])
    response = HttpResponse(f"\ufeff{out.getvalue()}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ideas-council-{today().isoformat()}.csv"'
    return response


def _line(row: Filing) -> tuple[object, ...]:
    said = shown(row)
    return (
        display(row.report.subject.reference), row.report.subject.title, said["place"], row.number, said["filed"], row.body,
        said["outcome"], said["decided"], row.decision_number, row.source, said["project"].title if said["project"] else "",
        said["state"], said["done"], "" if row.amount is None else str(row.amount), settings.SITE_URL + row.report.subject.path,
    )  # fmt: skip


@require_safe
def document(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """A paper of an idea that this person may read, as a download; hidden is the same as missing."""
    found = Document.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    response = _bytes(found)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if is_public(request):
        patch_cache_control(response, public=True, max_age=60)
        return response
    return keep_private(response)


def _bytes(found: Document) -> HttpResponseBase:
    """The file; where a web server stands in front (MEDIA_ACCEL names its internal address), it sends the bytes itself."""
    if accel := settings.MEDIA_ACCEL:
        response = HttpResponse(content_type="application/pdf")
        response["X-Accel-Redirect"] = f"{accel.rstrip('/')}/{found.pk}/{NAME}"
        response["Content-Disposition"] = f'attachment; filename="{found.pk}.pdf"'
        return response
    try:
        file = (Path(settings.MEDIA_ROOT) / str(found.pk) / NAME).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=found.name, content_type="application/pdf")
