"""What a request proves about the person and one report."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.browser import correspondent_of
from reports.models import Contact, Report


def proven_author(request: HttpRequest, report: Report) -> bool:
    """The account wrote it, or the browser's confirmed address did."""
    if request.user.is_authenticated and report.author_id == request.user.pk:
        return True
    known = correspondent_of(request)
    return known is not None and Contact.objects.filter(report=report, correspondent=known).exists()
