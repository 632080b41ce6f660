"""What a request proves about the person and one report."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.browser import correspondents_for
from reports.models import CoAuthor, Contact, Report


def proven_author(request: HttpRequest, report: Report) -> bool:
    """The account wrote it, or the browser's confirmed address did, or the report was opened here from a letter to its author."""
    if request.user.is_authenticated and report.author_id == request.user.pk:
        return True
    known = correspondents_for(request, report.pk)
    return bool(known) and Contact.objects.filter(report=report, correspondent__in=known).exists()


def co_author_of(request: HttpRequest, report: Report) -> CoAuthor | None:
    """This visitor's own co-authorship, once agreed."""
    known = correspondents_for(request, report.pk)
    return CoAuthor.objects.agreed().filter(report=report, correspondent__in=known).first() if known else None
