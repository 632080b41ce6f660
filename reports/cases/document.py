"""A case as the document system takes it: facts and words with who filed it, and the same as PDF. Never for the public."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from discussion.words import status_sentence
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import display
from municipality.site import installation
from reports.cases.rows import Case
from reports.models import Photo
from reports.planning import pdf
from reports.wording import CHANNEL_NAMES

WITH = ("report__subject", "report__category", "report__department", "report__sector", "report__area", "report__words",
        "report__register_number", "report__contact__correspondent")  # fmt: skip
"""What one statement fetches along."""


def summary(case: Case) -> dict[str, Any]:
    """What a list tells of a case: numbers and state, nobody's words."""
    report = case.report
    reference = report.subject.reference
    return {
        "reference": reference,
        "kind": report.kind,
        "register_number": str(report.register_number),
        "filed_at": report.created_at,
        "department": report.department.slug,
        "state": case.state,
        "error": case.error or None,
        "number": case.number or None,
        "registered_on": case.registered_on,
        "link": case.link or None,
        "changed_at": case.changed_at,
        "document": settings.SITE_URL + reverse("api-case", kwargs={"ref": reference}),
        "pdf": settings.SITE_URL + reverse("api-case-pdf", kwargs={"ref": reference}),
        "register": settings.SITE_URL + reverse("api-case-register", kwargs={"ref": reference}),
        "desk": settings.SITE_URL + reverse("desk_report", kwargs={"ref": reference}),
    }


def whole(case: Case) -> dict[str, Any]:
    """All of it."""
    report = case.report
    return {
        **summary(case),
        "title": report.subject.title,
        "text": report.words.text,
        "language": report.subject.language,
        "category": report.category.slug,
        "sector": report.sector.slug,
        "area": report.area.slug,
        "place": report.where,
        "point": {"type": "Point", "coordinates": [round(report.geom.x, 6), round(report.geom.y, 6)]} if report.geom else None,
        "happened_on": report.happened_on,
        "status": report.status,
        "answer_due": report.answer_due,
        "answers": list(report.answers.order_by("pk").values("asked", "said")),
        "photos": Photo.objects.filter(report=report, hidden=False).count(),
        "person": _person(case),
    }


def _person(case: Case) -> dict[str, str] | None:
    """Who filed it, as far as that is still known."""
    contact = getattr(case.report, "contact", None)
    if contact is None:
        return None
    email = contact.correspondent.email if contact.correspondent else ""
    return {"name": contact.name, "address": contact.address, "phone": contact.phone, "email": email}


def paper(case: Case) -> bytes:
    """The case on A4, in the installation's language. Raises child.Unanswered."""
    report = case.report
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "installation": installation(), "report": report, "subject": report.subject, "number": str(report.register_number),
            "reference": display(report.subject.reference), "person": _person(case), "answers": report.answers.order_by("pk"),
            "category": text_in(report.category.name), "status": status_sentence(report), "channel": CHANNEL_NAMES[report.channel],
            "photos": Photo.objects.filter(report=report, hidden=False).count(), "made": timezone.localtime(),
            "address": settings.SITE_URL + report.subject.path,
        }  # fmt: skip
        return pdf.of("cases/pdf.html", context)
