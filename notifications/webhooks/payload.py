"""What a program is told: what is public at this moment, and where the rest is read. Made anew for each attempt."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from discussion import messages
from discussion.models import Comment, Subject, TimelineRow
from geoportal.kernel.references import display
from notifications.webhooks.events import CASE, COMMENT_ACT
from notifications.webhooks.rows import WebhookDelivery
from reports.cases.document import summary
from reports.cases.rows import Case

DOCUMENTS = {
    "problem": "api-report", "idea": "api-report", "project": "api-project", "event": "api-event", "practice": "api-practice",
    "initiative": "api-initiative", "policy": "api-policy", "service": "api-service", "consultation": "api-consultation",
    "survey": "api-survey", "comparison": "api-comparison", "goal": "api-goal", "alternative": "api-alternative",
}  # fmt: skip
"""Kind → the address under which programs read one whole."""


def body_of(delivery: WebhookDelivery) -> bytes | None:
    """{"type", "timestamp", "data"} as JSON; None when what it tells of is not public (any more)."""
    row = delivery.row
    data = _test(delivery) if row is None else _of_case(row) if delivery.event == CASE else _of_public(row)
    if data is None:
        return None
    at = row.at if row else delivery.created_at
    return orjson.dumps({"type": delivery.event, "timestamp": at, "data": data})


def _test(delivery: WebhookDelivery) -> dict[str, Any]:
    with translation.override(settings.LANGUAGE_CODE):
        words = _("This is a test. Nothing has happened.")
    return {"webhook": delivery.webhook_id, "sentence": words, "url": settings.SITE_URL}


def _of_public(row: TimelineRow) -> dict[str, Any] | None:
    """Facts and the sentence of the public timeline; words of people are read at the addresses, where they may be gone later."""
    subject = Subject.objects.filter(pk=row.subject_id, is_public=True).select_related("area", "sector").first()
    if subject is None:
        return None
    document, url = DOCUMENTS[subject.kind], subject.path
    if row.code == COMMENT_ACT:
        comment = Comment.objects.published().filter(subject=subject, pk=row.data.get("comment")).first()
        if comment is None:
            return None
        document, url = "api-comments", f"{subject.path}#comment-{comment.pk}"
    return {
        "kind": subject.kind,
        "reference": subject.reference,
        "number": display(subject.reference),
        "title": subject.title,
        "language": subject.language,
        "area": subject.area.slug,
        "sector": subject.sector.slug,
        "act": row.code,
        "before": row.before or None,
        "after": row.after or None,
        "sentence": messages.describe(row, language=settings.LANGUAGE_CODE).headline,
        "url": settings.SITE_URL + url,
        "document": settings.SITE_URL + reverse(document, kwargs={"ref": subject.reference}),
    }


def _of_case(row: TimelineRow) -> dict[str, Any] | None:
    """That a case waits, and where whoever may takes it with a token; nothing of what it says, nor by whom. None for no case."""
    cases = Case.objects.select_related("report__subject", "report__department", "report__register_number")
    case = cases.filter(pk=row.subject_id).first()
    if case is None:
        return None
    told = summary(case)
    return {
        name: told[name]
        for name in ("kind", "reference", "register_number", "filed_at", "department", "document", "pdf", "register", "desk")
    }
