"""The link by which somebody outside the department reads a consultation before it opens."""

from __future__ import annotations

from django.urls import reverse

from discussion.models import TimelineRow
from geoportal.kernel import links
from participation.models import Consultation

PREVIEW, PREVIEW_DAYS = "consultation.preview", 60
RENEW = "renew_link"
"""Code of the act after which older links open nothing."""


def _present(consultation: int) -> int:
    """The last act that made a new link; 0 before the first."""
    rows = TimelineRow.objects.filter(subject=consultation, code=RENEW).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def token_of(consultation: Consultation) -> str:
    """The same link for all who are given it, until it is renewed."""
    return links.make(PREVIEW, consultation=consultation.pk, since=_present(consultation.pk))


def preview_url(consultation: Consultation) -> str:
    return reverse("consultation_preview", args=[consultation.subject.reference, token_of(consultation)])


def previewed(ref: str, token: str) -> Consultation | None:
    """What the link opens: prepared or public; None for one that was altered, is too old or was renewed."""
    data = links.read(PREVIEW, token, PREVIEW_DAYS * 86_400)
    rows = Consultation.objects.with_page_facts().filter(subject__reference=ref)
    found: Consultation | None = rows.filter(pk=data.get("consultation", 0)).first() if data else None
    if data is None or found is None or data.get("since", 0) != _present(found.pk):
        return None
    return found if found.subject.is_public or found.status == "preparing" else None
