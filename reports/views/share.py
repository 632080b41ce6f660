"""The picture that others show when a report is shared: its first photo, else a card drawn from its words."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from reports import workflow
from reports.models import Report

SECONDS = 300


@require_safe
def picture(request: HttpRequest, ref: str) -> HttpResponseBase:
    """1200 × 630 JPEG of a public report; anything else is 404."""
    report = Report.objects.public().select_related("subject", "area").filter(subject__reference=ref).first()
    if report is None:
        raise Http404
    from reports.views import share_card  # Pillow is loaded by the few who ask for a picture

    photo = None if report.status in workflow.WORDLESS else report.photos.filter(row=None, hidden=False).first()
    body = share_card.of_photo(photo) if photo else None
    response = HttpResponse(body or share_card.drawn(report), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, public=True, max_age=SECONDS)
    return response
